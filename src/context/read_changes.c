#include "context/reader.h"

#define FILES_MAXIMUM 1024 /* of one commit; more are not kept */

static struct slice text_of(const struct json_value *object, const char *const *names, char number[32])
{
	for (; *names != NULL; names++) {
		struct slice text = json_scalar_text(json_member(object, *names), number);

		if (text.size > 0)
			return text;
	}
	return (struct slice){ 0 };
}

#define TEXT_OF(object, number, ...) text_of(object, (const char *const[]){ __VA_ARGS__, NULL }, number)

static size_t list_files(const struct json_value *list, struct slice *files)
{
	size_t count = 0;

	if (list == NULL)
		return 0;
	for (const struct json_value *file = json_first(list); file != NULL && count < FILES_MAXIMUM;
		file = json_next(file))
		if (json_value_kind(file) == JSON_STRING)
			files[count++] = json_value_string(file);
	return count;
}

static void put(
	struct context_reader *reader, enum change_event_kind kind, const struct json_value *object, uint64_t line)
{
	struct slice files[FILES_MAXIMUM];
	char numbers[6][32];
	struct change_event event = { .kind = kind, .time = TIMESTAMP_NONE };
	struct slice time = TEXT_OF(object, numbers[0], "timestamp", "time", "date", "at");

	event.sha = TEXT_OF(object, numbers[1], "sha", "commit_sha", "commit", "revision");
	event.service = TEXT_OF(object, numbers[2], "service", "app");
	event.author = TEXT_OF(object, numbers[3], "author", "actor", "user", "by");
	if (kind == CHANGE_COMMIT) {
		event.title = TEXT_OF(object, numbers[4], "message", "title", "subject");
		event.detail = TEXT_OF(object, numbers[5], "diff", "patch");
	} else if (kind == CHANGE_DEPLOY) {
		event.title = TEXT_OF(object, numbers[4], "version", "tag", "image");
		event.detail = TEXT_OF(object, numbers[5], "message", "description");
	} else {
		event.title = TEXT_OF(object, numbers[4], "flag", "name", "key");
		event.detail = TEXT_OF(object, numbers[5], "change", "value", "description");
	}
	event.file_count = list_files(json_member(object, "files_changed"), files);
	if (event.file_count == 0)
		event.file_count = list_files(json_member(object, "files"), files);
	event.files = files;
	if (time.size > 0 && !reader_time(reader, time, &event.time))
		reader_bad(reader, line, "\"%.*s\" is no time", (int)slice_first(time, 40).size, time.data);
	else if (event.sha.size == 0 && event.title.size == 0)
		reader_bad(reader, line, "a %s without sha, version or name", change_event_kind_name(kind));
	else
		reader_kept(reader, line, changes_add(&reader->context->changes, &event));
}

static void put_list(
	struct context_reader *reader, enum change_event_kind kind, const struct json_value *list, uint64_t line)
{
	if (list == NULL)
		return;
	for (const struct json_value *object = json_first(list); object != NULL; object = json_next(object)) {
		if (json_value_kind(object) == JSON_OBJECT)
			put(reader, kind, object, line);
		else
			reader_bad(reader, line, "a %s is a JSON object", change_event_kind_name(kind));
	}
}

/* What a change that stands alone is: what it says, else what it has. */
static enum change_event_kind kind_of(const struct json_value *object)
{
	char number[32];
	struct slice said = TEXT_OF(object, number, "kind", "type");

	for (int kind = CHANGE_COMMIT; kind <= CHANGE_FLAG; kind++)
		if (slice_find_nocase(said, slice_of(change_event_kind_name((enum change_event_kind)kind))) != SIZE_MAX)
			return (enum change_event_kind)kind;
	if (json_member(object, "flag") != NULL)
		return CHANGE_FLAG;
	return json_member(object, "version") != NULL || json_member(object, "commit_sha") != NULL ? CHANGE_DEPLOY
												   : CHANGE_COMMIT;
}

static void item(struct context_reader *reader, const struct json_value *root, uint64_t line)
{
	const struct json_value *commits = json_member(root, "commits");
	const struct json_value *deploys = json_member(root, "deploys");
	const struct json_value *flags = json_member(root, "flags");

	if (commits == NULL && deploys == NULL && flags == NULL) {
		put(reader, kind_of(root), root, line);
		return;
	}
	put_list(reader, CHANGE_COMMIT, commits, line);
	put_list(reader, CHANGE_DEPLOY, deploys, line);
	put_list(reader, CHANGE_FLAG, flags, line);
}

const struct kind_row context_changes_kind = {
	.name = "changes",
	.format = "JSON: an object of lists, \"commits\" (sha, author, timestamp, message, files_changed, diff), "
		  "\"deploys\" (timestamp, service, version, commit_sha) and \"flags\" (timestamp, service, flag, "
		  "change, actor); or such objects in an array or one a line, with a member kind that says commit, "
		  "deploy or flag.",
	.item = item,
};
