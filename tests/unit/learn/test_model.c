/*
 * What is learnt from normal sessions, its file, and what it says of others.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "lines.h"
#include "tocsin/learn/model.h"

static const char pattern_text[] = "job_([0-9]+)";

/* A world of jobs: opened, two blocks in either order, closed half a minute later; now and then verified. */
static void say_job(struct lines *lines, int job)
{
	lines_say(lines, "master", LEVEL_INFO, "open job_%d", job);
	lines_say(lines, "worker", LEVEL_INFO, job % 2 ? "write job_%d" : "receive job_%d", job);
	lines_say(lines, "worker", LEVEL_INFO, job % 2 ? "receive job_%d" : "write job_%d", job);
	if (job % 5 == 0)
		lines_say(lines, "worker", LEVEL_DEBUG, "verified job_%d", job);
	lines->now += 30;
	lines_say(lines, "master", LEVEL_INFO, "closed job_%d", job);
}

static void gather(struct lines *lines, struct sequences *sequences, bool sessions)
{
	struct pattern *pattern = sessions ? pattern_create(slice_of(pattern_text), false, NULL, NULL) : NULL;
	struct horizon horizon = lines_publish(lines);
	assert_int_equal(sequences_init(sequences, lines->store, &lines->reader, horizon, pattern), 0);
	pattern_destroy(pattern);
}

static struct model *learn_from(struct lines *lines, bool sessions, struct model_report *report)
{
	struct sequences sequences;
	struct error error = { 0 };
	struct model_settings settings = { .embedding = 8, .units = 16, .epochs = 30, .dropout = 0.1, .seed = 1 };
	gather(lines, &sequences, sessions);
	struct model *model = model_train(&sequences, lines->store, slice_of(sessions ? pattern_text : ""), &settings,
		NULL, NULL, report, &error);
	if (model == NULL)
		fail_msg("%s", error.text);
	sequences_release(&sequences);
	return model;
}

static struct model *learn_jobs(void)
{
	struct lines lines;
	struct model_report report;
	lines_init(&lines);
	for (int job = 0; job < 400; job++)
		say_job(&lines, job);
	struct model *model = learn_from(&lines, true, &report);
	assert_int_equal(report.sequences, 400);
	assert_int_equal(report.events, 5);
	assert_int_equal(report.steps, 1680);
	assert_int_equal(report.trained.distinct, 4);
	lines_release(&lines);
	return model;
}

static void score_first(const struct model *model, struct lines *lines, struct session_score *score)
{
	struct sequences sequences;
	gather(lines, &sequences, true);
	assert_true(sequences.count >= 1);
	struct scorer *scorer = scorer_create(model, lines->store, false);
	struct step_score each[64];
	assert_true(sequences.begins[1] <= 64);
	scorer_session(scorer, sequences.steps, sequences.begins[1], sequences.end, score, each);
	for (size_t i = 0; i < sequences.begins[1]; i++)
		assert_true(each[i].importance >= 0 && each[i].importance <= 1);
	scorer_destroy(scorer);
	sequences_release(&sequences);
}

/* A session as letters: o w r v c the usual lines, x a new one, ! a new one of failure, a digit so many minutes. */
struct told {
	const char *session;
	bool anomalous, unfinished;
	enum importance_part part;
};

static void say_letters(struct lines *lines, const char *letters)
{
	for (; *letters != '\0'; letters++)
		switch (*letters) {
		case 'o':
			lines_say(lines, "master", LEVEL_INFO, "open job_%d", 1);
			break;
		case 'w':
			lines_say(lines, "worker", LEVEL_INFO, "write job_%d", 1);
			break;
		case 'r':
			lines_say(lines, "worker", LEVEL_INFO, "receive job_%d", 1);
			break;
		case 'v':
			lines_say(lines, "worker", LEVEL_DEBUG, "verified job_%d", 1);
			break;
		case 'c':
			lines->now += 30;
			lines_say(lines, "master", LEVEL_INFO, "closed job_%d", 1);
			break;
		case 'x':
			lines_say(lines, "worker", LEVEL_INFO, "moving job_%d to another shelf", 1);
			break;
		case '!':
			lines_say(lines, "worker", LEVEL_INFO, "checksum mismatch: job_%d is corrupt", 1);
			break;
		default:
			lines->now += (*letters - '0') * 60;
			lines_say(lines, "clock", LEVEL_INFO, "tick");
		}
}

static void session__is_anomalous__when_a_part_alarms(void **state)
{
	(void)state;
	static const struct told cases[] = {
		{ "owrc", false, false, PART_SEQUENCE }, { "orwvc", false, false, PART_SEQUENCE },
		{ "ow", false, true, PART_SEQUENCE },                                    /* a proper beginning */
		{ "owr", false, true, PART_SEQUENCE }, { "ow9", true, false, PART_GAP }, /* and it stopped there */
		{ "owrx", false, true, PART_NEW_EVENT },                                 /* news, but it goes on */
		{ "owrxc", true, false, PART_COUNTS }, /* all there, and something else */
		{ "owrr2c", true, false, PART_COUNTS }, { "owr!", true, true, PART_ERROR }, /* failure needs no end */
	};
	struct model *model = learn_jobs();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lines lines;
		struct session_score score;
		lines_init(&lines);
		say_letters(&lines, cases[i].session);
		score_first(model, &lines, &score);
		if (score.anomalous != cases[i].anomalous || score.unfinished != cases[i].unfinished)
			fail_msg("%s: anomalous %d, unfinished %d, %s %g", cases[i].session, score.anomalous,
				score.unfinished, importance_part_name(score.part), score.importance);
		assert_true((score.importance >= 0.9) == cases[i].anomalous);
		if (cases[i].anomalous && cases[i].part != PART_COUNTS)
			assert_int_equal(score.part, cases[i].part);
		lines_release(&lines);
	}
	model_destroy(model);
}

static void scorer__leaves_out__the_part_that_is_named(void **state)
{
	(void)state;
	struct model *model = learn_jobs();
	struct lines lines;
	struct sequences sequences;
	struct session_score score;
	lines_init(&lines);
	say_letters(&lines, "owr!");
	gather(&lines, &sequences, true);
	struct scorer *scorer = scorer_create(model, lines.store, false);
	scorer_leave_out(scorer, PART_ERROR);
	scorer_session(scorer, sequences.steps, sequences.begins[1], sequences.end, &score, NULL);
	assert_false(score.anomalous);
	scorer_destroy(scorer);
	sequences_release(&sequences);
	lines_release(&lines);
	model_destroy(model);
}

static double score_record(struct scorer *scorer, struct lines *lines, uint64_t id, enum importance_part *part)
{
	struct record record;
	store_record(lines->store, id, &record);
	return scorer_record(scorer, &record, part);
}

static void say_steps(struct lines *lines, int count)
{
	for (int i = 0; i < count; i++) {
		lines_say(lines, "shop", LEVEL_INFO, "order %d taken", i);
		lines_say(lines, "shop", LEVEL_INFO, "order %d paid", i);
		lines_say(lines, "shop", LEVEL_INFO, "order %d sent", i);
	}
}

static void scorer__finds_important__what_the_network_did_not_expect(void **state)
{
	(void)state;
	struct lines normal, other;
	struct model_report report;
	enum importance_part part;
	lines_init(&normal);
	say_steps(&normal, 2000);
	struct model *model = learn_from(&normal, false, &report);
	assert_int_equal(model_pattern(model).size, 0);
	lines_init(&other);
	say_steps(&other, 20);
	lines_say(&other, "shop", LEVEL_INFO, "order %d sent", 7); /* once more: nothing new but the order */
	say_steps(&other, 5);
	lines_say(&other, "shop", LEVEL_ERROR, "cannot pack order %d", 9);
	lines_publish(&other);
	struct scorer *scorer = scorer_create(model, other.store, false);
	double usual = 0;
	for (uint64_t id = 0; id < 60; id++)
		usual += score_record(scorer, &other, id, &part) / 60;
	assert_true(usual < 0.2);
	assert_true(score_record(scorer, &other, 60, &part) > 0.6);
	assert_int_equal(part, PART_SEQUENCE);
	for (uint64_t id = 61; id < 76; id++)
		score_record(scorer, &other, id, &part);
	assert_true(score_record(scorer, &other, 76, &part) > 0.9);
	assert_true(part == PART_NEW_EVENT || part == PART_LEVEL || part == PART_ERROR);
	scorer_destroy(scorer);

	/* The same, all at once. */
	scorer = scorer_create(model, other.store, false);
	struct importance *importance = importance_by_scorer(scorer, other.store, NULL, horizon_all(other.store));
	struct record record;
	store_record(other.store, 76, &record);
	assert_true(importance_of(importance, &record, &part) > 0.9 && part != PART_SEQUENCE);
	store_record(other.store, 60, &record);
	assert_true(importance_of(importance, &record, &part) > 0.6 && part == PART_SEQUENCE);
	importance_destroy(importance);
	scorer_destroy(scorer);
	model_destroy(model);
	lines_release(&normal);
	lines_release(&other);
}

static void model__says_the_same__after_its_file_was_read(void **state)
{
	(void)state;
	struct model *model = learn_jobs();
	struct buffer bytes, again;
	struct error error = { 0 };
	buffer_init(&bytes, MODEL_MAXIMUM_BYTES);
	buffer_init(&again, MODEL_MAXIMUM_BYTES);
	assert_int_equal(model_write(model, &bytes), 0);
	struct model *read = model_read(buffer_slice(&bytes), &error);
	assert_non_null(read);
	assert_true(slice_is(model_pattern(read), pattern_text));
	assert_int_equal(model_event_count(read), 5);
	assert_int_equal(model_write(read, &again), 0);
	assert_int_equal(bytes.size, again.size);
	assert_memory_equal(bytes.data, again.data, bytes.size);
	for (const char *letters = "owrc owr! ow9 orwwc "; *letters != '\0'; letters += 5) {
		struct session_score one, other;
		struct lines lines;
		char session[5];
		snprintf(session, sizeof session, "%.4s", letters);
		lines_init(&lines);
		say_letters(&lines, strtok_r(session, " ", &(char *){ NULL }));
		score_first(model, &lines, &one);
		score_first(read, &lines, &other);
		assert_true(one.anomalous == other.anomalous && one.part == other.part);
		assert_float_equal(one.importance, other.importance, 0);
		lines_release(&lines);
		if (letters[4] == '\0')
			break;
	}
	model_destroy(read);
	model_destroy(model);
	buffer_release(&bytes);
	buffer_release(&again);
}

static void refuses(struct slice bytes, const char *reason)
{
	struct error error = { 0 };
	struct model *model = model_read(bytes, &error);
	assert_null(model);
	if (strstr(error.text, reason) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

static void model__refuses__a_file_that_does_not_fit(void **state)
{
	(void)state;
	struct model *model = learn_jobs();
	struct buffer bytes;
	buffer_init(&bytes, MODEL_MAXIMUM_BYTES);
	assert_int_equal(model_write(model, &bytes), 0);
	refuses(slice_of(""), "no model");
	refuses(slice_of("timestamp,service,level,message\n"), "no model");
	refuses(slice_of("tocsin model 2\n and so on"), "another version");
	refuses(slice_of("tocsin model 1\n"), "damaged");
	refuses(slice_first(buffer_slice(&bytes), bytes.size - 1), "checksum");
	for (size_t at = 20; at < bytes.size; at += bytes.size / 50) {
		bytes.data[at] ^= 4;
		refuses(buffer_slice(&bytes), "checksum");
		bytes.data[at] ^= 4;
	}
	/* cut, and signed again */
	for (size_t size = 24; size < bytes.size; size += size / 3) {
		struct buffer cut;
		buffer_init(&cut, MODEL_MAXIMUM_BYTES);
		buffer_append(&cut, bytes.data, size);
		uint64_t sum = model_checksum(buffer_slice(&cut));
		for (size_t i = 0; i < 8; i++)
			cut.data[size - 8 + i] = (char)(sum >> 8 * i);
		struct error error = { 0 };
		assert_null(model_read(buffer_slice(&cut), &error));
		assert_null(strstr(error.text, "checksum"));
		buffer_release(&cut);
	}
	model_destroy(model);
	buffer_release(&bytes);
}

static void model__refuses__to_learn_from_nothing_or_by_odd_settings(void **state)
{
	(void)state;
	static const struct {
		struct model_settings settings;
		const char *reason;
	} cases[] = {
		{ { .units = 30 }, "multiple of 8" },
		{ { .layers = 3 }, "layers" },
		{ { .max_sequence_length = 1000000 }, "at most" },
		{ { .dropout = 1 }, "below" },
		{ { 0 }, "nothing to learn" },
	};
	struct lines lines;
	struct sequences sequences;
	lines_init(&lines);
	lines_say(&lines, "app", LEVEL_INFO, "nobody's");
	gather(&lines, &sequences, true);
	assert_int_equal(sequences.left_out, 1);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct model_report report;
		struct error error = { 0 };
		assert_null(model_train(&sequences, lines.store, slice_of(pattern_text), &cases[i].settings, NULL, NULL,
			&report, &error));
		assert_non_null(strstr(error.text, cases[i].reason));
	}
	sequences_release(&sequences);
	lines_release(&lines);
}

static void sequences__keep_the_order__of_each_session_and_service(void **state)
{
	(void)state;
	struct lines lines;
	struct sequences sequences;
	lines_init(&lines);
	say_letters(&lines, "o5w");
	lines_say(&lines, "master", LEVEL_INFO, "open job_2");
	say_letters(&lines, "rc");
	gather(&lines, &sequences, true);
	assert_int_equal(sequences.count, 2);
	assert_true(slice_is(intern_text(sequences.names, 0), "1"));
	assert_int_equal(sequences.begins[1], 4);
	assert_int_equal(sequences.begins[2], 5);
	assert_int_equal(sequences.left_out, 1);
	for (size_t i = 1; i < 4; i++)
		assert_true(sequences.steps[i].record > sequences.steps[i - 1].record);
	sequences_release(&sequences);
	gather(&lines, &sequences, false);
	assert_int_equal(sequences.count, 3);
	assert_true(slice_is(intern_text(sequences.names, 1), "clock"));
	assert_int_equal(sequences.begins[3], 6);
	sequences_release(&sequences);
	lines_release(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(session__is_anomalous__when_a_part_alarms),
		cmocka_unit_test(scorer__leaves_out__the_part_that_is_named),
		cmocka_unit_test(scorer__finds_important__what_the_network_did_not_expect),
		cmocka_unit_test(model__says_the_same__after_its_file_was_read),
		cmocka_unit_test(model__refuses__a_file_that_does_not_fit),
		cmocka_unit_test(model__refuses__to_learn_from_nothing_or_by_odd_settings),
		cmocka_unit_test(sequences__keep_the_order__of_each_session_and_service),
	};
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
