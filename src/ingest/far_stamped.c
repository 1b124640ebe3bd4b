/*
 * The logs of containers, by `docker logs` and `kubectl logs`. Both put the time of each line before it on request;
 * that time is what a new connection goes on from, a little earlier, and what tells a line that was given before from
 * one that only looks the same.
 *
 * The lines are given as Kubernetes writes them, "TIME - F text" (docker and kubectl do not tell
 * the streams apart in one order), which is a format of its own (format_wrapped.c).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/far.h"
#include "tocsin/base/timestamp.h"

#define LINE_MAXIMUM ((size_t)1 << 20)  /* of a longer line the head is kept */
#define REMEMBERED 8192                 /* lines, to know them again */
#define OVERLAP (2 * TIMESTAMP_SECOND)  /* how far lines may come out of order */

struct remembered {
	int64_t time; /* TIMESTAMP_NONE: free */
	uint64_t hash;
	uint64_t connection; /* the last one over which it came */
};

struct stamped {
	struct far far;
	char *name;      /* a container, pod or selector */
	char *name_space;                /* kubectl's, "" for the usual one */
	struct remembered *lines;        /* a ring */
	size_t next;
	uint64_t connection;             /* the how manieth this is */
	int64_t newest;                  /* of all lines, or TIMESTAMP_NONE */
	int64_t cut;                     /* of the lines before this connection, or TIMESTAMP_NONE */
	bool got;                        /* a line of the log, over this connection */
	struct buffer part;              /* a line without its end */
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

static bool is_selector(const char *name)
{
	return strpbrk(name, "=!(,") != NULL;
}

/* The earliest time from which every line is still known. */
static int64_t find_start(const struct stamped *stamped)
{
	const struct remembered *oldest = &stamped->lines[stamped->next];
	int64_t start = stamped->newest - OVERLAP;

	return oldest->time != TIMESTAMP_NONE && oldest->time > start ? oldest->time : start;
}

static void ask_from(struct far *far, const char *option)
{
	const struct stamped *stamped = (const struct stamped *)far;
	char time[40];

	if (stamped->newest != TIMESTAMP_NONE)
		far_argument(far, "%s=%s", option,
			timestamp_format(find_start(stamped), TIMESTAMP_RFC3339, NULL, time));
}

static void ask_docker(struct far *far)
{
	far_argument(far, "logs");
	far_argument(far, "--timestamps");
	if (far->follows)
		far_argument(far, "--follow");
	ask_from(far, "--since");
	far_argument(far, "--");
	far_argument(far, "%s", ((const struct stamped *)far)->name);
}

static void ask_kubectl(struct far *far)
{
	const struct stamped *stamped = (const struct stamped *)far;

	far_argument(far, "logs");
	far_argument(far, "--timestamps");
	far_argument(far, "--prefix");
	far_argument(far, "--all-containers");
	far_argument(far, "--tail=-1");
	if (far->follows)
		far_argument(far, "--follow");
	if (stamped->name_space[0] != '\0')
		far_argument(far, "--namespace=%s", stamped->name_space);
	ask_from(far, "--since-time");
	if (is_selector(stamped->name)) {
		far_argument(far, "--ignore-errors");
		far_argument(far, "--max-log-requests=64");
		far_argument(far, "--selector=%s", stamped->name);
	} else {
		far_argument(far, "--");
		far_argument(far, "%s", stamped->name);
	}
}

static void begin(struct far *far)
{
	struct stamped *stamped = (struct stamped *)far;

	stamped->connection++;
	stamped->cut = stamped->newest;
	stamped->got = false;
	buffer_clear(&stamped->part);
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

/* Was it given before the break? Of two lines that are alike both are known, and a third is new. */
static bool was_given(struct stamped *stamped, int64_t time, uint64_t hash)
{
	if (stamped->cut == TIMESTAMP_NONE || time > stamped->cut)
		return false;
	for (size_t i = 0; i < REMEMBERED; i++)
		if (stamped->lines[i].time == time && stamped->lines[i].hash == hash &&
			stamped->lines[i].connection != stamped->connection) {
			stamped->lines[i].connection = stamped->connection;
			return true;
		}
	return time < find_start(stamped);
}

static void remember(struct stamped *stamped, int64_t time, uint64_t hash)
{
	stamped->lines[stamped->next] = (struct remembered){ time, hash, stamped->connection };
	stamped->next = (stamped->next + 1) % REMEMBERED;
	if (stamped->newest == TIMESTAMP_NONE || time > stamped->newest)
		stamped->newest = time;
}

/* "[pod/NAME/CONTAINER] " of kubectl. */
static struct slice take_prefix(struct slice *line)
{
	size_t end = slice_find_byte(*line, ']');
	struct slice prefix = { 0 };

	if (!slice_starts(*line, "[pod/") || end == SIZE_MAX)
		return prefix;
	prefix = slice_first(*line, end + 1);
	*line = slice_from(*line, end + 2);
	return prefix;
}

/* A line without a time: before any other it is the client itself that speaks. */
static void give_odd(struct stamped *stamped, struct slice line)
{
	if (!stamped->got) {
		slice_copy(line, stamped->far.complaint, sizeof(stamped->far.complaint));
		return;
	}
	buffer_append_slice(&stamped->far.out, line);
	buffer_append_byte(&stamped->far.out, '\n');
}

static void give(struct stamped *stamped, struct slice line)
{
	struct buffer *out = &stamped->far.out;
	struct slice text = line;
	struct slice prefix = take_prefix(&text);
	uint64_t hash = slice_hash(line, 0);
	int64_t time;
	size_t used;

	if (!timestamp_parse_prefix(text, NULL, &time, &used) || (used < text.size && text.data[used] != ' ')) {
		give_odd(stamped, line);
		return;
	}
	stamped->got = true;
	stamped->far.complaint[0] = '\0';
	if (was_given(stamped, time, hash))
		return;
	remember(stamped, time, hash);
	buffer_append_slice(out, slice_first(text, used));
	buffer_append_string(out, " - F ");
	buffer_append_slice(out, prefix);
	if (prefix.size > 0)
		buffer_append_byte(out, ' ');
	buffer_append_slice(out, slice_from(text, used + 1));
	buffer_append_byte(out, '\n');
}

static void keep_part(struct stamped *stamped, struct slice piece)
{
	size_t room = LINE_MAXIMUM - stamped->part.size;

	if (piece.size > room)
		error_set(&stamped->far.remark, ERROR_FULL, "a line longer than 1 MiB was cut");
	buffer_append_slice(&stamped->part, slice_first(piece, room));
}

static void take(struct far *far, struct slice bytes)
{
	struct stamped *stamped = (struct stamped *)far;

	while (bytes.size > 0) {
		size_t end = slice_find_byte(bytes, '\n');
		struct slice piece = slice_first(bytes, end);

		bytes = slice_from(bytes, end == SIZE_MAX ? SIZE_MAX : end + 1);
		if (stamped->part.size == 0 && end != SIZE_MAX) {
			give(stamped, piece);
			continue;
		}
		keep_part(stamped, piece);
		if (end == SIZE_MAX)
			return;
		give(stamped, buffer_slice(&stamped->part));
		buffer_clear(&stamped->part);
	}
}

/* What has no end now will come again as a whole; where nothing is followed, it is all there is. */
static void end(struct far *far)
{
	struct stamped *stamped = (struct stamped *)far;

	if (stamped->part.size > 0 && (!far->follows || !stamped->got))
		give(stamped, buffer_slice(&stamped->part));
}

static void destroy(struct far *far)
{
	struct stamped *stamped = (struct stamped *)far;

	buffer_release(&stamped->part);
	free(stamped->name);
	free(stamped->name_space);
	free(stamped->lines);
	free(stamped);
}

static const struct far_kind docker_kind = {
	.client = "docker",
	.input = CHILD_MERGED,
	.arguments = ask_docker,
	.begin = begin,
	.take = take,
	.end = end,
	.destroy = destroy,
};

static const struct far_kind kubectl_kind = {
	.client = "kubectl",
	.input = CHILD_MERGED,
	.arguments = ask_kubectl,
	.begin = begin,
	.take = take,
	.end = end,
	.destroy = destroy,
};

/* --- opening ------------------------------------------------------------------------------------------------------ */

static struct feed *open_stamped(const struct far_kind *kind, struct slice name, struct slice name_space,
	const struct intake_options *options, struct error *error)
{
	struct stamped *stamped = calloc(1, sizeof(*stamped));

	if (stamped == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	stamped->far.kind = kind;
	stamped->newest = stamped->cut = TIMESTAMP_NONE;
	stamped->name = strndup(name.data, name.size);
	stamped->name_space = strndup(name_space.size > 0 ? name_space.data : "", name_space.size);
	stamped->lines = calloc(REMEMBERED, sizeof(*stamped->lines));
	buffer_init(&stamped->part, LINE_MAXIMUM);
	if (stamped->name == NULL || stamped->name_space == NULL || stamped->lines == NULL) {
		destroy(&stamped->far);
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < REMEMBERED; i++)
		stamped->lines[i].time = TIMESTAMP_NONE;
	return feed_of_far(&stamped->far, options, error);
}

/* Nothing that the client could take for an option. */
static bool is_name(struct slice name, const char *more)
{
	for (size_t i = 0; i < name.size; i++)
		if (!isalnum((unsigned char)name.data[i]) && (i == 0 || strchr(more, name.data[i]) == NULL))
			return false;
	return name.size > 0;
}

struct feed *feed_of_docker(struct slice what, const struct intake_options *options, struct error *error)
{
	if (!is_name(what, "_.-")) {
		error_set(error, ERROR_INPUT, "which container? As in docker:web-1");
		return NULL;
	}
	return open_stamped(&docker_kind, what, (struct slice){ 0 }, options, error);
}

struct feed *feed_of_kubectl(struct slice what, const struct intake_options *options, struct error *error)
{
	size_t colon = slice_find_byte(what, ':');
	struct slice name = colon == SIZE_MAX ? what : slice_from(what, colon + 1);
	struct slice name_space = colon == SIZE_MAX ? (struct slice){ 0 } : slice_first(what, colon);

	if ((colon != SIZE_MAX && !is_name(name_space, "-")) || !is_name(slice_first(name, 1), "") ||
		memchr(name.data, '\0', name.size) != NULL) {
		error_set(error, ERROR_INPUT,
			"which pods? As in kubectl:app=web, kubectl:NAMESPACE:app=web, kubectl:deployment/web");
		return NULL;
	}
	return open_stamped(&kubectl_kind, name, name_space, options, error);
}
