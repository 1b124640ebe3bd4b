#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "fixture.h"

#include "analyst/inside.h"

/* E1: record 0 at 20:39:00.000, "pool exhausted: active=50 max=50"; E2: record 1 at 20:39:05.400, "[E1] said 'so'"; E3:
 * 2 errors. */
struct world {
	struct fixture fixture;
	struct scene scene;
};

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct tally errors = { .service = QUERY_ALL, .template = QUERY_ALL, .level = LEVEL_ERROR };
	struct window window = { FIXTURE_START, FIXTURE_START + TIMESTAMP_MINUTE };

	fixture_init(&world->fixture);
	fixture_add(&world->fixture, 0, "orders-db", LEVEL_ERROR, "pool exhausted: active=50 max=50");
	fixture_add(&world->fixture, 5.4, "payment-service", LEVEL_ERROR, "[E1] says \"node7 is down\"");
	store_publish(world->fixture.store);
	world->scene = (struct scene){ world->fixture.store, &world->fixture.reader, horizon_all(world->fixture.store),
		NULL, evidence_book_create(), NULL };
	evidence_add_line(world->scene.book, world->scene.store, world->scene.reader, 0);
	evidence_add_line(world->scene.book, world->scene.store, world->scene.reader, 1);
	scene_cite_count(&world->scene, &errors, window, NULL);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	evidence_book_destroy(world->scene.book);
	fixture_release(&world->fixture);
	free(world);
	return 0;
}

static bool check(const struct world *world, const char *text)
{
	struct claim claim = { .text = slice_of(text) };
	size_t begin, end = 0;
	unsigned number;

	while (evidence_next_citation(claim.text, end, &begin, &end, &number))
		claim.evidence[claim.evidence_count++] = number;
	return claim_check(&world->scene, &claim);
}

static void claim_check__believes_only_what_is_there__when_read_again(void **state)
{
	static const struct {
		const char *text;
		bool proven;
	} rows[] = {
		{ "\"pool exhausted: active=50 max=50\" at 20:39:00 [E1]", true },
		{ "active was 50 at 20:39:00.000 [E1]", true },
		{ "active was 51 [E1]", false },
		{ "it began at 20:39:01 [E1]", false },
		{ "\"pool drained\" [E1]", false },
		{ "\"pool exhausted\xe2\x80\xa6\" [E1]", true },
		{ "payment followed orders [E1] after 5.4 s [E2]", true },
		{ "orders followed payment [E2] after 5.4 s [E1]", false },
		{ "2 errors [E3]", true },
		{ "2.0 a minute [E3]", true },
		{ "3 errors [E3]", false },
		{ "no evidence at all", false },
		{ "of something that was never minted [E9]", false },
		{ "node9 is a name and no number [E1]", true },
		{ "\"(E1] says 'node7 is down'\" [E2]", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (check(*state, rows[i].text) != rows[i].proven)
			fail_msg("\"%s\" should %shold", rows[i].text, rows[i].proven ? "" : "not ");
}

static void claim_check__fails__when_the_line_changed_since(void **state)
{
	struct world *world = *state;

	assert_true(check(world, "\"pool exhausted\" [E1]"));
	world->fixture.lines[0].message[0] = 'P';
	assert_false(check(world, "\"pool exhausted\" [E1]"));
	world->fixture.lines[0].message[0] = 'p';
	world->fixture.lines[0].gone = true;
	assert_false(check(world, "\"pool exhausted\" [E1]"));
	world->fixture.lines[0].gone = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claim_check__believes_only_what_is_there__when_read_again),
		cmocka_unit_test(claim_check__fails__when_the_line_changed_since),
	};

	return cmocka_run_group_tests_name("analyst/claims", tests, set_up, tear_down);
}
