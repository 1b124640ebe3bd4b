#include "mine/learned.h"

#include <string.h>

#include "mine/scan.h"
#include "tocsin/mine/signature.h"

#define HEADS (sizeof((struct learned *)0)->heads / sizeof(uint32_t))

void learned_init(struct learned *learned)
{
	memset(learned, 0, sizeof *learned);
	arena_init(&learned->arena, (size_t)LEARNED_MAXIMUM * (sizeof(struct learned_template) + SIGNATURE_MAXIMUM));
}

void learned_release(struct learned *learned)
{
	arena_release(&learned->arena);
}

static size_t head_of(struct slice text)
{
	unsigned classes;
	size_t size = (size_t)(scan_word_end(text.data, text.data + text.size, &classes) - text.data);

	return (size_t)slice_hash(slice_first(text, size), 0) % HEADS;
}

static bool fits(const struct learned_template *template, struct slice signature)
{
	const char *at = signature.data, *end = at + signature.size;

	for (uint32_t i = 0; i < template->piece_count; i++) {
		struct slice piece = template->pieces[i];

		if (i > 0) {
			const char *word = at;
			unsigned classes;

			at = scan_word_end(word, end, &classes);
			if (at == word)
				return false;
		}
		if ((size_t)(end - at) < piece.size || memcmp(at, piece.data, piece.size) != 0)
			return false;
		at += piece.size;
	}
	return at == end;
}

struct slice learned_find(const struct learned *learned, struct slice signature)
{
	uint32_t next;

	if (signature.size == 0 || atomic_load_explicit(&learned->count, memory_order_acquire) == 0)
		return signature;
	next = atomic_load_explicit(&learned->heads[head_of(signature)], memory_order_acquire);
	while (next != 0) {
		const struct learned_template *template = learned->templates[next - 1];

		if (fits(template, signature))
			return template->text;
		next = atomic_load_explicit(&template->next, memory_order_acquire);
	}
	return signature;
}

static void link_last(struct learned *learned, struct learned_template *template)
{
	_Atomic uint32_t *link = &learned->heads[head_of(template->text)];
	uint32_t count = learned->count;

	while (*link != 0)
		link = &learned->templates[*link - 1]->next;
	learned->templates[count] = template;
	atomic_store_explicit(link, count + 1, memory_order_release);
	atomic_store_explicit(&learned->count, count + 1, memory_order_release);
}

/* Cuts the text at its open words. False when there are too many or none. */
static bool cut(struct learned_template *template, const struct intern *words, const key_token *tokens, size_t count)
{
	char text[SIGNATURE_MAXIMUM];
	const char *begin = template->text.data, *end = begin + template->text.size;

	for (size_t i = 0; i < count; i++) {
		size_t before;

		if (!token_is_open(tokens[i]))
			continue;
		if (template->piece_count == LEARNED_OPEN)
			return false;
		before = tokens_print(words, tokens, i, text, sizeof text) + (i > 0 && token_spaced(tokens[i]));
		template->pieces[template->piece_count++] =
			(struct slice){begin, (size_t)(template->text.data + before - begin)};
		begin = template->text.data + before + strlen("<*>");
	}
	template->pieces[template->piece_count++] = (struct slice){begin, (size_t)(end - begin)};
	return template->piece_count > 1;
}

void learned_add(struct learned *learned, const struct intern *words, const key_token *tokens, size_t count)
{
	char text[SIGNATURE_MAXIMUM];
	struct slice printed = {text, tokens_print(words, tokens, count, text, sizeof text)};
	struct learned_template *template;

	if (learned->count == LEARNED_MAXIMUM || printed.size == 0)
		return;
	if (learned_find(learned, printed).data != printed.data) /* known, or covered by one that is wider */
		return;
	template = arena_allocate(&learned->arena, sizeof *template);
	if (template == NULL)
		return;
	template->text = arena_copy(&learned->arena, printed);
	if (template->text.data != NULL && cut(template, words, tokens, count))
		link_last(learned, template);
}
