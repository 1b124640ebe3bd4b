/*
 * Candidates are places where the two rarest bytes of the text stand as far apart as they do in it; only those are
 * compared. How rare a byte is in logs is told by a table: a wrong guess costs time, nothing else.
 */
#include "base/find.h"

#include <string.h>

/* From the most frequent byte in logs to the least; what is not in it is rarer still. */
static const char frequent[] = " e0t1aoi2nrs3:-,ld5c4.u6p8\"7m9h/g_fbyvw=TkEx[]()SIODCNRAqjzLPMUFB{}'HGW;V";

static unsigned char to_lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool is_letter(unsigned char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static size_t rarity(unsigned char byte)
{
	const char *at = byte ? strchr(frequent, byte) : NULL;

	return at ? (size_t)(at - frequent) : sizeof(frequent);
}

/* The rarest byte that is not at `taken`. */
static size_t rarest(const struct find *find, size_t taken)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < find->size; i++)
		if (i != taken && (best == SIZE_MAX || rarity(find->text[i]) > rarity(find->text[best])))
			best = i;
	return best == SIZE_MAX ? taken : best;
}

void find_init(struct find *find, struct slice text)
{
	text = slice_first(text, FIND_MAXIMUM);
	find->size = text.size;
	for (size_t i = 0; i < text.size; i++)
		find->text[i] = to_lower(text.data[i]);
	find->rare[0] = rarest(find, SIZE_MAX);
	find->rare[1] = rarest(find, find->rare[0]);
	for (size_t i = 0; i < 2; i++)
		find->fold[i] = is_letter(find->text[find->rare[i]]) ? 0x20 : 0;
}

unsigned find_rarity(const struct find *find)
{
	size_t second = find->size > 1 ? rarity(find->text[find->rare[1]]) : 0;

	return (unsigned)(rarity(find->text[find->rare[0]]) + second + find->size);
}

static bool is_rare_at(const struct find *find, size_t which, const char *place)
{
	return ((unsigned char)place[find->rare[which]] | find->fold[which]) == find->text[find->rare[which]];
}

size_t find_next_portable(const struct find *find, struct slice bytes, size_t start)
{
	for (; bytes.size >= find->size && start <= bytes.size - find->size; start++)
		if (is_rare_at(find, 0, bytes.data + start) && is_rare_at(find, 1, bytes.data + start) &&
			find_is_at(find, bytes.data + start))
			return start;
	return SIZE_MAX;
}

size_t find_next(const struct find *find, struct slice bytes, size_t start)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return find_avx2(find, bytes, start);
#endif
	return find_next_portable(find, bytes, start);
}
