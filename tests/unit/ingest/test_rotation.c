/*
 * A file that is followed loses nothing and repeats nothing, whatever is done to it. Every line has its own text.
 */
#include "unit/ingest/scene.h"

#include <sys/time.h>

static const struct intake_options following = { .follow = true };

/* Makes a file look as if it had been left alone for a minute. */
static void age(const struct scene *scene, const char *name)
{
	struct timeval times[2];
	char path[128];

	gettimeofday(&times[0], NULL);
	times[0].tv_sec -= 60;
	times[1] = times[0];
	assert_int_equal(utimes(scene_path(scene, name, path), times), 0);
}

static void move(const struct scene *scene, const char *from, const char *to)
{
	char path[128];
	char target[128];

	assert_int_equal(rename(scene_path(scene, from, path), scene_path(scene, to, target)), 0);
}

static void copy(const struct scene *scene, const char *from, const char *to)
{
	char bytes[65536];
	char path[128];
	int fd = open(scene_path(scene, from, path), O_RDONLY);
	ssize_t size = read(fd, bytes, sizeof(bytes));

	assert_true(fd >= 0 && size >= 0);
	close(fd);
	scene_write_bytes(scene, to, bytes, (size_t)size, O_TRUNC);
}

static void assert_notice(const struct scene *scene, enum intake_state state, const char *words)
{
	struct intake_status status;

	intake_status(scene->intake, 0, &status);
	assert_int_equal(status.state, state);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
}

/* The raw texts of records are told by their templates, which outlive them: each test line is one word of its own. */
static void assert_words(const struct scene *scene, const char *const *words, size_t count)
{
	assert_int_equal(store_count(scene->store), count);
	for (size_t i = 0; i < count; i++) {
		struct record record;

		store_record(scene->store, i, &record);
		assert_text(store_template_text(scene->store, record.template), words[i]);
	}
}

static void rotation__loses_and_repeats_nothing__over_three_appends_and_two_rotations(void **state)
{
	static const char *const words[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta" };
	struct scene scene;
	struct ledger ledger;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "beta\n");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "gamma\ndel");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "ta\n");
	move(&scene, "a.log", "a.log.1");
	scene_append(&scene, "a.log.1", "epsilon\n");
	scene_write(&scene, "a.log", "zeta\n");
	assert_int_equal(scene_pump(&scene), 3);
	scene_append(&scene, "a.log", "eta\n");
	move(&scene, "a.log.1", "a.log.2");
	move(&scene, "a.log", "a.log.1");
	scene_write(&scene, "a.log", "theta\n");
	assert_int_equal(scene_pump(&scene), 2);
	assert_int_equal(scene_pump(&scene), 0);
	assert_words(&scene, words, 8);
	ledger = store_ledger_total(scene.store);
	assert_int_equal(ledger.lines, 8);
	assert_int_equal(ledger.bytes, strlen("alpha\nbeta\ngamma\ndelta\nepsilon\nzeta\neta\ntheta\n"));
	assert_int_equal(ledger.lost, 0);
	scene_end(&scene);
}

static void rotation__reads_what_stands_between__when_it_came_twice_at_once(void **state)
{
	static const char *const words[] = { "alpha", "beta", "gamma", "delta" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_write(&scene, "next", "beta\n");
	move(&scene, "a.log", "a.log.3");
	move(&scene, "next", "a.log.2");
	scene_write(&scene, "a.log.1", "gamma\n");
	/* and the file of that name is not there at first */
	assert_int_equal(scene_pump(&scene), 2);
	assert_notice(&scene, INTAKE_GONE, "gone");
	scene_write(&scene, "a.log", "delta\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_words(&scene, words, 4);
	scene_end(&scene);
}

static void rotation__stays_with_the_old_file__while_the_new_one_is_empty(void **state)
{
	static const char *const words[] = { "alpha", "beta", "gamma" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	move(&scene, "a.log", "a.log.1");
	scene_write(&scene, "a.log", "");
	assert_int_equal(scene_pump(&scene), 0);
	scene_append(&scene, "a.log.1", "beta\n"); /* its writer was told a little later */
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "gamma\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_words(&scene, words, 3);
	scene_end(&scene);
}

static void rotation__reads_the_rest_from_the_copy__when_the_file_is_truncated(void **state)
{
	static const char *const words[] = { "alpha", "beta", "gamma", "delta" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha\nbe");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_append(&scene, "a.log", "ta\ngamma\n");
	copy(&scene, "a.log", "a.log.1");
	scene_write(&scene, "a.log", "delta\n");
	assert_int_equal(scene_pump(&scene), 3);
	assert_notice(&scene, INTAKE_ENDED, "truncated");
	assert_words(&scene, words, 4);
	scene_assert_message(&scene, 3, "delta");
	scene_end(&scene);
}

static void rotation__notices_other_bytes__in_a_file_that_is_not_shorter(void **state)
{
	static const char *const words[] = { "alpha", "gamma", "delta", "omega", "kappa" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_write(&scene, "a.log", "gamma\ndelta\n"); /* longer */
	assert_int_equal(scene_pump(&scene), 2);
	assert_notice(&scene, INTAKE_ENDED, "written anew");
	scene_write(&scene, "a.log", "omega\nkappa\n"); /* as long */
	assert_int_equal(scene_pump(&scene), 2);
	assert_words(&scene, words, 5);
	scene_end(&scene);
}

static void rotation__keeps_a_first_line_without_end__of_a_file_that_is_rotated(void **state)
{
	static const char *const words[] = { "alpha", "beta" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 0);
	move(&scene, "a.log", "a.log.1");
	scene_write(&scene, "a.log", "beta\n");
	assert_int_equal(scene_pump(&scene), 2);
	assert_words(&scene, words, 2);
	scene_end(&scene);
}

static void rotation__counts_as_lost__what_was_seen_and_is_no_longer_there(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "alpha"); /* its format is not known before the line has an end */
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 0);
	scene_write(&scene, "a.log", "beta\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_int_equal(store_ledger_total(scene.store).lost, 1);
	scene_end(&scene);
}

static void source__waits__for_a_file_that_appears_later(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	char path[128];

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_open(&scene, "later.log");
	assert_notice(&scene, INTAKE_GONE, "waiting");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_GONE, "waiting");
	scene_write(&scene, "later.log", "alpha\n");
	assert_int_equal(scene_pump(&scene), 1);
	assert_notice(&scene, INTAKE_ENDED, "");
	scene_assert_message(&scene, 0, "alpha");
	/* what cannot be a file is not waited for */
	assert_int_equal(intake_open(scene.intake, slice_of("loki:{app=\"a\"}"), &error), ERROR_ABSENT);
	scene_end(&scene);
	scene_begin(&scene, NULL, NULL);
	assert_int_equal(
		intake_open(scene.intake, slice_of(scene_path(&scene, "later.log", path)), &error), ERROR_ABSENT);
	scene_end(&scene);
}

static void source__tells_quiet_from_dead__by_the_times_of_its_last_byte_and_line(void **state)
{
	struct scene scene;
	struct intake_status status;
	int64_t written;

	(void)state;
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "");
	scene_open(&scene, "a.log");
	scene_pump(&scene);
	intake_status(scene.intake, 0, &status);
	assert_true(status.line_at == TIMESTAMP_NONE);
	assert_true(status.line_time == TIMESTAMP_NONE);
	scene_append(&scene, "a.log", "2025-05-17T20:39:15Z INFO alpha\n2025-05-17T20:39:16Z INFO beta\n");
	age(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 2);
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.line_time, INT64_C(1747514356) * TIMESTAMP_SECOND);
	assert_int_equal(status.line_at, status.byte_at);
	written = status.byte_at;
	scene_append(&scene, "a.log", "2025-05-17T20:39:17Z INFO ga"); /* a line has begun */
	assert_int_equal(scene_pump(&scene), 0);
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.line_at, written);
	assert_true(status.byte_at >= written + 59 * TIMESTAMP_SECOND);
	assert_int_equal(status.line_time, INT64_C(1747514356) * TIMESTAMP_SECOND);
	scene_end(&scene);
}

/* --- a model ------------------------------------------------------------------------------------------------------ */

/*
 * The world: one file, its rotated generations, and what was ever written to them, word by word. What was truncated
 * before it was read, without a copy, is the only thing that may be missing.
 */
struct world {
	struct scene scene;
	uint64_t random;
	unsigned lines;      /* written so far: line n is "word" and n in letters */
	unsigned kept[4096]; /* the lines that must be read, in order */
	size_t kept_count;
	bool is_partial;
	bool is_shifted; /* rotated since the last pump */
	bool is_new;     /* nothing of the file was read since it was emptied */
	bool is_empty;
	unsigned generations;
	char story[128]; /* what was done, a letter each */
};

static unsigned draw(struct world *world, unsigned below)
{
	world->random = world->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(world->random >> 33) % below;
}

/* Letters only: digits would be masked, and many lines one template. */
static const char *spell(unsigned line, char out[16])
{
	snprintf(out, 16, "word%c%c%c%c", 'a' + (char)(line / 17576 % 26), 'a' + (char)(line / 676 % 26),
		'a' + (char)(line / 26 % 26), 'a' + (char)(line % 26));
	return out;
}

static void write_words(struct world *world, bool is_whole)
{
	char word[16];
	char text[24];

	if (world->is_partial) { /* goes on where it stopped */
		scene_append(&world->scene, "a.log", "\n");
		world->is_partial = false;
	}
	for (unsigned i = draw(world, 4); i < 4; i++) {
		world->kept[world->kept_count++] = world->lines;
		snprintf(text, sizeof(text), "%s%s", spell(world->lines++, word), is_whole || i < 3 ? "\n" : "");
		scene_append(&world->scene, "a.log", text);
	}
	world->is_partial = !is_whole;
	world->is_empty = false;
}

static void shift(struct world *world)
{
	char from[32];
	char to[32];
	char path[128];

	for (unsigned i = world->generations; i > 0; i--) {
		snprintf(from, sizeof(from), "a.log.%u", i);
		snprintf(to, sizeof(to), "a.log.%u", i + 1);
		if (i == 12)
			unlink(scene_path(&world->scene, from, path));
		else
			move(&world->scene, from, to);
	}
	world->is_shifted = true;
	if (world->generations < 12)
		world->generations++;
}

static void pump_all(struct world *world)
{
	scene_pump(&world->scene);
	world->is_shifted = false;
	world->is_new &= world->is_empty;
}

static void disturb(struct world *world)
{
	char path[128];

	unsigned event = draw(world, 8);

	snprintf(world->story + strlen(world->story), sizeof(world->story) - strlen(world->story), "%c",
		"RCTUlp++"[event]);
	switch (event) {
	case 0: /* rename rotation; the new file comes with its first line */
		shift(world);
		move(&world->scene, "a.log", "a.log.1");
		world->is_partial = false;
		write_words(world, true);
		break;
	case 1: /* copied and truncated: a copy is known by what was read of it */
		if (world->is_new)
			pump_all(world);
		shift(world);
		copy(&world->scene, "a.log", "a.log.1");
		scene_write(&world->scene, "a.log", "");
		world->is_partial = false;
		world->is_new = world->is_empty = true;
		pump_all(world);
		break;
	case 2: /* truncated; what was not read is lost for everyone, like a first line that has no end yet */
		if (world->is_partial)
			scene_append(&world->scene, "a.log", "\n");
		pump_all(world);
		scene_write(&world->scene, "a.log", "");
		world->is_partial = false;
		write_words(world, draw(world, 2) == 0);
		pump_all(world);
		break;
	case 3: /* re-created: the open file still has the rest, if it is that which vanishes */
		if (world->is_shifted || world->is_new)
			pump_all(world);
		assert_int_equal(unlink(scene_path(&world->scene, "a.log", path)), 0);
		world->is_partial = false;
		write_words(world, true);
		pump_all(world);
		break;
	case 4:
		write_words(world, false);
		break;
	case 5:
		pump_all(world);
		break;
	default:
		write_words(world, true);
		break;
	}
}

/* The words in the order of the records, parts of a line put together. */
static void compare(const struct world *world)
{
	const struct store *store = world->scene.store;
	char word[16];

	for (size_t i = 0; i < world->kept_count && i < store_count(store); i++) {
		struct record record;
		struct slice text;

		store_record(store, i, &record);
		text = store_template_text(store, record.template);
		if (!slice_is(text, spell(world->kept[i], word)))
			fail_msg("%s: record %zu is \"%.*s\", not \"%s\"", world->story, i, (int)text.size, text.data,
				word);
	}
	if (store_count(store) != world->kept_count)
		fail_msg("%s: %zu records, not %zu", world->story, (size_t)store_count(store), world->kept_count);
	assert_int_equal(store_ledger_total(store).lines, world->kept_count);
	assert_int_equal(store_ledger_total(store).lost, 0);
}

static void rotation__accounts_for_every_line__in_any_order_of_events(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 150; seed++) {
		struct world world = { .random = seed * 7919, .is_new = true };

		scene_begin(&world.scene, &following, NULL);
		write_words(&world, true);
		scene_open(&world.scene, "a.log");
		for (unsigned steps = 5 + draw(&world, 40); steps > 0; steps--)
			disturb(&world);
		if (world.is_partial)
			scene_append(&world.scene, "a.log", "\n");
		pump_all(&world);
		compare(&world);
		scene_end(&world.scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotation__loses_and_repeats_nothing__over_three_appends_and_two_rotations),
		cmocka_unit_test(rotation__reads_what_stands_between__when_it_came_twice_at_once),
		cmocka_unit_test(rotation__stays_with_the_old_file__while_the_new_one_is_empty),
		cmocka_unit_test(rotation__reads_the_rest_from_the_copy__when_the_file_is_truncated),
		cmocka_unit_test(rotation__notices_other_bytes__in_a_file_that_is_not_shorter),
		cmocka_unit_test(rotation__keeps_a_first_line_without_end__of_a_file_that_is_rotated),
		cmocka_unit_test(rotation__counts_as_lost__what_was_seen_and_is_no_longer_there),
		cmocka_unit_test(source__waits__for_a_file_that_appears_later),
		cmocka_unit_test(source__tells_quiet_from_dead__by_the_times_of_its_last_byte_and_line),
		cmocka_unit_test(rotation__accounts_for_every_line__in_any_order_of_events),
	};

	return cmocka_run_group_tests_name("ingest/rotation", tests, NULL, NULL);
}
