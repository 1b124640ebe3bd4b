/*
 * A model's last words: a JSON object made into a verdict with its claims checked, or prose whose sentences are checked
 * one by one.
 */
#ifndef ANALYST_CONCLUSION_H
#define ANALYST_CONCLUSION_H

#include "analyst/scene.h"
#include "tocsin/analyst/analysis.h"
#include "tocsin/analyst/transcript.h"

struct conclusion {
	struct arena arena;
	struct vector claims; /* of struct claim */
	struct vector recommendations, ranking;
	struct verdict verdict;
	char service[80]; /* as the model named it: it may not exist */
	bool is_known;    /* its service is one of the log's */
	size_t unproven;
};

/* The JSON schema of the object, and the same in words for a prompt. */
extern const char conclusion_schema[];
extern const char conclusion_words[];

void conclusion_init(struct conclusion *conclusion);
void conclusion_release(struct conclusion *conclusion);

/* Reads the object out of the text, wherever it begins in it. False when there is none of the shape. */
bool conclusion_parse(struct conclusion *conclusion, const struct scene *scene, struct slice text);
/* Checks the claims; in a job, since it reads the log. */
void conclusion_check(struct conclusion *conclusion, const struct scene *scene);
/* Says it: headline, summary, claims, what is unproven, what next, and where it differs from the built-in verdict. */
void conclusion_say(const struct conclusion *conclusion, const struct scene *scene, const struct verdict *builtin,
	struct transcript *transcript);

/* Takes the sentences of prose that cite or count anything as claims. */
void conclusion_prose(struct conclusion *conclusion, struct slice text);

#endif
