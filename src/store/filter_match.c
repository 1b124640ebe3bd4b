/*
 * Deciding a record: columns as they are, codes through a table of answers, text read at most once.
 */
#include "store/filter_tree.h"
#include "tocsin/store/importance.h"

#include <fnmatch.h>

#define LONGEST_GLOBBED 4096 /* a glob sees no more of a value */

struct matching {
	struct filter *filter;
	const struct store *store;
	const struct record *record;
	const struct store_reader *reader;
	bool was_read;
	const struct store_text *text; /* once it was read; NULL when it cannot be */
};

static bool value_matches(const struct filter_value *value, struct slice text)
{
	size_t begin, end;

	if (value->pattern)
		return pattern_find(value->pattern, text, 0, &begin, &end);
	if (value->is_glob) {
		char copy[LONGEST_GLOBBED];

		slice_copy(text, copy, sizeof(copy));
		return fnmatch(value->text, copy, FNM_CASEFOLD) == 0;
	}
	return slice_equal_nocase(text, slice_of(value->text));
}

static bool any_value_matches(const struct filter_node *node, struct slice text)
{
	for (const struct filter_value *value = node->values; value; value = value->next)
		if (value_matches(value, text))
			return true;
	return false;
}

/* --- codes ----------------------------------------------------------------------------------------------------- */

static struct slice last_part(struct slice path)
{
	size_t start = path.size;

	while (start > 0 && path.data[start - 1] != '/')
		start--;
	return slice_from(path, start);
}

static bool code_matches(const struct filter_node *node, const struct store *store, uint32_t code)
{
	struct slice name;

	if (node->kind == FILTER_WORD)
		return slice_find_nocase(store_template_text(store, code), node->text) != SIZE_MAX;
	if (node->kind == FILTER_TEMPLATE_TEXT)
		return any_value_matches(node, store_template_text(store, code));
	if (node->kind == FILTER_SERVICE)
		return any_value_matches(node, store_service_name(store, code));
	name = store_source_name(store, (uint16_t)code);
	return any_value_matches(node, name) || any_value_matches(node, last_part(name));
}

/* The names behind codes never change, so each is compared once; later codes are looked at when they turn up. */
bool filter_match_code(struct filter_node *node, const struct store *store, uint32_t code)
{
	struct filter_codes *codes = &node->codes;

	if (codes->store != store) {
		codes->store = store;
		codes->resolved = 0;
	}
	if (code > UINT16_MAX)
		return code_matches(node, store, code);
	for (; codes->resolved <= code; codes->resolved++) {
		uint64_t bit = UINT64_C(1) << codes->resolved % 64, *word = &codes->bits[codes->resolved / 64];

		*word = code_matches(node, store, codes->resolved) ? *word | bit : *word & ~bit;
	}
	return codes->bits[code / 64] >> code % 64 & 1;
}

/* Only words without what a signature may have put in the place of something else have bits: see filter_terms.c. */
bool filter_match_word(struct filter_node *node, const struct store *store, uint32_t template)
{
	return node->codes.bits && filter_match_code(node, store, template);
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static const struct store_text *read_text(struct matching *matching)
{
	if (!matching->was_read) {
		const struct store_reader *reader = matching->reader;
		struct store_text *text = &matching->filter->text;

		matching->was_read = true;
		if (reader && reader->read(reader->context, matching->record, text) == 0 && !text->gone)
			matching->text = text;
	}
	return matching->text;
}

static bool match_field(struct matching *matching, const struct filter_node *node)
{
	const struct store_text *text = read_text(matching);

	for (size_t i = 0; text && i < text->field_count; i++)
		if (slice_equal_nocase(text->fields[i].name, node->text) &&
		    any_value_matches(node, text->fields[i].value))
			return true;
	return false;
}

static bool find_textual(const struct filter_node *node, struct slice text, size_t start, size_t *begin, size_t *end)
{
	size_t found;

	if (node->kind == FILTER_REGEX)
		return pattern_find(node->pattern, text, start, begin, end);
	found = slice_find_nocase(slice_from(text, start), node->text);
	if (found == SIZE_MAX)
		return false;
	*begin = start + found;
	*end = *begin + node->text.size;
	return true;
}

static bool match_textual(struct matching *matching, const struct filter_node *node)
{
	const struct store_text *text = read_text(matching);
	size_t begin, end;

	return text && find_textual(node, text->message, 0, &begin, &end);
}

/* --- the tree -------------------------------------------------------------------------------------------------- */

bool filter_match_number(const struct filter_node *node, uint64_t number)
{
	for (const struct filter_range *range = node->ranges; range; range = range->next)
		if (number >= range->first && number <= range->last)
			return true;
	return false;
}

bool filter_match_template(const struct filter_node *node, const struct store *store, uint32_t signature)
{
	return filter_match_number(node, signature) ||
	       filter_match_number(node, store_templates_of(store_templates(store, UINT32_MAX), signature));
}

static bool match_time(const struct filter_node *node, int64_t time)
{
	return time != TIMESTAMP_NONE && time >= node->window.from && time < node->window.to;
}

static bool match_importance(const struct filter_node *node, const struct store *store, uint64_t id)
{
	double importance;

	return store_importance(store, id, &importance) && importance > node->above && importance < node->below;
}

static bool match_node(struct matching *matching, struct filter_node *node);

/* AND stops at the first that does not match, OR at the first that does. */
static bool match_group(struct matching *matching, const struct filter_node *group)
{
	bool stop = group->kind == FILTER_OR;

	for (struct filter_node *child = group->children; child; child = child->next)
		if (match_node(matching, child) == stop)
			return stop;
	return !stop;
}

static bool match_node(struct matching *matching, struct filter_node *node)
{
	const struct record *record = matching->record;

	switch (node->kind) {
	case FILTER_AND:
	case FILTER_OR: return match_group(matching, node);
	case FILTER_NOT: return !match_node(matching, node->children);
	case FILTER_WORD:
		return filter_match_word(node, matching->store, record->template) || match_textual(matching, node);
	case FILTER_REGEX: return match_textual(matching, node);
	case FILTER_SERVICE: return filter_match_code(node, matching->store, record->service);
	case FILTER_SOURCE: return filter_match_code(node, matching->store, record->source);
	case FILTER_LEVEL: return node->levels >> record->level & 1;
	case FILTER_TEMPLATE: return filter_match_template(node, matching->store, record->template);
	case FILTER_TEMPLATE_TEXT: return filter_match_code(node, matching->store, record->template);
	case FILTER_ID: return filter_match_number(node, record->id);
	case FILTER_LINE: return filter_match_number(node, record->line);
	case FILTER_IMPORTANCE: return match_importance(node, matching->store, record->id);
	case FILTER_TIME: return match_time(node, record->time);
	case FILTER_FIELD: return match_field(matching, node);
	}
	return false;
}

bool filter_match(struct filter *filter, const struct store *store, const struct record *record,
		  const struct store_reader *reader)
{
	struct matching matching = {.filter = filter, .store = store, .record = record, .reader = reader};

	return filter_is_empty(filter) || match_node(&matching, filter->root);
}

bool filter_match_columns(struct filter_node *node, const struct store *store, const struct record *record)
{
	return match_node(&(struct matching){ .store = store, .record = record, .was_read = true }, node);
}

bool filter_match_text(struct filter *filter, const struct store *store, const struct record *record,
	const struct store_text *text)
{
	struct matching matching = { .filter = filter, .store = store, .record = record, .was_read = true, .text = text };

	return filter_is_empty(filter) || match_node(&matching, filter->root);
}

/* A regex may match nothing at all, which is nothing to show: then the next place is tried. */
static bool find_visible(const struct filter_node *node, struct slice text, size_t start, size_t *begin, size_t *end)
{
	while (start < text.size && find_textual(node, text, start, begin, end)) {
		if (*end > *begin)
			return true;
		start = *begin + 1;
	}
	return false;
}

bool filter_highlight(struct filter *filter, struct slice text, size_t start, size_t *begin, size_t *end)
{
	bool found = false;

	for (const struct filter_node *node = filter ? filter->textual : NULL; node; node = node->textual) {
		size_t node_begin, node_end;

		if (!find_visible(node, text, start, &node_begin, &node_end) || (found && node_begin >= *begin))
			continue;
		*begin = node_begin;
		*end = node_end;
		found = true;
	}
	return found;
}
