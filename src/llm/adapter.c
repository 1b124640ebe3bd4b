/*
 * What the adapters share, and the table of providers.
 */
#include "llm/adapter.h"

#include <stdio.h>
#include <string.h>

/* In the order of preference: the first that the user has configured is asked. */
static const struct llm_row rows[] = {
	{ "openai", "responses", "https://api.openai.com/v1", "o4-mini", "OPENAI_API_KEY", true, false, 200000 },
	{ "anthropic", "anthropic", "https://api.anthropic.com/v1", "claude-sonnet-4-6", "ANTHROPIC_API_KEY", true,
		false, 200000 },
	{ "deepseek", "chat", "https://api.deepseek.com", "deepseek-chat", "DEEPSEEK_API_KEY", true, true, 64000 },
	{ "llama", "chat", "http://localhost:8080/v1", "llama-3.2-3b-instruct", "LLAMA_API_KEY", false, true, 4096 },
	{ "ollama", "ollama", "http://localhost:11434", NULL, NULL, false, true, 8192 },
	{ "compatible", "chat", NULL, NULL, "OPENAI_API_KEY", false, false, 8192 },
};

const struct llm_row *llm_row_at(size_t index)
{
	return index < sizeof(rows) / sizeof(rows[0]) ? &rows[index] : NULL;
}

const struct llm_row *llm_row_find(struct slice name)
{
	const struct llm_row *row;

	for (size_t i = 0; (row = llm_row_at(i)) != NULL; i++)
		if (slice_is(name, row->name))
			return row;
	return NULL;
}

const struct adapter *adapter_find(const char *name)
{
	static const struct adapter *const adapters[] = { &adapter_responses, &adapter_chat, &adapter_anthropic,
		&adapter_ollama };

	for (size_t i = 0; i < sizeof(adapters) / sizeof(adapters[0]); i++)
		if (strcmp(adapters[i]->name, name) == 0)
			return adapters[i];
	return NULL;
}

bool llm_sends(const struct llm *llm, const char *parameter)
{
	for (size_t i = 0; i < llm->dropped_count; i++)
		if (strcmp(llm->dropped[i], parameter) == 0)
			return false;
	return true;
}

bool llm_drop(struct llm *llm, const char *parameter)
{
	if (!llm_sends(llm, parameter) || llm->dropped_count == DROPPED_MAXIMUM)
		return false;
	snprintf(llm->dropped[llm->dropped_count++], sizeof(llm->dropped[0]), "%s", parameter);
	return true;
}

bool llm_replays_reasoning(const struct llm *llm)
{
	return llm->row->sends_reasoning != llm->flipped;
}

bool model_is_reasoning(const char *model)
{
	const char *base = strrchr(model, '/');
	struct slice name = slice_of(base == NULL ? model : base + 1);

	return (name.size > 1 && name.data[0] == 'o' && name.data[1] >= '1' && name.data[1] <= '9') ||
		slice_starts(name, "gpt-5") || slice_starts(name, "deepseek-reasoner");
}

struct slice item_raw(const struct chat_item *item, const struct adapter *adapter)
{
	if (item->adapter == NULL || strcmp(item->adapter, adapter->name) != 0)
		return (struct slice){ NULL, 0 };
	return item->raw;
}

void write_schema(struct json *json, const char *key, const char *schema)
{
	json_key(json, key);
	json_raw(json, slice_of(schema == NULL ? "{\"type\":\"object\",\"properties\":{}}" : schema));
}

/* --- events ---- */

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The value of "\uXXXX" at `at`, or -1. */
static int unit_at(struct slice text, size_t at)
{
	int value = 0;

	if (at + 6 > text.size || text.data[at] != '\\' || text.data[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = hex_digit(text.data[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static bool is_high(int unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(int unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

static void mend(struct slice data, struct buffer *out)
{
	for (size_t at = 0; at < data.size;) {
		int unit = unit_at(data, at);
		size_t size = data.data[at] == '\\' && at + 1 < data.size ? 2 : 1;

		if (is_high(unit) && is_low(unit_at(data, at + 6)))
			size = 12;
		else if (unit >= 0)
			size = 6;
		if (size == 6 && (is_high(unit) || is_low(unit)))
			buffer_append_string(out, "\\uFFFD");
		else
			buffer_append(out, data.data + at, size);
		at += size;
	}
}

struct json_document *parse_event(struct slice data)
{
	struct json_document *document = json_parse(data);
	struct buffer mended;

	if (document != NULL || slice_find(data, slice_of("\\u")) == SIZE_MAX)
		return document;
	buffer_init(&mended, data.size * 2 + 16);
	mend(data, &mended);
	document = json_parse(buffer_slice(&mended));
	buffer_release(&mended);
	return document;
}
