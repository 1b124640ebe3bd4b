#include "app/learnt.h"

#include "tocsin/store/importance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_file(int descriptor, const char *path, struct buffer *out, struct error *error)
{
	char block[65536];
	ssize_t size;
	while ((size = read(descriptor, block, sizeof block)) != 0) {
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
		if (buffer_append(out, block, (size_t)size) != 0)
			return error_set(error, ERROR_INPUT, "%s: it is too large for a model", path);
	}
	return 0;
}

static int open_descriptor(const struct settings *settings, const char *path)
{
	const char *folder = settings_text(settings, SETTING_MODELS_DIR);
	char beside[4096];
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor >= 0 || errno != ENOENT || folder == NULL || strchr(path, '/') != NULL)
		return descriptor;
	snprintf(beside, sizeof beside, "%s/%s", folder, path);
	return open(beside, O_RDONLY | O_CLOEXEC);
}

int learnt_open(const struct settings *settings, struct model **model, struct error *error)
{
	const char *path = settings_text(settings, SETTING_LSTM);
	*model = NULL;
	if (path == NULL)
		return 0;
	int descriptor = open_descriptor(settings, path);
	if (descriptor < 0)
		return error_set(error, ERROR_INPUT, "lstm: %s: %s", path, strerror(errno));
	struct error inner = { 0 };
	struct buffer bytes;
	buffer_init(&bytes, MODEL_MAXIMUM_BYTES);
	int result = read_file(descriptor, path, &bytes, error);
	close(descriptor);
	if (result == 0) {
		*model = model_read(buffer_slice(&bytes), &inner);
		if (*model == NULL)
			result = error_set(error, ERROR_INPUT, "lstm: %s: %s", path, inner.text);
	}
	buffer_release(&bytes);
	return result;
}

static int write_whole(const char *path, const struct buffer *bytes)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (descriptor < 0)
		return -1;
	size_t done = 0;
	while (done < bytes->size) {
		ssize_t written = write(descriptor, bytes->data + done, bytes->size - done);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			break;
		done += (size_t)written;
	}
	bool whole = done == bytes->size && fsync(descriptor) == 0;
	return close(descriptor) == 0 && whole ? 0 : -1;
}

int learnt_write(const struct model *model, const char *path, struct error *error)
{
	char beside[4096];
	struct buffer bytes;
	struct stat status;
	buffer_init(&bytes, MODEL_MAXIMUM_BYTES);
	if (model_write(model, &bytes) != 0) {
		buffer_release(&bytes);
		return error_set(error, ERROR_FULL, "%s: what was learnt is too large for a file", path);
	}
	snprintf(beside, sizeof beside, "%s.new", path);
	bool direct = stat(path, &status) == 0 && !S_ISREG(status.st_mode); /* /dev/null, a pipe */
	int result = write_whole(direct ? path : beside, &bytes);
	if (result == 0 && !direct)
		result = rename(beside, path);
	if (result != 0) {
		result = error_set(error, ERROR_SYSTEM, "%s: %s", path, strerror(errno));
		if (!direct)
			unlink(beside);
	}
	buffer_release(&bytes);
	return result;
}

struct model_settings learnt_settings(const struct settings *settings)
{
	return (struct model_settings){
		.embedding = (uint32_t)settings_count(settings, SETTING_LEARN_EMBEDDING),
		.units = (uint32_t)settings_count(settings, SETTING_LEARN_UNITS),
		.layers = (uint32_t)settings_count(settings, SETTING_LEARN_LAYERS),
		.batch = (uint32_t)settings_count(settings, SETTING_LEARN_BATCH),
		.epochs = (uint32_t)settings_count(settings, SETTING_LEARN_EPOCHS),
		.max_sequence_length = (uint32_t)settings_count(settings, SETTING_LEARN_LENGTH),
		.dropout = settings_number(settings, SETTING_LEARN_DROPOUT),
		.validation = settings_number(settings, SETTING_LEARN_VALIDATION),
		.seed = settings_count(settings, SETTING_LEARN_SEED),
	};
}

int learnt_leave_out(const struct settings *settings, struct scorer *scorer, struct error *error)
{
	struct slice rest = slice_of(settings_text(settings, SETTING_LEARN_WITHOUT));
	struct slice name;
	while (slice_next(&rest, ',', &name)) {
		int part = 0;
		while (part < PART_COUNT &&
			!slice_is(slice_trim(name), importance_part_name((enum importance_part)part)))
			part++;
		if (part == PART_COUNT)
			return error_set(error, ERROR_INPUT,
				"learn.without: there is no part \"%.*s\"; there are sequence, new event, length, "
				"counts, "
				"gap, service, level, error",
				(int)slice_first(name, 80).size, name.data);
		scorer_leave_out(scorer, (enum importance_part)part);
	}
	return 0;
}

int learnt_sessions(const struct settings *settings, struct pattern **pattern, struct slice *text, struct error *error)
{
	const char *given = settings_text(settings, SETTING_SESSIONS);
	struct error inner = { 0 };
	size_t fault = 0;
	*pattern = NULL;
	*text = slice_of(given);
	if (text->size == 0)
		return 0;
	*pattern = pattern_create(*text, false, &fault, &inner);
	return *pattern != NULL ? 0
				: error_set(error, ERROR_INPUT, "sessions: %s, at position %zu of \"%.*s\"", inner.text,
					  fault + 1, (int)slice_first(*text, 200).size, text->data);
}

int learnt_scorer(const struct settings *settings, const struct model *model, const struct store *store,
	struct scorer **scorer, struct error *error)
{
	*scorer = NULL;
	if (model == NULL)
		return 0;
	*scorer = scorer_create(model, store, false);
	if (*scorer == NULL)
		return error_set(error, ERROR_MEMORY, "out of memory");
	int result = learnt_leave_out(settings, *scorer, error);
	if (result != 0) {
		scorer_destroy(*scorer);
		*scorer = NULL;
	}
	return result;
}

struct importance *learnt_weigh(
	struct scorer *scorer, const struct store *store, const struct store_reader *reader, struct horizon horizon)
{
	return scorer == NULL ? importance_of_log(store, horizon) : importance_by_scorer(scorer, store, reader, horizon);
}

int learnt_importance(const struct settings *settings, const struct store *store, const struct store_reader *reader,
	struct horizon horizon, struct importance **importance, struct error *error)
{
	struct model *model;
	struct scorer *scorer = NULL;
	int result = learnt_open(settings, &model, error);
	*importance = NULL;
	if (result == 0)
		result = learnt_scorer(settings, model, store, &scorer, error);
	if (result == 0)
		*importance = learnt_weigh(scorer, store, reader, horizon);
	if (result == 0 && *importance == NULL)
		result = error_set(error, ERROR_MEMORY, "out of memory");
	scorer_destroy(scorer);
	model_destroy(model);
	return result;
}

int learnt_fill(
	const struct settings *settings, struct store *store, const struct store_reader *reader, struct error *error)
{
	struct importance *importance;
	uint64_t count = store_has_records(store) ? store_count(store) : 0;
	int result = learnt_importance(settings, store, reader, horizon_all(store), &importance, error);
	for (uint64_t id = 0; id < count && result == 0; id++) {
		struct record record;
		store_record(store, id, &record);
		if (store_put_importance(store, id, importance_of(importance, &record, NULL)) != 0)
			result = error_set(error, ERROR_MEMORY, "out of memory");
	}
	importance_destroy(importance);
	return result;
}
