/*
 * A small incident to paint: about 70 records over 4 services with everything a snapshot can hold, made without reading
 * a file.
 *
 * Times begin at 2025-05-17 20:39:00 UTC. It is quiet for two minutes; at 20:41:07 the pool of orders-db runs out, then
 * inventory, payment and gateway fail behind it. The last records hold bytes that would harm a terminal.
 */
#ifndef TESTS_SUPPORT_UI_FIXTURE_H
#define TESTS_SUPPORT_UI_FIXTURE_H

#include "tocsin/ui/snapshot.h"

#define UI_FIXTURE_TEXTS 200000

struct ui_fixture {
	struct store *store;
	struct store_reader reader;
	struct arena arena;
	struct slice *texts; /* by record id */
	uint16_t source;
	struct detect *detect;
	struct onset_report onsets;
	struct transcript transcript;
	struct evidence_book *evidence; /* E1 to E4: three lines and a count */
	struct ticket tickets[2];       /* T-7 proposed for dana, T-8 proposed for lee */
	const struct ticket *shown[2];
	struct roster *roster;
	struct snapshot_source sources[2];
	struct snapshot_text text;
	struct store_text whole;
	bool fetching;            /* texts of rows are still on their way */
	uint64_t asked;           /* how many texts of rows were asked for */
	struct snapshot snapshot; /* what there is; tests may change it */
	uint64_t first_failure, first_fatal,
		hostile; /* record ids: where it begins, the first FATAL, the first hostile one */
};

#define UI_FIXTURE_START INT64_C(1747514340000000000) /* 2025-05-17T20:39:00Z */

int ui_fixture_open(struct ui_fixture *fixture);
void ui_fixture_close(struct ui_fixture *fixture);
/* One more record, visible at once; `after` ns behind UI_FIXTURE_START. */
void ui_fixture_append(
	struct ui_fixture *fixture, int64_t after, const char *service, enum level level, struct slice message);
/* The horizon behind the first `records` records, or all with UINT64_MAX; detectors run up to it. */
void ui_fixture_horizon(struct ui_fixture *fixture, uint64_t records);

#endif
