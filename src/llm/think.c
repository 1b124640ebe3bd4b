#include "llm/think.h"

#include <string.h>

static const char opening[] = "<think>";
static const char closing[] = "</think>";

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

typedef void (*give_fn)(void *context, struct slice text);

static void flush(struct think *think, give_fn give, void *context)
{
	if (think->held_size > 0)
		give(context, (struct slice){ think->held, think->held_size });
	think->held_size = 0;
}

/* One byte towards `tag`; true when the tag is whole. Held bytes that turn out to be none go to `give`. */
static bool match(struct think *think, char byte, const char *tag, give_fn give, void *context)
{
	think->held[think->held_size++] = byte;
	while (think->held_size > 0 && memcmp(think->held, tag, think->held_size) != 0) {
		give(context, (struct slice){ think->held, 1 });
		memmove(think->held, think->held + 1, --think->held_size);
	}
	if (think->held_size < strlen(tag))
		return false;
	think->held_size = 0;
	return true;
}

/* Before: white space and the opening tag, or it is all text. Returns how many bytes were taken. */
static size_t before(struct think *think, struct slice bytes, give_fn on_text, void *context)
{
	size_t at = 0;

	while (at < bytes.size && think->state == THINK_BEFORE) {
		char byte = bytes.data[at];

		if (think->held_size == 0 && is_space(byte)) {
			at++;
		} else if (byte == opening[think->held_size]) {
			think->held[think->held_size++] = byte;
			at++;
			if (think->held_size == strlen(opening)) {
				think->state = THINK_INSIDE;
				think->held_size = 0;
			}
		} else {
			think->state = THINK_AFTER;
			flush(think, on_text, context);
		}
	}
	return at;
}

/* Inside: up to the closing tag. Runs without '<' are given as one. */
static size_t inside(struct think *think, struct slice bytes, give_fn on_reasoning, void *context)
{
	size_t at = 0;

	while (at < bytes.size) {
		size_t run = slice_find_byte(slice_from(bytes, at), '<');

		if (think->held_size == 0 && run != 0) {
			struct slice plain = slice_first(slice_from(bytes, at), run);

			on_reasoning(context, plain);
			at += plain.size;
		} else if (match(think, bytes.data[at++], closing, on_reasoning, context)) {
			think->state = THINK_AFTER;
			think->skip_space = true;
			break;
		}
	}
	return at;
}

void think_feed(struct think *think, struct slice bytes, give_fn on_reasoning, give_fn on_text, void *context)
{
	if (think->state == THINK_BEFORE)
		bytes = slice_from(bytes, before(think, bytes, on_text, context));
	if (think->state == THINK_INSIDE)
		bytes = slice_from(bytes, inside(think, bytes, on_reasoning, context));
	if (think->state != THINK_AFTER)
		return;
	while (think->skip_space && bytes.size > 0 && is_space(bytes.data[0]))
		bytes = slice_from(bytes, 1);
	if (bytes.size > 0) {
		think->skip_space = false;
		on_text(context, bytes);
	}
}

void think_finish(struct think *think, give_fn on_reasoning, give_fn on_text, void *context)
{
	flush(think, think->state == THINK_INSIDE ? on_reasoning : on_text, context);
}
