/*
 * What the tests of ingest share: a scratch folder, files in it, a store with an intake and a reader.
 */
#ifndef TOCSIN_TESTS_UNIT_INGEST_SCENE_H
#define TOCSIN_TESTS_UNIT_INGEST_SCENE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tocsin/ingest/intake.h"

struct scene {
	char folder[64];
	struct store *store;
	struct intake *intake;
	struct store_reader *reader;
};

static inline void scene_begin(
	struct scene *scene, const struct intake_options *options, const struct store_options *store)
{
	static const struct store_options defaults;

	snprintf(scene->folder, sizeof(scene->folder), "/tmp/tocsin-ingest-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	scene->store = store_create(store != NULL ? store : &defaults);
	assert_non_null(scene->store);
	scene->intake = intake_create(scene->store, options);
	assert_non_null(scene->intake);
	scene->reader = intake_reader_create(scene->intake);
	assert_non_null(scene->reader);
}

static inline void scene_end(struct scene *scene)
{
	char command[96];

	intake_reader_destroy(scene->reader);
	intake_destroy(scene->intake);
	store_destroy(scene->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", scene->folder);
	assert_int_equal(system(command), 0);
}

static inline const char *scene_path(const struct scene *scene, const char *name, char out[128])
{
	snprintf(out, 128, "%s/%s", scene->folder, name);
	return out;
}

static inline void scene_write_bytes(
	const struct scene *scene, const char *name, const void *bytes, size_t size, int flags)
{
	char path[128];
	int fd = open(scene_path(scene, name, path), O_WRONLY | O_CREAT | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), (ssize_t)size);
	close(fd);
}

static inline void scene_write(const struct scene *scene, const char *name, const char *text)
{
	scene_write_bytes(scene, name, text, strlen(text), O_TRUNC);
}

static inline void scene_append(const struct scene *scene, const char *name, const char *text)
{
	scene_write_bytes(scene, name, text, strlen(text), O_APPEND);
}

static inline void scene_open(const struct scene *scene, const char *name)
{
	struct error error = { 0 };
	char path[128];

	if (intake_open(scene->intake, slice_of(scene_path(scene, name, path)), &error) != 0)
		fail_msg("%s", error.text);
}

/* Reads and publishes until there is nothing more; returns how many records came. */
static inline uint64_t scene_pump(const struct scene *scene)
{
	uint64_t before = store_count(scene->store);
	struct batch *batch;

	while ((batch = intake_read(scene->intake)) != NULL)
		assert_int_equal(intake_publish(scene->intake, batch), 0);
	assert_true(intake_caught_up(scene->intake));
	return store_count(scene->store) - before;
}

static inline void scene_read(const struct scene *scene, uint64_t id, struct store_text *text)
{
	struct record record;

	assert_true(id < store_count(scene->store));
	store_record(scene->store, id, &record);
	assert_int_equal(scene->reader->read(scene->reader->context, &record, text), 0);
}

static inline void assert_text(struct slice actual, const char *expected)
{
	if (!slice_is(actual, expected))
		fail_msg("\"%.*s\" != \"%s\"", (int)actual.size, actual.data, expected);
}

static inline void scene_assert_message(const struct scene *scene, uint64_t id, const char *expected)
{
	struct store_text text;

	scene_read(scene, id, &text);
	assert_false(text.gone);
	assert_text(text.message, expected);
}

#endif
