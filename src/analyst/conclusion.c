#include "analyst/conclusion.h"

#include "analyst/inside.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <string.h>

#define ARENA_BYTES ((size_t)4 << 20)
#define CLAIMS 64
#define TEXT_BYTES 4000

const char conclusion_schema[] =
	"{\"type\":\"object\",\"properties\":{"
	"\"verdict\":{\"type\":\"string\",\"enum\":[\"root_cause\",\"external\",\"healthy\",\"inconclusive\"]},"
	"\"service\":{\"type\":\"string\"},\"component\":{\"type\":\"string\"},\"summary\":{\"type\":\"string\"},"
	"\"category\":{\"type\":\"string\"},\"severity\":{\"type\":\"string\",\"enum\":[\"critical\",\"high\","
	"\"medium\","
	"\"low\",\"none\"]},\"confidence\":{\"type\":\"number\"},\"claims\":{\"type\":\"array\",\"items\":{\"type\":"
	"\"object\","
	"\"properties\":{\"text\":{\"type\":\"string\"},\"evidence\":{\"type\":\"array\",\"items\":{\"type\":"
	"\"string\"}}},"
	"\"required\":[\"text\",\"evidence\"]}},\"recommendations\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}"
	"},"
	"\"missing\":{\"type\":\"string\"}},\"required\":[\"verdict\",\"service\",\"summary\",\"severity\","
	"\"confidence\","
	"\"claims\",\"recommendations\"]}";

const char conclusion_words[] =
	"{\"verdict\":\"root_cause|external|healthy|inconclusive\",\"service\":\"NAME or empty\",\"component\":\"\","
	"\"summary\":\"the cause in one to three sentences, each with its "
	"[E1]\",\"category\":\"resource_shortage|network|"
	"database|auth|api|storage|application|unknown\",\"severity\":\"critical|high|medium|low|none\",\"confidence\":"
	"0.0,"
	"\"claims\":[{\"text\":\"one fact\",\"evidence\":[\"E1\"]}],\"recommendations\":[\"a step for a person\"],"
	"\"missing\":\"what would make it certain\"}";

void conclusion_init(struct conclusion *conclusion)
{
	memset(conclusion, 0, sizeof(*conclusion));
	arena_init(&conclusion->arena, ARENA_BYTES);
	vector_init(&conclusion->claims, sizeof(struct claim), CLAIMS);
	vector_init(&conclusion->recommendations, sizeof(struct slice), CLAIMS);
	vector_init(&conclusion->ranking, sizeof(struct ranked), 1);
	conclusion->verdict.service = STORE_NO_CODE;
}

void conclusion_release(struct conclusion *conclusion)
{
	arena_release(&conclusion->arena);
	vector_release(&conclusion->claims);
	vector_release(&conclusion->recommendations);
	vector_release(&conclusion->ranking);
}

/* --- reading ---- */

static struct slice keep(struct conclusion *conclusion, struct slice text)
{
	text = slice_trim(slice_first(text, TEXT_BYTES));
	return text.size == 0 ? (struct slice){ NULL, 0 } : arena_copy(&conclusion->arena, text);
}

static struct slice text_of(struct conclusion *conclusion, const struct json_value *root, const char *key)
{
	return keep(conclusion, json_value_string(json_member(root, key)));
}

static bool kind_of(struct slice word, enum verdict_kind *kind)
{
	for (int i = VERDICT_ROOT_CAUSE; i <= VERDICT_INCONCLUSIVE; i++)
		if (slice_is(word, verdict_kind_name((enum verdict_kind)i))) {
			*kind = (enum verdict_kind)i;
			return true;
		}
	return false;
}

static void cite(struct claim *claim, uint64_t number)
{
	for (size_t i = 0; i < claim->evidence_count; i++)
		if (claim->evidence[i] == number)
			return;
	if (claim->evidence_count < sizeof(claim->evidence) / sizeof(claim->evidence[0]) && number < UINT32_MAX)
		claim->evidence[claim->evidence_count++] = (unsigned)number;
}

static void cite_text(struct claim *claim)
{
	size_t begin, end = 0;
	unsigned number;

	while (evidence_next_citation(claim->text, end, &begin, &end, &number))
		cite(claim, number);
}

static struct claim *add_claim(struct conclusion *conclusion, struct slice text)
{
	struct claim *claim = text.size == 0 ? NULL : vector_push(&conclusion->claims);

	if (claim != NULL) {
		claim->text = keep(conclusion, text);
		cite_text(claim);
	}
	return claim;
}

static void read_claims(struct conclusion *conclusion, const struct json_value *list)
{
	for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
		struct claim *claim = add_claim(conclusion, json_value_string(json_member(item, "text")));
		uint64_t number;

		for (const struct json_value *id = json_first(json_member(item, "evidence"));
			id != NULL && claim != NULL; id = json_next(id)) {
			struct slice text = json_value_string(id);

			if (slice_starts(text, "[E"))
				text = slice_first(slice_from(text, 1), slice_find_byte(slice_from(text, 1), ']'));
			if (slice_starts(text, "E") && slice_to_u64(slice_from(text, 1), &number))
				cite(claim, number);
		}
	}
}

static void read_list(struct conclusion *conclusion, struct vector *out, const struct json_value *list)
{
	for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
		struct slice *place = json_value_string(item).size == 0 ? NULL : vector_push(out);

		if (place != NULL)
			*place = keep(conclusion, json_value_string(item));
	}
}

static void read_root(struct conclusion *conclusion, const struct scene *scene, const struct json_value *root)
{
	struct verdict *verdict = &conclusion->verdict;
	struct slice service = json_value_string(json_member(root, "service"));

	slice_copy(service, conclusion->service, sizeof(conclusion->service));
	conclusion->is_known = store_service_find(scene->store, service, &verdict->service) == 0;
	if (!conclusion->is_known)
		verdict->service = STORE_NO_CODE;
	verdict->summary = text_of(conclusion, root, "summary");
	verdict->component = text_of(conclusion, root, "component");
	verdict->category = text_of(conclusion, root, "category");
	verdict->severity = text_of(conclusion, root, "severity");
	verdict->missing = text_of(conclusion, root, "missing");
	if (!json_value_number(json_member(root, "confidence"), &verdict->confidence) || !(verdict->confidence >= 0))
		verdict->confidence = 0;
	if (verdict->confidence > 1)
		verdict->confidence = verdict->confidence <= 100 ? verdict->confidence / 100 : 1;
	add_claim(conclusion, verdict->summary);
	read_claims(conclusion, json_member(root, "claims"));
	read_list(conclusion, &conclusion->recommendations, json_member(root, "recommendations"));
}

bool conclusion_parse(struct conclusion *conclusion, const struct scene *scene, struct slice text)
{
	size_t begin = slice_find_byte(text, '{'), end = text.size;
	struct json_document *document;
	bool fits;

	while (end > 0 && text.data[end - 1] != '}')
		end--;
	if (begin == SIZE_MAX || end <= begin)
		return false;
	document = json_parse(slice_first(slice_from(text, begin), end - begin));
	fits = document != NULL &&
		kind_of(json_value_string(json_member(json_root(document), "verdict")), &conclusion->verdict.kind);
	if (fits)
		read_root(conclusion, scene, json_root(document));
	json_document_free(document);
	conclusion->verdict.claims = conclusion->claims.items;
	conclusion->verdict.claim_count = conclusion->claims.count;
	conclusion->verdict.recommendations = conclusion->recommendations.items;
	conclusion->verdict.recommendation_count = conclusion->recommendations.count;
	return fits;
}

/* --- prose ---- */

static bool ends_sentence(struct slice text, size_t at)
{
	return text.data[at] == '\n' ||
		((text.data[at] == '.' || text.data[at] == '!' || text.data[at] == '?') &&
			(at + 1 == text.size || text.data[at + 1] == ' ' || text.data[at + 1] == '\n'));
}

static bool tells_a_fact(struct slice sentence)
{
	size_t begin, end;
	unsigned number;

	if (evidence_next_citation(sentence, 0, &begin, &end, &number))
		return true;
	for (size_t i = 0; i < sentence.size; i++)
		if (sentence.data[i] >= '0' && sentence.data[i] <= '9')
			return sentence.size > 24; /* "1." of a list is none */
	return false;
}

void conclusion_prose(struct conclusion *conclusion, struct slice text)
{
	size_t begin = 0;

	for (size_t at = 0; at <= text.size; at++) {
		struct slice sentence;

		if (at < text.size && !ends_sentence(text, at))
			continue;
		sentence = slice_trim(slice_first(slice_from(text, begin), at + 1 - begin));
		/* A citation may stand behind the full stop. */
		while (at + 2 < text.size && text.data[at + 1] == ' ' && text.data[at + 2] == '[') {
			size_t close = slice_find_byte(slice_from(text, at), ']');

			if (close == SIZE_MAX)
				break;
			at += close;
			sentence = slice_trim(slice_first(slice_from(text, begin), at + 1 - begin));
		}
		if (tells_a_fact(sentence))
			add_claim(conclusion, sentence);
		begin = at + 1;
	}
	conclusion->verdict.claims = conclusion->claims.items;
	conclusion->verdict.claim_count = conclusion->claims.count;
}

/* --- checking and saying ---- */

void conclusion_check(struct conclusion *conclusion, const struct scene *scene)
{
	conclusion->unproven = 0;
	for (size_t i = 0; i < conclusion->claims.count; i++) {
		struct claim *claim = vector_at(&conclusion->claims, i);

		claim->proven = claim_check(scene, claim);
		conclusion->unproven += !claim->proven;
	}
}

static void say_headline(const struct conclusion *conclusion, struct transcript *transcript, int64_t horizon)
{
	static const char *const words[] = { "root cause", "external cause", "healthy", "inconclusive" };
	const struct verdict *verdict = &conclusion->verdict;
	const char *name = conclusion->service;

	if (name[0] != '\0' && verdict->kind != VERDICT_HEALTHY && verdict->kind != VERDICT_INCONCLUSIVE)
		transcript_add_format(transcript, ENTRY_VERDICT, NULL, horizon, "model: %s: %s%s (confidence %.2f)",
			words[verdict->kind], name, conclusion->is_known ? "" : ", which is no service of this log",
			verdict->confidence);
	else
		transcript_add_format(transcript, ENTRY_VERDICT, NULL, horizon, "model: %s (confidence %.2f)",
			words[verdict->kind], verdict->confidence);
}

static void say_claim(const struct claim *claim, struct transcript *transcript, int64_t horizon)
{
	struct buffer text;
	size_t begin, end;
	unsigned number;

	buffer_init(&text, SCENE_SENTENCE * 2);
	buffer_append_slice(&text, claim->text);
	if (!evidence_next_citation(claim->text, 0, &begin, &end, &number))
		for (size_t i = 0; i < claim->evidence_count; i++)
			say_cite(&text, claim->evidence[i]);
	transcript_add(transcript, claim->proven ? ENTRY_TEXT : ENTRY_UNPROVEN, NULL, buffer_slice(&text), horizon);
	buffer_release(&text);
}

static void say_beside(const struct conclusion *conclusion, const struct scene *scene, const struct verdict *builtin,
	struct transcript *transcript)
{
	const struct verdict *verdict = &conclusion->verdict;
	bool agrees = builtin->kind == verdict->kind && builtin->service == verdict->service;
	struct slice name = builtin->service == STORE_NO_CODE ? (struct slice){ "", 0 }
							      : store_service_name(scene->store, builtin->service);

	transcript_add_format(transcript, ENTRY_LABELLED, "built in", scene->horizon.time,
		"%s: %s%s%.*s (confidence %.2f)", agrees ? "agrees" : "differs", verdict_kind_name(builtin->kind),
		name.size > 0 ? ", " : "", (int)name.size, name.data, builtin->confidence);
}

void conclusion_say(const struct conclusion *conclusion, const struct scene *scene, const struct verdict *builtin,
	struct transcript *transcript)
{
	int64_t horizon = scene->horizon.time;

	say_headline(conclusion, transcript, horizon);
	for (size_t i = 0; i < conclusion->claims.count; i++)
		say_claim(vector_at(&conclusion->claims, i), transcript, horizon);
	for (size_t i = 0; i < conclusion->recommendations.count; i++)
		transcript_add(transcript, ENTRY_LABELLED, "next",
			*(struct slice *)vector_at(&conclusion->recommendations, i), horizon);
	if (conclusion->verdict.missing.size > 0)
		transcript_add(transcript, ENTRY_LABELLED, "missing", conclusion->verdict.missing, horizon);
	if (builtin != NULL)
		say_beside(conclusion, scene, builtin, transcript);
}
