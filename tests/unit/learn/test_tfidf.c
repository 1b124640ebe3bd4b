/*
 * The tables in tfidf/ were made once with scikit-learn 1.2.1: documents with their weights, features with their idf,
 * texts with their vectors.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/learn/tfidf.h"

#define CLOSE 1e-9

static FILE *open_table(const char *name)
{
	char path[1024];
	const char *folder = getenv("srcdir");
	snprintf(path, sizeof path, "%s/tests/unit/learn/tfidf/%s", folder == NULL ? "." : folder, name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	return file;
}

static struct slice column(struct slice *rest)
{
	struct slice value = { NULL, 0 };
	slice_next(rest, '\t', &value);
	return value;
}

struct table {
	struct tfidf *tfidf;
	struct vector weights;
	size_t features, texts, next_weight;
};

static void follow(struct table *table, struct slice kind, struct slice rest)
{
	double number = 0;
	if (slice_is(kind, "document")) {
		assert_true(slice_to_double(column(&rest), &number));
		assert_int_equal(tfidf_add(table->tfidf, rest, (uint64_t)number), 0);
		return;
	}
	if (table->features == 0 && table->texts == 0)
		assert_int_equal(tfidf_fit(table->tfidf), 0);
	if (slice_is(kind, "feature")) {
		assert_true(slice_to_double(column(&rest), &number));
		assert_true(table->features < tfidf_feature_count(table->tfidf));
		uint32_t feature = (uint32_t)table->features++;
		assert_true(slice_equal(tfidf_feature(table->tfidf, feature), rest));
		assert_true(fabs(tfidf_idf(table->tfidf, feature) - number) < CLOSE);
	} else if (slice_is(kind, "text")) {
		assert_int_equal(table->next_weight, table->weights.count);
		assert_int_equal(tfidf_vector(table->tfidf, rest, &table->weights), 0);
		table->next_weight = 0;
		table->texts++;
	} else if (slice_is(kind, "weight")) {
		assert_true(slice_to_double(column(&rest), &number));
		assert_true(table->next_weight < table->weights.count);
		const struct tfidf_weight *weight = vector_at(&table->weights, table->next_weight++);
		assert_true(slice_equal(tfidf_feature(table->tfidf, weight->feature), rest));
		assert_true(fabs(weight->weight - number) < CLOSE);
	}
}

static void check_table(const char *name, uint32_t features, size_t texts)
{
	struct table table = { .tfidf = tfidf_create(features) };
	char line[1024];
	FILE *file = open_table(name);
	tfidf_vector_init(&table.weights);
	while (fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		struct slice rest = slice_of(line);
		struct slice kind = column(&rest);
		if (line[0] != '#')
			follow(&table, kind, rest);
	}
	fclose(file);
	assert_int_equal(table.features, tfidf_feature_count(table.tfidf));
	assert_int_equal(table.next_weight, table.weights.count);
	assert_int_equal(table.texts, texts);
	vector_release(&table.weights);
	tfidf_destroy(table.tfidf);
}

static void tfidf__equals_scikit_learn__with_all_features(void **state)
{
	(void)state;
	check_table("all.tsv", 0, 21);
}

static void tfidf__equals_scikit_learn__when_features_are_few_and_documents_weigh(void **state)
{
	(void)state;
	check_table("few.tsv", 11, 21);
}

static double likeness(struct tfidf *tfidf, const char *a, const char *b)
{
	struct vector left, right;
	tfidf_vector_init(&left);
	tfidf_vector_init(&right);
	assert_int_equal(tfidf_vector(tfidf, slice_of(a), &left), 0);
	assert_int_equal(tfidf_vector(tfidf, slice_of(b), &right), 0);
	double cosine = tfidf_cosine(&left, &right);
	vector_release(&left);
	vector_release(&right);
	return cosine;
}

static void tfidf__likens__texts_by_their_words(void **state)
{
	(void)state;
	struct tfidf *tfidf = tfidf_create(0);
	tfidf_add(tfidf, slice_of("pool exhausted for orders-db"), 3);
	tfidf_add(tfidf, slice_of("token refreshed for ada"), 5);
	tfidf_add(tfidf, slice_of("volume detached"), 1);
	assert_int_equal(tfidf_fit(tfidf), 0);
	assert_true(fabs(likeness(tfidf, "pool exhausted", "POOL  exhausted!") - 1) < CLOSE);
	assert_true(likeness(tfidf, "orders-db pool", "pool exhausted for orders-db") > 0.5);
	assert_true(likeness(tfidf, "orders-db pool", "token refreshed for ada") < CLOSE);
	assert_true(likeness(tfidf, "", "volume detached") < CLOSE);
	assert_int_equal(tfidf_add(tfidf, slice_of("late"), 1), ERROR_STATE);
	tfidf_destroy(tfidf);
}

static void tfidf__makes_a_feature_of_what_is_wanted__however_rare(void **state)
{
	(void)state;
	for (int wanted = 0; wanted < 2; wanted++) {
		struct tfidf *tfidf = tfidf_create(2);
		tfidf_add(tfidf, slice_of("volume attached to instance"), 100);
		tfidf_add(tfidf, slice_of("volume req_8f3 stuck"), 1);
		if (wanted)
			tfidf_want(tfidf, slice_of("what about REQ_8F3?"));
		tfidf_fit(tfidf);
		assert_int_equal(tfidf_feature_count(tfidf), 2);
		assert_true((likeness(tfidf, "req_8f3", "req_8f3") > 0.5) == (wanted == 1));
		tfidf_destroy(tfidf);
	}
}

static void tfidf__survives__hostile_documents(void **state)
{
	(void)state;
	static char text[300000];
	struct tfidf *tfidf = tfidf_create(0);
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7919 % 251);
	assert_int_equal(tfidf_add(tfidf, (struct slice){ text, sizeof text }, 1), 0);
	memset(text, 'x', sizeof text);
	assert_int_equal(tfidf_add(tfidf, (struct slice){ text, sizeof text }, UINT32_MAX), 0);
	assert_int_equal(tfidf_fit(tfidf), 0);
	assert_true(tfidf_feature_count(tfidf) > 0);
	tfidf_destroy(tfidf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tfidf__equals_scikit_learn__with_all_features),
		cmocka_unit_test(tfidf__equals_scikit_learn__when_features_are_few_and_documents_weigh),
		cmocka_unit_test(tfidf__likens__texts_by_their_words),
		cmocka_unit_test(tfidf__makes_a_feature_of_what_is_wanted__however_rare),
		cmocka_unit_test(tfidf__survives__hostile_documents),
	};
	return cmocka_run_group_tests_name("tfidf", tests, NULL, NULL);
}
