/*
 * tocsin's own log: one JSON object a line (`timestamp level logger message`), appended to a file of mode 0600, secrets
 * taken out.
 *
 * A log that cannot be written is said once on the next `log_failure` and never stops the program. One thread at a
 * time.
 */
#ifndef TOCSIN_TELEMETRY_LOG_H
#define TOCSIN_TELEMETRY_LOG_H

#include "tocsin/base/error.h"
#include "tocsin/base/level.h"

struct log;

/* Opens or creates `path` for appending; records below `least` are not written. NULL with a sentence on failure. */
struct log *log_open(const char *path, enum level least, struct error *error);
void log_close(struct log *log); /* NULL is fine */
void log_set_level(struct log *log, enum level least);

/* `log` NULL writes nowhere. `logger` names the part that speaks: "session", "intake", ... */
void log_write(struct log *log, enum level level, const char *logger, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The first failure to write since the last call, or NULL: a full disk is said, not ignored. */
const char *log_failure(struct log *log);

#endif
