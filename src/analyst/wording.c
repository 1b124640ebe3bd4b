#include "analyst/wording.h"

#include <string.h>

static const char *const common[] = { "the", "an", "of", "to", "in", "for", "on", "at", "by", "with", "from", "is",
	"are", "be", "was", "not", "and", "or", "if", "err", "nil", "return", "func", "string", "int", "var", "const",
	"type", "true", "false", "this", "that", "it", "as", "per", "use", "go", "ctx", "context", "request", "req",
	"response", "http", "service", "pkg", "internal", "map", "any", "len", "new", "error", "statu", "server",
	"client", "handler", "struct", "package", "import", "def", "self", "public", "private", "void", "null",
	"none" };

static const char *const endings[] = { "ing", "ies", "ed", "es", "s", "y" };

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* "retryPolicy" ends before 'P', "TSOClient" before the 'C' of "Client". */
static size_t word_end(struct slice text)
{
	size_t end = 1;

	while (end < text.size && (is_upper(text.data[end]) || is_lower(text.data[end]))) {
		bool rises = is_upper(text.data[end]) && is_lower(text.data[end - 1]);
		bool falls = end + 1 < text.size && is_upper(text.data[end]) && is_upper(text.data[end - 1]) &&
			is_lower(text.data[end + 1]);

		if (rises || falls)
			break;
		end++;
	}
	return end;
}

static bool is_common(const char *word, size_t size)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strlen(common[i]) == size && memcmp(common[i], word, size) == 0)
			return true;
	return false;
}

static size_t without_ending(const char *word, size_t size)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (size >= ending + 3 && memcmp(word + size - ending, endings[i], ending) == 0)
			return size - ending;
	}
	return size;
}

bool wording_next(struct slice *rest, char word[WORD_BYTES], size_t *size)
{
	while (rest->size) {
		size_t end;

		if (!is_upper(rest->data[0]) && !is_lower(rest->data[0])) {
			*rest = slice_from(*rest, 1);
			continue;
		}
		end = word_end(*rest);
		*size = end < WORD_BYTES ? end : WORD_BYTES;
		for (size_t i = 0; i < *size; i++)
			word[i] = (char)(is_upper(rest->data[i]) ? rest->data[i] - 'A' + 'a' : rest->data[i]);
		*rest = slice_from(*rest, end);
		if (*size < 2 || is_common(word, *size))
			continue;
		*size = without_ending(word, *size);
		if (!is_common(word, *size))
			return true;
	}
	return false;
}

void wording_add(struct intern *words, struct slice text)
{
	char word[WORD_BYTES];
	size_t size;
	uint32_t code;

	while (wording_next(&text, word, &size))
		intern_put(words, (struct slice){ word, size }, &code);
}
