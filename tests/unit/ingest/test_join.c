/*
 * Lines that belong to the record before them, from the rule to the text that is read back.
 */
#include "scene.h"

#include "ingest/join.h"

static const struct intake_options whole = { .follow = false };
static const struct intake_options following = { .follow = true };

static void join__tells_what_goes_on__from_what_begins(void **state)
{
	static const struct {
		const char *previous, *line;
		bool continues, is_trace;
	} cases[] = {
		{ "x failed", "\tat com.example.Cart.add(Cart.java:5)", true, true },
		{ "x failed", "    at Object.<anonymous> (/app/cart.js:5:3)", true, true },
		{ "x failed", "  indented words", true, false },
		{ "\tat a.b", "Caused by: java.io.IOException: gone", true, true },
		{ "\tat a.b", "\t... 12 more", true, true },
		{ "x failed", "Traceback (most recent call last):", true, true },
		{ "Traceback (most recent call last):", "  File \"a.py\", line 3, in add", true, true },
		{ "    raise ValueError(x)", "ValueError: empty", true, true },
		{ "    raise X", "shop.errors.NoStock: empty", true, true },
		{ "x failed", "java.lang.IllegalStateException: no stock", true, false },
		{ "    values: [", "]}", true, false },
		{ "goroutine 1 [running]:", "main.add(0x1)", true, false },
		{ "  x", "", true, true },
		{ "x", "", false, false },
		{ "x failed", "it works again", false, false },
		{ "x failed", "2025-03-04 05:06:07 INFO it works", false, false },
		{ "x failed", "1.5: a number", false, false },
		{ "x failed", "\xff\xfe", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice previous = slice_of(cases[i].previous);
		struct slice line = slice_of(cases[i].line);

		if (join_continues(previous, line) != cases[i].continues ||
			join_is_trace(previous, line) != cases[i].is_trace)
			fail_msg("\"%s\" behind \"%s\"", cases[i].line, cases[i].previous);
	}
}

static void join__makes_one_record__of_a_stack_trace(void **state)
{
	static const struct {
		const char *text;
		size_t records;
		size_t index;
		const char *message;
		unsigned joined;
	} cases[] = {
		{ "2025-03-04 05:06:07,890 INFO [main] c.e.Cart: one\n"
		  "2025-03-04 05:06:08,890 ERROR [main] c.e.Cart: failed\njava.lang.Error: x\n\tat c.e.A.b(A.java:1)\n"
		  "Caused by: java.lang.Error: y\n\t... 3 more\n"
		  "2025-03-04 05:06:09,890 INFO [main] c.e.Cart: two\n",
			3, 1,
			"failed\njava.lang.Error: x\n\tat c.e.A.b(A.java:1)\nCaused by: java.lang.Error: y\n\t... 3 "
			"more",
			4 },
		{ "2025-03-04 05:06:07 INFO start\n2025-03-04 05:06:08 ERROR broke\nTraceback (most recent call "
		  "last):\n"
		  "  File \"a.py\", line 3, in add\n    raise X(1)\nValueError: empty\n\n2025-03-04 05:06:09 INFO go "
		  "on\n",
			3, 1,
			"broke\nTraceback (most recent call last):\n  File \"a.py\", line 3, in add\n    raise "
			"X(1)\nValueError: "
			"empty",
			4 },
		{ "2017-05-16 00:00:00.008 5 INFO nova.compute.manager [-] one\n"
		  "2017-05-16 00:00:00.009 5 ERROR nova.compute.manager [req-1 a b] spawn failed\n"
		  "2017-05-16 00:00:00.009 5 ERROR nova.compute.manager Traceback (most recent call last):\n"
		  "2017-05-16 00:00:00.009 5 ERROR nova.compute.manager   File \"m.py\", line 1, in spawn\n"
		  "2017-05-16 00:00:00.009 5 ERROR nova.compute.manager NoValidHost: none\n"
		  "2017-05-16 00:00:00.009 5 ERROR nova.compute.manager [req-2 a b] another thing\n",
			3, 1,
			"spawn failed\nTraceback (most recent call last):\n  File \"m.py\", line 1, in "
			"spawn\nNoValidHost: none",
			3 },
		{ "stray\n2017-05-16 00:00:00.008 5 DEBUG glanceclient [-] answer:\nHTTP/1.1 200 OK\n\nbody: 1\n"
		  "nova-api.log 2017-05-16 00:00:00.009 5 INFO nova.api [-] next\n2017-05-16 not one of them\n",
			4, 1, "answer:\nHTTP/1.1 200 OK\n\nbody: 1", 3 },
		{ "{\"msg\":\"one\"}\n{\"msg\":\"two\"}\n\tat x.y(Z.java)\n{\"msg\":\"three\"}\n", 3, 1,
			"two\n\tat x.y(Z.java)", 1 },
		{ "a poem\n  of two lines\n", 2, 1, "  of two lines", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene scene;
		struct ledger ledger;

		scene_begin(&scene, &whole, NULL);
		scene_write(&scene, "a.log", cases[i].text);
		scene_open(&scene, "a.log");
		assert_int_equal(scene_pump(&scene), cases[i].records);
		scene_assert_message(&scene, cases[i].index, cases[i].message);
		ledger = store_ledger_total(scene.store);
		assert_int_equal(ledger.joined, cases[i].joined);
		assert_int_equal(ledger.unparsed, strstr(cases[i].text, "stray") != NULL ? 2 : 0);
		assert_int_equal(ledger.bytes, strlen(cases[i].text));
		scene_end(&scene);
	}
}

/* Looks at the source once. Returns how many records came. */
static uint64_t look(const struct scene *scene)
{
	uint64_t before = store_count(scene->store);
	struct batch *batch = intake_read(scene->intake);

	if (batch != NULL)
		assert_int_equal(intake_publish(scene->intake, batch), 0);
	return store_count(scene->store) - before;
}

static void join__waits_one_look__while_a_trace_is_written(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "2025-03-04 05:06:07,890 INFO [main] c.e.Cart: one\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1); /* a line by itself is there at once */
	scene_append(&scene, "a.log", "2025-03-04 05:06:08,890 ERROR [main] c.e.Cart: failed\n\tat a.b(C.java)\n");
	assert_int_equal(look(&scene), 0);
	scene_append(&scene, "a.log", "\tat d.e(F.java)\n");
	assert_int_equal(look(&scene), 0);
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 1, "failed\n\tat a.b(C.java)\n\tat d.e(F.java)");
	scene_end(&scene);
}

static void join__loses_nothing__when_the_file_is_truncated_meanwhile(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "2025-03-04 05:06:08,890 ERROR [main] c.e.Cart: failed\n\tat a.b(C.java)\n");
	scene_open(&scene, "a.log");
	assert_int_equal(look(&scene), 0);
	scene_write(&scene, "a.log", "2025-03-04 05:06:09,890 INFO [main] c.e.Cart: new\n");
	assert_int_equal(scene_pump(&scene), 2);
	scene_end(&scene);
}

static void source__dates_times_without_a_year__by_the_file(void **state)
{
	const struct timespec written[2] = { { .tv_sec = 1741064767 }, { .tv_sec = 1741064767 } }; /* 2025-03-04 */
	struct record record;
	struct scene scene;
	char path[128];
	char shown[40];

	(void)state;
	scene_begin(&scene, &whole, NULL);
	scene_write(&scene, "a.log", "Dec 31 05:06:07 web app: old\nMar  4 05:06:07 web app: new\n");
	assert_int_equal(utimensat(AT_FDCWD, scene_path(&scene, "a.log", path), written, 0), 0);
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 2);
	store_record(scene.store, 0, &record);
	assert_string_equal(timestamp_format(record.time, TIMESTAMP_RFC3339, NULL, shown), "2024-12-31T05:06:07Z");
	store_record(scene.store, 1, &record);
	assert_string_equal(timestamp_format(record.time, TIMESTAMP_RFC3339, NULL, shown), "2025-03-04T05:06:07Z");
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(join__tells_what_goes_on__from_what_begins),
		cmocka_unit_test(join__makes_one_record__of_a_stack_trace),
		cmocka_unit_test(join__waits_one_look__while_a_trace_is_written),
		cmocka_unit_test(join__loses_nothing__when_the_file_is_truncated_meanwhile),
		cmocka_unit_test(source__dates_times_without_a_year__by_the_file),
	};

	return cmocka_run_group_tests_name("ingest/join", tests, NULL, NULL);
}
