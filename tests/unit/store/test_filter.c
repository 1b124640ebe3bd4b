#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "tocsin/store/filter.h"

#define AT(hour, minute, second) \
	(NOON + ((hour) - 12) * TIMESTAMP_HOUR + (minute) * TIMESTAMP_MINUTE + (second) * TIMESTAMP_SECOND)
#define NOON INT64_C(1747483200000000000) /* 2025-05-17T12:00:00Z */

struct line {
	int64_t time;
	enum level level;
	const char *service;
	const char *message;
	uint16_t source;
	const char *zone; /* value of the extra field, or NULL */
};

static const struct line lines[] = {
	{AT(20, 30, 0), LEVEL_INFO, "gateway", "Request routed to payment-service", 0, "eu-1"},
	{AT(20, 40, 0), LEVEL_WARN, "payment-service", "Connection pool almost full: active=48", 0, NULL},
	{AT(20, 40, 30), LEVEL_ERROR, "payment-service", "Timeout after 5000 ms", 0, "us-2"},
	{AT(20, 41, 0), LEVEL_FATAL, "Order-Service", "OutOfMemory (heap) at /var/lib/x", 1, NULL},
	{TIMESTAMP_NONE, LEVEL_UNKNOWN, "syslog", "caf\xc3\xa9 | \"closed\" timeout", 1, NULL},
};

#define LINES (sizeof(lines) / sizeof(*lines))

struct fixture {
	struct store *store;
	struct store_reader reader;
	unsigned reads;
	bool gone;
	bool broken;
};

static int read_line(void *context, const struct record *record, struct store_text *text)
{
	struct fixture *fixture = context;

	fixture->reads++;
	if (fixture->broken)
		return ERROR_SYSTEM;
	*text = (struct store_text){.message = slice_of(lines[record->id].message), .gone = fixture->gone};
	if (fixture->gone)
		text->message = slice_of("the text of this record is gone");
	if (lines[record->id].zone) {
		text->fields[0] = (struct store_field){slice_of("Zone"), slice_of(lines[record->id].zone)};
		text->field_count = 1;
	}
	return 0;
}

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));
	uint16_t source;

	fixture->store = store_create(NULL);
	fixture->reader = (struct store_reader){ .context = fixture, .read = read_line };
	store_add_source(fixture->store, slice_of("samples/checkout.csv"), &source);
	store_add_source(fixture->store, slice_of("/var/log/syslog"), &source);
	for (size_t i = 0; i < LINES; i++) {
		struct store_row row = {.time = lines[i].time,
					.level = lines[i].level,
					.source = lines[i].source,
					.line = i + 1,
					.service = slice_of(lines[i].service),
					.signature = slice_of(lines[i].message)};

		assert_int_equal(store_append(fixture->store, &row), 0);
	}
	store_publish(fixture->store);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	store_destroy(fixture->store);
	test_free(fixture);
	return 0;
}

static struct filter *parse(struct fixture *fixture, const char *text)
{
	struct filter_scope scope = {.store = fixture->store, .now = AT(20, 41, 0)};
	struct error error = {0};
	size_t fault = 0;
	struct filter *filter = filter_parse(slice_of(text), &scope, &fault, &error);

	if (!filter)
		fail_msg("'%s' is refused at %zu: %s", text, fault, error.text);
	return filter;
}

/* The ids that match as a text of digits: "024". */
static void assert_matches(struct fixture *fixture, const char *text, const char *expected)
{
	struct filter *filter = parse(fixture, text);
	char matched[LINES + 1] = "";
	size_t count = 0;
	struct record record;

	for (size_t i = 0; i < LINES; i++) {
		store_record(fixture->store, i, &record);
		if (filter_match(filter, fixture->store, &record, &fixture->reader))
			matched[count++] = (char)('0' + i);
	}
	if (strcmp(matched, expected) != 0)
		fail_msg("'%s' matches %s, not %s", text, matched, expected);
	filter_destroy(filter);
}

static void filter__matches__what_the_header_promises(void **state)
{
	static const char *const cases[][2] = {
		{"", "01234"},
		{"  ", "01234"},
		{"timeout", "24"},
		{"TIMEOUT ms", "2"},
		{"timeout AND ms", "2"},
		{"\"pool almost\"", "1"},
		{"\"\\\"closed\\\"\"", "4"},
		{"/t[ie]m.*\\d{4}/", "2"},
		{"/\\/var\\/lib/", "3"},
		{"\"(heap)\"", "3"},
		{"caf\xc3\xa9", "4"},
		{"routed | heap", "03"},
		{"routed OR heap", "03"},
		{"routed|timeout ms", "02"},
		{"(routed|timeout) ms", "2"},
		{"-timeout", "013"},
		{"NOT timeout", "013"},
		{"--timeout", "24"},
		{"-(routed | timeout)", "13"},
		{"payment-service", "0"},
		{"service:payment-service", "12"},
		{"service=PAYMENT-SERVICE", "12"},
		{"service:gateway,syslog", "04"},
		{"service:*service", "123"},
		{"service:order-*,gate?ay", "03"},
		{"service:/^(gate|order)/", "03"},
		{"SERVICE:syslog", "4"},
		{"source:*.csv", "012"},
		{"source:checkout.csv", "012"},
		{"source:/var/log/syslog", "34"},
		{"source:/log$/", "34"},
		{"source:/sys(log)$/", "34"},
		{"level>=error", "23"},
		{"level>warn", "23"},
		{"level<warn", "0"},
		{"level<=warn", "01"},
		{"level:warn,FATAL", "13"},
		{"level=info", "0"},
		{"level:unknown", "4"},
		{"-level>=trace", "4"},
		{"template:0", "0"},
		{"template:1,3", "13"},
		{"id:1..2", "12"},
		{"id:3..", "34"},
		{"id:..1", "01"},
		{"line:1", "0"},
		{"line>=4", "34"},
		{"line<2", "0"},
		{"since:30s", "23"},
		{"since:1m", "123"},
		{"until:20:41", "012"},
		{"since:20:40:30", "23"},
		{"since:2025-05-17T20:40 until:20:40:30", "1"},
		{"since:\"2025-05-17 20:41:00\"", "3"},
		{"-since:20:41", "0124"},
		{"field.zone=eu-1", "0"},
		{"field.ZONE:*-?", "02"},
		{"field.zone:/^us/", "2"},
		{"-field.zone:*", "134"},
		{"service:payment-service level>=error timeout", "2"},
		{"level:fatal | service:gateway -heap", "03"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_matches(*state, cases[i][0], cases[i][1]);
}

static void filter__points_at_the_fault__and_says_what_is_wrong(void **state)
{
	static const struct {
		const char *text;
		size_t fault;
		const char *says;
	} cases[] = {
		{"servce:gateway", 0, "unknown field 'servce': did you mean service?"},
		{"timeout levle>=error", 8, "did you mean level?"},
		{"max=50", 0, "put quotes"},
		{"a (b c", 2, "not closed"},
		{"a b)", 3, "never opened"},
		{"a |", 3, "missing"},
		{"| a", 0, "missing"},
		{"a AND", 5, "missing"},
		{"a AND OR b", 6, "missing"},
		{"()", 1, "missing"},
		{"a - b", 2, "negate"},
		{"-", 0, "negate"},
		{"say \"hello", 4, "not closed"},
		{"\"\"", 0, "nothing between"},
		{"//", 0, "nothing between"},
		{"/api/v2/orders", 0, "quotes around a path"},
		{"x /ab(c/", 7, ""},
		{"level>=eror", 7, "'eror' is no level"},
		{"level>unknown", 6, "level:unknown"},
		{"service:", 8, "needs a value"},
		{"service:a,", 10, "missing"},
		{"service>a", 8, "service:payment"},
		{"service!=a", 0, "'-' in front"},
		{"service:\"a\"b", 11, "space"},
		{"template:twelve", 9, "number"},
		{"id:200..100", 3, "range"},
		{"id:..", 3, "range"},
		{"id>1..2", 3, "range"},
		{"id<0", 3, "range"},
		{"line:99999999999999999999", 5, "number"},
		{"since:yesterday", 6, "duration or a time"},
		{"field.zone>3", 11, "'='"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter_scope scope = {.store = fixture->store, .now = AT(20, 41, 0)};
		struct error error = {0};
		size_t fault = SIZE_MAX;

		if (filter_parse(slice_of(cases[i].text), &scope, &fault, &error))
			fail_msg("'%s' is taken", cases[i].text);
		assert_int_equal(error.code, ERROR_INPUT);
		if (fault != cases[i].fault || !strstr(error.text, cases[i].says))
			fail_msg("'%s' is refused at %zu: %s", cases[i].text, fault, error.text);
	}
}

static void filter__is_refused__when_hostile(void **state)
{
	char text[5000];
	struct filter_scope scope = {.now = TIMESTAMP_NONE};
	struct error error = {0};
	size_t fault;

	(void)state;
	memset(text, '(', sizeof(text));
	assert_null(filter_parse((struct slice){text, 4000}, &scope, &fault, &error));
	assert_non_null(strstr(error.text, "nested"));
	memset(text, '-', sizeof(text));
	assert_null(filter_parse((struct slice){text, 4000}, &scope, &fault, &error));
	assert_null(filter_parse((struct slice){text, sizeof(text)}, &scope, &fault, &error));
	assert_non_null(strstr(error.text, "long"));
	assert_null(filter_parse((struct slice){"a\0b", 3}, &scope, &fault, &error));
	assert_int_equal(fault, 1);
	assert_null(filter_parse(slice_of("since:10m"), &scope, &fault, &error));
	assert_non_null(strstr(error.text, "no record has a time"));
}

/* Any bytes give a filter or a fault inside the text; what is taken can be matched. */
static void filter__survives__any_bytes(void **state)
{
	static const char *const pieces[] = {"(",       ")",   "|",     "-",    "\"",    "/",    " ",      "a",
					     "service", ":",   "level", ">=",   "error", ",",    "id",     "..",
					     "9",       "*",   "[",     "\\",   "since", "20:4", "field.", "=",
					     "NOT ",    "OR ", "AND ",  "\xff", "\x1b",  "\n"};
	struct fixture *fixture = *state;
	uint64_t seed = 5;

	for (int round = 0; round < 20000; round++) {
		struct filter_scope scope = {.store = fixture->store, .now = AT(20, 41, 0)};
		char text[256] = "";
		size_t size = 0, fault = SIZE_MAX;
		struct error error = {0};
		struct filter *filter;
		struct record record;

		for (int i = 0; i < 12; i++) {
			const char *piece;

			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			piece = pieces[(seed >> 33) % (sizeof(pieces) / sizeof(*pieces))];
			memcpy(text + size, piece, strlen(piece));
			size += strlen(piece);
		}
		filter = filter_parse((struct slice){text, size}, &scope, &fault, &error);
		if (filter) {
			store_record(fixture->store, (uint64_t)round % LINES, &record);
			filter_match(filter, fixture->store, &record, &fixture->reader);
		} else {
			assert_true(fault <= size);
			assert_int_not_equal(error.text[0], '\0');
		}
		filter_destroy(filter);
	}
}

static void filter__reads_text__once_and_only_when_needed(void **state)
{
	struct fixture *fixture = *state;
	struct filter *columns = parse(fixture, "level>=error service:pay*"),
		      *both = parse(fixture, "\"5000 ms\" \"out after\" level>=error"),
		      *told = parse(fixture, "5000 timeout");
	struct record record;

	assert_false(filter_needs_text(columns));
	assert_true(filter_needs_text(both));
	assert_true(filter_is_empty(NULL));
	store_record(fixture->store, 2, &record);
	assert_true(filter_match(columns, fixture->store, &record, NULL));
	assert_true(filter_match(both, fixture->store, &record, &fixture->reader));
	assert_int_equal(fixture->reads, 1);
	store_record(fixture->store, 0, &record);
	assert_false(filter_match(both, fixture->store, &record, &fixture->reader));
	assert_int_equal(fixture->reads, 1);
	/* What a template says, every message of it says. */
	store_record(fixture->store, 2, &record);
	assert_true(filter_match(told, fixture->store, &record, NULL));
	filter_destroy(columns);
	filter_destroy(both);
	filter_destroy(told);
}

static void filter__matches_no_text__when_it_cannot_be_read(void **state)
{
	struct fixture *fixture = *state;

	fixture->gone = true;
	assert_matches(fixture, "\"out after\"", "");
	assert_matches(fixture, "gone", "");
	assert_matches(fixture, "/time/ | level:info", "0");
	assert_matches(fixture, "timeout", "24"); /* its template tells */
	fixture->gone = false;
	fixture->broken = true;
	assert_matches(fixture, "\"out after\"", "");
	assert_matches(fixture, "field.zone:*", "");
}

static void filter__resolves_services__that_appear_later(void **state)
{
	struct fixture *fixture = *state;
	struct filter *filter = parse(fixture, "service:new-*");
	struct store_row row = {.time = AT(20, 42, 0), .service = slice_of("new-service"), .signature = slice_of("x")};
	struct record record;

	store_record(fixture->store, 0, &record);
	assert_false(filter_match(filter, fixture->store, &record, NULL));
	assert_int_equal(store_append(fixture->store, &row), 0);
	store_publish(fixture->store);
	store_record(fixture->store, LINES, &record);
	assert_true(filter_match(filter, fixture->store, &record, NULL));
	filter_destroy(filter);
}

static void highlight__finds_every_place__of_what_is_not_negated(void **state)
{
	static const size_t expected[][2] = {{0, 4}, {5, 8}, {9, 13}};
	struct filter *filter = parse(*state, "pool -full (/\\d+/ | x*z) level:info");
	struct slice text = slice_of("Pool 123 pOOl full");
	size_t start = 0, begin, end;

	for (size_t i = 0; i < 3; i++) {
		assert_true(filter_highlight(filter, text, start, &begin, &end));
		assert_int_equal(begin, expected[i][0]);
		assert_int_equal(end, expected[i][1]);
		start = end;
	}
	assert_false(filter_highlight(filter, text, start, &begin, &end));
	assert_false(filter_highlight(NULL, text, 0, &begin, &end));
	filter_destroy(filter);

	filter = parse(*state, "/x*/");
	assert_true(filter_highlight(filter, slice_of("aaxx"), 0, &begin, &end));
	assert_int_equal(begin, 2);
	assert_int_equal(end, 4);
	assert_false(filter_highlight(filter, slice_of("aa"), 0, &begin, &end));
	filter_destroy(filter);
}

static void explain_fault__puts_caret__below_the_cell(void **state)
{
	struct buffer out;

	(void)state;
	buffer_init(&out, 1000);
	assert_int_equal(filter_explain_fault(&out, slice_of("caf\xc3\xa9 \x1b x)"), 9), 0);
	assert_string_equal(buffer_string(&out), "caf\xc3\xa9 ^[ x)\n         ^\n");
	buffer_release(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(filter__matches__what_the_header_promises),
		TEST(filter__points_at_the_fault__and_says_what_is_wrong),
		TEST(filter__is_refused__when_hostile),
		TEST(filter__survives__any_bytes),
		TEST(filter__reads_text__once_and_only_when_needed),
		TEST(filter__matches_no_text__when_it_cannot_be_read),
		TEST(filter__resolves_services__that_appear_later),
		TEST(highlight__finds_every_place__of_what_is_not_negated),
		TEST(explain_fault__puts_caret__below_the_cell),
	};

	return cmocka_run_group_tests_name("store/filter", tests, NULL, NULL);
}
