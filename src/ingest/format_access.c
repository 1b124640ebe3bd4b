/*
 * Access logs of nginx and Apache httpd, common and combined, with or without a virtual host in front.
 *
 *     192.0.2.1 - frank [10/Oct/2025:13:55:36 +0200] "GET /cart HTTP/1.1" 502 157 "https://shop.example/" "Mozilla/5.0"
 *
 * The message is the request with its answer; who asked from where, which differs on every line, is in the fields.
 */
#include <string.h>

#include "ingest/format_rows.h"

#define LEAST_SHARE 30

static bool take_word(struct slice *rest, struct slice *word)
{
	size_t end = slice_find_byte(*rest, ' ');

	if (end == 0 || end == SIZE_MAX)
		return false;
	*word = slice_first(*rest, end);
	*rest = slice_from(*rest, end + 1);
	return true;
}

/* "..." with escaped quotes inside; the blank behind it is taken too. */
static bool take_quoted(struct slice *rest, struct slice *text)
{
	size_t end = 1;

	if (rest->size < 2 || rest->data[0] != '"')
		return false;
	while (end < rest->size && rest->data[end] != '"')
		end += rest->data[end] == '\\' ? 2 : 1;
	if (end >= rest->size)
		return false;
	*text = slice_first(slice_from(*rest, 1), end - 1);
	*rest = slice_from(*rest, end + 1);
	if (rest->size > 0 && rest->data[0] == ' ')
		*rest = slice_from(*rest, 1);
	return true;
}

static void add(struct row *row, const char *name, struct slice value)
{
	if (value.size > 0 && !slice_is(value, "-"))
		row_add_field(row, slice_of(name), value);
}

static void add_request(struct row *row, struct slice request)
{
	struct slice method, path;

	if (!take_word(&request, &method))
		return;
	if (!take_word(&request, &path)) {
		path = request;
		request = (struct slice){ 0 };
	}
	add(row, "method", method);
	add(row, "path", path);
	add(row, "protocol", request);
}

/* Everything up to the time: [vhost] remote ident user. */
static bool take_front(struct slice *rest, struct row *row)
{
	struct slice words[4];
	size_t count = 0;

	while (count < 4 && rest->size > 0 && rest->data[0] != '[')
		if (!take_word(rest, &words[count++]))
			return false;
	if (count < 3 || rest->size == 0 || rest->data[0] != '[')
		return false;
	if (count == 4)
		add(row, "vhost", words[0]);
	add(row, "remote", words[count - 3]);
	add(row, "user", words[count - 1]);
	*rest = slice_from(*rest, 1);
	return true;
}

static bool take_status(struct slice *rest, struct row *row)
{
	struct slice status, bytes;
	uint64_t number;
	size_t end;

	if (!take_word(rest, &status) || status.size != 3 || !slice_to_u64(status, &number))
		return false;
	end = slice_find_byte(*rest, ' ');
	bytes = slice_first(*rest, end);
	*rest = end == SIZE_MAX ? (struct slice){ rest->data + rest->size, 0 } : slice_from(*rest, end + 1);
	if (!slice_is(bytes, "-") && !slice_to_u64(bytes, &number))
		return false;
	row->level = status.data[0] == '5' ? LEVEL_ERROR : status.data[0] == '4' ? LEVEL_WARN : LEVEL_INFO;
	add(row, "status", status);
	add(row, "bytes", bytes);
	row->message.size = (size_t)(bytes.data + bytes.size - row->message.data);
	return true;
}

static bool parse_line(struct slice line, const struct when *when, struct row *row)
{
	struct slice rest = line;
	struct slice request, referer, agent;
	size_t used;

	row_clear(row);
	if (!take_front(&rest, row) ||
		!time_layout_read(slice_of("dd/MMM/yyyy:HH:mm:ss Z"), rest, when, &row->time, &used))
		return false;
	rest = slice_from(rest, used);
	if (!slice_starts(rest, "] \""))
		return false;
	rest = slice_from(rest, 2);
	row->message.data = rest.data;
	if (!take_quoted(&rest, &request) || !take_status(&rest, row))
		return false;
	add_request(row, request);
	if (!take_quoted(&rest, &referer) || !take_quoted(&rest, &agent))
		return true;
	add(row, "referer", referer);
	add(row, "agent", agent);
	add(row, "rest", slice_trim(rest));
	return true;
}

static bool line_fits(const void *context, struct slice line, const struct when *when)
{
	struct row row;

	(void)context;
	return parse_line(line, when, &row);
}

static unsigned access_fit(const struct format *format, struct slice sample, const struct when *when)
{
	unsigned share = format_share(sample, when, line_fits, NULL);

	(void)format;
	return share >= LEAST_SHARE ? share : 0;
}

static void access_parse(struct parser *parser, struct slice raw, struct row *row)
{
	if (!parse_line(raw, &parser->when, row))
		row_unparsed(row, raw);
}

const struct format format_access = {
	.name = "access",
	.summary = "access logs of nginx and Apache httpd, common and combined; 5xx is an error, 4xx a warning",
	.wording = WORDING_VERBATIM,
	.fit = access_fit,
	.parse = access_parse,
};
