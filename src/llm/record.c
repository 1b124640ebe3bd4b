#include "tocsin/llm/record.h"

#include "llm/exchange.h"
#include "tocsin/base/redact.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "tocsin-exchanges 1\n"
#define RECORDING_MAXIMUM ((size_t)256 << 20)

/* --- recording ---- */

struct llm_recorder {
	int descriptor;
	int (*redact)(void *context, struct slice text, struct buffer *out);
	void *redact_context;
	bool begun; /* the file has its first lines */
	char failure[320];
	char path[256];
};

static void put(struct llm_recorder *recorder, struct slice bytes)
{
	while (bytes.size > 0 && recorder->failure[0] == '\0') {
		ssize_t written = write(recorder->descriptor, bytes.data, bytes.size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			snprintf(recorder->failure, sizeof(recorder->failure), "The recording %s is not whole: %s.",
				recorder->path, strerror(errno));
		else
			bytes = slice_from(bytes, (size_t)written);
	}
}

struct llm_recorder *llm_recorder_open(const char *path,
	int (*redact)(void *context, struct slice text, struct buffer *out), void *redact_context, struct error *error)
{
	struct llm_recorder *recorder = calloc(1, sizeof(*recorder));
	struct stat status;

	if (recorder == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	recorder->descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (recorder->descriptor < 0) {
		error_set(error, ERROR_SYSTEM, "The recording %s cannot be written: %s.", path, strerror(errno));
		free(recorder);
		return NULL;
	}
	recorder->begun = fstat(recorder->descriptor, &status) == 0 && status.st_size > 0;
	recorder->redact = redact;
	recorder->redact_context = redact_context;
	snprintf(recorder->path, sizeof(recorder->path), "%s", path);
	return recorder;
}

void llm_recorder_close(struct llm_recorder *recorder)
{
	if (recorder == NULL)
		return;
	close(recorder->descriptor);
	free(recorder);
}

const char *llm_recorder_failure(const struct llm_recorder *recorder)
{
	return recorder->failure[0] == '\0' ? NULL : recorder->failure;
}

static void redacted(struct llm_recorder *recorder, struct slice text, struct buffer *out)
{
	int result = recorder->redact != NULL ? recorder->redact(recorder->redact_context, text, out)
					      : redact_append(out, text);

	if (result < 0)
		snprintf(recorder->failure, sizeof(recorder->failure), "An exchange could not be redacted: %s.",
			error_name((enum error_code)result));
}

void llm_recorder_add(struct llm_recorder *recorder, const struct llm *llm, struct slice path, struct slice body,
	const struct http_head *head, struct slice reply)
{
	struct buffer out, clean;

	buffer_init(&out, RECORDING_MAXIMUM);
	buffer_init(&clean, RECORDING_MAXIMUM);
	if (!recorder->begun)
		buffer_append_format(&out, MAGIC "provider %s %s %s %u\n", llm->row->name, llm->adapter->name,
			llm->model[0] == '\0' ? "-" : llm->model, llm_context(llm));
	recorder->begun = true;
	redacted(recorder, body, &clean);
	buffer_append_format(&out, "> %.*s %zu\n", (int)path.size, path.data, clean.size);
	buffer_append_slice(&out, buffer_slice(&clean));
	buffer_clear(&clean);
	redacted(recorder, reply, &clean);
	buffer_append_format(
		&out, "\n< %d %s %zu\n", head->status, head->type[0] == '\0' ? "-" : head->type, clean.size);
	buffer_append_slice(&out, buffer_slice(&clean));
	buffer_append_byte(&out, '\n');
	if (out.failed == 0)
		put(recorder, buffer_slice(&out));
	else
		snprintf(recorder->failure, sizeof(recorder->failure), "An exchange is too large to record.");
	buffer_release(&out);
	buffer_release(&clean);
}

/* --- replaying ---- */

struct replay {
	struct buffer file;
	struct slice rest;
	unsigned count;
	char path[256];
};

void replay_free(struct replay *replay)
{
	if (replay == NULL)
		return;
	buffer_release(&replay->file);
	free(replay);
}

static int read_whole(struct replay *replay, struct error *error)
{
	FILE *file = fopen(replay->path, "rbe");
	char bytes[65536];
	size_t size;

	if (file == NULL)
		return error_set(
			error, ERROR_ABSENT, "The recording %s cannot be read: %s.", replay->path, strerror(errno));
	while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
		buffer_append(&replay->file, bytes, size);
	fclose(file);
	if (replay->file.failed != 0)
		return error_set(error, ERROR_FULL, "The recording %s is too large.", replay->path);
	return 0;
}

/* Takes "SIGN WORD... SIZE\n", the bytes and a newline off the front. */
static bool take_part(struct slice *rest, char sign, struct slice *words, struct slice *bytes)
{
	struct slice all = *rest, line;
	uint64_t size;
	size_t space = 0;

	if (!slice_next(&all, '\n', &line) || line.size < 4 || line.data[0] != sign || line.data[1] != ' ')
		return false;
	for (size_t i = 2; i < line.size; i++)
		if (line.data[i] == ' ')
			space = i;
	if (space == 0 || !slice_to_u64(slice_from(line, space + 1), &size) || size >= all.size)
		return false;
	*words = slice_from(slice_first(line, space), 2);
	*bytes = slice_first(all, size);
	*rest = slice_from(all, size + 1);
	return true;
}

bool replay_next(struct replay *replay, const char *path, struct slice *sent, struct http_head *head,
	struct slice *reply, struct error *error)
{
	struct slice words, status, type, rest = replay->rest;
	uint64_t code;

	if (rest.size == 0) {
		error_set(
			error, ERROR_ABSENT, "The recording %s ends after %u exchanges.", replay->path, replay->count);
		return false;
	}
	if (!take_part(&rest, '>', &words, sent) || !slice_is(words, path) || !take_part(&rest, '<', &words, reply) ||
		!slice_next(&words, ' ', &status) || !slice_to_u64(status, &code)) {
		error_set(error, ERROR_INPUT, "The recording %s is damaged, or of another provider, at exchange %u.",
			replay->path, replay->count + 1);
		return false;
	}
	*head = (struct http_head){ .status = (int)code, .retry_after = 0, .should_retry = -1 };
	type = words;
	slice_copy(type, head->type, sizeof(head->type));
	replay->rest = rest;
	replay->count++;
	return true;
}

/* "provider NAME ADAPTER MODEL CONTEXT" */
static struct llm *configure(struct loop *loop, struct slice line, struct error *error)
{
	struct slice words[5] = { { NULL, 0 } };
	char speaks[32], model[160];
	const struct llm_row *row;
	uint64_t context = 0;
	struct llm *llm;

	for (size_t i = 0; i < 5 && slice_next(&line, ' ', &words[i]); i++)
		;
	row = llm_row_find(words[1]);
	slice_copy(words[2], speaks, sizeof(speaks));
	slice_copy(words[3], model, sizeof(model));
	slice_to_u64(words[4], &context);
	if (row == NULL || adapter_find(speaks) == NULL || context > UINT32_MAX) {
		error_set(error, ERROR_INPUT, "it names no provider");
		return NULL;
	}
	llm = llm_create(loop, NULL,
		&(struct llm_config){ .row = row,
			.speaks = speaks,
			.model = model,
			.url = "http://127.0.0.1",
			.key = "-",
			.context = (unsigned)context,
			.temperature = -1,
			.retries = 3 },
		error);
	return llm;
}

struct llm *llm_create_replay(struct loop *loop, const char *path, struct error *error)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	struct llm *llm = NULL;
	struct slice line;

	if (replay == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	snprintf(replay->path, sizeof(replay->path), "%s", path);
	buffer_init(&replay->file, RECORDING_MAXIMUM);
	if (read_whole(replay, error) != 0) {
		replay_free(replay);
		return NULL;
	}
	replay->rest = buffer_slice(&replay->file);
	if (!slice_starts(replay->rest, MAGIC)) {
		error_set(error, ERROR_INPUT, "%s is no recording of tocsin's.", path);
	} else {
		replay->rest = slice_from(replay->rest, strlen(MAGIC));
		if (slice_next(&replay->rest, '\n', &line))
			llm = configure(loop, line, error);
	}
	if (llm == NULL)
		replay_free(replay);
	else
		llm->replay = replay;
	return llm;
}
