/*
 * Exchanges with a model, kept in a file and played again.
 *
 * `--record FILE` appends every exchange: the request's body redacted, the reply's bytes as they came but redacted
 * too. `--provider replay:FILE` answers from such a file, the n-th request with the n-th exchange, byte for byte and
 * without a network. The form is plain text with sizes, so that any bytes fit and a person can read it:
 *
 *   tocsin-exchanges 1
 *   provider openai responses o4-mini 200000
 *   > /responses 1234          the path and the size of the body, which follows, then a newline
 *   < 200 text/event-stream 5678
 */
#ifndef TOCSIN_LLM_RECORD_H
#define TOCSIN_LLM_RECORD_H

#include "tocsin/llm/provider.h"

/* --- recording ---- */

/* Opens for appending, 0600. `redact` as of http_options (NULL: redact_append): what was sent to loopback was not
 * redacted before. NULL with a sentence on failure. */
struct llm_recorder *llm_recorder_open(const char *path,
	int (*redact)(void *context, struct slice text, struct buffer *out), void *redact_context, struct error *error);
void llm_recorder_close(struct llm_recorder *recorder); /* NULL is fine */
/* Appends one exchange; a failure to write is kept. */
void llm_recorder_add(struct llm_recorder *recorder, const struct llm *llm, struct slice path, struct slice body,
	const struct http_head *head, struct slice reply);
const char *llm_recorder_failure(const struct llm_recorder *recorder); /* NULL when all was written */

/* --- replaying ---- */

/* A provider that answers from a file. It is named "replay" and speaks as the one that was recorded; llm_start,
 * llm_cancel and the rest work as ever. NULL with a sentence when the file is none or is cut. */
struct llm *llm_create_replay(struct loop *loop, const char *path, struct error *error);

#endif
