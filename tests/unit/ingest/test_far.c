/*
 * Containers over their ordinary clients, played by scripts of that name on PATH: what is asked for, how a break is
 * told, and that nothing comes twice or is lost over it.
 */
#include "unit/ingest/scene.h"

#include <time.h>

#define QUICK (2 * INT64_C(1000000)) /* before a broken connection is tried again */

static const struct intake_options following = { .follow = true, .retry = QUICK };
static const struct intake_options once = { .retry = QUICK };
static char *usual_path;

/* A client that plays the script SCRIPT.N at its N-th call and writes down its arguments. */
static void put_client(const struct scene *scene, const char *client)
{
	char text[700];
	char path[128];

	snprintf(text, sizeof(text),
		"#!/bin/sh\ncd %s\nn=$(cat calls 2>/dev/null || echo 0); n=$((n + 1)); echo $n >calls\n"
		"printf '%%s|' \"$@\" >arguments.$n\n[ -e play.$n ] || exec sleep 60\n. ./play.$n\n",
		scene->folder);
	scene_write(scene, client, text);
	assert_int_equal(chmod(scene_path(scene, client, path), 0700), 0);
	snprintf(text, sizeof(text), "%s:%s", scene->folder, usual_path);
	setenv("PATH", text, 1);
}

static void begin(struct scene *scene, const struct intake_options *options, const char *client)
{
	scene_begin(scene, options, NULL);
	put_client(scene, client);
}

static void end(struct scene *scene)
{
	setenv("PATH", usual_path, 1);
	scene_end(scene);
}

static void open_source(const struct scene *scene, const char *name)
{
	struct error error = { 0 };

	if (intake_open(scene->intake, slice_of(name), &error) != 0)
		fail_msg("%s", error.text);
}

/* Reads until there are so many records, or for some seconds. */
static void pump_until(const struct scene *scene, uint64_t count)
{
	time_t until = time(NULL) + 20;

	while (store_count(scene->store) < count && time(NULL) < until)
		scene_pump(scene);
	assert_int_equal(store_count(scene->store), count);
}

static void assert_arguments(const struct scene *scene, int call, const char *expected)
{
	char name[32];
	char path[128];
	char text[1000] = "";
	FILE *file;

	snprintf(name, sizeof(name), "arguments.%d", call);
	file = fopen(scene_path(scene, name, path), "r");
	assert_non_null(file);
	if (fgets(text, sizeof(text), file) == NULL)
		text[0] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static void assert_notice(const struct scene *scene, enum intake_state state, const char *words)
{
	struct intake_status status;

	intake_status(scene->intake, 0, &status);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
	assert_int_equal(status.state, state);
}

static void docker__gives_both_streams_in_order_with_their_times(void **state)
{
	struct scene scene;
	struct record record;
	struct store_text text;

	(void)state;
	begin(&scene, &once, "docker");
	scene_write(&scene, "play.1",
		"echo '2025-05-17T20:41:07.000000001Z level=info msg=up'\n"
		"echo '2025-05-17T20:41:08.5Z level=error msg=down' >&2\n");
	open_source(&scene, "docker:web-1");
	assert_int_equal(scene_pump(&scene), 2);
	assert_arguments(&scene, 1, "logs|--timestamps|--|web-1|");
	store_record(scene.store, 0, &record);
	assert_text(store_service_name(scene.store, record.service), "web-1");
	assert_int_equal(record.time, INT64_C(1747514467000000001));
	scene_read(&scene, 1, &text);
	assert_text(text.message, "down");
	end(&scene);
}

static void docker__goes_on_after_a_break__nothing_twice_nothing_lost(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &following, "docker");
	scene_write(&scene, "play.1",
		"echo '2025-05-17T20:41:01.000000001Z a'\necho '2025-05-17T20:41:07.000000001Z same'\n"
		"echo '2025-05-17T20:41:07.000000001Z same'\nprintf '2025-05-17T20:41:08.000000001Z cut in'\nexit 1\n");
	scene_write(&scene, "play.2",
		"echo '2025-05-17T20:41:07.000000001Z same'\necho '2025-05-17T20:41:07.000000001Z same'\n"
		"echo '2025-05-17T20:41:07.000000001Z same'\necho '2025-05-17T20:41:08.000000001Z cut in the middle'\n"
		"echo '2025-05-17T20:41:09.000000001Z new'\nexit 1\n");
	scene_write(&scene, "play.3",
		"echo '2025-05-17T20:41:07.000000001Z same'\necho '2025-05-17T20:41:07.000000001Z same'\n"
		"echo '2025-05-17T20:41:07.000000001Z same'\necho '2025-05-17T20:41:08.000000001Z cut in the middle'\n"
		"echo '2025-05-17T20:41:09.000000001Z new'\necho '2025-05-17T20:41:09.000000001Z newer'\nexec sleep 60\n");
	open_source(&scene, "docker:web-1");
	pump_until(&scene, 7);
	assert_arguments(&scene, 1, "logs|--timestamps|--follow|--|web-1|");
	assert_arguments(&scene, 2, "logs|--timestamps|--follow|--since=2025-05-17T20:41:05.000000001Z|--|web-1|");
	scene_assert_message(&scene, 3, "same");
	scene_assert_message(&scene, 4, "cut in the middle");
	scene_assert_message(&scene, 5, "new");
	scene_assert_message(&scene, 6, "newer");
	assert_notice(&scene, INTAKE_READING, "connected again after");
	end(&scene);
}

static void docker__that_is_away__is_shown_and_tried_again(void **state)
{
	struct scene scene;
	time_t until = time(NULL) + 20;
	struct intake_status status;

	(void)state;
	begin(&scene, &(struct intake_options){ .follow = true, .retry = 100 * TIMESTAMP_SECOND }, "docker");
	scene_write(&scene, "play.1", "echo 'Error response from daemon: No such container: web-1' >&2\nexit 1\n");
	open_source(&scene, "docker:web-1");
	do {
		scene_pump(&scene);
		intake_status(scene.intake, 0, &status);
	} while (status.notice[0] == '\0' && time(NULL) < until);
	assert_notice(&scene, INTAKE_GONE, "docker: Error response from daemon: No such container: web-1; trying again in");
	end(&scene);
}

static void docker__that_cannot_be_asked__fails_when_nothing_is_followed(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &once, "docker");
	for (int i = 1; i <= 3; i++) {
		char name[16];

		snprintf(name, sizeof(name), "play.%d", i);
		scene_write(&scene, name, "echo 'no daemon' >&2\nexit 1\n");
	}
	open_source(&scene, "docker:web-1");
	assert_int_equal(scene_pump(&scene), 0);
	assert_notice(&scene, INTAKE_FAILED, "docker: no daemon");
	end(&scene);
}

static void kubectl__asks_for_a_selector_and_uses_the_prefix(void **state)
{
	struct scene scene;
	struct record record;
	struct store_text text;

	(void)state;
	begin(&scene, &once, "kubectl");
	scene_write(&scene, "play.1",
		"echo '[pod/api-7f/api] 2025-05-17T20:41:07.000000001Z ERROR no answer'\n"
		"echo '[pod/api-7f/proxy] 2025-05-17T20:41:08.000000001Z ready'\n");
	open_source(&scene, "kubectl:shop:app=api,tier!=x y");
	assert_int_equal(scene_pump(&scene), 2);
	assert_arguments(&scene, 1,
		"logs|--timestamps|--prefix|--all-containers|--tail=-1|--namespace=shop|--ignore-errors|"
		"--max-log-requests=64|--selector=app=api,tier!=x y|");
	store_record(scene.store, 0, &record);
	assert_int_equal(record.level, LEVEL_ERROR);
	assert_text(store_service_name(scene.store, record.service), "api");
	store_record(scene.store, 1, &record);
	assert_text(store_service_name(scene.store, record.service), "proxy");
	scene_read(&scene, 1, &text);
	assert_text(text.message, "ready");
	end(&scene);
}

static void kubectl__goes_on_after_a_break(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &following, "kubectl");
	scene_write(&scene, "play.1", "echo '[pod/a/a] 2025-05-17T20:41:07.25Z one'\n");
	scene_write(&scene, "play.2",
		"echo '[pod/a/a] 2025-05-17T20:41:07.25Z one'\necho '[pod/b/a] 2025-05-17T20:41:07.25Z one'\nexec sleep 60\n");
	open_source(&scene, "kubectl:deployment/a");
	pump_until(&scene, 2);
	assert_arguments(&scene, 2,
		"logs|--timestamps|--prefix|--all-containers|--tail=-1|--follow|--since-time=2025-05-17T20:41:05.250Z|--|"
		"deployment/a|");
	end(&scene);
}

static void names__that_a_client_could_take_for_an_option__are_refused(void **state)
{
	static const char *const names[] = { "docker:--help", "docker:", "docker:a b", "docker:a;b", "kubectl:--raw=/",
		"kubectl:", "kubectl:-n:app=x", "kubectl:ns:-l", "ssh:-oProxyCommand=x:/etc/passwd", "ssh:host", "ssh::/x",
		"ssh:host:", "ssh:a b:/x", "ssh:a'b:/x" };
	struct scene scene;

	(void)state;
	scene_begin(&scene, &once, NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct error error = { 0 };

		if (intake_open(scene.intake, slice_of(names[i]), &error) == 0)
			fail_msg("%s was opened", names[i]);
		assert_true(slice_starts(slice_of(error.text), names[i]));
	}
	scene_end(&scene);
}

static void client__that_is_not_installed__is_said(void **state)
{
	struct scene scene;
	struct error error = { 0 };

	(void)state;
	scene_begin(&scene, &once, NULL);
	setenv("PATH", scene.folder, 1);
	assert_int_not_equal(intake_open(scene.intake, slice_of("docker:web"), &error), 0);
	assert_string_equal(error.text, "docker:web: docker: there is no such program here");
	setenv("PATH", usual_path, 1);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker__gives_both_streams_in_order_with_their_times),
		cmocka_unit_test(docker__goes_on_after_a_break__nothing_twice_nothing_lost),
		cmocka_unit_test(docker__that_is_away__is_shown_and_tried_again),
		cmocka_unit_test(docker__that_cannot_be_asked__fails_when_nothing_is_followed),
		cmocka_unit_test(kubectl__asks_for_a_selector_and_uses_the_prefix),
		cmocka_unit_test(kubectl__goes_on_after_a_break),
		cmocka_unit_test(names__that_a_client_could_take_for_an_option__are_refused),
		cmocka_unit_test(client__that_is_not_installed__is_said),
	};

	usual_path = strdup(getenv("PATH"));
	return cmocka_run_group_tests_name("far", tests, NULL, NULL);
}
