#include "tocsin/learn/tfidf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/words.h"
#include "tocsin/base/intern.h"

#define MAXIMUM_TERMS (1U << 18)
#define MAXIMUM_TERM_BYTES ((size_t)16 << 20)
#define NO_FEATURE UINT32_MAX

/* Of one term, by its code. */
struct term {
	uint64_t occurrences;
	uint64_t documents;
	uint64_t seen; /* the last document that it was counted for */
	uint32_t feature;
	bool wanted;
};

struct feature {
	uint32_t code;
	uint32_t count; /* in the text whose vector is being made */
	double idf;
};

struct tfidf {
	struct intern *texts;
	struct vector terms; /* of struct term */
	uint64_t documents;
	uint64_t serial; /* of the document being added */
	uint32_t wanted;
	struct feature *features;
	uint32_t feature_count;
	bool fitted;
};

struct tfidf *tfidf_create(uint32_t features)
{
	struct tfidf *tfidf = calloc(1, sizeof(*tfidf));

	if (tfidf == NULL)
		return NULL;
	tfidf->wanted = features > 0 ? features : TFIDF_FEATURES;
	tfidf->texts = intern_create(MAXIMUM_TERMS, MAXIMUM_TERM_BYTES);
	vector_init(&tfidf->terms, sizeof(struct term), MAXIMUM_TERMS);
	if (tfidf->texts == NULL) {
		tfidf_destroy(tfidf);
		return NULL;
	}
	return tfidf;
}

void tfidf_destroy(struct tfidf *tfidf)
{
	if (tfidf == NULL)
		return;
	intern_destroy(tfidf->texts);
	vector_release(&tfidf->terms);
	free(tfidf->features);
	free(tfidf);
}

/* NULL with result 0: one term too many. */
static int find_or_add(struct tfidf *tfidf, struct slice text, struct term **term)
{
	uint32_t code;
	int result = intern_put(tfidf->texts, text, &code);

	*term = NULL;
	if (result == ERROR_FULL)
		return 0;
	if (result == 0 && code == tfidf->terms.count) {
		struct term *fresh = vector_push(&tfidf->terms);

		if (fresh == NULL)
			return ERROR_MEMORY;
		fresh->feature = NO_FEATURE;
	}
	if (result == 0)
		*term = vector_at(&tfidf->terms, code);
	return result;
}

int tfidf_add(struct tfidf *tfidf, struct slice document, uint64_t weight)
{
	struct words words;
	struct slice text;

	if (tfidf->fitted)
		return ERROR_STATE;
	tfidf->documents += weight;
	tfidf->serial++;
	words_begin(&words, document);
	while (words_next(&words, &text)) {
		struct term *term;
		int result = find_or_add(tfidf, text, &term);

		if (result != 0)
			return result;
		if (term == NULL)
			continue;
		term->occurrences += weight;
		term->documents += term->seen != tfidf->serial ? weight : 0;
		term->seen = tfidf->serial;
	}
	return 0;
}

int tfidf_want(struct tfidf *tfidf, struct slice text)
{
	struct words words;
	struct slice term;

	if (tfidf->fitted)
		return ERROR_STATE;
	words_begin(&words, text);
	while (words_next(&words, &term)) {
		uint32_t code;

		if (intern_find(tfidf->texts, term, &code) == 0)
			((struct term *)vector_at(&tfidf->terms, code))->wanted = true;
	}
	return 0;
}

/* A term while the features are chosen. */
struct choice {
	struct slice text;
	uint64_t occurrences;
	uint32_t code;
	bool wanted;
};

static int compare_texts(struct slice a, struct slice b)
{
	int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);

	return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int by_worth(const void *a, const void *b)
{
	const struct choice *left = a, *right = b;

	if (left->wanted != right->wanted)
		return left->wanted ? -1 : 1;
	if (left->occurrences != right->occurrences)
		return left->occurrences > right->occurrences ? -1 : 1;
	return compare_texts(left->text, right->text);
}

static int by_text(const void *a, const void *b)
{
	return compare_texts(((const struct choice *)a)->text, ((const struct choice *)b)->text);
}

static struct choice *choose(const struct tfidf *tfidf)
{
	size_t count = tfidf->terms.count;
	struct choice *choices = calloc(count + 1, sizeof(*choices));

	if (choices == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct term *term = vector_at(&tfidf->terms, i);

		choices[i] = (struct choice){ intern_text(tfidf->texts, (uint32_t)i), term->occurrences, (uint32_t)i,
			term->wanted };
	}
	qsort(choices, count, sizeof(*choices), by_worth);
	qsort(choices, count < tfidf->wanted ? count : tfidf->wanted, sizeof(*choices), by_text);
	return choices;
}

int tfidf_fit(struct tfidf *tfidf)
{
	uint32_t count = tfidf->terms.count < tfidf->wanted ? (uint32_t)tfidf->terms.count : tfidf->wanted;
	struct choice *choices = tfidf->fitted ? NULL : choose(tfidf);

	if (tfidf->fitted)
		return ERROR_STATE;
	tfidf->features = calloc((size_t)count + 1, sizeof(*tfidf->features));
	if (choices == NULL || tfidf->features == NULL) {
		free(choices);
		return ERROR_MEMORY;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct term *term = vector_at(&tfidf->terms, choices[i].code);
		double ratio = (1 + (double)tfidf->documents) / (1 + (double)term->documents);

		term->feature = i;
		tfidf->features[i] = (struct feature){ .code = choices[i].code, .idf = log(ratio) + 1 };
	}
	tfidf->feature_count = count;
	tfidf->fitted = true;
	free(choices);
	return 0;
}

uint32_t tfidf_feature_count(const struct tfidf *tfidf)
{
	return tfidf->feature_count;
}

struct slice tfidf_feature(const struct tfidf *tfidf, uint32_t feature)
{
	return intern_text(tfidf->texts, tfidf->features[feature].code);
}

double tfidf_idf(const struct tfidf *tfidf, uint32_t feature)
{
	return tfidf->features[feature].idf;
}

void tfidf_vector_init(struct vector *weights)
{
	vector_init(weights, sizeof(struct tfidf_weight), MAXIMUM_TERMS);
}

static int by_feature(const void *a, const void *b)
{
	uint32_t left = ((const struct tfidf_weight *)a)->feature, right = ((const struct tfidf_weight *)b)->feature;

	return (left > right) - (left < right);
}

/* Lists each feature of the text once and counts it. */
static int count_features(struct tfidf *tfidf, struct slice text, struct vector *weights)
{
	struct words words;
	struct slice term;

	words_begin(&words, text);
	while (words_next(&words, &term)) {
		struct tfidf_weight *weight;
		uint32_t code, feature;

		if (intern_find(tfidf->texts, term, &code) != 0)
			continue;
		feature = ((struct term *)vector_at(&tfidf->terms, code))->feature;
		if (feature == NO_FEATURE || tfidf->features[feature].count++ > 0)
			continue;
		weight = vector_push(weights);
		if (weight == NULL)
			return ERROR_MEMORY;
		weight->feature = feature;
	}
	return 0;
}

int tfidf_vector(struct tfidf *tfidf, struct slice text, struct vector *weights)
{
	double squares = 0;
	int result;

	vector_clear(weights);
	if (!tfidf->fitted)
		return ERROR_STATE;
	result = count_features(tfidf, text, weights);
	vector_sort(weights, by_feature);
	for (size_t i = 0; i < weights->count; i++) {
		struct tfidf_weight *weight = vector_at(weights, i);
		struct feature *feature = &tfidf->features[weight->feature];

		weight->weight = feature->count * feature->idf;
		squares += weight->weight * weight->weight;
		feature->count = 0;
	}
	for (size_t i = 0; i < weights->count; i++)
		((struct tfidf_weight *)vector_at(weights, i))->weight /= sqrt(squares);
	return result;
}

double tfidf_cosine(const struct vector *a, const struct vector *b)
{
	const struct tfidf_weight *left = a->items, *right = b->items;
	size_t i = 0, j = 0;
	double sum = 0;

	while (i < a->count && j < b->count) {
		if (left[i].feature == right[j].feature)
			sum += left[i++].weight * right[j++].weight;
		else if (left[i].feature < right[j].feature)
			i++;
		else
			j++;
	}
	return sum;
}
