/*
 * What a file is, by its header: the columns of a CSV or the members of the first JSON object. Whatever has a message
 * or a level is a log, also when it carries the ids of a trace.
 */
#include "context/reader.h"

#define BOM "\xEF\xBB\xBF"

/* What was seen among the names. */
struct names {
	bool role[2][ROLE_COUNT]; /* in the words of metrics, of traces */
	bool log, lists, commit, deploy, webhook, alert_time, alert_value;
};

static bool is_any(struct slice name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_equal_nocase(name, slice_of(*words)))
			return true;
	return false;
}

#define IS_ANY(name, ...) is_any(name, (const char *const[]){ __VA_ARGS__, NULL })

static void see(struct names *names, struct slice name, bool opens_list)
{
	name = slice_trim(name);
	for (int traces = 0; traces < 2; traces++) {
		enum role role = role_of(name, traces == 1);

		if (role < ROLE_COUNT)
			names->role[traces][role] = true;
	}
	names->log = names->log || IS_ANY(name, "message", "msg", "level", "severity_text", "loglevel", "log");
	names->lists = names->lists || (opens_list && IS_ANY(name, "commits", "deploys", "flags"));
	names->commit = names->commit || IS_ANY(name, "files_changed", "diff");
	names->deploy = names->deploy || IS_ANY(name, "commit_sha");
	names->webhook = names->webhook || (opens_list && IS_ANY(name, "alerts"));
	names->alert_time = names->alert_time || IS_ANY(name, "fired_at");
	names->alert_value = names->alert_value || IS_ANY(name, "threshold", "observed", "monitor");
}

static bool has_duration(const bool *role)
{
	return role[ROLE_END] || role[ROLE_DURATION_NS] || role[ROLE_DURATION_US] || role[ROLE_DURATION_MS];
}

static enum context_kind judge(const struct names *names)
{
	const bool *metrics = names->role[0], *traces = names->role[1];

	if (names->lists || names->commit || names->deploy)
		return CONTEXT_CHANGES;
	if (names->webhook || (names->alert_time && names->alert_value))
		return CONTEXT_ALERTS;
	if (names->log)
		return CONTEXT_NONE;
	if (traces[ROLE_TRACE] && traces[ROLE_SPAN] && traces[ROLE_TIME] && has_duration(traces))
		return CONTEXT_TRACES;
	if (metrics[ROLE_TIME] && metrics[ROLE_METRIC] && metrics[ROLE_VALUE])
		return CONTEXT_METRICS;
	return CONTEXT_NONE;
}

static void see_row(void *context, const struct csv_row *row)
{
	struct names *names = context;

	for (size_t i = 0; i < row->count; i++)
		see(names, row->fields[i], false);
}

static enum context_kind recognize_csv(struct slice head)
{
	struct names names = { 0 };
	size_t end = slice_find_byte(head, '\n');
	struct csv *csv = end != SIZE_MAX ? csv_create(CONTEXT_HEAD, 0, 1, see_row, &names) : NULL;
	bool whole = csv != NULL && csv_feed(csv, slice_first(head, end + 1)) == 0 && csv_finish(csv) == 0;

	csv_destroy(csv);
	return whole && !names.lists && !names.commit && !names.deploy ? judge(&names) : CONTEXT_NONE;
}

static size_t skip_space(struct slice text, size_t at)
{
	while (at < text.size &&
		(text.data[at] == ' ' || text.data[at] == '\t' || text.data[at] == '\r' || text.data[at] == '\n'))
		at++;
	return at;
}

/* From behind the opening quote to behind the closing one, or to the end. */
static size_t skip_string(struct slice text, size_t at)
{
	while (at < text.size && text.data[at] != '"')
		at += text.data[at] == '\\' ? 2 : 1;
	return at < text.size ? at + 1 : text.size;
}

/* Names the members of the first object, as far as the head goes. */
static enum context_kind recognize_json(struct slice head)
{
	struct names names = { 0 };
	size_t at = skip_space(head, head.data[0] == '[' ? 1 : 0);
	size_t depth = 0;

	if (at >= head.size || head.data[at] != '{')
		return CONTEXT_NONE;
	while (at < head.size) {
		char byte = head.data[at++];

		if (byte == '{' || byte == '[') {
			depth++;
		} else if ((byte == '}' || byte == ']') && --depth == 0) {
			break;
		} else if (byte == '"') {
			size_t start = at;

			at = skip_string(head, at);
			size_t colon = skip_space(head, at), value = skip_space(head, colon + 1);
			if (depth == 1 && colon < head.size && head.data[colon] == ':')
				see(&names, slice_first(slice_from(head, start), at - start - 1),
					value < head.size && head.data[value] == '[');
		}
	}
	return judge(&names);
}

enum context_kind context_recognize(struct slice head)
{
	head = slice_first(head, CONTEXT_HEAD);
	if (slice_starts(head, BOM))
		head = slice_from(head, 3);
	head = slice_from(head, skip_space(head, 0));
	if (head.size == 0)
		return CONTEXT_NONE;
	return head.data[0] == '{' || head.data[0] == '[' ? recognize_json(head) : recognize_csv(head);
}
