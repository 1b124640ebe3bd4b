#include "scene.h"

#include "tocsin/base/buffer.h"
#include "tocsin/store/templates.h"

#define LINES 3000

/* A log in which names go on and on, with three kinds of messages around them. */
static void write_log(const struct scene *scene, unsigned lines)
{
	struct buffer text;

	buffer_init(&text, 1 << 20);
	for (unsigned i = 0; i < lines; i++) {
		char name[] = {(char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i % 7), '\0'};

		switch (i % 4) {
		case 0: buffer_append_format(&text, "login of %s refused\n", name); break;
		case 1: buffer_append_format(&text, "request %u took %u ms\n", i, i * 7 % 100); break;
		case 2: buffer_append_format(&text, "%s is %s\n", i % 3 ? "link" : "node", i % 5 ? "up" : "down"); break;
		default: buffer_append_format(&text, "%.*s of order %u\n", 1 + (int)(i % 29), "abcdefghijklmnopqrstuvwxyzabc", i);
		}
	}
	assert_int_equal(text.failed, 0);
	scene_write(scene, "a.log", buffer_string(&text));
	buffer_release(&text);
}

static void begin(struct scene *scene, size_t batch_records, unsigned lines)
{
	struct intake_options options = {.batch_records = batch_records};
	struct batch *batch;
	struct error error = {0};
	char path[128];

	scene_begin(scene, &options, NULL);
	write_log(scene, lines);
	assert_int_equal(intake_open(scene->intake, slice_of(scene_path(scene, "a.log", path)), &error), 0);
	while ((batch = intake_read(scene->intake)) != NULL)
		assert_int_equal(intake_publish(scene->intake, batch), 0);
}

static uint32_t template_at(const struct store *store, const struct store_templates *templates, uint64_t id)
{
	struct record record;

	store_record(store, id, &record);
	return store_templates_of(templates, record.template);
}

static void assert_same(const struct scene *a, const struct scene *b, uint32_t signatures, uint64_t records)
{
	const struct store_templates *here = store_templates(a->store, signatures);
	const struct store_templates *there = store_templates(b->store, signatures);

	for (uint64_t id = 0; id < records; id++)
		assert_int_equal(template_at(a->store, here, id), template_at(b->store, there, id));
	for (uint32_t i = 0; i < signatures && i < store_template_count(a->store); i++)
		assert_true(slice_equal(store_templates_text(a->store, here, store_templates_of(here, i)),
			store_templates_text(b->store, there, store_templates_of(there, i))));
}

static void templates__are_the_same__however_the_log_is_cut(void **state)
{
	struct scene whole, cut;

	(void)state;
	for (size_t batch = 1; batch < 1000; batch = batch * 3 + 4) {
		begin(&whole, 0, LINES);
		begin(&cut, batch, LINES);
		assert_true(store_template_count(whole.store) < 120);
		assert_same(&whole, &cut, UINT32_MAX, LINES);
		intake_merge_templates(cut.intake);
		intake_merge_templates(whole.intake);
		assert_same(&whole, &cut, UINT32_MAX, LINES);
		scene_end(&cut);
		scene_end(&whole);
	}
}

/* What had been read by some line is what a log that ends there gives: nothing comes from the future. */
static void templates__know_nothing_of_the_future__under_a_horizon(void **state)
{
	struct scene whole, begun;

	(void)state;
	begin(&whole, 0, LINES);
	for (unsigned lines = 50; lines < LINES; lines += 450) {
		uint32_t signatures = store_signatures_below(whole.store, lines);

		begin(&begun, 0, lines);
		assert_int_equal(signatures, store_template_count(begun.store));
		assert_same(&whole, &begun, signatures, lines);
		scene_end(&begun);
	}
	scene_end(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(templates__are_the_same__however_the_log_is_cut),
		cmocka_unit_test(templates__know_nothing_of_the_future__under_a_horizon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
