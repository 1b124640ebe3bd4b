#include "ui/term_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tocsin/base/error.h"

enum {
	WAITING_MAX = 16 * 1024 * 1024, /* more than the largest screen, every cell in a colour of its own */
	CHUNK = 512 /* what a blocking terminal is given at a time, when it says that it can take something */
};

int term_output_init(struct term_output *output, int terminal)
{
	char path[64];
	*output = (struct term_output){ .catcher = -1, .terminal = terminal };
	buffer_init(&output->waiting, WAITING_MAX);
	output->catcher = memfd_create("tocsin-screen", MFD_CLOEXEC);
	if (output->catcher < 0)
		return ERROR_SYSTEM;
	/* O_NONBLOCK on a descriptor that the shell shares would reach the shell; on one opened anew it stays with us.
	 */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", terminal);
	int again = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (again >= 0) {
		output->terminal = again;
		output->own = true;
	}
	return 0;
}

void term_output_release(struct term_output *output)
{
	if (output->catcher >= 0)
		close(output->catcher);
	if (output->own)
		close(output->terminal);
	buffer_release(&output->waiting);
	*output = (struct term_output){ .catcher = -1, .terminal = -1 };
}

void term_output_collect(struct term_output *output)
{
	char bytes[4096];
	ssize_t size;
	if (lseek(output->catcher, 0, SEEK_CUR) <= 0)
		return;
	lseek(output->catcher, 0, SEEK_SET);
	while ((size = read(output->catcher, bytes, sizeof(bytes))) > 0)
		buffer_append(&output->waiting, bytes, (size_t)size);
	lseek(output->catcher, 0, SEEK_SET);
	if (ftruncate(output->catcher, 0) != 0)
		output->waiting.failed = ERROR_SYSTEM;
}

static int64_t now_in_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool can_write(int terminal, int milliseconds)
{
	struct pollfd poller = { .fd = terminal, .events = POLLOUT };
	return poll(&poller, 1, milliseconds > 0 ? milliseconds : 0) == 1 && (poller.revents & POLLOUT);
}

bool term_output_send(struct term_output *output, int milliseconds)
{
	int64_t deadline = now_in_ms() + milliseconds;
	struct buffer *waiting = &output->waiting;
	while (output->sent < waiting->size) {
		size_t size = waiting->size - output->sent;
		if (!output->own && !can_write(output->terminal, (int)(deadline - now_in_ms())))
			return false;
		if (!output->own && size > CHUNK)
			size = CHUNK;
		ssize_t written = write(output->terminal, waiting->data + output->sent, size);
		if (written > 0) {
			output->sent += (size_t)written;
			output->total += (uint64_t)written;
		} else if (written < 0 && errno != EINTR && errno != EAGAIN) {
			break; /* the terminal is gone; SIGHUP tells the rest */
		} else if (errno == EAGAIN && !can_write(output->terminal, (int)(deadline - now_in_ms()))) {
			return false;
		}
	}
	buffer_clear(waiting);
	output->sent = 0;
	return true;
}

static void append_base64(struct buffer *out, struct slice text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < text.size; i += 3) {
		size_t left = text.size - i;
		uint32_t bits = (uint32_t)(unsigned char)text.data[i] << 16;
		if (left > 1)
			bits |= (uint32_t)(unsigned char)text.data[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)text.data[i + 2];
		char four[4] = { digits[bits >> 18], digits[bits >> 12 & 63], left > 1 ? digits[bits >> 6 & 63] : '=',
			left > 2 ? digits[bits & 63] : '=' };
		buffer_append(out, four, sizeof(four));
	}
}

int term_output_clipboard(struct buffer *out, struct slice text, bool tmux)
{
	buffer_append_string(out, tmux ? "\033Ptmux;\033\033]52;c;" : "\033]52;c;");
	append_base64(out, text);
	buffer_append_string(out, tmux ? "\a\033\\" : "\a");
	return out->failed;
}
