/*
 * What a person says of some sources, told by their names: a time zone, a format, a clock that is wrong, a sample.
 */
#ifndef TOCSIN_INGEST_RULES_H
#define TOCSIN_INGEST_RULES_H

#include "tocsin/ingest/format.h"

struct source_rule {
	uint32_t sample; /* keep one in so many of the records that are no errors; 0: not said */
	bool has_zone, has_shift;
	struct zone zone;            /* of times that carry none */
	int64_t shift;               /* added to every time: its clock is so much behind */
	const struct format *format; /* NULL: not said */
};

struct source_rules;

struct source_rules *source_rules_create(void); /* NULL when out of memory */
void source_rules_destroy(struct source_rules *rules);

/* For sources whose name matches the glob (* also stands for slashes). ERROR_FULL, ERROR_MEMORY. */
int source_rules_add(struct source_rules *rules, struct slice glob, const struct source_rule *rule);
/* What holds for a source: of what several rules say the last. `rules` may be NULL. */
void source_rules_find(const struct source_rules *rules, struct slice name, struct source_rule *rule);

#endif
