#include "tocsin/llm/price.h"

#include <string.h>

#define OWN_MAXIMUM 256

const char price_date[] = "2025-11";

/* List prices of the vendors' own interfaces, US dollars for a million tokens: input, cached input, output. */
static const struct price table[] = {
	{ "o4-mini", 1.10, 0.275, 4.40 },
	{ "o3-mini", 1.10, 0.55, 4.40 },
	{ "o3", 2.00, 0.50, 8.00 },
	{ "gpt-5-nano", 0.05, 0.005, 0.40 },
	{ "gpt-5-mini", 0.25, 0.025, 2.00 },
	{ "gpt-5", 1.25, 0.125, 10.00 },
	{ "gpt-4.1-nano", 0.10, 0.025, 0.40 },
	{ "gpt-4.1-mini", 0.40, 0.10, 1.60 },
	{ "gpt-4.1", 2.00, 0.50, 8.00 },
	{ "gpt-4o-mini", 0.15, 0.075, 0.60 },
	{ "gpt-4o", 2.50, 1.25, 10.00 },
	{ "claude-opus-4-5", 5.00, 0.50, 25.00 },
	{ "claude-opus-4", 15.00, 1.50, 75.00 },
	{ "claude-sonnet-4", 3.00, 0.30, 15.00 },
	{ "claude-haiku-4-5", 1.00, 0.10, 5.00 },
	{ "claude-3-5-haiku", 0.80, 0.08, 4.00 },
	{ "deepseek-chat", 0.28, 0.028, 0.42 },
	{ "deepseek-reasoner", 0.28, 0.028, 0.42 },
};

void prices_init(struct prices *prices)
{
	vector_init(&prices->own, sizeof(struct price), OWN_MAXIMUM);
}

void prices_release(struct prices *prices)
{
	vector_release(&prices->own);
}

static struct price *place_of(struct prices *prices, struct slice model)
{
	for (size_t i = 0; i < prices->own.count; i++) {
		struct price *price = vector_at(&prices->own, i);

		if (slice_is(model, price->model))
			return price;
	}
	return vector_push(&prices->own);
}

int prices_set(struct prices *prices, struct slice model, struct slice numbers, struct error *error)
{
	double values[3];
	struct slice word;
	struct price *price;
	size_t count = 0;

	while (slice_next(&numbers, ' ', &word)) {
		if (word.size == 0)
			continue;
		if (count == 3 || !slice_to_double(word, &values[count]) || values[count] < 0)
			return error_set(error, ERROR_INPUT,
				"a price is three numbers, dollars for a million tokens: input cached output");
		count++;
	}
	if (count != 3 || model.size == 0 || model.size >= sizeof(price->model))
		return error_set(error, ERROR_INPUT,
			"a price is three numbers, dollars for a million tokens: input cached output");
	price = place_of(prices, model);
	if (price == NULL)
		return error_set(error, ERROR_FULL, "there are more than %d prices", OWN_MAXIMUM);
	slice_copy(model, price->model, sizeof(price->model));
	price->input = values[0];
	price->cached = values[1];
	price->output = values[2];
	return 0;
}

static const struct price *longest(const struct price *list, size_t count, const char *model)
{
	const struct price *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (strncmp(model, list[i].model, strlen(list[i].model)) == 0 &&
			(best == NULL || strlen(list[i].model) > strlen(best->model)))
			best = &list[i];
	return best;
}

const struct price *price_find(const struct prices *prices, const char *model)
{
	const struct price *own = prices == NULL ? NULL : longest(prices->own.items, prices->own.count, model);

	return own != NULL ? own : longest(table, sizeof(table) / sizeof(table[0]), model);
}

double price_of(const struct price *price, const struct llm_usage *usage)
{
	uint64_t cached = usage->cached < usage->input ? usage->cached : usage->input;

	if (price == NULL || !usage->known)
		return -1;
	return ((double)(usage->input - cached) * price->input + (double)cached * price->cached +
		       (double)usage->output * price->output) /
		1e6;
}
