#include "ingest/glob.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define PART_MAXIMUM 256

static size_t find_wildcard(struct slice name)
{
	for (size_t i = 0; i < name.size; i++)
		if (strchr("*?[", name.data[i]) != NULL)
			return i;
	return SIZE_MAX;
}

bool glob_is(struct slice name)
{
	return find_wildcard(name) != SIZE_MAX;
}

size_t glob_folder(struct slice name)
{
	struct slice plain = slice_first(name, find_wildcard(name));
	const char *slash = memrchr(plain.data, '/', plain.size);

	return slash != NULL ? (size_t)(slash + 1 - plain.data) : 0;
}

static bool part_matches(struct slice pattern, struct slice part)
{
	char wanted[PART_MAXIMUM];
	char given[PART_MAXIMUM];

	return slice_copy(pattern, wanted, sizeof(wanted)) == pattern.size &&
		slice_copy(part, given, sizeof(given)) == part.size && fnmatch(wanted, given, FNM_PERIOD) == 0;
}

/* A row of `**` is one. A path has few parts, so trying each place for it is cheap. */
enum glob_match glob_match(struct slice pattern, struct slice path)
{
	struct slice wanted = { 0 };
	struct slice part = { 0 };
	struct slice rest = path;
	enum glob_match best;

	if (!slice_next(&pattern, '/', &wanted))
		return path.size == 0 ? GLOB_YES : GLOB_NO;
	if (path.size == 0)
		return slice_is(wanted, "**") && glob_match(pattern, path) == GLOB_YES ? GLOB_YES : GLOB_BELOW;
	slice_next(&rest, '/', &part);
	if (!slice_is(wanted, "**"))
		return part_matches(wanted, part) ? glob_match(pattern, rest) : GLOB_NO;
	best = GLOB_BELOW;
	for (rest = path; best != GLOB_YES; slice_next(&rest, '/', &part)) {
		best = glob_match(pattern, rest) == GLOB_YES ? GLOB_YES : GLOB_BELOW;
		if (rest.size == 0)
			break;
	}
	return best;
}
