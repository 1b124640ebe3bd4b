/*
 * Lines of a text at a width: broken at the last space that fits. A word that is longer than a line is broken behind
 * the last joint in it, else anywhere.
 */
#include "tocsin/base/utf8.h"
#include "tocsin/ui/grid.h"

/* Behind "since:", "upstream=", "a," and "/usr/": never within a time or a number. */
static bool is_joint(struct slice line, size_t at)
{
	char here = line.data[at], before = at > 0 ? line.data[at - 1] : ' ';
	bool letter = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z');
	return here == '=' || here == ',' || here == '/' || here == '&' || (here == ':' && letter);
}

/* How many bytes of `line` (without newline) go on the next row; `*skip` is how many spaces after them are swallowed.
 */
static size_t row_bytes(struct slice line, int width, size_t *skip)
{
	struct slice rest = line;
	struct utf8_shown shown;
	size_t space = SIZE_MAX, joint = SIZE_MAX;
	int used = 0;
	*skip = 0;
	for (;;) {
		size_t start = line.size - rest.size;
		bool is_space = rest.size > 0 && rest.data[0] == ' ';
		if (!utf8_next_shown(&rest, &shown))
			return line.size;
		/* A break belongs after a word; spaces that begin the row are its indentation. */
		if (is_space && start > 0 && line.data[start - 1] != ' ')
			space = start;
		used += shown.width;
		if (used < width && is_joint(line, start))
			joint = start + 1;
		if (used <= width)
			continue;
		size_t end = space != SIZE_MAX ? space
			: joint != SIZE_MAX    ? joint
			: start > 0            ? start
					       : line.size - rest.size;
		while (end + *skip < line.size && line.data[end + *skip] == ' ')
			(*skip)++;
		return end;
	}
}

int text_wrap(struct slice text, int width, void (*each)(void *context, int line, struct slice part), void *context)
{
	struct slice line;
	int count = 0;
	if (width < 1)
		width = 1;
	while (slice_next(&text, '\n', &line)) {
		do {
			size_t skip;
			size_t size = row_bytes(line, width, &skip);
			if (each)
				each(context, count, slice_first(line, size));
			count++;
			line = slice_from(line, size + skip);
		} while (line.size > 0);
	}
	return count;
}
