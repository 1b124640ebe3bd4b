#include "tocsin/context/runbooks.h"

#include <fnmatch.h>

void runbooks_init(struct runbooks *runbooks, struct context_text *text)
{
	runbooks->text = text;
	vector_init(&runbooks->items, sizeof(struct runbook), RUNBOOKS_MAXIMUM);
}

static void runbook_release(struct runbook *runbook)
{
	for (size_t i = 0; i < runbook->match_count; i++)
		pattern_destroy(runbook->patterns[i]);
}

void runbooks_release(struct runbooks *runbooks)
{
	for (size_t i = 0; i < runbooks->items.count; i++)
		runbook_release(vector_at(&runbooks->items, i));
	vector_release(&runbooks->items);
}

static bool take_key(struct slice line, const char *key, struct slice *value)
{
	size_t size = slice_of(key).size;

	if (line.size <= size || line.data[size] != ':' || !slice_equal_nocase(slice_first(line, size), slice_of(key)))
		return false;
	*value = slice_trim(slice_from(line, size + 1));
	return true;
}

static int add_match(
	struct runbooks *runbooks, struct runbook *runbook, struct slice value, size_t number, struct error *error)
{
	struct error inner = { 0 };
	size_t fault = 0;
	size_t index = runbook->match_count;

	if (value.size == 0)
		return error_set(error, ERROR_INPUT, "line %zu: `match:` says nothing", number);
	if (index == RUNBOOK_MATCHES)
		return error_set(
			error, ERROR_INPUT, "line %zu: more than %d lines of `match:`", number, RUNBOOK_MATCHES);
	if (!context_text_copy(runbooks->text, value, &runbook->matches[index]))
		return error_set(error, ERROR_FULL, "no room for it");
	runbook->patterns[index] = pattern_create(value, true, &fault, &inner);
	if (runbook->patterns[index] == NULL)
		return error_set(
			error, ERROR_INPUT, "line %zu: `match:`, at character %zu: %s", number, fault + 1, inner.text);
	runbook->match_count++;
	return 0;
}

/* Takes the head off the front of `*text`: "---", lines "key: value", "---"; or such lines alone up to one that is
   none. */
static int read_head(struct runbooks *runbooks, struct runbook *runbook, struct slice *text, struct error *error)
{
	bool fenced = false;
	size_t number = 0;
	int result = 0;

	while (result == 0 && text->size > 0) {
		struct slice rest = *text, line, value;

		slice_next(&rest, '\n', &line);
		line = slice_trim(line);
		number++;
		bool fence = slice_is(line, "---");
		if (take_key(line, "match", &value))
			result = add_match(runbooks, runbook, value, number, error);
		else if (take_key(line, "service", &value))
			runbook->service = value;
		else if (take_key(line, "title", &value))
			runbook->title = value;
		else if (!fence && !fenced)
			break;
		*text = rest;
		if (fence && fenced)
			break;
		fenced = fenced || fence;
	}
	if (result == 0 && runbook->match_count == 0)
		return error_set(error, ERROR_INPUT, "its head has no line `match: PATTERN`");
	return result;
}

/* The first heading, else the name of the file. */
static struct slice find_title(const struct runbook *runbook, struct slice body)
{
	struct slice line;

	if (runbook->title.size > 0)
		return runbook->title;
	while (slice_next(&body, '\n', &line)) {
		line = slice_trim(line);
		if (!slice_starts(line, "#"))
			continue;
		while (slice_starts(line, "#"))
			line = slice_from(line, 1);
		return slice_trim(line);
	}
	return runbook->name;
}

int runbooks_add(struct runbooks *runbooks, struct slice name, struct slice text, struct error *error)
{
	struct runbook runbook = { .name = name };
	struct runbook *place;
	int result;

	if (text.size > RUNBOOK_BYTES)
		return error_set(error, ERROR_FULL, "a runbook has at most %d bytes", RUNBOOK_BYTES);
	result = read_head(runbooks, &runbook, &text, error);
	runbook.title = find_title(&runbook, text);
	if (result == 0 &&
		(!context_text_copy(runbooks->text, name, &runbook.name) ||
			!context_text_copy(runbooks->text, runbook.title, &runbook.title) ||
			!context_text_copy(runbooks->text, runbook.service, &runbook.service) ||
			!context_text_copy(runbooks->text, text, &runbook.body)))
		result = error_set(error, ERROR_FULL, "no room for it");
	place = result == 0 ? vector_push(&runbooks->items) : NULL;
	if (result == 0 && place == NULL)
		result = error_set(error, ERROR_FULL, "more than %d runbooks", RUNBOOKS_MAXIMUM);
	if (result != 0)
		runbook_release(&runbook);
	else
		*place = runbook;
	return result;
}

size_t runbooks_count(const struct runbooks *runbooks)
{
	return runbooks->items.count;
}

const struct runbook *runbooks_at(const struct runbooks *runbooks, size_t index)
{
	return index < runbooks->items.count ? vector_at(&runbooks->items, index) : NULL;
}

static bool fits_service(const struct runbook *runbook, struct slice service)
{
	char glob[256], name[256];

	if (runbook->service.size == 0 || service.size == 0)
		return true;
	slice_copy(runbook->service, glob, sizeof(glob));
	slice_copy(service, name, sizeof(name));
	return fnmatch(glob, name, 0) == 0;
}

size_t runbook_fit(const struct runbook *runbook, struct slice service, struct slice message)
{
	size_t begin, end, fit = 0;

	if (!fits_service(runbook, service))
		return 0;
	for (size_t i = 0; i < runbook->match_count; i++)
		fit += pattern_find(runbook->patterns[i], message, 0, &begin, &end);
	return fit;
}

const struct runbook *runbooks_find(const struct runbooks *runbooks, struct slice service, struct slice message)
{
	const struct runbook *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < runbooks_count(runbooks); i++) {
		size_t fit = runbook_fit(runbooks_at(runbooks, i), service, message);

		if (fit > most) {
			most = fit;
			best = runbooks_at(runbooks, i);
		}
	}
	return best;
}
