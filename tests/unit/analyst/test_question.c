#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

#include "tocsin/analyst/question.h"
#include "tocsin/store/filter.h"

struct world {
	struct fixture fixture;
	struct analysis_input input;
	struct analysis *analysis;
	struct roster *roster;
	struct conversation *conversation;
	struct transcript transcript;
	struct buffer filter;
	struct buffer said; /* all entries of the last answer, one a line */
};

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	fixture_init(&world->fixture);
	fixture_incident(&world->fixture);
	world->roster = roster_create();
	roster_set(world->roster, slice_of("owners"), slice_of("orders*"), slice_of("dana"), NULL);
	roster_set(world->roster, slice_of("people"), slice_of("dana"), slice_of("Dana Reyes, dana@example.org"), NULL);
	world->input = fixture_input(&world->fixture);
	world->input.roster = world->roster;
	world->analysis = fixture_analyze(&world->input);
	world->conversation = conversation_create();
	transcript_init(&world->transcript);
	buffer_init(&world->filter, 4096);
	buffer_init(&world->said, 1 << 20);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	buffer_release(&world->said);
	buffer_release(&world->filter);
	transcript_release(&world->transcript);
	conversation_destroy(world->conversation);
	analysis_destroy(world->analysis);
	roster_destroy(world->roster);
	fixture_release(&world->fixture);
	free(world);
	return 0;
}

static void ask(struct world *world, struct slice question)
{
	size_t start = transcript_count(&world->transcript);

	assert_int_equal(conversation_ask(world->conversation, &world->input, world->analysis, question,
				 &world->transcript, analysis_evidence(world->analysis), &world->filter),
		0);
	buffer_clear(&world->said);
	assert_int_equal(transcript_at(&world->transcript, start)->kind, ENTRY_QUESTION);
	assert_true(transcript_count(&world->transcript) > start + 1);
	assert_int_equal(transcript_at(&world->transcript, start + 1)->kind, ENTRY_ANSWER);
	for (size_t i = start + 1; i < transcript_count(&world->transcript); i++) {
		const struct entry *entry = transcript_at(&world->transcript, i);

		buffer_append_slice(&world->said, entry->label);
		buffer_append_string(&world->said, entry->label.size ? ": " : "");
		buffer_append_slice(&world->said, entry->text);
		buffer_append_byte(&world->said, '\n');
	}
}

/* A question alone; those that begin with ">" follow the one before. `filter` is what Enter would apply, NULL where
 * that does not matter. */
static const struct {
	const char *question, *answer, *filter;
} rows[] = {
	/* counting */
	{ "how many errors in payment-service after 20:40", "290 errors in payment-service, 20:40:00 - 20:48:59",
		"service:payment-service level>=ERROR since:2025-05-17T20:40:00" },
	{ ">and in gateway?", "560 errors in gateway, 20:40:00",
		"service:gateway level>=ERROR since:2025-05-17T20:40:00" },
	{ ">and after 20:45?", "480 errors in gateway, 20:45:00",
		"service:gateway level>=ERROR since:2025-05-17T20:45:00" },
	{ ">and warnings?", "0 WARN in gateway, 20:45:00", "service:gateway level=WARN since:2025-05-17T20:45:00" },
	{ ">and in all services?", "0 WARN, 20:45:00", "level=WARN since:2025-05-17T20:45:00" },
	{ ">what about fatals", "8 FATAL, 20:45:00", "level=FATAL since:2025-05-17T20:45:00" },
	{ ">show them", "8 FATAL, 20:45:00", "level=FATAL since:2025-05-17T20:45:00" },
	{ ">why?", "root cause: orders-db", NULL },
	{ "How many ERRORS in Payment?", "290 errors in payment-service", "service:payment-service level>=ERROR" },
	{ "number of records", "2,360 records, 20:39:00", "" },
	{ "count lines in the orders db", "610 records in orders-db", "service:orders-db" },
	{ "how many fatals in orders-db before 20:45", "2 FATAL in orders-db, 20:39:00 - 20:45:00",
		"service:orders-db level=FATAL until:2025-05-17T20:45:00" },
	{ "how many errors between 20:44 and 20:45", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "how many errors from 20:44 to 20:45?", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "errors 20:44-20:45", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "how many errors at 20:44", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "how many errors at 20:44:10", "2 errors, 20:44:10 - 20:44:11", NULL },
	{ "how many errors around 20:44:10", "237 errors, 20:43:10 - 20:45:11", NULL },
	{ "how many errors since 2025-05-17 20:48", "242 errors, 20:48:00", NULL },
	{ "how many errors at 8:44 pm", "192 errors", NULL },
	{ "how many errors in the last minute", "errors, 20:47:59 - 20:48:59", NULL },
	{ "how many errors in the last 2 minutes?", "errors, 20:46:59 - 20:48:59", NULL },
	{ "how many errors in the first 5 minutes", "0 errors, 20:39:00 - 20:44:00", NULL },
	{ "how many errors before the incident", "0 errors, 20:39:00 - 20:44:00", NULL },
	{ "how many errors except gateway", "600 errors outside gateway", "-service:gateway level>=ERROR" },
	{ "how many \"pool exhausted\"", "300 records with \"pool exhausted\"", "\"pool exhausted\"" },
	{ "how many warnings and errors in gateway", "560 WARN or worse in gateway", "service:gateway level>=WARN" },
	{ "were there any timeouts", "290 records with \"timeouts\"", "(timeout | \"timed out\")" },
	/* showing */
	{ "show timeouts", "290 records with \"timeouts\", 20:39:00 - 20:48:59", "(timeout | \"timed out\")" },
	{ "show timeouts", "20:44:10.200 E payment-service \"capture failed: orders-db timeout after 5000 ms\" [E",
		NULL },
	{ "find 3 fatals", "10 FATAL, 20:39:00 - 20:48:59", NULL },
	{ "list errors in gateway without checkout", "0 errors with no \"checkout\" in gateway",
		"service:gateway level>=ERROR -checkout" },
	{ "timeouts", "290 records with \"timeouts\"", NULL },
	{ "what does orders-db say at 20:44", "in orders-db, 20:44:00 - 20:45:00", NULL },
	/* change, order, cause */
	{ "what changed at 20:44", "20:44:00 - 20:45:00 against 20:43:00 - 20:44:00: errors rose from 0", NULL },
	{ "what changed at 20:44", "new: \"pool exhausted: active=<*> max=<*>\" in orders-db x 60 from 20:44:00 [E",
		NULL },
	{ "what happened at 20:44?", "against 20:43:00 - 20:44:00", NULL },
	{ "what changed", "20:44:00 - 20:48:59 against 20:39:00 - 20:44:00", NULL },
	{ "what changed at 23:10", "lies outside the log", NULL },
	{ "which service failed first",
		"orders-db failed first, at 20:44:00.100: \"pool exhausted: active=50 max=50\" [E",
		"service:orders-db level>=WARN" },
	{ "which service failed first", "then: payment-service +10.1 s [E", NULL },
	{ "What broke first?", "orders-db failed first", NULL },
	{ "in which order did they fail", "orders-db failed first", NULL },
	{ "what is the root cause", "root cause: orders-db (confidence 0.9", NULL },
	{ "why did payment fail", "payment-service failed at 20:44:10.200", NULL },
	{ "why did gateway fail", "its lines name payment-service", NULL },
	{ "what happened", "orders-db [E", NULL },
	{ "what should I do", "look at orders-db first", NULL },
	{ "when did the timeouts start", "first of 290 records with \"timeouts\"", NULL },
	{ "when was the last fatal in orders-db", "20:48:30.150 F orders-db \"cannot obtain connection", NULL },
	{ "how long did it last", "4 m 59 s, from the onset in orders-db at 20:44:00", NULL },
	/* services */
	{ "is payment healthy", "payment-service is not healthy: it left its baseline at 20:44:10.200", NULL },
	{ "status of the gateway", "gateway is not healthy", NULL },
	{ "who is loudest", "gateway is loudest: 560 x ERROR or worse", NULL },
	{ "top 2 services by errors", "gateway is loudest", NULL },
	{ "top errors", "1,160 errors, 20:39:00 - 20:48:59", NULL },
	{ "which services are there", "3 services", NULL },
	{ "who owns orders-db", "orders-db: Dana Reyes, dana@example.org (", NULL },
	{ "compare payment and gateway", "payment-service: 590 records, 290 errors", NULL },
	{ "compare 20:43 and 20:44", "20:44:00 - 20:45:00 against 20:43:00 - 20:44:00", NULL },
	/* times that the log does not have */
	{ "how many errors after 20:55", "after 20:55:00 lies outside the log, 20:39:00 - 20:48:59", "" },
	{ "how many errors before 20:30", "before 20:30:00 lies outside the log", "" },
	{ "show fatals between 19:00 and 19:30", "19:00:00 - 19:30:00 lies outside the log", "" },
	{ "when was the last fatal before 20:00", "before 20:00:00 lies outside the log", "" },
	{ "how many errors in the last hour", "1,160 errors, 20:39:00 - 20:48:59", "level>=ERROR" },
	{ "how many errors between 20:47 and 21:30", "errors, 20:47:00 - 20:48:59",
		"level>=ERROR since:2025-05-17T20:47:00 until:2025-05-17T21:30:00" },
	{ "how many errors between 20:44 and 20:44", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "what changed at 20:39", "there is nothing before it to compare with", NULL },
	/* days */
	{ "how many errors yesterday",
		"2025-05-16 00:00:00 - 2025-05-17 00:00:00 lies outside the log, 2025-05-17 20:39", "" },
	{ "errors at 20:44 yesterday", "2025-05-16 20:44:00 - 2025-05-16 20:45:00 lies outside the log", "" },
	{ "errors on friday", "2025-05-16 00:00:00", "" },
	{ "how many errors today", "1,160 errors, 20:39:00 - 20:48:59", "level>=ERROR" },
	{ "how many errors on saturday", "1,160 errors", "level>=ERROR" },
	{ "how many errors on 17 may after 20:44", "1,160 errors, 20:44:00", NULL },
	{ "how many errors today between 20:44 and 20:45", "192 errors, 20:44:00 - 20:45:00", NULL },
	{ "how many errors on May 18th", "2024-05-18 00:00:00", "" },
	{ "how many errors since midnight", "1,160 errors", NULL },
	{ "how many errors at 8pm", "20:00:00 - 20:01:00 lies outside the log", "" },
	{ "how many errors after 2044", "1,160 errors, 20:44:00", NULL },
	/* rates */
	{ "errors per minute in gateway between 20:44 and 20:47",
		"107 a minute: 320 errors in gateway, 20:44:00 - 20:47:00 [E",
		"service:gateway level>=ERROR since:2025-05-17T20:44:00 until:2025-05-17T20:47:00" },
	{ "errors per minute in gateway between 20:44 and 20:47", "per minute: 20:44 80, 20:45 120, 20:46 120\n",
		NULL },
	{ "errors per minute in gateway between 20:44 and 20:47", "peak: 120 a minute, 20:45:00 - 20:46:00 [E", NULL },
	{ "error rate of gateway at 20:45", "120 a minute: 120 errors in gateway", NULL },
	{ "errors/s in gateway from 20:45 to 20:46", "2.0 a second: 120 errors in gateway", NULL },
	{ "when was the peak", "the peak was 242 a minute, 20:45:00", NULL },
	{ "how fast are errors coming in", "116 a minute: 1,160 errors", NULL },
	/* is it over */
	{ "when did it recover",
		"not within this log: orders-db, payment-service, gateway have not recovered by 20:48:59", NULL },
	{ "is it still happening", "gateway: 120 errors in the last minute [E", NULL },
	{ "did gateway recover", "not within this log: gateway has not recovered by", "service:gateway level>=ERROR" },
	{ "when did the timeouts stop", "last of 290 records with \"timeouts\"", NULL },
	{ "can I go back to sleep?", "not within this log", NULL },
	/* how much there is, how far it reaches */
	{ "how many unparsed", "0 of 2,360 records could not be parsed", "" },
	{ "how many lines", "in all: ", "" },
	{ "how many lines", "3 services, 5 templates, 0 unparsed", "" },
	{ "how many templates", "5 templates of 2,360 records", "" },
	{ "how many services", "3 services", NULL },
	{ "how bad is it", "severity critical: 3 of 3 services left their baseline: orders-db at 20:44:00", NULL },
	{ "how many users affected", "users: not counted", NULL },
	{ "what percentage of gateway are errors", "share: 48.3 % of 1,160 records in gateway", NULL },
	{ "which services are affected", "3 of 3 services left their baseline", NULL },
	/* said alike, shown once */
	{ "show fatals", "; 1 kind of message:\n20:44:00.150 F orders-db \"cannot", "level=FATAL" },
	{ "show fatals", "10 times until 20:48:30.150", NULL },
	{ "show errors at 20:44", "; 4 kinds of message:", NULL },
	{ "last 2 fatals", "; the last 2:\n20:48:00.150 F", "level=FATAL" },
	{ "tail gateway", "; the last 8:", "service:gateway" },
	{ "last fatal", "last of 10 FATAL, 20:39:00 - 20:48:59 [E", NULL },
	{ "first line", "first of 2,360 records, 20:39:00 - 20:48:59 [E", NULL },
	/* as typed at three in the morning */
	{ "errs in payment?", "290 errors in payment-service", NULL },
	{ "top 5 errors", "1,160 errors, 20:39:00", NULL },
	{ "erros in gateway", "note: read \"erros\" as \"errors\"", "service:gateway level>=ERROR" },
	{ "witch service faild first", "orders-db failed first", NULL },
	{ "whats broken", "root cause: orders-db", NULL },
	{ "wtf", "root cause: orders-db", NULL },
	{ "what happened before 20:44:05", "WARN or worse, 20:39:00 - 20:44:05", NULL },
	{ "what did orders-db log just before it failed", "300 records in orders-db, 20:39:00 - 20:44:00", NULL },
	{ "what did orders-db log just before it failed", "; the last 8:\n20:43:52.400 I orders-db", NULL },
	{ "who should i call", "orders-db: Dana Reyes", NULL },
	{ "who should we page for gateway", "gateway: ", NULL },
	{ "did the deploy cause it", "no deploy, restart or change of configuration is in the log", NULL },
	{ "did gateway fail before payment", "payment-service failed first, at 20:44:10.200 [E", NULL },
	{ "is the gateway the problem", "its lines name payment-service", NULL },
	{ "what was the first error in gateway", "]: 20:44:20.300 E gateway", NULL },
	{ "show me orders-db around 20:44", "in orders-db, 20:43:00 - 20:46:00", NULL },
	{ "why payment", "payment-service failed at 20:44:10.200", NULL },
	{ "how many checkouts failed", "560 errors with \"checkouts\"", "level>=ERROR checkout" },
	{ "checkout zebra", "each alone: \"checkout\" 560, \"zebra\" 0", NULL },
	{ "502s in gateway", "561 records with \"502s\" in gateway", "service:gateway 502" },
	{ "ignore gateway how many errors", "600 errors outside gateway", "-service:gateway level>=ERROR" },
	{ "how many warnings vs errors", "] against 1,150 ERROR [E", NULL },
	{ "what else could it be", "payment-service 0.", NULL },
	{ "are you sure", "confidence 0.9", NULL },
	{ "any new errors", "20:44:00 - 20:48:59 against 20:39:00 - 20:44:00", NULL },
	/* follow-ups to a moment */
	{ "when did payment start failing", "first of 290 WARN or worse in payment-service", NULL },
	{ ">since then?", "290 errors in payment-service, 20:44:10", NULL },
	{ ">only fatal", "0 FATAL in payment-service, 20:44:10", NULL },
	{ ">in gateway?", "0 FATAL in gateway, 20:44:10", NULL },
	{ "how many errors at 20:45", "242 errors, 20:45:00", NULL },
	{ ">and before that?", "192 errors, 20:39:00 - 20:45:00", NULL },
	{ ">just gateway", "80 errors in gateway, 20:39:00 - 20:45:00", NULL },
	{ "show warnings in gateway", "0 WARN in gateway", NULL },
	{ ">only errors", "560 errors in gateway", NULL },
	{ ">last 2", "560 errors in gateway, 20:39:00 - 20:48:59 [E", "service:gateway level>=ERROR" },
	{ ">how many?", "560 errors in gateway", NULL },
	{ "errors by service", "gateway is loudest: 560", NULL },
	{ "when does the log end", "2,360 records, 20:39:00 - 20:48:59", "" },
	/* what cannot be answered is said */
	{ "slowest requests", "I do not measure how long requests take", "" },
	{ "restart orders-db", "I only read", "" },
	{ "when will it be over", "I do not foretell", "" },
	{ "how many errors in billing-service", "there is no service billing-service; there are: ", "" },
	{ "how many errors in paymnt", "there is no service paymnt; did you mean payment-service?", "" },
	{ "is ordersdb healthy", "there is no service ordersdb; did you mean orders-db?", "" },
	{ "is billing healthy", "there is no service billing", "" },
	{ "how many errors after 25:99", "\"25:99\" is no time of day", "" },
	{ "what is the weather in Paris", "I do not understand that", "" },
	{ "asdf qwer", "I do not understand that", "" },
	{ "", "ask something, for example:\nhow many errors", "" },
	{ " ? ", "ask something, for example:\nhow many errors", "" },
	{ "help", "how many errors in payment-service after 20:40", "" },
};

static void conversation_ask__answers__when_asked_plainly(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *question = rows[i].question;

		if (question[0] == '>')
			question++;
		else
			conversation_forget(world->conversation);
		ask(world, slice_of(question));
		if (slice_find(buffer_slice(&world->said), slice_of(rows[i].answer)) == SIZE_MAX)
			fail_msg("\"%s\" gave\n%s", question, buffer_string(&world->said));
		if (rows[i].filter && strcmp(buffer_string(&world->filter), rows[i].filter) != 0)
			fail_msg("\"%s\" filters %s", question, buffer_string(&world->filter));
	}
}

static void conversation_ask__cites_evidence_of_the_book__when_it_answers(void **state)
{
	struct world *world = *state;
	struct evidence_book *book = evidence_book_create();
	struct transcript transcript;
	size_t cited = 0;

	/* another book than the analysis has: its numbers must be made anew */
	transcript_init(&transcript);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		conversation_ask(world->conversation, &world->input, i % 2 ? world->analysis : NULL,
			slice_of(rows[i].question), &transcript, book, &world->filter);
	for (size_t i = 0; i < transcript_count(&transcript); i++) {
		struct slice text = transcript_at(&transcript, i)->text;
		size_t begin, end = 0;
		unsigned number;

		while (evidence_next_citation(text, end, &begin, &end, &number)) {
			assert_non_null(evidence_find(book, number));
			cited++;
		}
	}
	assert_true(cited > 50);
	transcript_release(&transcript);
	evidence_book_destroy(book);
}

static void conversation_ask__sees_nothing_later__when_the_horizon_moved_back(void **state)
{
	struct world *world = *state;
	struct analysis_input input = world->input;
	struct evidence_book *book = evidence_book_create();
	struct transcript transcript;

	transcript_init(&transcript);
	input.horizon = horizon_at(world->fixture.store, FIXTURE_START + 305 * TIMESTAMP_SECOND);
	conversation_forget(world->conversation);
	conversation_ask(
		world->conversation, &input, NULL, slice_of("how many errors"), &transcript, book, &world->filter);
	assert_true(slice_starts(transcript_at(&transcript, 1)->text, "6 errors, 20:39:00 - 20:44:0"));
	/* a service that speaks later does not exist yet, not even in a list */
	input.horizon.records = 1;
	input.horizon.time = FIXTURE_START;
	conversation_forget(world->conversation);
	conversation_ask(world->conversation, &input, NULL, slice_of("how many errors in billing-service"), &transcript,
		book, &world->filter);
	assert_true(
		slice_ends(transcript_at(&transcript, transcript_count(&transcript) - 1)->text, "there are: gateway"));
	transcript_release(&transcript);
	evidence_book_destroy(book);
}

static void conversation_ask__says_so__when_the_log_is_empty(void **state)
{
	struct world *world = *state;
	struct fixture empty;
	struct analysis_input input;
	struct transcript transcript;

	fixture_init(&empty);
	store_publish(empty.store);
	input = fixture_input(&empty);
	transcript_init(&transcript);
	conversation_ask(world->conversation, &input, NULL, slice_of("how many errors"), &transcript,
		analysis_evidence(world->analysis), &world->filter);
	assert_true(slice_is(transcript_at(&transcript, 1)->text, "there is nothing in the log yet"));
	transcript_release(&transcript);
	fixture_release(&empty);
}

/* A quiet log in which orders-db errs from 20:44 on for three minutes, and gateway until `gateway_to` seconds. */
static void make_recovered(struct fixture *fixture, int gateway_to, bool orders_silent)
{
	for (int second = 0; second < 900; second++) {
		char message[80];

		snprintf(message, sizeof(message), "request %d done", second);
		fixture_add(fixture, second, "gateway", LEVEL_INFO, message);
		if (!orders_silent || second < 480)
			fixture_add(fixture, second + 0.1, "orders-db", LEVEL_INFO, "select done");
		if (second % 2)
			fixture_add(fixture, second + 0.2, "mailer", LEVEL_ERROR, "smtp: try again later");
		if (second >= 300 && second < 480)
			fixture_add(fixture, second + 0.3, "orders-db", LEVEL_ERROR, "pool exhausted");
		if (second >= 310 && second < gateway_to)
			fixture_add(fixture, second + 0.4, "gateway", LEVEL_ERROR, "upstream failed");
	}
	store_publish(fixture->store);
}

/* Recovery is that of the services that were in trouble; a mailer that errs all along does not hide it. */
static void conversation_ask__tells_recovery__when_errors_come_back_to_the_baseline(void **state)
{
	static const struct {
		int gateway_to;
		bool silent;
		const char *question, *answer;
	} cases[] = {
		{ 500, false, "when did it recover", "recovered at 20:47:19 [E" },
		{ 500, false, "is it over", "are back at their baseline" },
		{ 500, false, "did orders-db recover", "recovered at 20:46:59 [E" },
		{ 500, false, "did mailer recover", "mailer did not leave its baseline" },
		{ 500, false, "how long did it last", "3 m 19 s, from the onset in orders-db at 20:44:00" },
		{ 900, false, "when did it recover",
			"partly recovered: orders-db is back at its baseline, gateway has not recovered by 20:53:59" },
		{ 900, false, "how long did it last", "it is not over: 20:53:59.400 E gateway" },
		{ 500, true, "did orders-db recover",
			"orders-db: silent, not recovered: nothing at all since 20:46:59 [E" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world world = { 0 };

		fixture_init(&world.fixture);
		make_recovered(&world.fixture, cases[i].gateway_to, cases[i].silent);
		world.input = fixture_input(&world.fixture);
		world.analysis = fixture_analyze(&world.input);
		world.conversation = conversation_create();
		transcript_init(&world.transcript);
		buffer_init(&world.filter, 4096);
		buffer_init(&world.said, 1 << 20);
		ask(&world, slice_of(cases[i].question));
		if (slice_find(buffer_slice(&world.said), slice_of(cases[i].answer)) == SIZE_MAX)
			fail_msg("\"%s\" gave\n%s", cases[i].question, buffer_string(&world.said));
		buffer_release(&world.said);
		buffer_release(&world.filter);
		transcript_release(&world.transcript);
		conversation_destroy(world.conversation);
		analysis_destroy(world.analysis);
		fixture_release(&world.fixture);
	}
}

/* In a replay nothing may be told of what is still to come, neither of the log's end nor of bad rows. */
static void conversation_ask__names_the_clock_as_the_end__when_asked_past_the_horizon(void **state)
{
	struct world *world = *state;
	struct analysis_input whole = world->input;

	world->input.horizon = horizon_at(world->fixture.store, FIXTURE_START + 305 * TIMESTAMP_SECOND);
	conversation_forget(world->conversation);
	ask(world, slice_of("how many errors after 20:45"));
	assert_int_equal(slice_find(buffer_slice(&world->said),
				 slice_of("after 20:45:00 lies outside the log, 20:39:00 - 20:44:05")),
		0);
	ask(world, slice_of("how many lines"));
	assert_int_equal(slice_find(buffer_slice(&world->said), slice_of("2,360")), SIZE_MAX);
	ask(world, slice_of("is it over")); /* by an analysis of its own, not by one that saw the end */
	assert_int_equal(slice_find(buffer_slice(&world->said), slice_of("20:48")), SIZE_MAX);
	world->input = whole;
}

static void conversation_ask__shows_unparsed_records__when_they_have_no_time(void **state)
{
	static const char *const lines[] = { "half a row", "another \x1b[31m one" };
	struct world world = { 0 };

	(void)state;
	fixture_init(&world.fixture);
	fixture_quiet(&world.fixture, 0, 60);
	for (size_t i = 0; i < 2; i++) {
		size_t place = world.fixture.count++;
		struct store_row row = { .time = TIMESTAMP_NONE,
			.level = LEVEL_UNKNOWN,
			.flags = RECORD_UNPARSED,
			.source = world.fixture.source,
			.offset = place,
			.line = place + 2,
			.size = 10,
			.signature = slice_of("row") };

		slice_copy(slice_of(lines[i]), world.fixture.lines[place].message, 400);
		assert_int_equal(store_append(world.fixture.store, &row), 0);
	}
	store_publish(world.fixture.store);
	world.input = fixture_input(&world.fixture);
	world.analysis = fixture_analyze(&world.input);
	world.conversation = conversation_create();
	transcript_init(&world.transcript);
	buffer_init(&world.filter, 4096);
	buffer_init(&world.said, 1 << 20);
	ask(&world, slice_of("how many lines could not be parsed"));
	assert_true(slice_starts(buffer_slice(&world.said),
		"2 of 182 records could not be parsed: kept as text, the whole line as the message\n"
		"line 182: \"half a row\" [E"));
	assert_true(
		slice_find(buffer_slice(&world.said), slice_of("\nline 183: \"another ^[[31m one\" [E")) != SIZE_MAX);
	ask(&world, slice_of("how many records"));
	assert_true(slice_find(buffer_slice(&world.said), slice_of("2 unparsed; 2 more without a readable time")) !=
		SIZE_MAX);
	buffer_release(&world.said);
	buffer_release(&world.filter);
	transcript_release(&world.transcript);
	conversation_destroy(world.conversation);
	analysis_destroy(world.analysis);
	fixture_release(&world.fixture);
}

/* A fixed sequence (xorshift), so that a failure can be seen again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void conversation_ask__survives__when_given_any_bytes(void **state)
{
	static const char *const pieces[] = { "how many ", "errors ", "in ", "20:41", "payment ", "\"", "show ", "and ",
		"last ", "99999999999 ", "minutes ", "9999-99-99 ", "between ", "\xff\xfe", "(", ")", "-", "/",
		"level>=", "what changed ", "at ", "\\", "template:", "ago ", "not ", "0:00:00.0", "*", "\x1b[31m",
		"18446744073709551615 ", "days ", "it ", "yesterday ", "per ", "rate ", "recover ", "then ", "since ",
		"2262-04-11 ", "1677-09-22 ", "may ", "31 ", "vs ", "unparsed ", "deploy ", "8pm ", "0000 ", "fail ",
		"\xe2\x80\x99s ", "eror " };
	struct world *world = *state;
	uint32_t seed = 2463534242u;

	for (int round = 0; round < 600; round++) {
		char text[400];
		size_t size = 0, count = next_random(&seed) % 12;

		for (size_t i = 0; i < count; i++) {
			struct slice piece =
				slice_of(pieces[next_random(&seed) % (sizeof(pieces) / sizeof(pieces[0]))]);

			if (next_random(&seed) % 8 == 0)
				text[size++] = (char)next_random(&seed);
			size += slice_copy(piece, text + size, sizeof(text) - size);
		}
		ask(world, (struct slice){ text, size });
	}
	transcript_clear(&world->transcript);
}

#define BYTES(literal)                                                                                                 \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}

static void conversation_ask__offers_a_filter_that_can_be_typed__when_given_any_bytes(void **state)
{
	static const struct slice questions[] = {
		BYTES("how many \0\0 errors in gateway"),
		BYTES("show \"\0\" in gateway"),
		BYTES("how many \"a \\\" quote\" ( | errors"),
		BYTES("show \"\" not or and /x"),
		BYTES("AND\0\0 how many timeouts OR\0"),
		BYTES("when did - pool start"),
		BYTES("show --verbose in gateway"),
	};
	struct world *world = *state;
	struct filter_scope scope = { world->input.store, world->input.horizon.time, world->input.zone };

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		struct filter *filter;
		struct error error = { 0 };
		size_t fault;

		conversation_forget(world->conversation);
		ask(world, questions[i]);
		filter = filter_parse(buffer_slice(&world->filter), &scope, &fault, &error);
		if (filter == NULL)
			fail_msg("question %zu offers %s: %s", i, buffer_string(&world->filter), error.text);
		filter_destroy(filter);
	}
}

static void conversation_example__is_understood__when_asked(void **state)
{
	struct world *world = *state;

	conversation_forget(world->conversation);
	for (size_t i = 0; conversation_example(i); i++) {
		if (strstr(conversation_example(i), "inventory"))
			continue; /* this log has none */
		ask(world, slice_of(conversation_example(i)));
		assert_int_equal(slice_find(buffer_slice(&world->said), slice_of("I do not understand")), SIZE_MAX);
	}
	assert_null(conversation_example(1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversation_ask__answers__when_asked_plainly),
		cmocka_unit_test(conversation_ask__cites_evidence_of_the_book__when_it_answers),
		cmocka_unit_test(conversation_ask__sees_nothing_later__when_the_horizon_moved_back),
		cmocka_unit_test(conversation_ask__says_so__when_the_log_is_empty),
		cmocka_unit_test(conversation_ask__tells_recovery__when_errors_come_back_to_the_baseline),
		cmocka_unit_test(conversation_ask__names_the_clock_as_the_end__when_asked_past_the_horizon),
		cmocka_unit_test(conversation_ask__shows_unparsed_records__when_they_have_no_time),
		cmocka_unit_test(conversation_example__is_understood__when_asked),
		cmocka_unit_test(conversation_ask__survives__when_given_any_bytes),
		cmocka_unit_test(conversation_ask__offers_a_filter_that_can_be_typed__when_given_any_bytes),
	};

	return cmocka_run_group_tests_name("analyst/question", tests, set_up, tear_down);
}
