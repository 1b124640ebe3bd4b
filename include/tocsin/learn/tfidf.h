/*
 * What texts are about, as vectors: TF-IDF over words and pairs of neighbouring words, English stop words left out.
 *
 * Add the documents of a corpus, fit, then make vectors of any text. The numbers are those of scikit-learn's
 * TfidfVectorizer(max_features=500, ngram_range=(1, 2), stop_words="english"): a word is two or more letters, digits
 * or underscores, in lower case; features are the terms that occur most in the corpus (equal ones by their bytes), in
 * order of bytes; a weight is the count times ln((1 + documents) / (1 + documents with the term)) + 1; vectors have
 * length 1. Not thread-safe.
 */
#ifndef TOCSIN_LEARN_TFIDF_H
#define TOCSIN_LEARN_TFIDF_H

#include "tocsin/base/error.h"
#include "tocsin/base/vector.h"
#include "tocsin/base/slice.h"

#define TFIDF_FEATURES 500

struct tfidf;

struct tfidf *tfidf_create(uint32_t features); /* 0: TFIDF_FEATURES. NULL when out of memory */
void tfidf_destroy(struct tfidf *tfidf);       /* NULL is fine */

/* Counts as `weight` equal documents. At most 2^18 terms are told apart; what comes later is left out of the choice.
   ERROR_MEMORY; ERROR_STATE when it was fitted. */
int tfidf_add(struct tfidf *tfidf, struct slice document, uint64_t weight);
/* The terms of `text` that the corpus has become features before any other: what is looked for may be rare. */
int tfidf_want(struct tfidf *tfidf, struct slice text);
int tfidf_fit(struct tfidf *tfidf); /* chooses the features; no document can be added any more. ERROR_MEMORY */

uint32_t tfidf_feature_count(const struct tfidf *tfidf);
struct slice tfidf_feature(const struct tfidf *tfidf, uint32_t feature); /* its term; lives as long as the table */
double tfidf_idf(const struct tfidf *tfidf, uint32_t feature);

struct tfidf_weight {
	uint32_t feature;
	double weight;
};

/* Writes the vector of a text: `struct tfidf_weight` in order of features, without zeros. A text without any feature
   gives no weights. ERROR_MEMORY, ERROR_STATE before the fit. */
int tfidf_vector(struct tfidf *tfidf, struct slice text, struct vector *weights);
void tfidf_vector_init(struct vector *weights); /* fits what tfidf_vector writes; vector_release frees it */

/* 0 to 1: how alike two vectors are. */
double tfidf_cosine(const struct vector *a, const struct vector *b);

#endif
