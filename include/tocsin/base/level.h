/*
 * Levels of severity: one table for every format and rule.
 */
#ifndef TOCSIN_BASE_LEVEL_H
#define TOCSIN_BASE_LEVEL_H

#include "tocsin/base/slice.h"

enum level {
	LEVEL_TRACE,
	LEVEL_DEBUG,
	LEVEL_INFO, /* also NOTICE */
	LEVEL_WARN,
	LEVEL_ERROR,
	LEVEL_FATAL, /* also CRITICAL, PANIC, EMERG, ALERT */
	LEVEL_UNKNOWN,
	LEVEL_COUNT
};

/* Any case of any known name (WARNING, Err, crit, unknown, ...) but no single letters. Returns false and LEVEL_UNKNOWN
   for anything else. */
bool level_parse(struct slice text, enum level *level);

const char *level_name(enum level level); /* "TRACE" ... "FATAL", "UNKNOWN" */
char level_letter(enum level level);      /* T D I W E F, and '?' */

/* ERROR or FATAL. UNKNOWN is never severe. */
bool level_is_error(enum level level);

#endif
