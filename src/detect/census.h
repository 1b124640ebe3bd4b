/*
 * How often each template was logged since the last pulse, and how much each source has said: what detectors see of
 * records that are no trouble. Costs two additions a record.
 */
#ifndef DETECT_CENSUS_H
#define DETECT_CENSUS_H

#include "tocsin/base/vector.h"
#include "tocsin/store/store.h"

struct census_template {
	uint32_t count;   /* since the last pulse */
	uint32_t service; /* of the last one */
	uint64_t record;  /* the last one */
	uint16_t source;  /* of the last one */
};

struct census {
	struct vector templates;                 /* of struct census_template, by code */
	struct vector counted;                   /* of uint32_t: those with a count */
	uint64_t sources[STORE_MAXIMUM_SOURCES]; /* records of each, since the beginning */
};

void census_init(struct census *census);
void census_release(struct census *census);
void census_clear(struct census *census);
void census_pulse(struct census *census); /* counts begin anew */

void census_grow(struct census *census, uint32_t template);

static inline void census_add(struct census *census, const struct record *record)
{
	if (record->template >= census->templates.count)
		census_grow(census, record->template);
	census->sources[record->source]++;
	if (record->template >= census->templates.count)
		return;
	struct census_template *template = (struct census_template *)census->templates.items + record->template;
	if (template->count++ == 0) {
		uint32_t *place = vector_push(&census->counted);
		if (place != NULL)
			*place = record->template;
	}
	template->service = record->service;
	template->record = record->id;
	template->source = record->source;
}

#endif
