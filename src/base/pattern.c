/*
 * A thin cover over PCRE2. A pattern owns all that a match needs, so that matching allocates next to nothing. It runs
 * as machine code where PCRE2 can make some; a subject that needs more stack than that code was given is tried again by
 * the interpreter, which takes its memory from the heap. Both stop at the same number of steps: the worst pattern on
 * the longest line costs milliseconds.
 */
#include "tocsin/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#define MAXIMUM_STEPS 200000
#define MAXIMUM_HEAP 4096 /* KiB */
#define FIRST_STACK ((size_t)32 * 1024)
#define MAXIMUM_STACK ((size_t)512 * 1024)
#define MAXIMUM_PATTERN 4096

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack; /* NULL: the interpreter does it */
	const char *subject;    /* of the last find; NULL when it found nothing */
	uint64_t ran_out;
};

static pcre2_code *compile(struct slice text, bool nocase, size_t *fault, struct error *error)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	const char *bytes = text.size > 0 ? text.data : "";
	PCRE2_UCHAR reason[200];
	pcre2_code *code;
	int number;

	if (text.size > MAXIMUM_PATTERN) {
		*fault = MAXIMUM_PATTERN;
		error_set(error, ERROR_INPUT, "The pattern is longer than %d bytes.", MAXIMUM_PATTERN);
		return NULL;
	}
	if (nocase)
		options |= PCRE2_CASELESS;
	code = pcre2_compile((PCRE2_SPTR)bytes, text.size, options, &number, fault, NULL);
	if (code == NULL) {
		if (*fault > text.size)
			*fault = text.size;
		if (pcre2_get_error_message(number, reason, sizeof(reason)) < 0)
			reason[0] = '\0';
		error_set(
			error, ERROR_INPUT, "The pattern is wrong at byte %zu: %s.", *fault + 1, (const char *)reason);
	}
	return code;
}

struct pattern *pattern_create(struct slice text, bool nocase, size_t *fault, struct error *error)
{
	size_t ignored;
	struct pattern *pattern;
	pcre2_code *code = compile(text, nocase, fault != NULL ? fault : &ignored, error);

	if (code == NULL)
		return NULL;
	pattern = calloc(1, sizeof(*pattern));
	if (pattern != NULL) {
		pattern->code = code;
		pattern->match = pcre2_match_data_create_from_pattern(code, NULL);
		pattern->limits = pcre2_match_context_create(NULL);
	} else {
		pcre2_code_free(code);
	}
	if (pattern == NULL || pattern->match == NULL || pattern->limits == NULL) {
		pattern_destroy(pattern);
		if (fault != NULL)
			*fault = 0;
		error_set(error, ERROR_MEMORY, "There is no memory for the pattern.");
		return NULL;
	}
	pcre2_set_match_limit(pattern->limits, MAXIMUM_STEPS);
	pcre2_set_heap_limit(pattern->limits, MAXIMUM_HEAP);
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
		pattern->stack = pcre2_jit_stack_create(FIRST_STACK, MAXIMUM_STACK, NULL);
		if (pattern->stack != NULL)
			pcre2_jit_stack_assign(pattern->limits, NULL, pattern->stack);
	}
	return pattern;
}

void pattern_destroy(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_jit_stack_free(pattern->stack);
	pcre2_match_context_free(pattern->limits);
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	free(pattern);
}

bool pattern_find(struct pattern *pattern, struct slice subject, size_t start, size_t *begin, size_t *end)
{
	const char *bytes = subject.size > 0 ? subject.data : "";
	const size_t *places = pcre2_get_ovector_pointer(pattern->match);
	int found;

	pattern->subject = NULL;
	if (start > subject.size)
		return false;
	found = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, subject.size, start, 0, pattern->match, pattern->limits);
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, subject.size, start, PCRE2_NO_JIT, pattern->match,
			pattern->limits);
	pattern->ran_out += found < 0 && found != PCRE2_ERROR_NOMATCH;
	/* \K can put the begin behind the end. */
	if (found <= 0 || places[0] > places[1])
		return false;
	pattern->subject = bytes;
	*begin = places[0];
	*end = places[1];
	return true;
}

uint64_t pattern_ran_out(const struct pattern *pattern)
{
	return pattern->ran_out;
}

struct slice pattern_group(const struct pattern *pattern, unsigned group)
{
	const size_t *places = pcre2_get_ovector_pointer(pattern->match) + 2 * (size_t)group;

	if (pattern->subject == NULL || group >= pcre2_get_ovector_count(pattern->match) || places[0] == PCRE2_UNSET ||
		places[0] > places[1])
		return (struct slice){NULL, 0};
	return (struct slice){pattern->subject + places[0], places[1] - places[0]};
}

const char *pattern_name(const struct pattern *pattern, size_t index, unsigned *group)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &count);
	if (index >= count)
		return NULL;
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
	table += index * size; /* each: the number in two bytes, the name, a zero */
	*group = (unsigned)table[0] << 8 | table[1];
	return (const char *)table + 2;
}
