/*
 * What people changed: commits, deploys, flags, in order of time.
 */
#ifndef TOCSIN_CONTEXT_CHANGES_H
#define TOCSIN_CONTEXT_CHANGES_H

#include "tocsin/base/vector.h"
#include "tocsin/context/text.h"

#define CHANGES_MAXIMUM 100000

enum change_event_kind { CHANGE_COMMIT, CHANGE_DEPLOY, CHANGE_FLAG };

const char *change_event_kind_name(enum change_event_kind kind); /* "commit", "deploy", "flag" */

/* Empty where the source says nothing. */
struct change_event {
	enum change_event_kind kind;
	int64_t time;              /* TIMESTAMP_NONE when it has none: such come first */
	struct slice sha;          /* of the commit, or of the commit that was deployed */
	struct slice service;      /* deploy and flag */
	struct slice author;       /* who did it */
	struct slice title;        /* the commit's message, the version deployed, the flag's name */
	struct slice detail;       /* the diff, or how the flag changed */
	const struct slice *files; /* changed by the commit */
	size_t file_count;
};

struct changes {
	struct context_text *text; /* borrowed */
	struct vector events;      /* of struct change_event */
};

void changes_init(struct changes *changes, struct context_text *text);
void changes_release(struct changes *changes);

int changes_add(struct changes *changes, const struct change_event *event); /* copies; ERROR_FULL, ERROR_MEMORY */
void changes_settle(struct changes *changes); /* after the last one, before any question */

const struct change_event *changes_at(const struct changes *changes, size_t index); /* NULL past the end */
/* Those with from <= time < to; *first is the index of the first. */
size_t changes_window(const struct changes *changes, int64_t from, int64_t to, size_t *first);
/* The commit behind a sha, or behind the beginning of one (7 characters or more). NULL when unknown or ambiguous. */
const struct change_event *changes_commit(const struct changes *changes, struct slice sha);

#endif
