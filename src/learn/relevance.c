#include "tocsin/learn/relevance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/base/buffer.h"
#include "tocsin/learn/tfidf.h"
#include "tocsin/store/selection.h"

#define KEEP 0.7
#define COSINE 0.1
#define LIMIT 50
#define COMPARED_WHOLE 50000 /* records of a log that is compared line by line */
#define SPREAD 20000         /* evenly spread lines of a larger one ... */
#define ALIKE_TEMPLATES 16   /* ... the templates that they show ... */
#define ALIKE_LINES 20000    /* ... and lines of those */
#define ISSUE_VOTE 4.0       /* what the issue says about its category, against one line that is all alike */

struct search {
	const struct relevance_input *input;
	struct relevance *found;
	uint64_t from, to;
	struct importance *own; /* made here */
	const struct importance *importance;
	struct tfidf *tfidf;
	struct vector candidates; /* of struct relevant */
	struct vector wanted;     /* the issue's vector */
	struct vector weights;    /* a line's */
	float *alike;             /* of each template: its best line so far */
	uint32_t templates;
	uint32_t limit;
	double keep, cosine;
};

static int search_init(struct search *search, const struct relevance_input *input, struct relevance *found)
{
	*search = (struct search){
		.input = input,
		.found = found,
		.from = input->from,
		.to = input->to > 0 && input->to < input->horizon.records ? input->to : input->horizon.records,
		.keep = input->keep > 0 ? input->keep : KEEP,
		.cosine = input->cosine > 0 ? input->cosine : COSINE,
		.limit = input->limit > 0 ? input->limit : LIMIT,
		.templates = store_template_count(input->store),
		.importance = input->importance,
		.tfidf = tfidf_create(0),
	};
	vector_init(&search->candidates, sizeof(struct relevant), COMPARED_WHOLE + SPREAD + ALIKE_LINES + (1 << 20));
	tfidf_vector_init(&search->wanted);
	tfidf_vector_init(&search->weights);
	if (search->importance == NULL)
		search->importance = search->own = importance_of_log(input->store, input->horizon);
	search->alike = calloc((size_t)search->templates + 1, sizeof(*search->alike));
	return search->importance != NULL && search->alike != NULL && search->tfidf != NULL ? 0 : ERROR_MEMORY;
}

static void search_release(struct search *search)
{
	importance_destroy(search->own);
	tfidf_destroy(search->tfidf);
	vector_release(&search->candidates);
	vector_release(&search->wanted);
	vector_release(&search->weights);
	free(search->alike);
}

static int add_candidate(struct search *search, uint64_t id)
{
	struct relevant *candidate = vector_push(&search->candidates);
	struct record record;

	if (candidate == NULL)
		return ERROR_MEMORY;
	store_record(search->input->store, id, &record);
	*candidate = (struct relevant){ .record = id, .importance = importance_of(search->importance, &record, NULL) };
	return 0;
}

/* All records, or evenly spread ones and the first of each template. */
static int gather(struct search *search)
{
	uint64_t count = search->to - search->from;
	uint64_t step = count <= COMPARED_WHOLE ? 1 : count / SPREAD + 1;
	int result = 0;

	for (uint64_t id = search->from; id < search->to && result == 0; id += step)
		result = add_candidate(search, id);
	for (uint32_t i = 0; step > 1 && i < search->templates && result == 0; i++) {
		uint64_t first = store_template_first(search->input->store, i);

		if (first >= search->from && first < search->to && (first - search->from) % step != 0)
			result = add_candidate(search, first);
	}
	return result;
}

static int by_importance(const void *a, const void *b)
{
	const struct relevant *left = a, *right = b;

	if (left->importance != right->importance)
		return left->importance > right->importance ? -1 : 1;
	return (left->record > right->record) - (left->record < right->record);
}

static int by_cosine(const void *a, const void *b)
{
	const struct relevant *left = a, *right = b;

	if (left->cosine != right->cosine)
		return left->cosine > right->cosine ? -1 : 1;
	return by_importance(a, b);
}

static void cut(struct vector *candidates, size_t count)
{
	if (candidates->count > count)
		candidates->count = count;
}

/* Stage 1. Returns the least importance that was kept. */
static double keep_important(struct search *search)
{
	struct relevance *found = search->found;
	size_t kept = (size_t)ceil(search->keep * (double)search->candidates.count);

	found->total = search->to - search->from;
	found->important = (uint64_t)ceil(search->keep * (double)found->total);
	vector_sort(&search->candidates, by_importance);
	cut(&search->candidates, kept);
	return kept == 0 ? 0 : ((struct relevant *)vector_at(&search->candidates, kept - 1))->importance;
}

/* A line that cannot be read any more stands by its template. */
static struct slice message_of(const struct search *search, uint64_t id, uint32_t *template)
{
	const struct store_reader *reader = search->input->reader;
	struct store_text text = { 0 };
	struct record record;

	store_record(search->input->store, id, &record);
	*template = record.template;
	if (reader->read(reader->context, &record, &text) != 0 || text.gone)
		return store_template_text(search->input->store, record.template);
	return text.message;
}

static int fit(struct search *search)
{
	struct slice issue = slice_of(search->input->issue);
	uint32_t template;
	int result = 0;

	for (size_t i = 0; i < search->candidates.count && result == 0; i++) {
		const struct relevant *candidate = vector_at(&search->candidates, i);

		result = tfidf_add(search->tfidf, message_of(search, candidate->record, &template), 1);
	}
	if (result == 0)
		result = tfidf_want(search->tfidf, issue);
	if (result == 0)
		result = tfidf_fit(search->tfidf);
	return result == 0 ? tfidf_vector(search->tfidf, issue, &search->wanted) : result;
}

/* Sets the cosines of the candidates from `first` on. */
static int compare(struct search *search, size_t first)
{
	for (size_t i = first; i < search->candidates.count; i++) {
		struct relevant *candidate = vector_at(&search->candidates, i);
		uint32_t template;
		int result =
			tfidf_vector(search->tfidf, message_of(search, candidate->record, &template), &search->weights);

		if (result != 0)
			return result;
		candidate->cosine = tfidf_cosine(&search->wanted, &search->weights);
		if (template <search->templates && candidate->cosine > (double)search->alike[template])
			search->alike[template] = (float)candidate->cosine;
	}
	return 0;
}

/* "template:3 | template:17 ...", the most alike first; false when none is alike enough. */
static bool name_alike(struct search *search, struct buffer *out)
{
	for (unsigned taken = 0; taken < ALIKE_TEMPLATES; taken++) {
		uint32_t best = 0;

		for (uint32_t i = 1; i < search->templates; i++)
			if (search->alike[i] > search->alike[best])
				best = i;
		if (search->templates == 0 || (double)search->alike[best] < search->cosine)
			break;
		buffer_append_format(out, "%stemplate:%u", out->size > 0 ? " | " : "", best);
		search->alike[best] = 0;
	}
	return out->size > 0 && out->failed == 0;
}

static int compare_ids(const void *a, const void *b)
{
	const struct relevant *left = a, *right = b;

	return (left->record > right->record) - (left->record < right->record);
}

/* Of a large log: evenly spread records that the filter lets through, which are important and no candidates yet. */
static int add_selected(struct search *search, const struct selection *selection, double least)
{
	uint64_t count = selection_count(selection), step = count / ALIKE_LINES + 1;
	size_t before = search->candidates.count;
	int result = 0;

	vector_sort(&search->candidates, compare_ids);
	for (uint64_t i = 0; i < count && result == 0; i += step) {
		struct relevant key = { .record = selection_id(selection, i) };

		if (key.record < search->from || key.record >= search->to ||
			bsearch(&key, search->candidates.items, before, sizeof(key), compare_ids) != NULL)
			continue;
		result = add_candidate(search, key.record);
		if (result == 0 &&
			((struct relevant *)vector_at(&search->candidates, search->candidates.count - 1))->importance <
				least)
			search->candidates.count--;
	}
	return result != 0 ? result : compare(search, before);
}

static int look_closer(struct search *search, double least)
{
	const struct relevance_input *input = search->input;
	struct filter_scope scope = { .store = input->store, .now = input->horizon.time };
	struct selection selection;
	struct buffer text;
	struct filter *filter = NULL;
	size_t fault;
	int result = 0;

	buffer_init(&text, 4096);
	if (name_alike(search, &text))
		filter = filter_parse(buffer_slice(&text), &scope, &fault, NULL);
	if (filter != NULL) {
		result = selection_init(&selection, filter);
		if (result == 0) {
			while (selection_advance(&selection, input->store, input->reader, input->horizon, UINT64_MAX))
				continue;
			result = add_selected(search, &selection, least);
			selection_release(&selection);
		}
	}
	filter_destroy(filter);
	buffer_release(&text);
	return result;
}

static void vote(struct search *search)
{
	struct relevance *found = search->found;
	struct issue_votes votes = { { 0 } };
	uint32_t template;

	issue_vote(&votes, slice_of(search->input->issue), ISSUE_VOTE);
	for (size_t i = 0; i < found->records.count && !found->by_importance; i++) {
		const struct relevant *relevant = vector_at(&found->records, i);

		issue_vote(&votes, message_of(search, relevant->record, &template), relevant->cosine / (double)(i + 1));
	}
	found->category = issue_decide(&votes);
}

/* Stage 2's end: the candidates become the answer. */
static void choose(struct search *search)
{
	struct relevance *found = search->found;
	size_t alike = 0;

	found->compared = search->candidates.count;
	vector_sort(&search->candidates, by_cosine);
	while (alike < search->candidates.count && alike < search->limit &&
		((struct relevant *)vector_at(&search->candidates, alike))->cosine >= search->cosine)
		alike++;
	found->relevant = alike;
	found->by_importance = alike == 0;
	if (alike == 0)
		vector_sort(&search->candidates, by_importance);
	cut(&search->candidates, alike > 0 ? alike : search->limit);
	found->records = search->candidates;
	vector_init(&search->candidates, sizeof(struct relevant), 1);
}

int relevance_find(const struct relevance_input *input, struct relevance *relevance)
{
	struct search search;
	double least = 0;
	int result;

	memset(relevance, 0, sizeof(*relevance));
	result = search_init(&search, input, relevance);
	if (search.from > search.to)
		search.from = search.to;
	if (result == 0)
		result = gather(&search);
	if (result == 0) {
		least = keep_important(&search);
		result = fit(&search);
	}
	if (result == 0)
		result = compare(&search, 0);
	if (result == 0 && search.to - search.from > COMPARED_WHOLE)
		result = look_closer(&search, least);
	if (result == 0) {
		choose(&search);
		vote(&search);
	}
	search_release(&search);
	return result;
}

void relevance_release(struct relevance *relevance)
{
	vector_release(&relevance->records);
}

int relevance_append_counts(const struct relevance *relevance, struct buffer *out)
{
	return buffer_append_format(out, "%llu -> %llu -> %llu", (unsigned long long)relevance->total,
		(unsigned long long)relevance->important, (unsigned long long)relevance->relevant);
}
