/*
 * The log beside a log of quiet times (`--baseline`): what it says that the other never said, and what it says more
 * often.
 *
 * Templates and services are matched by their texts, so the two logs may be of any day, in any order; names of services
 * in a template are masked for it. Of a log that says it nowhere a template is new; said by other services only, and by
 * none as an error, it is new to this one. An error that both say counts when it is at least three times as frequent,
 * by the time that each log covers, and at least five times in all.
 */
#ifndef ANALYST_CONTRAST_H
#define ANALYST_CONTRAST_H

#include "analyst/scene.h"
#include "tocsin/analyst/analysis.h"
#include "tocsin/detect/onset.h"

#define CONTRAST_RATIO 3
#define CONTRAST_LEAST 5

struct contrast {
	const struct analysis_reference *reference;
	const struct scene *scene;
	uint32_t template_count, service_count;
	uint32_t *templates; /* by template of this log: its code in the reference, or STORE_NO_CODE */
	uint32_t *services;  /* by service, likewise */
	double minutes;      /* that this log covers */
	double reference_minutes;
};

enum strangeness {
	STRANGE_NOT,   /* the reference says it as well, as often */
	STRANGE_OFTEN, /* it says it, but far less often */
	STRANGE_HERE,  /* other services say it there */
	STRANGE_NEW    /* nobody says it there */
};

/* `scene` is borrowed. ERROR_MEMORY. */
int contrast_make(struct contrast *contrast, const struct scene *scene, const struct analysis_reference *reference);
void contrast_release(struct contrast *contrast);

enum strangeness contrast_judge(const struct contrast *contrast, uint32_t service, uint32_t template, enum level level);

/* The services that erred strangely, in order of their first strange error, as a report with an empty baseline. */
int contrast_onsets(const struct contrast *contrast, struct onset_report *report);

#endif
