/*
 * What tokens cost: a dated table of list prices, which the user's own lines come before. An unknown model's price is
 * unknown, never 0.
 */
#ifndef TOCSIN_LLM_PRICE_H
#define TOCSIN_LLM_PRICE_H

#include "tocsin/llm/provider.h"

struct price {
	char model[80];               /* the beginning of a model's name */
	double input, cached, output; /* US dollars for a million tokens */
};

extern const char price_date[]; /* when the table was true: "2025-11" */

struct prices {
	struct vector own; /* of struct price */
};
void prices_init(struct prices *prices);
void prices_release(struct prices *prices);
/* "model" and "input cached output"; replaces what was said of it before. ERROR_INPUT with a sentence. */
int prices_set(struct prices *prices, struct slice model, struct slice numbers, struct error *error);

/* The longest beginning that fits, the user's own first; NULL when there is none. `prices` may be NULL. */
const struct price *price_find(const struct prices *prices, const char *model);
/* Dollars, or a negative number when price or usage are unknown. */
double price_of(const struct price *price, const struct llm_usage *usage);

#endif
