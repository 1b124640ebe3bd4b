/*
 * Compressed files and tars, told by their bytes. The archives are made here, by the library that reads them.
 */
#include "unit/ingest/scene.h"

#include <archive.h>
#include <archive_entry.h>

struct member {
	const char *name;
	const void *bytes;
	size_t size;
};

/* A compressed file has one member and no format. Returns the packed size. */
static size_t pack(const struct scene *scene, const char *name, int filter, bool is_tar, const struct member *members,
	size_t count)
{
	struct archive *archive = archive_write_new();
	struct stat status;
	char path[128];

	assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
	assert_int_equal(
		is_tar ? archive_write_set_format_pax_restricted(archive) : archive_write_set_format_raw(archive),
		ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(archive, scene_path(scene, name, path)), ARCHIVE_OK);
	for (size_t i = 0; i < count; i++) {
		struct archive_entry *entry = archive_entry_new();

		archive_entry_set_pathname(entry, members[i].name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0600);
		archive_entry_set_size(entry, (la_int64_t)members[i].size);
		assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
		assert_int_equal(
			archive_write_data(archive, members[i].bytes, members[i].size), (la_ssize_t)members[i].size);
		archive_entry_free(entry);
	}
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	assert_int_equal(stat(path, &status), 0);
	return (size_t)status.st_size;
}

static void pack_text(const struct scene *scene, const char *name, int filter, const char *text)
{
	struct member member = { "data", text, strlen(text) };

	pack(scene, name, filter, false, &member, 1);
}

/* Lines that do not compress to nothing. To be freed. */
static char *make_lines(unsigned count)
{
	char *text = malloc((size_t)count * 48 + 1);
	size_t size = 0;
	uint64_t random = 1;

	assert_non_null(text);
	for (unsigned i = 0; i < count; i++) {
		random = random * UINT64_C(6364136223846793005) + 1;
		size += (size_t)snprintf(text + size, 48, "line %08u %016llx\n", i, (unsigned long long)random);
	}
	return text;
}

static void assert_notice(const struct scene *scene, size_t index, enum intake_state state, const char *words)
{
	struct intake_status status;

	intake_status(scene->intake, index, &status);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
	assert_int_equal(status.state, state);
}

static void assert_service(const struct scene *scene, uint64_t id, const char *service)
{
	struct record record;

	store_record(scene->store, id, &record);
	assert_text(store_service_name(scene->store, record.service), service);
}

static void archive__is_read__whatever_its_name_is(void **state)
{
	static const struct {
		int filter;
		const char *name;
	} cases[] = {
		{ ARCHIVE_FILTER_GZIP, "nova-api.log.2.gz" },
		{ ARCHIVE_FILTER_BZIP2, "nova-api.log.bz2" },
		{ ARCHIVE_FILTER_XZ, "nova-api.log" },
		{ ARCHIVE_FILTER_ZSTD, "nova-api.csv.zst" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct intake_options options = { .follow = i % 2 == 0 };
		struct scene scene;

		scene_begin(&scene, &options, NULL);
		pack_text(&scene, cases[i].name, cases[i].filter,
			"timestamp,level,message\n2025-05-17T20:00:01Z,INFO,one\n"
			"2025-05-17T20:00:02Z,WARN,\"two\nlines\"\n");
		scene_open(&scene, cases[i].name);
		assert_int_equal(scene_pump(&scene), 2);
		scene_assert_message(&scene, 1, "two\nlines");
		assert_service(&scene, 0, "nova-api");
		assert_int_equal(scene_pump(&scene), 0);
		assert_notice(&scene, 0, INTAKE_ENDED, "");
		assert_int_equal(store_ledger_total(scene.store).lost, 0);
		scene_end(&scene);
	}
}

static void archive__has_all_parts__of_a_file_that_was_compressed_in_pieces(void **state)
{
	struct scene scene;
	char bytes[4096];
	char path[128];
	ssize_t size;
	int fd;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	pack_text(&scene, "a.gz", ARCHIVE_FILTER_GZIP, "one\n");
	pack_text(&scene, "b.gz", ARCHIVE_FILTER_GZIP, "two\n");
	fd = open(scene_path(&scene, "b.gz", path), O_RDONLY);
	size = read(fd, bytes, sizeof(bytes));
	close(fd);
	assert_true(size > 0);
	scene_write_bytes(&scene, "a.gz", bytes, (size_t)size, O_APPEND);
	scene_open(&scene, "a.gz");
	assert_int_equal(scene_pump(&scene), 2);
	scene_assert_message(&scene, 1, "two");
	scene_end(&scene);
}

static void archive__loses_nothing__of_a_large_file(void **state)
{
	struct scene scene;
	char *text = make_lines(60000);
	struct member member = { "data", text, strlen(text) };

	(void)state;
	scene_begin(&scene, NULL, NULL);
	pack(&scene, "a.zst", ARCHIVE_FILTER_ZSTD, false, &member, 1);
	scene_open(&scene, "a.zst");
	assert_int_equal(scene_pump(&scene), 60000);
	assert_int_equal(store_ledger_total(scene.store).bytes, member.size);
	assert_int_equal(store_ledger_total(scene.store).lines, 60000);
	text[29] = '\0';
	scene_assert_message(&scene, 0, "line 00000000 5851f42d4c957f2e");
	free(text);
	scene_end(&scene);
}

static void archive__keeps_what_came_before__when_it_is_cut_off(void **state)
{
	static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD };

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct scene scene;
		char *text = make_lines(60000);
		struct member member = { "data", text, strlen(text) };
		char path[128];
		size_t size;

		scene_begin(&scene, NULL, NULL);
		size = pack(&scene, "a", filters[i], false, &member, 1);
		assert_int_equal(truncate(scene_path(&scene, "a", path), (off_t)(size * 3 / 4)), 0);
		scene_open(&scene, "a");
		assert_true(scene_pump(&scene) > 30000);
		assert_notice(&scene, 0, INTAKE_ENDED, "broken archive");
		scene_assert_message(&scene, 0, "line 00000000 5851f42d4c957f2e");
		free(text);
		scene_end(&scene);
	}
}

/* The library gives nothing of a block that it cannot complete; the usual command does. */
static void archive__keeps_what_came_before__in_a_small_file_too(void **state)
{
	struct scene scene;
	char *text = make_lines(1000);
	struct member member = { "data", text, strlen(text) };
	char path[128];
	size_t size;

	(void)state;
	if (access("/bin/gzip", X_OK) != 0)
		skip();
	scene_begin(&scene, NULL, NULL);
	size = pack(&scene, "a.gz", ARCHIVE_FILTER_GZIP, false, &member, 1);
	assert_int_equal(truncate(scene_path(&scene, "a.gz", path), (off_t)(size / 2)), 0);
	scene_open(&scene, "a.gz");
	assert_true(scene_pump(&scene) > 400);
	assert_notice(&scene, 0, INTAKE_ENDED, "what came before is kept");
	scene_assert_message(&scene, 0, "line 00000000 5851f42d4c957f2e");
	free(text);
	scene_end(&scene);
}

/* Where the command goes on, nothing is missing and nothing comes twice. */
static void archive__gives_lines_in_order__up_to_a_break(void **state)
{
	struct scene scene;
	char *text = make_lines(30000);
	struct member member = { "data", text, strlen(text) };
	char path[128];
	uint64_t count;
	size_t size;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	size = pack(&scene, "a.gz", ARCHIVE_FILTER_GZIP, false, &member, 1);
	assert_int_equal(truncate(scene_path(&scene, "a.gz", path), (off_t)(size - 1000)), 0);
	scene_open(&scene, "a.gz");
	count = scene_pump(&scene);
	assert_true(count > 20000);
	for (uint64_t id = 0; id + 1 < count; id += 7) {
		struct store_text record;
		char line[16];

		snprintf(line, sizeof(line), "line %08u ", (unsigned)id);
		scene_read(&scene, id, &record);
		assert_true(slice_starts(record.raw, line));
	}
	free(text);
	scene_end(&scene);
}

static void archive__fails_with_a_sentence__when_nothing_can_be_read(void **state)
{
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.gz", "\x1f\x8b\x08\x01 this is no gzip at all");
	scene_open(&scene, "a.gz");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, 0, INTAKE_FAILED, "broken archive");
	scene_end(&scene);
}

static void archive__brings_forth_its_members__merged_by_time(void **state)
{
	static const char nova[] = "2025-05-17T20:00:01Z INFO one\n2025-05-17T20:00:03Z INFO three\n";
	static const char cinder[] = "2025-05-17T20:00:02Z INFO two\n2025-05-17T20:00:04Z INFO four";
	static const char *const messages[] = { "one", "two", "three", "four" };
	static const char *const services[] = { "nova/api", "cinder/api", "nova/api", "cinder/api" };
	static const int filters[] = { ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ };
	const struct member members[] = {
		{ "./nova/api.log", nova, strlen(nova) },
		{ "nova/.hidden", "hidden\n", 7 },
		{ "program", "\x7f\0\0\0", 4 },
		{ "empty.log", "", 0 },
		{ "cinder/api.log.1", cinder, strlen(cinder) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct scene scene;
		struct intake_status status;
		char path[128];

		scene_begin(&scene, NULL, NULL);
		pack(&scene, "a.tar", filters[i], true, members, 5);
		scene_open(&scene, "a.tar");
		assert_int_equal(scene_pump(&scene), 4);
		for (uint64_t id = 0; id < 4; id++) {
			scene_assert_message(&scene, id, messages[id]);
			assert_service(&scene, id, services[id]);
		}
		assert_text(store_source_name(scene.store, 1), scene_path(&scene, "a.tar:cinder/api.log.1", path));
		assert_notice(&scene, 0, INTAKE_ENDED, "1 binary file");
		intake_status(scene.intake, 0, &status);
		assert_string_equal(status.format, "tar");
		assert_int_equal(status.code, -1);
		intake_status(scene.intake, 2, &status);
		assert_int_equal(status.code, 1);
		assert_int_equal(status.state, INTAKE_ENDED);
		assert_int_equal(status.read, strlen(cinder));
		scene_end(&scene);
	}
}

static void archive__is_opened__within_another_and_within_a_folder(void **state)
{
	struct scene scene;
	char packed[2][4096];
	struct member members[2];
	char path[128];

	(void)state;
	scene_begin(&scene, NULL, NULL);
	assert_int_equal(mkdir(scene_path(&scene, "logs", path), 0700), 0);
	pack_text(&scene, "inner.gz", ARCHIVE_FILTER_GZIP, "one\n");
	pack(&scene, "inner.tar", ARCHIVE_FILTER_ZSTD, true, &(struct member){ "deep/api.log", "two\n", 4 }, 1);
	for (int i = 0; i < 2; i++) {
		int fd = open(scene_path(&scene, i == 0 ? "inner.gz" : "inner.tar", path), O_RDONLY);
		ssize_t size = read(fd, packed[i], sizeof(packed[i]));

		assert_true(size > 0);
		close(fd);
		members[i] = (struct member){ i == 0 ? "nova/api.log.gz" : "more.tar.zst", packed[i], (size_t)size };
	}
	pack(&scene, "logs/node-1.tgz", ARCHIVE_FILTER_GZIP, true, members, 2);
	scene_open(&scene, "logs");
	assert_int_equal(scene_pump(&scene), 2);
	scene_assert_message(&scene, 0, "one");
	assert_service(&scene, 0, "node-1/nova/api");
	scene_assert_message(&scene, 1, "two");
	assert_service(&scene, 1, "node-1/more/deep/api");
	assert_text(store_source_name(scene.store, 1),
		scene_path(&scene, "logs/node-1.tgz:more.tar.zst:deep/api.log", path));
	scene_end(&scene);
}

static void archive__keeps_whole_members__of_a_tar_that_is_cut_off(void **state)
{
	struct scene scene;
	char *text = make_lines(5000);
	const struct member members[] = { { "a.log", "one\n", 4 }, { "b.log", text, strlen(text) } };
	char path[128];
	size_t size;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	size = pack(&scene, "a.tar", ARCHIVE_FILTER_NONE, true, members, 2);
	assert_int_equal(truncate(scene_path(&scene, "a.tar", path), (off_t)(size / 2)), 0);
	scene_open(&scene, "a.tar");
	assert_true(scene_pump(&scene) > 2000);
	assert_notice(&scene, 0, INTAKE_ENDED, "broken archive");
	scene_assert_message(&scene, 0, "one");
	free(text);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archive__is_read__whatever_its_name_is),
		cmocka_unit_test(archive__has_all_parts__of_a_file_that_was_compressed_in_pieces),
		cmocka_unit_test(archive__loses_nothing__of_a_large_file),
		cmocka_unit_test(archive__keeps_what_came_before__when_it_is_cut_off),
		cmocka_unit_test(archive__keeps_what_came_before__in_a_small_file_too),
		cmocka_unit_test(archive__gives_lines_in_order__up_to_a_break),
		cmocka_unit_test(archive__fails_with_a_sentence__when_nothing_can_be_read),
		cmocka_unit_test(archive__brings_forth_its_members__merged_by_time),
		cmocka_unit_test(archive__is_opened__within_another_and_within_a_folder),
		cmocka_unit_test(archive__keeps_whole_members__of_a_tar_that_is_cut_off),
	};

	return cmocka_run_group_tests_name("ingest/archive", tests, NULL, NULL);
}
