/*
 * Level names: one table of every spelling, the usual ones first since most lines carry them.
 */
#include "tocsin/base/level.h"

static const struct {
	const char *name;
	enum level level;
} spellings[] = {
	{"INFO", LEVEL_INFO},
	{"DEBUG", LEVEL_DEBUG},
	{"WARN", LEVEL_WARN},
	{"ERROR", LEVEL_ERROR},
	{"WARNING", LEVEL_WARN},
	{"TRACE", LEVEL_TRACE},
	{"FATAL", LEVEL_FATAL},
	{"CRITICAL", LEVEL_FATAL},
	{"NOTICE", LEVEL_INFO},
	{"ERR", LEVEL_ERROR},
	{"CRIT", LEVEL_FATAL},
	{"ALERT", LEVEL_FATAL},
	{"EMERG", LEVEL_FATAL},
	{"EMERGENCY", LEVEL_FATAL},
	{"PANIC", LEVEL_FATAL},
	{"SEVERE", LEVEL_ERROR},
	{"INFORMATION", LEVEL_INFO},
	{"INFORMATIONAL", LEVEL_INFO},
	{"INF", LEVEL_INFO},
	{"AUDIT", LEVEL_INFO},
	{"WRN", LEVEL_WARN},
	{"DBG", LEVEL_DEBUG},
	{"FINE", LEVEL_DEBUG},
	{"TRC", LEVEL_TRACE},
	{"FINER", LEVEL_TRACE},
	{"FINEST", LEVEL_TRACE},
	{"VERBOSE", LEVEL_TRACE},
	{"VRB", LEVEL_TRACE},
	{"FTL", LEVEL_FATAL},
	{"DPANIC", LEVEL_FATAL},
	{"FAILURE", LEVEL_ERROR},
	{"UNKNOWN", LEVEL_UNKNOWN},
};

static const char *const names[LEVEL_COUNT] = {
	[LEVEL_TRACE] = "TRACE", [LEVEL_DEBUG] = "DEBUG", [LEVEL_INFO] = "INFO",       [LEVEL_WARN] = "WARN",
	[LEVEL_ERROR] = "ERROR", [LEVEL_FATAL] = "FATAL", [LEVEL_UNKNOWN] = "UNKNOWN",
};

bool level_parse(struct slice text, enum level *level)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (slice_equal_nocase(text, slice_of(spellings[i].name))) {
			*level = spellings[i].level;
			return true;
		}
	}
	*level = LEVEL_UNKNOWN;
	return false;
}

const char *level_name(enum level level)
{
	return (unsigned)level < LEVEL_COUNT ? names[level] : names[LEVEL_UNKNOWN];
}

char level_letter(enum level level)
{
	return (unsigned)level < LEVEL_UNKNOWN ? names[level][0] : '?';
}

bool level_is_error(enum level level)
{
	return level == LEVEL_ERROR || level == LEVEL_FATAL;
}
