/*
 * systemd's journal, the running one or one that was saved, through libsystemd. The one file that knows it.
 *
 * Entries come in the journal's export format, as `journalctl -o export` writes them, so that they are read like a file
 * of that kind. A folder, or the running journal, tells when there is more; a single file is looked at again.
 */
#include "ingest/feed_journal.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>

#include "tocsin/base/buffer.h"
#include "tocsin/base/timestamp.h"

#define FIELD_MAXIMUM ((size_t)256 << 10) /* bytes of one value that are asked for */
#define ENTRY_MAXIMUM ((size_t)1 << 20)   /* bytes of one entry; fields beyond it are left out */
#define FIRST_FIELD "\n__CURSOR="         /* where a reader of the export format sees a new entry */

struct journal_feed {
	struct feed feed;
	sd_journal *journal;
	int fd; /* readable when there may be more; -1: there is nothing to wait for */
	bool follows;
	int failed; /* an errno */
	uint64_t damaged;    /* entries that could not be read */
	struct buffer entry; /* exported, */
	size_t given;        /* of which these bytes were given */
};

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* A value that would break the format's lines stands behind its size. */
static bool is_plain(struct slice value)
{
	for (size_t i = 0; i < value.size; i++)
		if ((unsigned char)value.data[i] < ' ' && value.data[i] != '\t')
			return false;
	return true;
}

/* A log is hostile: a value must not pretend that another entry begins within it, so a blank is put there. */
static void append_harmless(struct buffer *out, struct slice value)
{
	size_t at;

	while ((at = slice_find(value, slice_of(FIRST_FIELD))) != SIZE_MAX) {
		buffer_append_slice(out, slice_first(value, at + 1));
		buffer_append_byte(out, ' ');
		value = slice_from(value, at + 1);
	}
	buffer_append_slice(out, value);
}

static void append_binary(struct buffer *out, struct slice name, struct slice value)
{
	uint64_t size;
	size_t place;

	buffer_append_slice(out, name);
	buffer_append_byte(out, '\n');
	place = out->size;
	buffer_append(out, &(uint64_t){ 0 }, sizeof(size));
	append_harmless(out, value);
	if (out->failed != 0)
		return;
	size = htole64(out->size - place - sizeof(size));
	memcpy(out->data + place, &size, sizeof(size));
}

static void append_field(struct buffer *out, struct slice field)
{
	size_t equals = slice_find_byte(field, '=');
	size_t start = out->size;

	if (equals == SIZE_MAX)
		return;
	if (is_plain(slice_from(field, equals + 1)))
		buffer_append_slice(out, field);
	else
		append_binary(out, slice_first(field, equals), slice_from(field, equals + 1));
	buffer_append_byte(out, '\n');
	if (out->failed == ERROR_FULL) {
		buffer_truncate(out, start);
		out->failed = 0;
	}
}

static int export_entry(struct journal_feed *journal)
{
	struct buffer *out = &journal->entry;
	const void *data;
	char *cursor = NULL;
	uint64_t time;
	size_t size;
	int result = sd_journal_get_realtime_usec(journal->journal, &time);

	buffer_clear(out);
	journal->given = 0;
	if (result < 0 || (result = sd_journal_get_cursor(journal->journal, &cursor)) < 0)
		return result;
	buffer_append_format(out, "%s%s\n__REALTIME_TIMESTAMP=%llu\n", FIRST_FIELD + 1, cursor,
		(unsigned long long)time);
	free(cursor);
	sd_journal_restart_data(journal->journal);
	while ((result = sd_journal_enumerate_available_data(journal->journal, &data, &size)) > 0)
		append_field(out, (struct slice){ data, size });
	buffer_append_byte(out, '\n');
	return out->failed != 0 ? -ENOMEM : result;
}

/* The next entry that can be read: 1, 0 at the end, or an error below 0. */
static int step(struct journal_feed *journal)
{
	int result;

	while ((result = sd_journal_next(journal->journal)) > 0) {
		result = export_entry(journal);
		if (result == 0)
			return 1;
		if (result == -ENOMEM)
			return result;
		buffer_clear(&journal->entry); /* one that is damaged must not hide the others */
		journal->damaged++;
		error_set(&journal->feed.news, ERROR_INPUT, "%llu damaged entries of the journal are left out",
			(unsigned long long)journal->damaged);
	}
	return result;
}

static int64_t read_journal(struct feed *feed, char *out, size_t size)
{
	struct journal_feed *journal = (struct journal_feed *)feed;
	size_t done = 0;
	int result = 1;

	if (journal->fd >= 0 && journal->given == journal->entry.size)
		sd_journal_process(journal->journal); /* what is new is seen only so */
	while (done < size && result > 0) {
		struct slice left = slice_from(buffer_slice(&journal->entry), journal->given);
		struct slice piece = slice_first(left, size - done);

		if (piece.size > 0)
			memcpy(out + done, piece.data, piece.size);
		done += piece.size;
		journal->given += piece.size;
		if (piece.size == left.size)
			result = step(journal);
	}
	journal->failed = result < 0 ? -result : 0;
	if (done > 0)
		return (int64_t)done;
	return journal->follows && journal->failed == 0 ? 0 : FEED_ENDED;
}

static size_t wait_for_journal(const struct feed *feed, struct pollfd waits[FEED_WAITS])
{
	const struct journal_feed *journal = (const struct journal_feed *)feed;

	waits[0] = (struct pollfd){ .fd = journal->fd, .events = POLLIN };
	return journal->fd >= 0 && journal->follows ? 1 : 0;
}

static int judge(struct feed *feed, struct error *sentence)
{
	const struct journal_feed *journal = (const struct journal_feed *)feed;

	if (journal->failed != 0)
		return error_set(sentence, ERROR_INPUT, "the journal cannot be read on: %s",
			strerrordesc_np(journal->failed));
	if (journal->damaged > 0)
		return error_set(sentence, ERROR_INPUT, "%llu damaged entries of the journal are left out",
			(unsigned long long)journal->damaged);
	return 0;
}

static void destroy(struct feed *feed)
{
	struct journal_feed *journal = (struct journal_feed *)feed;

	sd_journal_close(journal->journal); /* NULL is fine */
	buffer_release(&journal->entry);
	free(journal);
}

static const struct feed_kind journal_kind = { read_journal, wait_for_journal, judge, destroy, .is_live = true };

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* "/var/log/journal:nginx": a path may itself hold a colon, so what is there decides. */
static void split(struct slice text, char *path, size_t size, struct slice *unit)
{
	const char *colon = memrchr(text.data, ':', text.size);
	struct stat status;

	slice_copy(text, path, size);
	*unit = (struct slice){ 0 };
	if (colon == NULL || stat(path, &status) == 0)
		return;
	slice_copy(slice_first(text, (size_t)(colon - text.data)), path, size);
	*unit = slice_from(text, (size_t)(colon + 1 - text.data));
}

/* 0 or an errno below 0. */
static int open_path(struct journal_feed *journal, const char *path)
{
	const char *const paths[] = { path, NULL };
	struct stat status;

	if (stat(path, &status) != 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? sd_journal_open_directory(&journal->journal, path, 0)
				       : sd_journal_open_files(&journal->journal, (const char **)(uintptr_t)paths, 0);
}

static int open_running(struct journal_feed *journal)
{
	int result = sd_journal_open(&journal->journal, SD_JOURNAL_LOCAL_ONLY);

	if (result < 0)
		return result;
	return sd_journal_has_persistent_files(journal->journal) > 0 ||
			sd_journal_has_runtime_files(journal->journal) > 0
		? 0
		: -ENOENT; /* also what may not be read is as if it were not there */
}

/* What the unit says, and what the manager says of it. */
static int match_unit(struct journal_feed *journal, struct slice unit)
{
	const char *suffix = slice_find_byte(unit, '.') == SIZE_MAX ? ".service" : "";
	char own[320];
	char manager[320];
	int result;

	if (unit.size == 0)
		return 0;
	snprintf(own, sizeof(own), "_SYSTEMD_UNIT=%.*s%s", (int)slice_first(unit, 256).size, unit.data, suffix);
	snprintf(manager, sizeof(manager), "UNIT=%.*s%s", (int)slice_first(unit, 256).size, unit.data, suffix);
	result = sd_journal_add_match(journal->journal, own, 0);
	if (result >= 0)
		result = sd_journal_add_disjunction(journal->journal);
	if (result >= 0)
		result = sd_journal_add_match(journal->journal, manager, 0);
	if (result >= 0)
		result = sd_journal_add_match(journal->journal, "_PID=1", 0);
	return result;
}

static int begin(struct journal_feed *journal, struct slice what)
{
	char path[4096];
	struct slice unit = what;
	int result;

	if (slice_find_byte(what, '/') != SIZE_MAX) {
		split(what, path, sizeof(path), &unit);
		result = open_path(journal, path);
	} else {
		result = open_running(journal);
	}
	if (result < 0 || (result = match_unit(journal, unit)) < 0)
		return result;
	sd_journal_set_data_threshold(journal->journal, FIELD_MAXIMUM);
	journal->fd = journal->follows ? sd_journal_get_fd(journal->journal) : -1; /* of single files there is none */
	return sd_journal_seek_head(journal->journal);
}

struct feed *feed_of_journal(struct slice what, const struct intake_options *options, struct error *error)
{
	struct journal_feed *journal = calloc(1, sizeof(*journal));
	int result;

	if (journal == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	*journal = (struct journal_feed){ .feed.kind = &journal_kind, .fd = -1, .follows = options->follow };
	buffer_init(&journal->entry, ENTRY_MAXIMUM);
	result = begin(journal, what);
	if (result >= 0)
		return &journal->feed;
	destroy(&journal->feed);
	if (result == -ENOENT && slice_find_byte(what, '/') == SIZE_MAX)
		error_set(error, ERROR_ABSENT,
			"there is no journal that you may read: be root or in the group systemd-journal");
	else if (result == -ENOENT)
		error_set(error, ERROR_ABSENT, "there is no such file");
	else
		error_set(error, ERROR_SYSTEM, "%s", result == -EBADMSG || result == -ENODATA || result == -EPROTONOSUPPORT
				? "this is no journal, or one that is damaged or too new"
				: strerrordesc_np(-result));
	return NULL;
}
