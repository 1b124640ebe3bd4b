/*
 * What the culprit itself says: the kind of trouble its first abnormal lines name, and whether they blame something
 * that has no log here.
 */
#include "analyst/inside.h"
#include "analyst/names.h"

static const char *const failures[] = { "timeout", "timed out", "refused", "unreachable", "unavailable", "expired",
	"resolve", "resolution", "reset", "failed", "failure", "503", "502", "504", "500", "outage", "no such host",
	"nxdomain", "handshake", "denied", "429", "error" };

static const char *const outside[] = { "upstream provider", "third-party", "third party", "external provider",
	"external service", "payment provider", "cloud provider", "vendor", "isp " };

static const char *const domains[] = { ".com", ".net", ".org", ".io", ".cloud", ".eu", ".co", ".ai", ".dev", ".app",
	".gov", ".edu", ".example", ".de", ".uk", ".test", ".fr", ".jp", ".us" };

static const char *const dependency_keys[] = { "upstream", "provider", "dependency", "peer", "remote", "third_party" };

static bool speaks_of_failure(struct slice text)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		if (names_find_word(text, slice_of(failures[i])) != SIZE_MAX)
			return true;
	return false;
}

/* Is this a service of ours, or its address ("orders-db.internal", "payment")? */
static bool has_log(const struct scene *scene, struct slice name)
{
	uint32_t services[NAMES_MAXIMUM];
	struct slice label = slice_first(name, slice_find_byte(name, '.'));

	return names_match(scene, name, services) > 0 || names_match(scene, label, services) > 0;
}

static bool is_host(struct slice word)
{
	bool letter = false;

	for (size_t i = 0; i < word.size; i++)
		letter = letter || (word.data[i] >= 'a' && word.data[i] <= 'z');
	for (size_t i = 0; letter && i < sizeof(domains) / sizeof(domains[0]); i++)
		if (slice_ends(word, domains[i]) && word.size > 4)
			return true;
	return false;
}

static bool is_dependency_key(struct slice word)
{
	for (size_t i = 0; i < sizeof(dependency_keys) / sizeof(dependency_keys[0]); i++)
		if (slice_equal_nocase(word, slice_of(dependency_keys[i])))
			return true;
	return false;
}

/* A host name, the value of upstream= and the like, or words for somebody else's service. */
static struct slice blamed_outside(const struct scene *scene, struct slice text)
{
	struct slice rest = text, word, key = { 0 };

	while (names_next_word(&rest, &word)) {
		bool value = key.size && key.data + key.size < word.data && key.data[key.size] == '=' &&
			key.data + key.size + 1 == word.data;
		bool name = word.size > 2 &&
			((word.data[0] >= 'a' && word.data[0] <= 'z') || (word.data[0] >= 'A' && word.data[0] <= 'Z'));

		if ((is_host(word) || (value && name && is_dependency_key(key))) && !has_log(scene, word))
			return word;
		key = word;
	}
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		size_t at = names_find_word(text, slice_of(outside[i]));

		if (at != SIZE_MAX)
			return slice_first(slice_from(text, at), slice_of(outside[i]).size);
	}
	return (struct slice){ 0 };
}

struct slice external_dependency(const struct analysis *analysis, const struct suspect *suspect, uint64_t *record)
{
	for (size_t i = 0; i < suspect->line_count && i < 3; i++) {
		struct slice text = suspect->texts[i], name;

		if (!speaks_of_failure(text))
			continue;
		name = blamed_outside(&analysis->scene, text);
		if (name.size) {
			*record = suspect->lines[i];
			return name;
		}
	}
	return (struct slice){ 0 };
}

static void claim_outside(struct analysis *analysis, struct buffer *out)
{
	uint64_t record = 0;
	unsigned evidence;

	analysis->dependency = external_dependency(analysis, analysis->culprit, &record);
	if (!analysis->dependency.size)
		return;
	evidence = analysis_cite_line(analysis, record);
	say_service(out, &analysis->scene, analysis->culprit->service);
	buffer_append_string(out, " blames ");
	say_quote(out, analysis->dependency, 60);
	say_cite(out, evidence);
	buffer_append_string(out, ", which has no log here");
	analysis_claim(analysis, CLAIM_CAUSE, out);
	analysis_say(analysis, ENTRY_STEP, NULL, out);
}

/* The line that speaks of the cause most, errors before warnings, earliest first. */
static size_t telling_line(const struct suspect *suspect, const struct cause *cause)
{
	size_t best = 0;
	double most = 0;

	for (size_t i = 0; i < suspect->line_count; i++) {
		double score = cause_score(cause, suspect->texts[i]) * (suspect->levels[i] >= LEVEL_ERROR ? 1.5 : 1);

		if (score > most) {
			most = score;
			best = i;
		}
	}
	return best;
}

bool step_lines(struct analysis *analysis)
{
	const struct suspect *culprit = analysis->culprit;
	struct buffer out;
	size_t line;
	unsigned evidence;

	if (!culprit || culprit->line_count == 0)
		return false;
	buffer_init(&out, SCENE_SENTENCE);
	analysis->cause = cause_find(culprit->texts, culprit->line_count, NULL);
	if (analysis->cause) {
		line = telling_line(culprit, analysis->cause);
		evidence = analysis_cite_line(analysis, culprit->lines[line]);
		say_service(&out, &analysis->scene, culprit->service);
		buffer_append_format(&out, " %s: ", analysis->cause->phrase);
		say_quote(&out, culprit->texts[line], 72);
		say_cite(&out, evidence);
		analysis_claim(analysis, CLAIM_CAUSE, &out);
	} else {
		buffer_append_string(&out, "the first lines of ");
		say_service(&out, &analysis->scene, culprit->service);
		buffer_append_string(&out, " name no kind of trouble that I know: ");
		say_quote(&out, culprit->texts[0], 72);
		say_cite(&out, analysis_cite_line(analysis, culprit->lines[0]));
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	claim_outside(analysis, &out);
	buffer_release(&out);
	return false;
}
