#include "tocsin/context/text.h"

#include "tocsin/base/error.h"

#include <string.h>

int context_text_init(struct context_text *text)
{
	arena_init(&text->arena, CONTEXT_TEXT_BYTES);
	text->names = intern_create(CONTEXT_NAMES, CONTEXT_TEXT_BYTES);
	return text->names != NULL ? 0 : ERROR_MEMORY;
}

void context_text_release(struct context_text *text)
{
	intern_destroy(text->names);
	text->names = NULL;
	arena_release(&text->arena);
}

bool context_text_name(struct context_text *text, struct slice name, struct slice *kept)
{
	uint32_t code;

	*kept = (struct slice){ 0 };
	if (name.size == 0)
		return true;
	if (intern_put(text->names, name, &code) != 0)
		return false;
	*kept = intern_text(text->names, code);
	return true;
}

bool context_text_copy(struct context_text *text, struct slice bytes, struct slice *kept)
{
	*kept = (struct slice){ 0 };
	if (bytes.size == 0)
		return true;
	*kept = arena_copy(&text->arena, bytes);
	return kept->data != NULL;
}

/* What Kubernetes makes its random endings of: no vowels, so that no words come out. */
static bool is_hash(struct slice part, size_t least, size_t most)
{
	if (part.size < least || part.size > most)
		return false;
	for (size_t i = 0; i < part.size; i++)
		if (part.data[i] == '\0' || strchr("bcdfghjklmnpqrstvwxz2456789", part.data[i]) == NULL)
			return false;
	return true;
}

static bool has_digit(struct slice part)
{
	for (size_t i = 0; i < part.size; i++)
		if (part.data[i] >= '0' && part.data[i] <= '9')
			return true;
	return false;
}

/* Splits at the last '-'. False when there is none with something on both sides. */
static bool split_last(struct slice name, struct slice *before, struct slice *last)
{
	const char *dash = name.size > 0 ? memrchr(name.data, '-', name.size) : NULL;

	if (dash == NULL || dash == name.data)
		return false;
	*before = slice_first(name, (size_t)(dash - name.data));
	*last = slice_from(name, before->size + 1);
	return last->size > 0;
}

struct slice context_pod_service(struct slice pod)
{
	struct slice before, last, deployment, hash;
	uint64_t ordinal;

	if (!split_last(pod, &before, &last))
		return pod;
	if (last.size <= 3 && slice_to_u64(last, &ordinal))
		return before;
	if (!is_hash(last, 5, 5))
		return pod;
	if (split_last(before, &deployment, &hash) && is_hash(hash, 6, 10) && has_digit(hash))
		return deployment;
	return has_digit(last) ? before : pod;
}
