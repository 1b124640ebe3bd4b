/*
 * Searching by the bytes of many records at once finds what reading record by record does, in every format.
 */
#include "unit/ingest/scene.h"

#include "tocsin/store/selection.h"

#define RECORDS 700
#define SEARCHES 60

static uint64_t seed = 5;

static unsigned next_random(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((seed >> 33) % below);
}

/* Words that formats write down each in their own way. */
static const char *const words[] = { "timeout", "Deadlock", "pool", "retry=3", "path=/var/lib/x", "\"quoted text\"",
	"back\\slash", "caf\xc3\xa9", "id-4711", "[req-1]", "100%", "a,b", "x", "\xe2\x84\xaa""elvin", "tab\there" };

#define WORDS (sizeof(words) / sizeof(words[0]))

static void make_message(struct buffer *out)
{
	unsigned count = 1 + next_random(6);

	for (unsigned i = 0; i < count; i++)
		buffer_append_format(out, "%s%s", i > 0 ? " " : "", words[next_random(WORDS)]);
}

typedef void (*write_fn)(struct buffer *out, unsigned number, struct slice message);

static void write_csv(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "2025-05-17T20:%02u:%02u,app,INFO,\"", number / 60, number % 60);
	for (size_t i = 0; i < message.size; i++) {
		buffer_append_byte(out, message.data[i]);
		if (message.data[i] == '"')
			buffer_append_byte(out, '"');
	}
	buffer_append_string(out, "\"\n");
}

/* Now and then as \u and a number, as some writers do with everything. */
static void write_json_text(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < 0x80 && next_random(40) == 0)
			buffer_append_format(out, "\\u%04x", byte);
		else if (byte == '"' || byte == '\\' || (byte == '/' && next_random(2)))
			buffer_append_format(out, "\\%c", byte);
		else if (byte == '\t')
			buffer_append_string(out, "\\t");
		else
			buffer_append_byte(out, (char)byte);
	}
}

static void write_json(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "{\"time\":\"2025-05-17T20:%02u:%02uZ\",\"level\":\"info\",\"msg\":\"", number / 60,
		number % 60);
	write_json_text(out, message);
	buffer_append_string(out, "\",\"user\":\"timeout\"}\n");
}

static void write_docker(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_string(out, "{\"log\":\"");
	write_json_text(out, message);
	buffer_append_format(out, "\\n\",\"stream\":\"stdout\",\"time\":\"2025-05-17T20:%02u:%02u.000Z\"}\n", number / 60,
		number % 60);
}

static void write_logfmt(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "time=2025-05-17T20:%02u:%02uZ level=info msg=\"", number / 60, number % 60);
	write_json_text(out, message);
	buffer_append_string(out, "\" user=timeout\n");
}

static void write_nova(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "2025-05-17 20:%02u:%02u.008 25746 INFO nova.compute.manager [req-%u a b - - -] %.*s\n",
		number / 60, number % 60, number, (int)message.size, message.data);
	if (number % 50 == 0)
		buffer_append_format(out, "2025-05-17 20:%02u:%02u.008 25746 INFO nova.compute.manager deep timeout\n",
			number / 60, number % 60);
}

static void write_syslog(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "May 17 20:%02u:%02u host app[12]: %.*s\n", number / 60, number % 60,
		(int)message.size, message.data);
}

static void write_text(struct buffer *out, unsigned number, struct slice message)
{
	buffer_append_format(out, "%.*s\n", (int)message.size, message.data);
	if (number % 40 == 0)
		buffer_append_string(out, "Traceback (most recent call last):\n  File \"x.py\", line 1\nTimeout: pool\n");
}

static const struct {
	const char *name, *head;
	write_fn write;
} kinds[] = {
	{ "a.csv", "timestamp,service,level,message\n", write_csv },
	{ "b.json", "", write_json },
	{ "c.log", "", write_docker },
	{ "d.log", "", write_logfmt },
	{ "e.log", "", write_nova },
	{ "f.log", "", write_syslog },
	{ "g.log", "", write_text },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void write_file(const struct scene *scene, size_t kind)
{
	struct buffer file, message;

	buffer_init(&file, 1 << 20);
	buffer_init(&message, 1 << 12);
	buffer_append_string(&file, kinds[kind].head);
	for (unsigned i = 0; i < RECORDS; i++) {
		buffer_clear(&message);
		make_message(&message);
		kinds[kind].write(&file, i, buffer_slice(&message));
	}
	scene_write_bytes(scene, kinds[kind].name, file.data, file.size, 0);
	buffer_release(&file);
	buffer_release(&message);
	scene_open(scene, kinds[kind].name);
}

static void quote(struct buffer *out, struct slice text)
{
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];

		if (byte == '"' || byte == '\\')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, byte >= 'a' && byte <= 'z' && next_random(3) == 0 ? (char)(byte - 0x20) : byte);
	}
	buffer_append_byte(out, '"');
}

/* A piece of a message that is there, a regex, or several of them joined. */
static void make_filter(const struct scene *scene, struct buffer *out)
{
	static const char *const others[] = { "/time(out|r)/", "/dead.*pool/", "/^x/", "/k?elvin/", "/\\d{3}%/", "/p[ao]+l/",
		"/tim|lib/", "level:info", "-level:info", "service:app", "/\\/var\\/lib/", "/retry=3?/", "/(?i)POOL$/",
		"field.user:time*", "since:2025-05-17T20:05", "id:100..900", "line:5..60", "/skills/", "source:*.log" };
	unsigned count = 1 + next_random(3);

	for (unsigned i = 0; i < count; i++) {
		struct store_text text;
		size_t start;

		buffer_append_string(out, i == 0 ? "" : next_random(2) ? " | " : " ");
		if (next_random(4) == 0)
			buffer_append_byte(out, '-');
		if (next_random(3) == 0) {
			buffer_append_string(out, others[next_random(sizeof(others) / sizeof(others[0]))]);
			continue;
		}
		scene_read(scene, next_random((unsigned)store_count(scene->store)), &text);
		start = next_random((unsigned)text.message.size);
		quote(out, slice_first(slice_from(text.message, start), 1 + next_random(20)));
	}
}

static void assert_same(const struct scene *scene, struct slice text)
{
	struct store_reader one_by_one = *scene->reader;
	struct filter_scope scope = { .store = scene->store, .now = horizon_all(scene->store).time };
	struct error error = { 0 };
	struct filter *filter = filter_parse(text, &scope, NULL, &error), *slow;
	struct selection selection;

	if (filter == NULL)
		fail_msg("%.*s: %s", (int)text.size, text.data, error.text);
	slow = filter_copy(filter);
	one_by_one.bytes = NULL;
	selection_init(&selection, filter);
	assert_false(selection_advance(&selection, scene->store, scene->reader, horizon_all(scene->store), UINT64_MAX));
	for (uint64_t id = 0; id < store_count(scene->store); id++) {
		struct record record;
		struct store_text read;
		bool expected;

		store_record(scene->store, id, &record);
		expected = filter_match(slow, scene->store, &record, &one_by_one);
		if (expected != selection_has(&selection, id)) {
			scene_read(scene, id, &read);
			fail_msg("%.*s: record %d is %s: %.*s", (int)text.size, text.data, (int)id,
				expected ? "missing" : "too much", (int)read.raw.size, read.raw.data);
		}
	}
	selection_release(&selection);
	filter_destroy(filter);
	filter_destroy(slow);
}

static void search_all(const struct scene *scene)
{
	struct buffer text;

	buffer_init(&text, 1 << 12);
	for (int i = 0; i < SEARCHES; i++) {
		buffer_clear(&text);
		make_filter(scene, &text);
		assert_same(scene, buffer_slice(&text));
	}
	buffer_release(&text);
}

static void search__finds_the_same__in_each_format(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < KINDS; kind++) {
		struct scene scene;

		scene_begin(&scene, NULL, NULL);
		write_file(&scene, kind);
		assert_in_range(scene_pump(&scene), RECORDS / 10, 2 * RECORDS);
		search_all(&scene);
		scene_end(&scene);
	}
}

static void search__finds_the_same__in_all_of_them_merged(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	for (size_t kind = 0; kind < KINDS; kind++)
		write_file(&scene, kind);
	scene_pump(&scene);
	search_all(&scene);
	scene_end(&scene);
}

static void search__finds_nothing_more__where_a_file_was_truncated(void **state)
{
	struct scene scene;
	char path[128];

	(void)state;
	scene_begin(&scene, NULL, NULL);
	write_file(&scene, 4);
	scene_pump(&scene);
	assert_int_equal(truncate(scene_path(&scene, "e.log", path), 20000), 0);
	assert_same(&scene, slice_of("\"deep timeout\" | pool"));
	assert_same(&scene, slice_of("-/pool/"));
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search__finds_the_same__in_each_format),
		cmocka_unit_test(search__finds_the_same__in_all_of_them_merged),
		cmocka_unit_test(search__finds_nothing_more__where_a_file_was_truncated),
	};

	return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}
