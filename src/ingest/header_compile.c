/*
 * From the text of a pattern to steps. A word or a text ends where one of the literals that may follow it stands; which
 * they are is found out here, once, so that matching never tries one length after the other.
 */
#include "ingest/header_pattern.h"

#include <string.h>

static const struct kind_name {
	const char *name;
	enum header_kind kind;
} kinds[] = {
	{ "number", HEADER_NUMBER },
	{ "text", HEADER_TEXT },
	{ "tag", HEADER_TAG },
	{ "host", HEADER_HOST },
};

struct compiler {
	struct header *header;
	struct slice pattern;
	struct slice rest;
	size_t open; /* the step of the optional group that is open, or SIZE_MAX */
	struct error *error;
};

static int fault(struct compiler *compiler, const char *sentence)
{
	return error_set(compiler->error, ERROR_INPUT, "in the pattern, at byte %zu: %s",
		compiler->pattern.size - compiler->rest.size + 1, sentence);
}

static struct header_step *add_step(struct compiler *compiler, enum header_kind kind)
{
	struct header *header = compiler->header;

	if (header->count == HEADER_MAXIMUM_STEPS) {
		fault(compiler, "too many parts");
		return NULL;
	}
	header->steps[header->count] = (struct header_step){ .kind = (uint8_t)kind };
	return &header->steps[header->count++];
}

static int compile_level(struct compiler *compiler, struct slice kind)
{
	enum header_kind found = HEADER_LEVEL;

	if (slice_is(kind, "letter"))
		found = HEADER_LETTER;
	else if (slice_is(kind, "any"))
		found = HEADER_ANY_LEVEL;
	else if (kind.size > 0)
		return fault(compiler, "a level is plain, :letter or :any");
	return add_step(compiler, found) != NULL ? 0 : ERROR_INPUT;
}

static int compile_time(struct compiler *compiler, struct slice layout)
{
	struct header_step *step;
	int result;

	if (layout.size == 0)
		layout = slice_of("iso");
	result = time_layout_check(layout, compiler->error);
	if (result != 0)
		return result;
	step = add_step(compiler, HEADER_TIME);
	if (step == NULL)
		return ERROR_INPUT;
	step->text = layout;
	return 0;
}

static int compile_value(struct compiler *compiler, struct slice name, struct slice kind)
{
	enum header_kind found = HEADER_WORD;
	struct header_step *step;
	bool is_known = kind.size == 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !is_known; i++)
		if (slice_is(kind, kinds[i].name)) {
			found = kinds[i].kind;
			is_known = true;
		}
	if (!is_known || name.size == 0)
		return fault(compiler, "a part is %{NAME} or %{NAME:KIND}, with number, text, tag or host");
	if (slice_is(name, "message")) {
		if (compiler->rest.size > 0 || compiler->open != SIZE_MAX)
			return fault(compiler, "%{message} comes last");
		found = HEADER_REST;
	}
	step = add_step(compiler, found);
	if (step == NULL)
		return ERROR_INPUT;
	step->text = name;
	step->target = HEADER_FIELD;
	if (found == HEADER_REST)
		step->target = HEADER_MESSAGE;
	else if (slice_is(name, "service"))
		step->target = HEADER_SERVICE;
	else if (slice_is(name, "-"))
		step->target = HEADER_NOTHING;
	return 0;
}

/* "%{NAME:KIND}", of which "%{" was taken. */
static int compile_part(struct compiler *compiler)
{
	size_t end = slice_find_byte(compiler->rest, '}');
	struct slice inside = slice_first(compiler->rest, end);
	size_t colon = slice_find_byte(inside, ':');
	struct slice name = slice_first(inside, colon);
	struct slice kind = colon == SIZE_MAX ? (struct slice){ 0 } : slice_from(inside, colon + 1);

	if (end == SIZE_MAX)
		return fault(compiler, "%{ without its }");
	compiler->rest = slice_from(compiler->rest, end + 1);
	if (slice_is(name, "time"))
		return compile_time(compiler, kind);
	if (slice_is(name, "level"))
		return compile_level(compiler, kind);
	if (slice_is(name, "priority"))
		return add_step(compiler, HEADER_PRIORITY) != NULL ? 0 : ERROR_INPUT;
	return compile_value(compiler, name, kind);
}

static int compile_group(struct compiler *compiler, bool opens)
{
	struct header *header = compiler->header;

	if (opens == (compiler->open != SIZE_MAX))
		return fault(compiler, opens ? "%( inside of %(" : "%) without its %(");
	if (opens) {
		compiler->open = header->count;
		return add_step(compiler, HEADER_OPTIONAL) != NULL ? 0 : ERROR_INPUT;
	}
	header->steps[compiler->open].end = (uint8_t)header->count;
	compiler->open = SIZE_MAX;
	return 0;
}

static int compile_literal(struct compiler *compiler)
{
	struct header_step *step = add_step(compiler, HEADER_LITERAL);
	size_t end = slice_find_byte(compiler->rest, '%');

	if (step == NULL)
		return ERROR_INPUT;
	step->text = slice_first(compiler->rest, end);
	compiler->rest = slice_from(compiler->rest, end);
	return 0;
}

static int compile_next(struct compiler *compiler)
{
	char second = '\0';

	if (compiler->rest.data[0] != '%')
		return compile_literal(compiler);
	if (compiler->rest.size > 1)
		second = compiler->rest.data[1];
	compiler->rest = slice_from(compiler->rest, 2);
	switch (second) {
	case '{':
		return compile_part(compiler);
	case '(':
		return compile_group(compiler, true);
	case ')':
		return compile_group(compiler, false);
	default:
		return fault(compiler, "after % comes {, ( or )");
	}
}

static bool takes_stops(const struct header_step *step)
{
	return step->kind == HEADER_WORD || step->kind == HEADER_TEXT || step->kind == HEADER_TAG ||
		step->kind == HEADER_HOST;
}

static void add_end(struct header_step *step, char byte)
{
	step->ends[(unsigned char)byte / 64] |= UINT64_C(1) << ((unsigned char)byte % 64);
}

static void add_stop(struct header *header, struct header_step *step, size_t literal)
{
	char byte = header->steps[literal].text.data[0];

	add_end(step, byte);
	if (byte == ' ')
		add_end(step, '\t');
	step->stops[step->stop_count++] = (uint8_t)literal;
}

/* The literals that may stand right behind step `index`: those that open the optional groups there, and the first that
   must come. True when the last of them is such. */
static bool find_stops(struct header *header, size_t index)
{
	struct header_step *step = &header->steps[index];
	size_t at = index + 1;

	while (at < header->count && step->stop_count < HEADER_MAXIMUM_STOPS) {
		const struct header_step *next = &header->steps[at];

		if (next->kind == HEADER_LITERAL) {
			add_stop(header, step, at);
			return true;
		}
		if (next->kind != HEADER_OPTIONAL)
			return false;
		if (header->steps[at + 1].kind == HEADER_LITERAL)
			add_stop(header, step, at + 1);
		at = next->end;
	}
	return false;
}

int header_compile(struct header *header, struct slice pattern, struct error *error)
{
	struct compiler compiler = { header, pattern, pattern, SIZE_MAX, error };
	int result = 0;

	memset(header, 0, sizeof(*header));
	while (result == 0 && compiler.rest.size > 0)
		result = compile_next(&compiler);
	if (result != 0)
		return result;
	if (compiler.open != SIZE_MAX)
		return fault(&compiler, "%( without its %)");
	if (header->count == 0 || header->steps[header->count - 1].kind != HEADER_REST)
		return fault(&compiler, "a pattern ends in %{message}");
	for (size_t i = 0; i < header->count; i++) {
		struct header_step *step = &header->steps[i];

		add_end(step, ' ');
		add_end(step, '\t');
		if (takes_stops(step) && !find_stops(header, i) &&
			(step->kind == HEADER_TEXT || step->kind == HEADER_TAG))
			return fault(&compiler, "a :text or :tag is ended by text of the pattern");
	}
	return 0;
}
