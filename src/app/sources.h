/*
 * What the configuration says of formats and of some sources, as ingest wants it: the sections
 *
 *     [format NAME]            [source GLOB]
 *     pattern = ...            tz = Europe/Berlin
 *     time = ...               format = NAME
 *     levels = E=ERROR         shift = 1.5s
 *     service = NAME           sample = 1/10
 *
 * and --source-rule "GLOB KEY=VALUE ..." (several apart by `;`).
 */
#ifndef APP_SOURCES_H
#define APP_SOURCES_H

#include "app/settings.h"
#include "tocsin/ingest/rules.h"

struct sources_said {
	struct format_book *book;
	struct source_rules *rules;
	struct zone_table *tables; /* of named zones, a list */
};

/* From the settings in force. On failure the sentence names where it stands; release it all the same. */
int sources_said_make(struct sources_said *said, const struct settings *settings, struct error *error);
/* After the intake that uses it. */
void sources_said_release(struct sources_said *said);

/* Is it a section of these? Then one line of it is checked by itself. */
bool sources_said_knows(struct slice section);
int sources_said_check(struct slice section, struct slice name, struct slice value, struct error *error);

#endif
