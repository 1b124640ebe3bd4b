/*
 * A file on another machine, by ssh and nothing but a POSIX shell over there.
 *
 * A script keeps the file open and gives what is added to it; a second name under the old one (rotation) and a shorter
 * file (truncation) make it begin again. It puts a mark, which no log can know, before the bytes of each file, with the
 * file's inode and the offset at which they begin. So the offset of the next byte is known at every moment, and after
 * a break it is asked for, together with a checksum of the file's beginning: if the file was rotated meanwhile, the
 * rest of the old one comes first.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "ingest/far.h"

#define HEAD_MAXIMUM 1024
#define MARK_SIZE 32

/* Arguments: path, mark, inode, offset, size of the head, its checksum, "f" to follow. Without single
   quotes and on one line: it is itself an argument in quotes, whatever the shell. Descriptor 3 is the file; 4 ends
   when we leave, and so does the script then. */
static const char script[] =
	"set -f; f=$1 m=$2 i=$3 n=$4 h=$5 c=$6; "
	"id() { set -- $(ls -Lid -- \"$f\" 2>/dev/null); echo \"$1\"; }; "
	"sum() { set -- $(head -c \"$h\" -- \"$f$1\" 2>/dev/null | cksum); echo \"$1\"; }; "
	"size() { set -- $(wc -c 2>/dev/null <\"$f\" || echo 0); echo \"$1\"; }; "
	"from() { tail -c \"+$(($1 + 1))\"; }; "
	"mark() { printf \"%s %s %s\\n\" \"$m\" \"$1\" \"$2\"; }; "
	"if [ \"$7\" = f ]; then "
	"exec 4<&0; p=$$; "
	"(cat >/dev/null; kill \"$p\") <&4 >/dev/null 2>&1 & "
	"w=$!; trap \"kill $w 2>/dev/null\" EXIT; trap \"exit 1\" TERM HUP PIPE; "
	"[ -r \"$f\" ] || mark - 0; "
	"until [ -r \"$f\" ]; do sleep 1; done; "
	"fi; "
	"a=0; "
	"if [ \"$n\" -gt 0 ]; then "
	"if [ \"$(id)\" = \"$i\" ] && [ \"$(size)\" -ge \"$n\" ] && [ \"$(sum)\" = \"$c\" ]; then a=$n; "
	"elif [ -r \"$f.1\" ] && [ \"$(sum .1)\" = \"$c\" ]; then mark \"$i\" \"$n\"; from \"$n\" <\"$f.1\"; fi; "
	"fi; "
	"while exec 3<\"$f\"; do "
	"i=$(id); s=$(size); mark \"$i\" \"$a\"; "
	"from \"$a\" <&3; [ \"$7\" = f ] || exit 0; "
	"while sleep 1; do "
	"j=$(id); z=$(size); "
	"if [ -z \"$j\" ]; then cat <&3; continue; fi; "
	"if [ \"$j\" != \"$i\" ]; then sleep 1; cat <&3; break; fi; "
	"[ \"$z\" -ge \"$s\" ] || break; "
	"[ \"$z\" -eq \"$s\" ] || cat <&3; "
	"s=$z; "
	"done; "
	"a=0; "
	"done; "
	"exit 1";

struct ssh {
	struct far far;
	char *host;
	char *path;
	char mark[MARK_SIZE + 1];
	char inode[32];  /* of the file that is read, as the far side writes it; "" before any */
	uint64_t offset; /* of the next byte in it */
	char head[HEAD_MAXIMUM];
	size_t head_size;
	char last;           /* byte that was given */
	struct buffer carry; /* perhaps the beginning of a mark */
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

/* What POSIX' cksum prints: a CRC of the bytes and then of their number. */
static uint32_t checksum(const char *bytes, size_t size)
{
	uint32_t crc = 0;

	for (size_t i = 0, length = size; i < size || length > 0; i++) {
		uint32_t byte = i < size ? (unsigned char)bytes[i] : length & 0xFF;

		crc ^= byte << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x80000000U ? crc << 1 ^ 0x04C11DB7U : crc << 1;
		if (i >= size)
			length >>= 8;
	}
	return ~crc;
}

/* In single quotes, for any shell of the far side's user. */
static void append_quoted(struct buffer *out, const char *text)
{
	buffer_append_byte(out, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			buffer_append_string(out, "'\\''");
		else
			buffer_append_byte(out, *text);
	buffer_append_byte(out, '\'');
}

static void ask(struct far *far)
{
	struct ssh *ssh = (struct ssh *)far;
	struct buffer command;

	buffer_init(&command, 8000);
	buffer_append_string(&command, "exec sh -c ");
	append_quoted(&command, script);
	buffer_append_string(&command, " sh ");
	append_quoted(&command, ssh->path);
	buffer_append_format(&command, " %s '%s' %llu %zu %u %s", ssh->mark, ssh->inode,
		(unsigned long long)ssh->offset, ssh->head_size, checksum(ssh->head, ssh->head_size),
		far->follows ? "f" : "-");
	far_argument(far, "-T");
	for (size_t i = 0; i < 4; i++) {
		static const char *const options[] = { "BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15",
			"ServerAliveCountMax=2" };

		far_argument(far, "-o");
		far_argument(far, "%s", options[i]);
	}
	far_argument(far, "--");
	far_argument(far, "%s", ssh->host);
	far_argument(far, "%s", buffer_string(&command));
	if (command.failed != 0)
		far->arguments.failed = command.failed;
	buffer_release(&command);
}

static void begin(struct far *far)
{
	buffer_clear(&((struct ssh *)far)->carry);
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

static void give(struct ssh *ssh, struct slice bytes)
{
	struct slice head = slice_first(bytes, HEAD_MAXIMUM - ssh->head_size);

	if (bytes.size == 0)
		return;
	if (ssh->offset == ssh->head_size && head.size > 0) {
		memcpy(ssh->head + ssh->head_size, head.data, head.size);
		ssh->head_size += head.size;
	}
	buffer_append_slice(&ssh->far.out, bytes);
	ssh->offset += bytes.size;
	ssh->last = bytes.data[bytes.size - 1];
}

/* "INODE OFFSET" of the bytes that follow. */
static void take_mark(struct ssh *ssh, struct slice text)
{
	struct slice inode = { 0 };
	uint64_t offset = 0;

	slice_next(&text, ' ', &inode);
	slice_to_u64(text, &offset);
	if (slice_is(inode, "-")) {
		error_set(&ssh->far.remark, ERROR_STATE, "ssh: there is no such file there yet: it is waited for");
		return;
	}
	if (offset == ssh->offset && offset > 0 && slice_is(inode, ssh->inode)) {
		error_set(&ssh->far.remark, ERROR_STATE, "ssh: connected again, going on at byte %llu: nothing is lost",
			(unsigned long long)offset);
		return;
	}
	if (ssh->inode[0] != '\0')
		error_set(&ssh->far.remark, ERROR_STATE,
			"replaced or truncated over there: reading it from the beginning");
	else
		error_set(&ssh->far.remark, ERROR_STATE, "%s", "");
	if (ssh->offset > 0 && ssh->last != '\n')
		buffer_append_byte(&ssh->far.out, '\n');
	slice_copy(inode, ssh->inode, sizeof(ssh->inode));
	ssh->offset = offset;
	ssh->head_size = 0;
}

/* Where a mark stands, or at the very end may have begun; SIZE_MAX for nowhere. */
static size_t find_mark(const struct ssh *ssh, struct slice bytes)
{
	size_t at = slice_find(bytes, (struct slice){ ssh->mark, MARK_SIZE });

	if (at != SIZE_MAX)
		return at;
	for (at = bytes.size < MARK_SIZE ? 0 : bytes.size - MARK_SIZE + 1; at < bytes.size; at++)
		if (memcmp(bytes.data + at, ssh->mark, bytes.size - at) == 0)
			return at;
	return SIZE_MAX;
}

/* Takes everything but a mark that is not complete, which is left. */
static struct slice take_pieces(struct ssh *ssh, struct slice bytes)
{
	for (;;) {
		size_t at = find_mark(ssh, bytes);
		struct slice text;
		size_t end;

		give(ssh, slice_first(bytes, at));
		bytes = slice_from(bytes, at);
		text = slice_from(bytes, MARK_SIZE + 1);
		end = slice_find_byte(text, '\n');
		if (bytes.size == 0 || end == SIZE_MAX)
			return bytes;
		take_mark(ssh, slice_first(text, end));
		bytes = slice_from(text, end + 1);
	}
}

static void take(struct far *far, struct slice bytes)
{
	struct ssh *ssh = (struct ssh *)far;
	struct slice left;

	if (ssh->carry.size == 0) {
		left = take_pieces(ssh, bytes);
		buffer_append_slice(&ssh->carry, left);
		return;
	}
	buffer_append_slice(&ssh->carry, bytes);
	left = take_pieces(ssh, buffer_slice(&ssh->carry));
	memmove(ssh->carry.data, left.size > 0 ? left.data : ssh->carry.data, left.size);
	buffer_truncate(&ssh->carry, left.size);
}

/* What could have been the beginning of a mark was none. Where the file is followed, it is asked for again. */
static void end(struct far *far)
{
	struct ssh *ssh = (struct ssh *)far;

	if (!far->follows)
		give(ssh, buffer_slice(&ssh->carry));
	buffer_clear(&ssh->carry);
}

static void destroy(struct far *far)
{
	struct ssh *ssh = (struct ssh *)far;

	buffer_release(&ssh->carry);
	free(ssh->host);
	free(ssh->path);
	free(ssh);
}

static const struct far_kind ssh_kind = {
	.client = "ssh",
	.input = CHILD_PIPE,
	.arguments = ask,
	.begin = begin,
	.take = take,
	.end = end,
	.destroy = destroy,
};

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* "web1:/var/log/x", "me@web1:log/x", "[fe80::1]:/x" */
static bool split(struct slice what, struct slice *host, struct slice *path)
{
	bool bracketed = slice_starts(what, "[");
	size_t end = slice_find_byte(what, bracketed ? ']' : ':');

	if (end == SIZE_MAX)
		return false;
	*host = slice_first(what, end);
	*path = slice_from(what, end + 1);
	if (bracketed) {
		*host = slice_from(*host, 1);
		if (!slice_starts(*path, ":"))
			return false;
		*path = slice_from(*path, 1);
	}
	return host->size > 0 && path->size > 0;
}

/* Could the client take it for an option, or a shell for more than a word? */
static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.size; i++)
		if (!isalnum((unsigned char)host.data[i]) && strchr("._-@:%+", host.data[i]) == NULL)
			return false;
	return host.data[0] != '-';
}

static void make_mark(char mark[MARK_SIZE + 1])
{
	unsigned char random[MARK_SIZE / 2];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		memset(random, 0x5A, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(mark + 2 * i, 3, "%02x", random[i]);
}

struct feed *feed_of_ssh(struct slice what, const struct intake_options *options, struct error *error)
{
	struct slice host, path;
	struct ssh *ssh;

	if (!split(what, &host, &path)) {
		error_set(error, ERROR_INPUT, "which file? As in ssh:web1:/var/log/nginx/error.log");
		return NULL;
	}
	if (!is_host(host)) {
		error_set(error, ERROR_INPUT, "\"%.*s\" is no name of a host", (int)host.size, host.data);
		return NULL;
	}
	ssh = calloc(1, sizeof(*ssh));
	if (ssh != NULL) {
		ssh->far.kind = &ssh_kind;
		ssh->host = strndup(host.data, host.size);
		ssh->path = strndup(path.data, path.size);
		make_mark(ssh->mark);
		buffer_init(&ssh->carry, (size_t)4 << 20);
		if (ssh->host != NULL && ssh->path != NULL)
			return feed_of_far(&ssh->far, options, error);
		destroy(&ssh->far);
	}
	error_set(error, ERROR_MEMORY, "out of memory");
	return NULL;
}
