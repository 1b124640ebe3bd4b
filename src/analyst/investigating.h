/*
 * The inside of an investigation: the loop of turns (investigation.c), its life and jobs
 * (investigation_life.c), the calls of one turn (investigation_calls.c), what goes into the conversation
 * (investigation_chat.c).
 */
#ifndef ANALYST_INVESTIGATING_H
#define ANALYST_INVESTIGATING_H

#include "analyst/breaker.h"
#include "analyst/conclusion.h"
#include "tocsin/analyst/fence.h"
#include "tocsin/analyst/investigation.h"
#include "tocsin/analyst/tool.h"

#define CALLS_MAXIMUM 16 /* in one turn */
#define SENT_MAXIMUM 64

enum phase {
	PHASE_PACK,    /* a job builds the evidence pack */
	PHASE_THINK,   /* turns with tools */
	PHASE_FINAL,   /* tools withdrawn: it must answer */
	PHASE_REPAIR,  /* the answer was no JSON: asked once for it */
	PHASE_PROPOSE, /* only propose_ticket is told */
	PHASE_OVER
};

struct pending_call {
	struct slice id, name, arguments; /* in the arena, revealed */
	struct buffer result;
	bool failed, repeated;
	uint64_t shown, total;
};

struct investigation {
	struct investigation_options options;
	struct fence fence;
	struct chat chat;
	struct transcript transcript;
	struct arena arena;
	struct breaker breaker;
	struct conclusion conclusion;
	struct vector proposals; /* of struct ticket */
	struct vector sent;      /* of struct slice, in the arena */
	struct investigation_usage used;
	enum investigation_state state;
	enum phase phase;
	struct llm_turn *turn;
	struct investigation_job *job; /* out */
	struct loop_timer *start;
	struct unveil unveil;
	enum entry_kind streaming; /* what the last entry is, while deltas come */
	bool is_streaming, is_question, answered, concluded, repaired;
	unsigned context, output; /* of the model, as of the last turn: jobs may not ask it */
	struct buffer answer;     /* text of the turn at hand, as the model sent it */
	struct buffer revealed;   /* the last answer, revealed */
	struct pending_call calls[CALLS_MAXIMUM];
	size_t call_count;
	size_t estimate;    /* tokens of the turn that is out, as counted here */
	double scale;       /* what the provider counts for each of those, at least 1 */
	int64_t began;      /* loop time */
	unsigned compacted; /* times that results were dropped because it was too long */
	unsigned shortened; /* times that it was begun anew with less */
	char failure[480];
	char issue[512], question[4096];
};

struct investigation_job {
	struct investigation *owner; /* NULL: an orphan */
	struct investigation *work;  /* what it works on, until done */
	void (*run)(struct investigation *investigation, struct investigation_job *job);
	void (*then)(struct investigation *investigation, struct investigation_job *job);
	struct buffer pack;
};

/* --- investigation.c --- */
void investigation_ask(struct investigation *investigation); /* the next turn */
void investigation_say(struct investigation *investigation, enum entry_kind kind, struct slice text);
void investigation_fail(struct investigation *investigation, const char *sentence);

/* --- investigation_life.c --- */
void investigation_prepare(struct investigation *investigation); /* builds the pack, then asks */
/* `run` in a job of the queue, `then` on the loop unless it was ended meanwhile. */
void investigation_submit(struct investigation *investigation,
	void (*run)(struct investigation *investigation, struct investigation_job *job),
	void (*then)(struct investigation *investigation, struct investigation_job *job));

/* --- investigation_chat.c --- */
int chat_begin(struct investigation *investigation); /* system text; in the first turn of all */
int chat_add_task(struct investigation *investigation, struct slice pack);
int chat_ask(struct investigation *investigation, const char *text); /* one more of the engineer's sentences */
/* Drops the text of the oldest results until it fits; false when there was nothing left to drop. The results of the
 * last turn are kept, unless `all` may go. */
bool chat_compact(struct investigation *investigation, bool all);
size_t chat_room(const struct investigation *investigation); /* tokens the conversation may take, as counted here */
struct scene scene_of(const struct investigation *investigation);

/* --- investigation_calls.c --- */
/* The tools that are told in this phase. */
size_t calls_tools(const struct investigation *investigation, struct llm_tool *tools, size_t capacity);
void calls_add(struct investigation *investigation, const struct llm_event *event);
/* Runs them; in a job of the queue. */
void calls_run(struct investigation *investigation);
/* Puts results into conversation and transcript; releases them. */
void calls_finish(struct investigation *investigation);
void calls_release(struct investigation *investigation);
/* A ticket that the model proposes, checked by the rule. Appends what it is told. False when it is refused. */
bool calls_propose(struct investigation *investigation, struct slice arguments, struct buffer *result);

#endif
