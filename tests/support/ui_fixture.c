/*
 * The incident in a table; texts are kept in memory and read back by record id.
 */
#include "support/ui_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/mine/signature.h"

#define MILLISECOND INT64_C(1000000)

struct fixture_row {
	int milliseconds; /* after the start */
	const char *service;
	enum level level;
	const char *message;
};

static const struct fixture_row incident[] = {
	{ 127118, "orders-db", LEVEL_ERROR, "pool exhausted: active=50 max=50 wait=5" },
	{ 127402, "orders-db", LEVEL_ERROR, "pool exhausted: active=50 max=50 wait=6" },
	{ 129007, "inventory", LEVEL_WARN, "retry 1/3 reserve order=88213" },
	{ 132530, "inventory", LEVEL_ERROR, "reserve failed: db timeout after 5000 ms" },
	{ 132611, "inventory", LEVEL_ERROR, "reserve failed: db timeout after 5001 ms" },
	{ 134201, "orders-db", LEVEL_FATAL, "cannot obtain connection, giving up" },
	{ 134900, "orders-db", LEVEL_FATAL, "cannot obtain connection, giving up" },
	{ 135300, "orders-db", LEVEL_FATAL, "cannot obtain connection, giving up" },
	{ 136290, "orders-db", LEVEL_ERROR, "pool exhausted: active=50 max=50 wait=9" },
	{ 136800, "orders-db", LEVEL_FATAL, "cannot obtain connection, giving up" },
	{ 137100, "orders-db", LEVEL_FATAL, "cannot obtain connection, giving up" },
	{ 139377, "payment", LEVEL_ERROR, "capture failed: inventory 503" },
	{ 139920, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment" },
	{ 140114, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment" },
	{ 141800, "payment", LEVEL_FATAL, "capture failed: upstream unavailable" },
	{ 142000, "payment", LEVEL_ERROR,
		"unhandled exception\n  at Capture.run(Capture.java:41)\n  at Pool.take(Pool.java:7)\n  at "
		"Main.main(Main.java:3)" },
	{ 146062, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment" },
	{ 147900, "gateway", LEVEL_ERROR, "POST /checkout 502 upstream=payment" },
	{ 149200, "gateway", LEVEL_WARN, "circuit breaker open for payment" },
	{ 151000, "inventory", LEVEL_INFO, "stock 今日は ok, café" },
};

struct hostile_row {
	const char *bytes;
	size_t size;
};
#define HOSTILE(text)                                                                                                  \
	{                                                                                                              \
		text, sizeof(text) - 1                                                                                 \
	}
static const struct hostile_row hostile[] = {
	HOSTILE("title \033]0;owned\a end"),
	HOSTILE("rewrite\rPASS \b\b\b\b gone"),
	HOSTILE("bidi \342\200\256evil\342\200\254 nul \0 byte \377 end"),
	HOSTILE("csi \033[2J\033[31m c1 \302\233 31m \xc3"),
};

static int read_text(void *context, const struct record *record, struct store_text *text)
{
	struct ui_fixture *fixture = context;
	*text = (struct store_text){ .raw = fixture->texts[record->id], .message = fixture->texts[record->id] };
	text->fields[0] = (struct store_field){ slice_of("region"), slice_of("eu-1") };
	text->field_count = 1;
	return 0;
}

static const struct snapshot_text *row_text(void *context, uint64_t id)
{
	struct ui_fixture *fixture = context;
	fixture->asked++;
	if (fixture->fetching)
		return NULL;
	fixture->text = (struct snapshot_text){ .message = fixture->texts[id] };
	return &fixture->text;
}

void ui_fixture_append(
	struct ui_fixture *fixture, int64_t after, const char *service, enum level level, struct slice message)
{
	char signature[SIGNATURE_MAXIMUM];
	uint64_t id = store_count(fixture->store);
	struct store_row row = { .time = UI_FIXTURE_START + after,
		.level = level,
		.source = fixture->source,
		.line = id + 2,
		.service = slice_of(service) };
	if (id >= UI_FIXTURE_TEXTS)
		return;
	row.size = (uint32_t)message.size;
	row.offset = id * 100;
	row.signature = (struct slice){ signature, signature_make(message, signature) };
	fixture->texts[id] = arena_copy(&fixture->arena, message);
	if (store_append(fixture->store, &row) == 0)
		store_publish(fixture->store);
}

static void append_log(struct ui_fixture *fixture)
{
	static const char *const services[] = { "gateway", "payment", "inventory", "orders-db" };
	static const char *const quiet[] = { "GET /health 200", "captured 12.50 EUR", "reserved order=88001",
		"query took 3 ms" };
	for (int i = 0; i < 40; i++) {
		bool noise = i % 13 == 5;
		ui_fixture_append(fixture, i * 3 * TIMESTAMP_SECOND, services[i % 4],
			noise                ? LEVEL_WARN
				: i % 7 == 3 ? LEVEL_DEBUG
					     : LEVEL_INFO,
			slice_of(noise ? "slow answer from peer" : quiet[i % 4]));
	}
	fixture->first_failure = store_count(fixture->store);
	fixture->first_fatal = fixture->first_failure + 5;
	for (size_t i = 0; i < sizeof(incident) / sizeof(incident[0]); i++)
		ui_fixture_append(fixture, incident[i].milliseconds * MILLISECOND, incident[i].service,
			incident[i].level, slice_of(incident[i].message));
	fixture->hostile = store_count(fixture->store);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		ui_fixture_append(fixture, (int64_t)(155 + i) * TIMESTAMP_SECOND, "gateway", LEVEL_INFO,
			(struct slice){ hostile[i].bytes, hostile[i].size });
}

static uint32_t service_code(const struct ui_fixture *fixture, const char *name)
{
	uint32_t code = STORE_NO_CODE;
	store_service_find(fixture->store, slice_of(name), &code);
	return code;
}

static void add_onset(struct ui_fixture *fixture, const char *service, int64_t after_ms, uint64_t record, double rate)
{
	struct onset *onset = vector_push(&fixture->onsets.onsets);
	if (!onset)
		return;
	*onset = (struct onset){ .service = service_code(fixture, service),
		.time = UI_FIXTURE_START + after_ms * MILLISECOND,
		.record = record,
		.new_template = true,
		.errors_after = (uint64_t)rate,
		.rate_after = rate,
		.peak = rate,
		.score = 0.9 };
}

static void fill_onsets(struct ui_fixture *fixture)
{
	uint64_t first = fixture->first_failure;
	fixture->onsets.extent = (struct window){ UI_FIXTURE_START, UI_FIXTURE_START + 160 * TIMESTAMP_SECOND };
	fixture->onsets.baseline = (struct window){ UI_FIXTURE_START, UI_FIXTURE_START + 120 * TIMESTAMP_SECOND };
	fixture->onsets.abnormal = true;
	vector_init(&fixture->onsets.onsets, sizeof(struct onset), 64);
	add_onset(fixture, "orders-db", 127118, first, 8);
	add_onset(fixture, "inventory", 129007, first + 2, 2);
	add_onset(fixture, "payment", 139377, first + 11, 3);
	add_onset(fixture, "gateway", 139920, first + 12, 4);
}

static void fill_transcript(struct ui_fixture *fixture)
{
	struct transcript *transcript = &fixture->transcript;
	int64_t end = UI_FIXTURE_START + 160 * TIMESTAMP_SECOND;
	fixture->evidence = evidence_book_create();
	if (!fixture->evidence)
		return;
	evidence_add_line(fixture->evidence, fixture->store, &fixture->reader, fixture->first_failure);
	evidence_add_line(fixture->evidence, fixture->store, &fixture->reader, fixture->first_failure + 3);
	evidence_add_line(fixture->evidence, fixture->store, &fixture->reader, fixture->first_failure + 12);
	evidence_add_count(fixture->evidence, fixture->store, slice_of("service:gateway level>=error"),
		(struct window){ UI_FIXTURE_START, end }, 4, fixture->first_failure + 12,
		slice_of("4 x ERROR in gateway, 20:41 - 20:42"));
	transcript_init(transcript);
	transcript_add(
		transcript, ENTRY_STEP, NULL, slice_of("quiet until 20:41:07; baseline 20:39:00 - 20:41:00"), end);
	transcript_add(transcript, ENTRY_STEP, NULL,
		slice_of("onset: orders-db 20:41:07, inventory +1.9 s, payment +12.3 s, gateway +12.8 s [E1]"), end);
	transcript_add(transcript, ENTRY_STEP, NULL, slice_of("gateway is loudest but last: a victim [E4]"), end);
	transcript_add(transcript, ENTRY_VERDICT, NULL, slice_of("root cause: orders-db (confidence 0.91)"), end);
	transcript_add(transcript, ENTRY_TEXT, NULL,
		slice_of("orders-db ran out of connections [E1]; inventory timed out waiting for it [E2], then payment "
			 "and "
			 "gateway failed behind it [E3]."),
		end);
	transcript_add(transcript, ENTRY_LABELLED, "spread", slice_of("orders-db, inventory, payment, gateway"), end);
	transcript_add(transcript, ENTRY_LABELLED, "next", slice_of("raise max or find the leak"), end);
	transcript_add(transcript, ENTRY_QUESTION, NULL, slice_of("how many errors in gateway?"), end);
	transcript_add(transcript, ENTRY_ANSWER, NULL, slice_of("4 records of ERROR or worse in gateway [E4]."), end);
}

static void fill_ticket(struct ui_fixture *fixture, size_t index, const char *service, const char *title,
	uint64_t count, uint64_t first)
{
	struct ticket *ticket = &fixture->tickets[index];
	*ticket = (struct ticket){ .id = 7 + (int64_t)index,
		.state = TICKET_PROPOSED,
		.severity = "critical",
		.count = count,
		.first = store_time(fixture->store, first),
		.last = store_time(fixture->store, first + 4),
		.created = UI_FIXTURE_START,
		.changed = UI_FIXTURE_START };
	snprintf(ticket->title, sizeof(ticket->title), "%s", title);
	snprintf(ticket->service, sizeof(ticket->service), "%s", service);
	snprintf(ticket->template, sizeof(ticket->template), "%s", title);
	snprintf(ticket->source, sizeof(ticket->source), "checkout-incident.csv");
	snprintf(ticket->cause, sizeof(ticket->cause), "orders-db ran out of connections [E1]");
	snprintf(ticket->steps, sizeof(ticket->steps), "look for sessions held for long\nraise max_connections");
	snprintf(ticket->evidence, sizeof(ticket->evidence),
		"E1 checkout-incident.csv:42 pool exhausted: active=50 max=50 wait=5\n"
		"E2 checkout-incident.csv:45 reserve failed: db timeout after 5000 ms");
	roster_owner(fixture->roster, slice_of(service), ticket->assignee, ticket->assignee_reason);
	ticket_fingerprint(ticket);
	fixture->shown[index] = ticket;
}

static void fill_people(struct ui_fixture *fixture)
{
	static const char *const rows[][3] = { { "owners", "orders*", "dana" }, { "owners", "*", "oncall" },
		{ "people", "dana", "Dana Reyes, dana@example.org" }, { "people", "lee", "Lee Park, lee@example.org" },
		{ "oncall", "name", "lee" } };
	fixture->roster = roster_create();
	for (size_t i = 0; fixture->roster && i < sizeof(rows) / sizeof(rows[0]); i++)
		roster_set(fixture->roster, slice_of(rows[i][0]), slice_of(rows[i][1]), slice_of(rows[i][2]), NULL);
	fill_ticket(fixture, 0, "orders-db", "cannot obtain connection, giving up", 5, fixture->first_fatal);
	fill_ticket(fixture, 1, "payment", "capture failed: upstream unavailable", 1, fixture->first_fatal + 9);
}

static const struct store_text *whole_text(void *context, uint64_t id)
{
	struct ui_fixture *fixture = context;
	struct record record;
	store_record(fixture->store, id, &record);
	read_text(fixture, &record, &fixture->whole);
	return fixture->fetching ? NULL : &fixture->whole;
}

static void fill_snapshot(struct ui_fixture *fixture)
{
	struct snapshot_source *source = &fixture->sources[0];
	*source = (struct snapshot_source){
		.name = "checkout-incident.csv", .state = "ended", .format = "csv", .read = 4096, .size = 4096
	};
	source->ledger = (struct ledger){ .bytes = 4096,
		.lines = store_count(fixture->store) + 1,
		.records = store_count(fixture->store),
		.unparsed = 2 };
	fixture->snapshot = (struct snapshot){ .store = fixture->store,
		.extent = fixture->onsets.extent,
		.zone = { .name = "UTC" },
		.title = "checkout-incident.csv",
		.indexed_percent = 100,
		.sources = fixture->sources,
		.source_count = 1,
		.loss = source->ledger,
		.speed = 60,
		.replay_end = fixture->onsets.extent.to,
		.detect = fixture->detect,
		.onsets = &fixture->onsets,
		.transcript = &fixture->transcript,
		.evidence = fixture->evidence,
		.analyst_state = ANALYST_DONE,
		.analyst_name = "built-in",
		.analyst_steps = 3,
		.analyst_took = 40 * MILLISECOND,
		.tickets = fixture->shown,
		.ticket_count = 2,
		.tickets_kept = true,
		.roster = fixture->roster,
		.text = row_text,
		.text_context = fixture,
		.whole = whole_text };
}

void ui_fixture_horizon(struct ui_fixture *fixture, uint64_t records)
{
	struct horizon *horizon = &fixture->snapshot.horizon;
	*horizon = horizon_all(fixture->store);
	if (records < horizon->records)
		*horizon = (struct horizon){ records,
			records > 0 ? store_time(fixture->store, records - 1) : TIMESTAMP_NONE };
	if (detect_seen(fixture->detect) > horizon->records)
		detect_reset(fixture->detect);
	detect_advance(fixture->detect, fixture->store, *horizon, UINT64_MAX);
}

int ui_fixture_open(struct ui_fixture *fixture)
{
	*fixture = (struct ui_fixture){ .store = store_create(NULL),
		.texts = calloc(UI_FIXTURE_TEXTS, sizeof(*fixture->texts)),
		.detect = detect_create(NULL) };
	fixture->reader = (struct store_reader){ .context = fixture, .read = read_text };
	arena_init(&fixture->arena, (size_t)64 << 20);
	if (!fixture->store || !fixture->texts || !fixture->detect ||
		store_add_source(fixture->store, slice_of("checkout-incident.csv"), &fixture->source) != 0)
		return ERROR_MEMORY;
	append_log(fixture);
	fill_onsets(fixture);
	fill_transcript(fixture);
	fill_people(fixture);
	fill_snapshot(fixture);
	ui_fixture_horizon(fixture, UINT64_MAX);
	return fixture->evidence && fixture->roster ? 0 : ERROR_MEMORY;
}

void ui_fixture_close(struct ui_fixture *fixture)
{
	roster_destroy(fixture->roster);
	evidence_book_destroy(fixture->evidence);
	transcript_release(&fixture->transcript);
	onset_report_release(&fixture->onsets);
	detect_destroy(fixture->detect);
	store_destroy(fixture->store);
	arena_release(&fixture->arena);
	free(fixture->texts);
}
