/*
 * A model's investigation without a screen: run to its end, told as it comes.
 */
#ifndef APP_COMMAND_TELLING_H
#define APP_COMMAND_TELLING_H

#include "app/incident.h"
#include "app/model.h"

struct telling {
	struct loop *loop;
	struct loop_queue *queue;
	struct app_model model;
	struct investigation *investigation;
	int answer, rest; /* descriptors: the answer and the verdict; reasoning, tools, notices */
	size_t entry, offset; /* what was told already */
};

/* Opens the model. `model.llm` stays NULL when none is configured. An exit code, with a complaint. */
int telling_open(struct telling *telling, const struct settings *settings);
void telling_close(struct telling *telling);
/* Runs to the end, streaming. True when the model has answered; else it was said why. */
bool telling_run(struct telling *telling, const struct settings *settings, const struct analysis_input *input,
	struct analysis *analysis, const char *question);
/* "12 turns, 34,000 tokens in, 2,100 out, $0.05" */
void telling_usage(const struct telling *telling, struct buffer *out);

#endif
