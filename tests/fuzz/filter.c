/*
 * Filters: any text is either refused with a place and a sentence, or decides every record, the same each time, and its
 * negation decides the opposite.
 */
#include <string.h>

#include "fuzz/small_log.h"
#include "tocsin/base/utf8.h"
#include "tocsin/store/selection.h"

static struct store *store;

static struct filter *parse(struct slice text, size_t *fault, struct error *error)
{
	struct filter_scope scope = { store, SMALL_LOG_START + 130 * TIMESTAMP_SECOND, NULL };

	return filter_parse(text, &scope, fault, error);
}

/* What a person sees of a fault: the text on one line, a caret on the next, nothing that moves a cursor. */
static void require_explained(struct slice text, size_t fault, const struct error *error)
{
	struct buffer out;
	struct slice rest, line, caret;

	REQUIRE(fault <= text.size && error->code != 0 && error->text[0] != '\0');
	buffer_init(&out, 8 * text.size + 1024);
	REQUIRE(filter_explain_fault(&out, text, fault) == 0);
	rest = buffer_slice(&out);
	REQUIRE(slice_next(&rest, '\n', &line) && slice_next(&rest, '\n', &caret));
	REQUIRE(!fuzz_has_control(line) && !fuzz_has_control(caret));
	REQUIRE(slice_ends(caret, "^") && slice_find_byte(caret, '^') + 1 == caret.size);
	REQUIRE(utf8_shown_width(caret) <= utf8_shown_width(line) + 1);
	buffer_release(&out);
}

static uint64_t matches(struct filter *filter)
{
	uint64_t matched = 0;

	for (uint64_t id = 0; id < store_count(store); id++) {
		struct record record;
		bool match;

		store_record(store, id, &record);
		match = filter_match(filter, store, &record, &small_log_reader);
		if (!filter_needs_text(filter))
			REQUIRE(match == filter_match(filter, store, &record, NULL));
		matched |= (uint64_t)match << id;
	}
	return matched;
}

static void require_opposite(struct slice text, uint64_t matched)
{
	struct buffer negated;
	struct filter *filter;
	size_t fault;
	uint64_t all = (UINT64_C(1) << SMALL_LOG_LINES) - 1;

	buffer_init(&negated, text.size + 3);
	buffer_append_string(&negated, "-(");
	buffer_append_slice(&negated, text);
	buffer_append_byte(&negated, ')');
	filter = parse(buffer_slice(&negated), &fault, NULL);
	if (filter != NULL) /* it may have become too long or too deep */
		REQUIRE(matches(filter) == (~matched & all));
	filter_destroy(filter);
	buffer_release(&negated);
}

static void require_selected(struct filter *filter, uint64_t matched)
{
	struct selection selection;
	uint64_t selected = 0;

	REQUIRE(selection_init(&selection, filter) == 0);
	while (selection_advance(&selection, store, &small_log_reader, horizon_all(store), 3))
		continue;
	for (uint64_t i = 0; i < selection_count(&selection); i++)
		selected |= UINT64_C(1) << selection_id(&selection, i);
	REQUIRE(selected == matched);
	selection_release(&selection);
}

static void require_highlights(struct filter *filter, struct slice text)
{
	size_t start = 0, begin, end;

	while (filter_highlight(filter, text, start, &begin, &end)) {
		REQUIRE(begin >= start && begin < end && end <= text.size);
		start = end;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	struct error error = { 0 };
	size_t fault = SIZE_MAX;
	struct filter *filter;

	if (store == NULL)
		store = small_log_create();
	filter = parse(text, &fault, &error);
	if (filter == NULL) {
		require_explained(text, fault, &error);
		return 0;
	}
	uint64_t matched = matches(filter);
	REQUIRE(matches(filter) == matched);
	REQUIRE(!filter_is_empty(filter) || matched == (UINT64_C(1) << SMALL_LOG_LINES) - 1);
	if (!filter_is_empty(filter))
		require_opposite(text, matched);
	require_selected(filter, matched);
	require_highlights(filter, text);
	for (size_t i = 0; i < SMALL_LOG_LINES; i++)
		require_highlights(filter, slice_of(small_log_lines[i].message));
	filter_destroy(filter);
	return 0;
}
