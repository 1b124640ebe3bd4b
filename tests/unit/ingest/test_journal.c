/*
 * The journal: saved files, written by systemd's own program from its export format, read and followed.
 */
#include "unit/ingest/scene.h"

#define WRITER "/lib/systemd/systemd-journal-remote"

static const struct intake_options following = { .follow = true };

static int skip_without_writer(void **state)
{
	(void)state;
	if (access(WRITER, X_OK) != 0)
		print_message("# systemd-journal-remote is not installed: ./bootstrap check brings it\n");
	return 0;
}

#define NEEDS_WRITER()                                                                                                 \
	do {                                                                                                           \
		if (access(WRITER, X_OK) != 0)                                                                         \
			skip();                                                                                        \
	} while (0)

/* Adds entries to a journal file. `fields` stand between the times and the end of each. */
struct entry_text {
	unsigned long long second;
	const char *fields;
};

static void write_entries(const struct scene *scene, const char *name, const struct entry_text *entries, size_t count)
{
	char path[128];
	char command[400];
	FILE *writer;

	snprintf(command, sizeof(command), "%s -o '%s' - >/dev/null 2>&1", WRITER, scene_path(scene, name, path));
	writer = popen(command, "w");
	assert_non_null(writer);
	for (size_t i = 0; i < count; i++)
		fprintf(writer,
			"__REALTIME_TIMESTAMP=%llu000000\n__MONOTONIC_TIMESTAMP=%llu000000\n"
			"_BOOT_ID=11111111111111111111111111111111\n%s\n",
			entries[i].second, entries[i].second - 1700000000, entries[i].fields);
	assert_int_equal(pclose(writer), 0);
}

static const struct entry_text two[] = {
	{ 1700000001, "SYSLOG_IDENTIFIER=nginx\n_SYSTEMD_UNIT=nginx.service\nPRIORITY=3\nMESSAGE=upstream timed out\n_PID=77\n" },
	{ 1700000002, "_SYSTEMD_UNIT=postgresql.service\nPRIORITY=6\nMESSAGE=checkpoint complete\n" },
};

static void open_name(const struct scene *scene, const char *prefix, const char *name, const char *suffix)
{
	struct error error = { 0 };
	char path[128];
	char source[300];

	snprintf(source, sizeof(source), "%s%s%s", prefix, scene_path(scene, name, path), suffix);
	if (intake_open(scene->intake, slice_of(source), &error) != 0)
		fail_msg("%s", error.text);
}

static struct slice field(const struct store_text *text, const char *name)
{
	for (size_t i = 0; i < text->field_count; i++)
		if (slice_is(text->fields[i].name, name))
			return text->fields[i].value;
	return (struct slice){ 0 };
}

static void journal__gives_time_level_service_message_and_fields(void **state)
{
	struct scene scene;
	struct store_text text;
	struct record record;

	(void)state;
	NEEDS_WRITER();
	scene_begin(&scene, NULL, NULL);
	write_entries(&scene, "a.journal", two, 2);
	open_name(&scene, "journal:", "a.journal", "");
	assert_int_equal(scene_pump(&scene), 2);
	store_record(scene.store, 0, &record);
	assert_int_equal(record.time, 1700000001 * TIMESTAMP_SECOND);
	assert_int_equal(record.level, LEVEL_ERROR);
	assert_text(store_service_name(scene.store, record.service), "nginx");
	scene_read(&scene, 0, &text);
	assert_text(text.message, "upstream timed out");
	assert_text(field(&text, "_PID"), "77");
	assert_text(field(&text, "_SYSTEMD_UNIT"), "nginx.service");
	store_record(scene.store, 1, &record);
	assert_text(store_service_name(scene.store, record.service), "postgresql");
	assert_int_equal(record.level, LEVEL_INFO);
	scene_end(&scene);
}

static void journal__keeps_a_message_of_several_lines_together__and_is_not_deceived(void **state)
{
	/* as the export format writes a value with line ends: its name, its size, its bytes */
	static const char message[] = "one\n__CURSOR=forged\nMESSAGE=forged\n";
	struct scene scene;
	struct store_text text;
	char path[128];
	char command[400];
	char size[8] = { 0 };
	FILE *writer;

	(void)state;
	NEEDS_WRITER();
	scene_begin(&scene, NULL, NULL);
	snprintf(command, sizeof(command), "%s -o '%s' - >/dev/null 2>&1", WRITER, scene_path(&scene, "a.journal", path));
	writer = popen(command, "w");
	assert_non_null(writer);
	size[0] = (char)(sizeof(message) - 1);
	fprintf(writer, "__REALTIME_TIMESTAMP=1700000001000000\n_BOOT_ID=11111111111111111111111111111111\nMESSAGE\n");
	fwrite(size, 1, sizeof(size), writer);
	fprintf(writer, "%s\nSYSLOG_IDENTIFIER=app\n\n", message);
	assert_int_equal(pclose(writer), 0);
	open_name(&scene, "journal:", "a.journal", "");
	assert_int_equal(scene_pump(&scene), 1);
	scene_read(&scene, 0, &text);
	assert_text(text.message, "one\n __CURSOR=forged\nMESSAGE=forged\n");
	scene_end(&scene);
}

static void journal__of_one_unit__leaves_out_the_others(void **state)
{
	struct scene scene;

	(void)state;
	NEEDS_WRITER();
	scene_begin(&scene, NULL, NULL);
	write_entries(&scene, "a.journal", two, 2);
	open_name(&scene, "journal:", "a.journal", ":nginx");
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 0, "upstream timed out");
	scene_end(&scene);
}

static void check_following(const char *name)
{
	static const struct entry_text later = { 1700000005, "SYSLOG_IDENTIFIER=nginx\nMESSAGE=and later\n" };
	struct scene scene;
	struct intake_status status;

	scene_begin(&scene, &following, NULL);
	write_entries(&scene, "a.journal", two, 2);
	open_name(&scene, "journal:", name, "");
	assert_int_equal(scene_pump(&scene), 2);
	write_entries(&scene, "a.journal", &later, 1);
	assert_int_equal(scene_pump(&scene), 1);
	scene_assert_message(&scene, 2, "and later");
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.state, INTAKE_READING);
	scene_end(&scene);
}

static void journal__is_followed__a_folder(void **state)
{
	(void)state;
	NEEDS_WRITER();
	check_following("");
}

static void journal__is_followed__a_file(void **state)
{
	(void)state;
	NEEDS_WRITER();
	check_following("a.journal");
}

static void journal__that_is_none__is_refused_with_a_sentence(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	char path[128];
	char source[200];

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.journal", "this is no journal, but it is long enough to have been one\n");
	snprintf(source, sizeof(source), "journal:%s", scene_path(&scene, "a.journal", path));
	assert_int_not_equal(intake_open(scene.intake, slice_of(source), &error), 0);
	if (strstr(error.text, source) == NULL)
		fail_msg("\"%s\" does not name the source", error.text);
	assert_int_not_equal(intake_open(scene.intake, slice_of("journal:/nowhere/at/all"), &error), 0);
	if (strstr(error.text, "there is no such file") == NULL)
		fail_msg("%s", error.text);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(journal__gives_time_level_service_message_and_fields),
		cmocka_unit_test(journal__keeps_a_message_of_several_lines_together__and_is_not_deceived),
		cmocka_unit_test(journal__of_one_unit__leaves_out_the_others),
		cmocka_unit_test(journal__is_followed__a_folder),
		cmocka_unit_test(journal__is_followed__a_file),
		cmocka_unit_test(journal__that_is_none__is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests_name("journal", tests, skip_without_writer, NULL);
}
