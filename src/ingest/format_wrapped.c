/*
 * Logs of containers: whoever collects them puts something in front of each line. It is taken off, what it tells (time,
 * service, pod) is used, and what stands behind it is read in a format of its own, found in the same first lines.
 *
 * Several programs may share one file, as under `docker compose logs`; so up to two formats are found for what stands
 * behind the prefix, and any text is read when neither fits.
 */
#include <stdio.h>
#include <string.h>

#include "ingest/format_rows.h"
#include "ingest/join.h"
#include "ingest/json_scan.h"

#define LEAST_SHARE 80

/* A line without its prefix. */
struct piece {
	struct slice head; /* what lines of one origin have in common: the program's name, or its stream */
	struct slice text;
	int64_t time;
	struct slice service;
	struct store_field fields[3];
	size_t field_count;
	bool is_partial; /* the next line goes on in the middle of this one */
};

typedef bool (*unwrap_fn)(struct slice line, const struct when *when, struct piece *piece);

static void add(struct piece *piece, const char *name, struct slice value)
{
	piece->fields[piece->field_count++] = (struct store_field){ slice_of(name), value };
}

/* --- docker's json-file: {"log":"text\n","stream":"stdout","time":"..."} ------------------------------------------ */

/* Between two quotes behind `name`, as written; the text first, so that no word inside of it misleads. */
static bool find_string(struct slice *rest, const char *name, struct slice *value)
{
	size_t at = slice_find(*rest, slice_of(name));
	size_t end;

	if (at == SIZE_MAX)
		return false;
	*rest = slice_from(*rest, at + strlen(name));
	for (end = 0; end < rest->size && rest->data[end] != '"'; end++)
		end += rest->data[end] == '\\';
	if (end >= rest->size)
		return false;
	*value = slice_first(*rest, end);
	*rest = slice_from(*rest, end + 1);
	return true;
}

static bool unwrap_docker(struct slice line, const struct when *when, struct piece *piece)
{
	struct slice rest = line;
	struct slice time;

	if (!slice_starts(line, "{\"log\":\"") || !slice_ends(line, "}") ||
		!find_string(&rest, "{\"log\":\"", &piece->text) ||
		!find_string(&rest, "\"stream\":\"", &piece->head) || !find_string(&rest, "\"time\":\"", &time) ||
		!timestamp_parse(time, &when->zone, &piece->time))
		return false;
	piece->is_partial = !slice_ends(piece->text, "\\n");
	if (!piece->is_partial)
		piece->text.size -= 2;
	add(piece, "stream", piece->head);
	return true;
}

/* --- docker compose: "web-1  | text" ------------------------------------------------------------------------------ */

static bool is_name_byte(char byte)
{
	return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
		byte == '_' || byte == '.';
}

/* "web-1" -> "web" */
static struct slice without_number(struct slice name)
{
	size_t size = name.size;

	while (size > 0 && name.data[size - 1] >= '0' && name.data[size - 1] <= '9')
		size--;
	if (size < name.size && size > 1 && (name.data[size - 1] == '-' || name.data[size - 1] == '_'))
		return slice_first(name, size - 1);
	return name;
}

static bool unwrap_compose(struct slice line, const struct when *when, struct piece *piece)
{
	size_t size = 0;
	size_t bar;

	(void)when;
	while (size < line.size && is_name_byte(line.data[size]))
		size++;
	bar = size;
	while (bar < line.size && line.data[bar] == ' ')
		bar++;
	if (size == 0 || (line.data[0] >= '0' && line.data[0] <= '9') || bar == size || bar >= line.size ||
		line.data[bar] != '|' || (bar + 1 < line.size && line.data[bar + 1] != ' '))
		return false;
	piece->head = slice_first(line, size);
	piece->service = without_number(piece->head);
	piece->text = slice_from(line, bar + 2);
	add(piece, "container", piece->head);
	return true;
}

/* --- kubectl logs --prefix: "[pod/NAME/CONTAINER] text" ----------------------------------------------------------- */

static bool unwrap_kubectl(struct slice line, const struct when *when, struct piece *piece)
{
	size_t end = slice_starts(line, "[pod/") ? slice_find_byte(line, ']') : SIZE_MAX;
	struct slice head = end != SIZE_MAX ? slice_first(slice_from(line, 5), end - 5) : (struct slice){ 0 };
	size_t slash = slice_find_byte(head, '/');

	(void)when;
	if (slash == 0 || slash == SIZE_MAX || (end + 1 < line.size && line.data[end + 1] != ' '))
		return false;
	piece->head = head;
	piece->service = slice_from(piece->head, slash + 1);
	piece->text = slice_from(line, end + 2);
	add(piece, "pod", slice_first(piece->head, slash));
	add(piece, "container", piece->service);
	return true;
}

/* --- Kubernetes' CRI: "2025-01-01T00:00:00.000000000Z stdout F text", also before kubectl's prefix --------------- */

static bool unwrap_cri(struct slice line, const struct when *when, struct piece *piece)
{
	struct slice rest;
	size_t used;

	if (!timestamp_parse_prefix(line, &when->zone, &piece->time, &used))
		return false;
	rest = slice_from(line, used);
	rest = slice_from(rest, 1);
	if (!slice_starts(rest, "stdout ") && !slice_starts(rest, "stderr ") && !slice_starts(rest, "- "))
		return false;
	slice_next(&rest, ' ', &piece->head);
	if (rest.size < 1 || (rest.data[0] != 'F' && rest.data[0] != 'P') || (rest.size > 1 && rest.data[1] != ' '))
		return false;
	piece->is_partial = rest.data[0] == 'P';
	piece->text = slice_from(rest, 2);
	if (piece->head.size > 1) /* "-": nobody knows */
		add(piece, "stream", piece->head);
	unwrap_kubectl(piece->text, when, piece);
	return true;
}

/* --- what they share ---------------------------------------------------------------------------------------------- */

static unwrap_fn unwrap_of(const struct format *format)
{
	static const unwrap_fn functions[] = { unwrap_cri, unwrap_docker, unwrap_compose, unwrap_kubectl };

	return functions[format - formats_wrapped.rows];
}

static bool unwrap(const struct format *format, struct slice line, const struct when *when, struct piece *piece)
{
	*piece = (struct piece){ .time = TIMESTAMP_NONE };
	return unwrap_of(format)(line, when, piece);
}

/* Appends the text of a piece at `out`, which has room for it; docker's is still escaped. Returns what was appended. */
static size_t put_text(const struct format *format, const struct piece *piece, char *out)
{
	if (unwrap_of(format) == unwrap_docker)
		return json_unescape(piece->text, out);
	if (piece->text.size > 0)
		memcpy(out, piece->text.data, piece->text.size);
	return piece->text.size;
}

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	struct piece piece;

	return unwrap(context, line, when, &piece);
}

static unsigned wrapped_fit(const struct format *format, struct slice sample, const struct when *when)
{
	unsigned share = format_share(sample, when, line_fits, format);

	return share >= LEAST_SHARE ? share : 0;
}

/* The sample without its prefixes, in `out`, which has room for all of it. */
static struct slice unwrap_sample(const struct parser *parser, struct slice sample, char *out)
{
	struct slice line;
	size_t size = 0;

	while (format_next_line(&sample, &line)) {
		struct piece piece;

		if (!unwrap(parser->format, line, &parser->when, &piece))
			continue;
		size += put_text(parser->format, &piece, out + size);
		if (!piece.is_partial)
			out[size++] = '\n';
	}
	return (struct slice){ out, size };
}

/* Keeps those lines of a sample that the parser cannot read, in place. */
static struct slice keep_unread(struct parser *parser, char *text, size_t size)
{
	struct slice rest = { text, size };
	struct slice line;
	size_t kept = 0;

	while (format_next_line(&rest, &line)) {
		struct row row;

		parser_parse(parser, line, &row);
		if ((row.flags & RECORD_UNPARSED) == 0)
			continue;
		memmove(text + kept, line.data, line.size);
		kept += line.size;
		text[kept++] = '\n';
	}
	return (struct slice){ text, kept };
}

static bool add_inner(struct parser *parser, const struct format *format, struct slice sample)
{
	struct parser *inner = parser_create_inner(sample, format, &parser->when);

	if (inner == NULL)
		return false;
	parser->inner[parser->inner_count++] = inner;
	return true;
}

static int wrapped_begin(struct parser *parser, struct slice sample, struct error *error)
{
	struct slice rest = sample;
	char *text = scratch_room(&parser->unescaped, sample.size + 1);
	bool done = text != NULL;

	if (done)
		rest = unwrap_sample(parser, sample, text);
	while (done && parser->inner_count + 1 < FORMAT_MAXIMUM_INNER && rest.size > 0) {
		const struct format *format = format_choose(rest, NULL, &parser->when, true);

		if (format == &format_text)
			break;
		done = add_inner(parser, format, rest);
		if (done)
			rest = keep_unread(parser->inner[parser->inner_count - 1], text, rest.size);
	}
	if (!done || !add_inner(parser, &format_text, rest))
		return error_set(error, ERROR_MEMORY, "out of memory");
	if (parser->inner_count > 1)
		snprintf(parser->notice, sizeof(parser->notice), "behind the prefix: %s%s%s",
			parser->inner[0]->format->name, parser->inner_count > 2 ? ", " : "",
			parser->inner_count > 2 ? parser->inner[1]->format->name : "");
	return 0;
}

static void parse_inner(struct parser *parser, struct slice text, struct row *row)
{
	for (size_t i = 0; i < parser->inner_count; i++) {
		parser_parse(parser->inner[i], text, row);
		if ((row->flags & RECORD_UNPARSED) == 0)
			return;
	}
}

static void wrapped_parse(struct parser *parser, struct slice raw, struct row *row)
{
	char *out = scratch_room(&parser->joined, raw.size + 1);
	struct piece first = { 0 };
	struct slice rest = raw;
	struct slice line;
	size_t size = 0;

	for (size_t lines = 0; out != NULL && format_next_line(&rest, &line); lines++) {
		struct piece piece;

		if (!unwrap(parser->format, line, &parser->when, &piece)) {
			if (lines == 0)
				break;
			piece.text = line;
		}
		if (lines == 0)
			first = piece;
		size += put_text(parser->format, &piece, out + size);
		if (!piece.is_partial && rest.size > 0)
			out[size++] = '\n';
	}
	if (first.head.data == NULL) {
		row_unparsed(row, raw);
		return;
	}
	parse_inner(parser, (struct slice){ out, size }, row);
	/* what collects knows its zone and its programs better than they do themselves */
	if (first.time != TIMESTAMP_NONE)
		row->time = first.time;
	if (first.service.size > 0) {
		if (row->service.size > 0)
			row_add_field(row, slice_of("component"), row->service);
		row->service = first.service;
	}
	for (size_t i = 0; i < first.field_count; i++)
		row_add_field(row, first.fields[i].name, first.fields[i].value);
}

/* A text as written, good enough to tell what is indented: an escaped tab counts as one. */
static struct slice plain(struct slice text)
{
	return slice_starts(text, "\\t") ? slice_of("\t...") : text;
}

static bool wrapped_joins(const struct parser *parser, struct slice first, struct slice previous, struct slice line)
{
	struct piece beginning, before, piece;

	if (!unwrap(parser->format, line, &parser->when, &piece) ||
		!unwrap(parser->format, previous, &parser->when, &before) ||
		!unwrap(parser->format, first, &parser->when, &beginning) || !slice_equal(piece.head, before.head))
		return false;
	if (before.is_partial)
		return true;
	return parser_can_join(parser->inner[0]) &&
		parser_joins(parser->inner[0], plain(beginning.text), plain(before.text), plain(piece.text));
}

#define WRAPPED(NAME, SUMMARY)                                                                                         \
	{                                                                                                              \
		.name = NAME, .summary = SUMMARY, .whole = true, .wraps = true, .fit = wrapped_fit,                    \
		.begin = wrapped_begin, .parse = wrapped_parse, .joins = wrapped_joins,                                \
	}

/* In the order of `unwrap_of`. */
static const struct format rows[] = {
	WRAPPED("cri", "Kubernetes' container logs: time stdout F, then lines of any other format"),
	WRAPPED("docker",
		"docker's json-file: {\"log\":...,\"stream\":...,\"time\":...}, with lines of any other format inside"),
	WRAPPED("compose", "docker compose logs: service-1  | and then lines of any other format"),
	WRAPPED("kubectl", "kubectl logs --prefix: [pod/NAME/CONTAINER] and then lines of any other format"),
};

const struct format_list formats_wrapped = { rows, sizeof(rows) / sizeof(rows[0]) };
