#include "tocsin/base/vault.h"

#include "base/redact_scan.h"
#include "tocsin/base/intern.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAXIMUM 65536
#define BYTES_MAXIMUM ((size_t)16 << 20)
#define PATTERNS_MAXIMUM 64
#define SECRET_MAXIMUM 65536

struct entry {
	char placeholder[40];
};

struct vault {
	struct intern *secrets; /* code n is entry n */
	struct vector entries;  /* of struct entry */
	struct intern *names;   /* placeholders without < >, code n too */
	struct intern *kinds;
	unsigned counts[64];    /* by kind */
	struct vector patterns; /* of struct pattern * */
};

struct vault *vault_create(void)
{
	struct vault *vault = calloc(1, sizeof(*vault));

	if (vault == NULL)
		return NULL;
	vault->secrets = intern_create(TEXTS_MAXIMUM, BYTES_MAXIMUM);
	vault->names = intern_create(TEXTS_MAXIMUM, BYTES_MAXIMUM);
	vault->kinds = intern_create(64, 4096);
	vector_init(&vault->entries, sizeof(struct entry), TEXTS_MAXIMUM);
	vector_init(&vault->patterns, sizeof(struct pattern *), PATTERNS_MAXIMUM);
	if (vault->secrets == NULL || vault->names == NULL || vault->kinds == NULL) {
		vault_destroy(vault);
		return NULL;
	}
	return vault;
}

void vault_destroy(struct vault *vault)
{
	if (vault == NULL)
		return;
	for (size_t i = 0; i < vault->patterns.count; i++)
		pattern_destroy(*(struct pattern **)vector_at(&vault->patterns, i));
	vector_release(&vault->patterns);
	vector_release(&vault->entries);
	intern_destroy(vault->secrets);
	intern_destroy(vault->names);
	intern_destroy(vault->kinds);
	free(vault);
}

int vault_add_pattern(struct vault *vault, struct slice text, struct error *error)
{
	size_t fault;
	struct pattern *pattern = pattern_create(text, false, &fault, error);
	struct pattern **place;

	if (pattern == NULL)
		return ERROR_INPUT;
	place = vector_push(&vault->patterns);
	if (place == NULL) {
		pattern_destroy(pattern);
		return error_set(error, ERROR_FULL, "there are more than %d patterns to redact", PATTERNS_MAXIMUM);
	}
	*place = pattern;
	return 0;
}

/* --- out ---- */

/* A new entry: its placeholder is numbered within its kind. */
static bool add_entry(struct vault *vault, const char *kind)
{
	struct entry *entry = vector_push(&vault->entries);
	struct slice name;
	uint32_t code;

	if (entry == NULL || intern_put(vault->kinds, slice_of(kind), &code) != 0)
		return false;
	snprintf(entry->placeholder, sizeof(entry->placeholder), "<%s-%u>", kind, ++vault->counts[code]);
	name = slice_of(entry->placeholder);
	return intern_put(vault->names, slice_first(slice_from(name, 1), name.size - 2), &code) == 0;
}

static void replace(void *context, const char *kind, struct slice secret, struct buffer *out)
{
	struct vault *vault = context;
	uint32_t code, before = intern_count(vault->secrets);

	if (secret.size > SECRET_MAXIMUM || intern_put(vault->secrets, secret, &code) != 0 ||
		(code == before && !add_entry(vault, kind))) {
		buffer_append_format(out, "<%s>", kind);
		return;
	}
	buffer_append_string(out, ((struct entry *)vector_at(&vault->entries, code))->placeholder);
}

static int apply_pattern(struct vault *vault, struct pattern *pattern, struct slice text, struct buffer *out)
{
	size_t at = 0, begin, end;
	int count = 0;

	while (at < text.size && pattern_find(pattern, text, at, &begin, &end) && end > begin) {
		struct slice group = pattern_group(pattern, 1);

		if (group.size > 0) {
			begin = (size_t)(group.data - text.data);
			end = begin + group.size;
		}
		buffer_append_slice(out, slice_first(slice_from(text, at), begin - at));
		replace(vault, "pattern", slice_first(slice_from(text, begin), end - begin), out);
		at = end;
		count++;
	}
	buffer_append_slice(out, slice_from(text, at));
	return count;
}

int vault_redact(void *context, struct slice text, struct buffer *out)
{
	struct vault *vault = context;
	struct redact_scan scan = { .identities = true, .replace = replace, .context = vault };
	struct buffer parts[2];
	int count = 0, result;

	/* The user's patterns first, each on what the one before has left. */
	for (size_t i = 0; i < 2; i++)
		buffer_init(&parts[i], text.size * 4 + 65536);
	for (size_t i = 0; i < vault->patterns.count; i++) {
		struct buffer *into = &parts[i % 2];

		buffer_clear(into);
		count += apply_pattern(vault, *(struct pattern **)vector_at(&vault->patterns, i), text, into);
		text = buffer_slice(into);
		if (into->failed != 0)
			count = into->failed;
	}
	result = count < 0 ? count : redact_scan(&scan, text, out);
	for (size_t i = 0; i < 2; i++)
		buffer_release(&parts[i]);
	return result < 0 ? result : result + count;
}

/* --- back ---- */

size_t vault_count(const struct vault *vault)
{
	return vault->entries.count;
}

struct slice vault_placeholder(const struct vault *vault, size_t index)
{
	return slice_of(((struct entry *)vector_at(&vault->entries, index))->placeholder);
}

struct slice vault_secret(const struct vault *vault, size_t index)
{
	return intern_text(vault->secrets, (uint32_t)index);
}

int unveil_feed(struct unveil *unveil, struct slice text, struct buffer *out)
{
	if (unveil->vault == NULL)
		return buffer_append_slice(out, text);
	while (text.size > 0) {
		char byte = text.data[0];
		uint32_t code;

		if (unveil->size == 0) {
			struct slice plain = slice_first(text, slice_find_byte(text, '<'));

			buffer_append_slice(out, plain);
			text = slice_from(text, plain.size);
			if (text.size == 0)
				break;
			byte = '<';
		} else if (byte == '<' || unveil->size == sizeof(unveil->held)) {
			unveil_finish(unveil, out); /* it was none */
			continue;
		}
		unveil->held[unveil->size++] = byte;
		text = slice_from(text, 1);
		if (byte == '>') {
			if (intern_find(unveil->vault->names, (struct slice){ unveil->held + 1, unveil->size - 2 },
				    &code) == 0) {
				buffer_append_slice(out, intern_text(unveil->vault->secrets, code));
				unveil->size = 0;
			}
			unveil_finish(unveil, out);
		} else if (byte == '\n' || byte == ' ') {
			unveil_finish(unveil, out);
		}
	}
	return out->failed;
}

int unveil_finish(struct unveil *unveil, struct buffer *out)
{
	buffer_append(out, unveil->held, unveil->size);
	unveil->size = 0;
	return out->failed;
}

int vault_reveal(const struct vault *vault, struct slice text, struct buffer *out)
{
	struct unveil unveil = { .vault = vault };

	unveil_feed(&unveil, text, out);
	return unveil_finish(&unveil, out);
}
