#include "ingest/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_SIZE ((size_t)128 << 10)
#define TAR_MAGIC_AT 257

struct unpack {
	struct archive *archive;
	int fd;
	uint64_t origin;
	uint64_t size;
	uint64_t position; /* in the packed bytes */
	uint64_t given;    /* unpacked bytes so far */
	bool broken;
	bool begun; /* the first member was given */
	bool has_first;
	struct slice first; /* its name */
	char *input;
	struct slice block; /* unpacked, not yet given */
};

bool unpack_is_tar_head(struct slice head)
{
	return slice_starts(slice_from(head, TAR_MAGIC_AT), "ustar");
}

static const struct {
	const char *magic;
	const char *command;
} packers[] = {
	{ "\x1F\x8B\x08", "exec gzip -dc" },
	{ "BZh", "exec bzip2 -dc" },
	{ "\xFD\x37\x7A\x58\x5A", "exec xz -dc" },
	{ "\x28\xB5\x2F\xFD", "exec zstd -dc" },
};

static const char *find_command(struct slice head)
{
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (slice_starts(head, packers[i].magic))
			return packers[i].command;
	return NULL;
}

bool unpack_knows(struct slice head)
{
	return find_command(head) != NULL || unpack_is_tar_head(head);
}

static la_ssize_t on_input(struct archive *archive, void *context, const void **bytes)
{
	struct unpack *unpack = context;
	uint64_t left = unpack->size - unpack->position;
	ssize_t got;

	*bytes = unpack->input;
	do
		got = pread(unpack->fd, unpack->input, left < INPUT_SIZE ? (size_t)left : INPUT_SIZE,
			(off_t)(unpack->origin + unpack->position));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		archive_set_error(archive, errno, "%s", strerrordesc_np(errno));
	else
		unpack->position += (uint64_t)got;
	return got;
}

static la_int64_t on_skip(struct archive *archive, void *context, la_int64_t wanted)
{
	struct unpack *unpack = context;
	uint64_t left = unpack->size - unpack->position;
	uint64_t skipped = (uint64_t)wanted < left ? (uint64_t)wanted : left;

	(void)archive;
	unpack->position += skipped;
	return (la_int64_t)skipped;
}

static struct slice member_name(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (name == NULL)
		name = archive_entry_pathname_utf8(entry);
	while (name != NULL && name[0] == '.' && name[1] == '/')
		name += 2;
	return slice_of(name);
}

static bool find_next(struct unpack *unpack, struct slice *name)
{
	*name = unpack->block = (struct slice){ 0 };
	while (!unpack->broken) {
		struct archive_entry *entry;
		int result = archive_read_next_header(unpack->archive, &entry);

		if (result == ARCHIVE_EOF)
			return false;
		if (result == ARCHIVE_RETRY)
			continue;
		if (result < ARCHIVE_WARN) {
			unpack->broken = true;
			break;
		}
		if (!unpack_is_tar(unpack))
			return true;
		if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != NULL)
			continue;
		*name = member_name(entry);
		return true;
	}
	return false;
}

struct unpack *unpack_create(int fd, uint64_t origin, uint64_t size, struct error *error)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));

	if (unpack == NULL) {
		close(fd);
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	*unpack = (struct unpack){ .archive = archive_read_new(), .fd = fd, .origin = origin, .size = size };
	unpack->input = malloc(INPUT_SIZE);
	if (unpack->archive == NULL || unpack->input == NULL) {
		unpack_destroy(unpack);
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	archive_read_support_filter_gzip(unpack->archive);
	archive_read_support_filter_bzip2(unpack->archive);
	archive_read_support_filter_xz(unpack->archive);
	archive_read_support_filter_zstd(unpack->archive);
	archive_read_support_format_tar(unpack->archive);
	archive_read_support_format_raw(unpack->archive);
	archive_read_support_format_empty(unpack->archive);
	archive_read_set_read_callback(unpack->archive, on_input);
	archive_read_set_skip_callback(unpack->archive, on_skip);
	archive_read_set_callback_data(unpack->archive, unpack);
	unpack->broken = archive_read_open1(unpack->archive) < ARCHIVE_WARN;
	unpack->has_first = find_next(unpack, &unpack->first);
	return unpack;
}

void unpack_destroy(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	archive_read_free(unpack->archive); /* NULL is fine */
	close(unpack->fd);
	free(unpack->input);
	free(unpack);
}

bool unpack_next(struct unpack *unpack, struct slice *name)
{
	if (unpack->begun)
		return find_next(unpack, name);
	unpack->begun = true;
	*name = unpack->first;
	return unpack->has_first;
}

bool unpack_is_tar(const struct unpack *unpack)
{
	return (archive_format(unpack->archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
}

/* Block by block: a larger read that meets a break would lose what it had got before. */
static void unpack_block(struct unpack *unpack)
{
	const void *bytes;
	size_t size = 0;
	la_int64_t offset;
	int result = ARCHIVE_OK;

	while (!unpack->broken && size == 0 && result != ARCHIVE_EOF) {
		result = archive_read_data_block(unpack->archive, &bytes, &size, &offset);
		unpack->broken = result < ARCHIVE_WARN && result != ARCHIVE_RETRY;
	}
	if (!unpack->broken && size > 0)
		unpack->block = (struct slice){ bytes, size };
}

int64_t unpack_read(struct unpack *unpack, char *out, size_t size)
{
	if (unpack->block.size == 0)
		unpack_block(unpack);
	if (size > unpack->block.size)
		size = unpack->block.size;
	if (size > 0)
		memcpy(out, unpack->block.data, size);
	unpack->block = slice_from(unpack->block, size);
	unpack->given += size;
	return (int64_t)size;
}

int unpack_verdict(const struct unpack *unpack, bool got_any, struct error *sentence)
{
	const char *words;

	if (!unpack->broken)
		return 0;
	words = archive_error_string(unpack->archive);
	error_set(sentence, ERROR_INPUT, "broken archive (%s): %s", words != NULL ? words : "unreadable",
		got_any ? "what came before is kept" : "nothing could be read");
	return ERROR_INPUT;
}

const char *unpack_rescue(struct unpack *unpack, int *fd, uint64_t *given)
{
	char head[UNPACK_HEAD];
	ssize_t got;

	/* part of a file cannot be given to a command as its input */
	if (!unpack->broken || unpack_is_tar(unpack) || unpack->size != UINT64_MAX)
		return NULL;
	got = pread(unpack->fd, head, sizeof(head), 0);
	if (got <= 0 || lseek(unpack->fd, 0, SEEK_SET) != 0)
		return NULL;
	*fd = unpack->fd;
	*given = unpack->given;
	return find_command((struct slice){ head, (size_t)got });
}
