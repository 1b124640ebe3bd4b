#include "learn/words.h"

#include <string.h>

#include "tocsin/base/utf8.h"

struct range {
	uint32_t first, last;
};

/* Beyond ASCII: what is no letter and no digit. */
static const struct range apart[] = {
	{ 0x80, 0xA9 },
	{ 0xAB, 0xB1 },
	{ 0xB4, 0xB4 },
	{ 0xB6, 0xB8 },
	{ 0xBB, 0xBB },
	{ 0xBF, 0xBF },
	{ 0xD7, 0xD7 },
	{ 0xF7, 0xF7 },
	{ 0x2C2, 0x2C5 },
	{ 0x300, 0x36F },
	{ 0x2000, 0x206F },
	{ 0x20A0, 0x20FF },
	{ 0x2190, 0x245F },
	{ 0x2500, 0x2775 },
	{ 0x2794, 0x2BFF },
	{ 0x3000, 0x3004 },
	{ 0x3008, 0x3020 },
	{ 0xE000, 0xF8FF },
	{ 0xFE00, 0xFE4F },
	{ 0xFF00, 0xFF0F },
	{ 0xFF1A, 0xFF20 },
	{ 0xFFF0, 0xFFFF },
	{ 0x1F000, 0x1FAFF },
};

static bool is_part(uint32_t point)
{
	if (point < 0x80)
		return (point >= '0' && point <= '9') || (point >= 'a' && point <= 'z') ||
			(point >= 'A' && point <= 'Z') || point == '_';
	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++)
		if (point >= apart[i].first && point <= apart[i].last)
			return false;
	return true;
}

/* The scripts that logs are written in. */
static uint32_t lower(uint32_t point)
{
	if ((point >= 'A' && point <= 'Z') || (point >= 0xC0 && point <= 0xDE && point != 0xD7) ||
		(point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F))
		return point + 32;
	if (point >= 0x400 && point <= 0x40F)
		return point + 80;
	if (point >= 0x100 && point <= 0x137 && point % 2 == 0 && point != 0x130)
		return point + 1;
	return point;
}

/* The next word, in lower case, at most WORDS_LONGEST bytes; *points is how many characters it has. */
static size_t next_word(struct slice *rest, char out[WORDS_LONGEST], size_t *points)
{
	uint32_t point;
	bool valid;
	size_t size = 0;

	*points = 0;
	while (utf8_next(rest, &point, &valid)) {
		char bytes[4];
		size_t length;

		if (!valid || !is_part(point)) {
			if (*points > 0)
				break;
			continue;
		}
		length = utf8_encode(lower(point), bytes);
		if (size + length <= WORDS_LONGEST) {
			memcpy(out + size, bytes, length);
			size += length;
		}
		++*points;
	}
	return size;
}

void words_begin(struct words *words, struct slice text)
{
	words->rest = text;
	words->count = 0;
	words->due = 0;
}

/* The term of the last `length` words. */
static struct slice join(struct words *words, unsigned length)
{
	size_t size = 0;

	for (unsigned back = length; back > 0; back--) {
		size_t at = (words->count - back) % WORDS_TERM;

		if (size > 0)
			words->term[size++] = ' ';
		memcpy(words->term + size, words->recent[at], words->sizes[at]);
		size += words->sizes[at];
	}
	return (struct slice){ words->term, size };
}

bool words_next(struct words *words, struct slice *term)
{
	if (words->due > 0) {
		*term = join(words, WORDS_TERM + 1 - words->due);
		words->due--;
		return true;
	}
	for (;;) {
		size_t at = words->count % WORDS_TERM, points;

		words->sizes[at] = next_word(&words->rest, words->recent[at], &points);
		if (points == 0)
			return false;
		if (points >= 2 && !words_is_stop_word((struct slice){ words->recent[at], words->sizes[at] }))
			break;
	}
	words->count++;
	words->due = words->count < WORDS_TERM ? (unsigned)words->count - 1 : WORDS_TERM - 1;
	*term = join(words, 1);
	return true;
}
