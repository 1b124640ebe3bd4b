/*
 * What a person says of a source, and the ledger: every line that was read is accounted for.
 */
#include "unit/ingest/scene.h"

static struct source_rules *rules_of(const char *glob, const struct source_rule *rule)
{
	struct source_rules *rules = source_rules_create();

	assert_non_null(rules);
	assert_int_equal(source_rules_add(rules, slice_of(glob), rule), 0);
	return rules;
}

static void rule__of_a_zone_and_a_shift__holds_for_its_sources_alone(void **state)
{
	struct source_rule said = { .has_zone = true, .zone.offset_seconds = 7200, .has_shift = true,
		.shift = -3 * TIMESTAMP_SECOND };
	struct source_rules *rules = rules_of("*/east*", &said);
	struct intake_options options = { .rules = rules };
	struct scene scene;
	struct record record;

	(void)state;
	scene_begin(&scene, &options, NULL);
	scene_write(&scene, "east.log", "2025-05-17 20:41:10 INFO a\n");
	scene_write(&scene, "west.log", "2025-05-17 20:41:10 INFO a\n");
	scene_open(&scene, "east.log");
	scene_open(&scene, "west.log");
	assert_int_equal(scene_pump(&scene), 2);
	store_record(scene.store, 1, &record);
	assert_int_equal(record.time - store_time(scene.store, 0), 7203 * TIMESTAMP_SECOND);
	scene_end(&scene);
	source_rules_destroy(rules);
}

static void rule__said_later__wins(void **state)
{
	struct source_rule rule = { .sample = 10 };
	struct source_rules *rules = rules_of("*", &rule);

	(void)state;
	rule.sample = 3;
	assert_int_equal(source_rules_add(rules, slice_of("ssh:web*:/var/*"), &rule), 0);
	source_rules_find(rules, slice_of("ssh:web1:/var/log/x/y.log"), &rule);
	assert_int_equal(rule.sample, 3);
	source_rules_find(rules, slice_of("other"), &rule);
	assert_int_equal(rule.sample, 10);
	source_rules_find(NULL, slice_of("other"), &rule);
	assert_int_equal(rule.sample, 0);
	source_rules_destroy(rules);
}

static void sample__never_leaves_out_an_error__and_is_counted(void **state)
{
	struct source_rules *rules = rules_of("*", &(struct source_rule){ .sample = 10 });
	struct intake_options options = { .rules = rules };
	struct scene scene;
	struct ledger ledger;
	uint64_t kept;

	(void)state;
	scene_begin(&scene, &options, NULL);
	for (int i = 0; i < 100; i++) {
		scene_append(&scene, "a.log", "2025-05-17 20:41:10 INFO fine\n");
		if (i % 20 == 0)
			scene_append(&scene, "a.log", "2025-05-17 20:41:10 ERROR not fine\n2025-05-17 20:41:10 FATAL dead\n");
	}
	scene_open(&scene, "a.log");
	kept = scene_pump(&scene) - 10;
	assert_in_range(kept, 1, 40); /* one in ten, by a hash of where they stand */
	assert_int_equal(store_totals(scene.store).levels[LEVEL_ERROR], 5);
	assert_int_equal(store_totals(scene.store).levels[LEVEL_FATAL], 5);
	ledger = store_ledger(scene.store, 0);
	assert_int_equal(ledger.sampled, 100 - kept);
	assert_int_equal(ledger.lines, 110);
	assert_int_equal(ledger.records, kept + 10);
	scene_end(&scene);
	source_rules_destroy(rules);
}

static void assert_accounted(const struct scene *scene)
{
	struct ledger ledger = store_ledger_total(scene->store);
	uint64_t out = ledger.records + ledger.joined + ledger.header + ledger.blank + ledger.sampled + ledger.lost;

	if (ledger.lines != out)
		fail_msg("%llu lines in, %llu out: %llu records, %llu joined, %llu header, %llu blank, %llu sampled, "
			 "%llu lost",
			(unsigned long long)ledger.lines, (unsigned long long)out, (unsigned long long)ledger.records,
			(unsigned long long)ledger.joined, (unsigned long long)ledger.header,
			(unsigned long long)ledger.blank, (unsigned long long)ledger.sampled,
			(unsigned long long)ledger.lost);
}

static void ledger__of_any_text__accounts_for_every_line(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"\n\n\r\n  \nx\n\n\n",
		"one\ntwo\nno end",
		"2025-05-17 20:41:10 ERROR boom\n\tat a.b.C(C.java:1)\n\tat a.b.D(D.java:2)\n\n2025-05-17 20:41:11 INFO ok\n\n\n",
		"timestamp,service,level,message\n2025-05-17 20:41:10,a,INFO,\"one\ntwo\n\nthree\"\n\n\n2025-05-17 20:41:11,a,INFO,b",
		"timestamp,service,level,message\n2025-05-17 20:41:10,a,INFO,\"never closed\nx\ny\n",
		"2025-05-17 20:41:10,a,INFO,b\n2025-05-17 20:41:11,a\n",
		"{\"msg\":\"a\",\"level\":\"info\"}\n\n{\"msg\":\"b\",\"level\":\"info\"}\nnone\n",
		"__CURSOR=a\n__REALTIME_TIMESTAMP=1\nMESSAGE=x\n\n__CURSOR=b\n__REALTIME_TIMESTAMP=2\nMESSAGE=y\n\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (int follow = 0; follow < 2; follow++) {
			struct intake_options options = { .follow = follow };
			struct scene scene;

			scene_begin(&scene, &options, NULL);
			scene_write(&scene, "a.log", texts[i]);
			/* left alone for a while: an unfinished line will not be finished */
			if (follow) {
				char path[128];
				struct timespec old[2] = { { .tv_sec = 1700000000 }, { .tv_sec = 1700000000 } };

				assert_int_equal(utimensat(AT_FDCWD, scene_path(&scene, "a.log", path), old, 0), 0);
			}
			scene_open(&scene, "a.log");
			for (int turn = 0; turn < 4; turn++)
				scene_pump(&scene);
			assert_accounted(&scene);
			scene_end(&scene);
		}
}

/* Written in pieces, with truncations and replacements between. */
static void ledger__of_a_file_that_starts_over__accounts_for_every_line(void **state)
{
	struct intake_options options = { .follow = true };
	struct scene scene;
	char from[128], to[128];

	(void)state;
	scene_begin(&scene, &options, NULL);
	scene_write(&scene, "a.log", "one\n\ntwo\n");
	scene_open(&scene, "a.log");
	scene_pump(&scene);
	scene_write(&scene, "a.log", "\nx\n");
	scene_pump(&scene);
	scene_append(&scene, "a.log", "y\n\n");
	scene_pump(&scene);
	assert_int_equal(rename(scene_path(&scene, "a.log", from), scene_path(&scene, "a.log.1", to)), 0);
	scene_write(&scene, "a.log", "new\n\n\nlast\n");
	for (int turn = 0; turn < 4; turn++)
		scene_pump(&scene);
	assert_accounted(&scene);
	assert_int_equal(store_ledger(scene.store, 0).records, 6);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule__of_a_zone_and_a_shift__holds_for_its_sources_alone),
		cmocka_unit_test(rule__said_later__wins),
		cmocka_unit_test(sample__never_leaves_out_an_error__and_is_counted),
		cmocka_unit_test(ledger__of_any_text__accounts_for_every_line),
		cmocka_unit_test(ledger__of_a_file_that_starts_over__accounts_for_every_line),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
