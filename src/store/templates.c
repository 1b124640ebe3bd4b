#include "tocsin/store/templates.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_inside.h"
#include "tocsin/base/arena.h"

struct store_templates {
	uint32_t signatures;
	uint32_t *of;
	struct slice *texts; /* by template; NULL where it is the signature's */
	struct arena arena;
};

struct store_templates *store_templates_create(uint32_t signatures, const uint32_t *of)
{
	struct store_templates *templates = calloc(1, sizeof *templates);

	if (templates == NULL)
		return NULL;
	arena_init(&templates->arena, SIZE_MAX);
	templates->signatures = signatures;
	templates->of = malloc(signatures * sizeof *of + 1);
	templates->texts = calloc(signatures + (size_t)1, sizeof *templates->texts);
	if (templates->of == NULL || templates->texts == NULL) {
		store_templates_destroy(templates);
		return NULL;
	}
	memcpy(templates->of, of, signatures * sizeof *of);
	return templates;
}

void store_templates_destroy(struct store_templates *templates)
{
	if (templates == NULL)
		return;
	arena_release(&templates->arena);
	free(templates->texts);
	free(templates->of);
	free(templates);
}

int store_templates_put_text(struct store_templates *templates, uint32_t template, struct slice text)
{
	struct slice copy = arena_copy(&templates->arena, text);

	if (copy.data == NULL)
		return ERROR_MEMORY;
	templates->texts[template] = copy;
	return 0;
}

int store_publish_templates(struct store *store, struct store_templates *templates)
{
	uint32_t count = atomic_load_explicit(&store->table_count, memory_order_relaxed);

	if (count == STORE_MAXIMUM_TABLES) {
		store_templates_destroy(templates);
		return ERROR_FULL;
	}
	store->tables[count] = templates;
	atomic_store_explicit(&store->table_count, count + 1, memory_order_release);
	return 0;
}

/* In the part, too, a template is called after its smallest signature. */
static int carry(struct store *part, const struct store *whole, uint32_t *of, uint32_t *first_of)
{
	const struct store_templates *known = store_templates(whole, UINT32_MAX);
	struct store_templates *templates;
	uint32_t count = store_template_count(part);
	int result = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t there, *first;

		of[i] = i;
		if (intern_find(whole->templates, store_template_text(part, i), &there) != 0)
			continue;
		first = &first_of[store_templates_of(known, there)];
		of[i] = *first > 0 ? *first - 1 : i;
		*first = of[i] + 1;
	}
	templates = store_templates_create(count, of);
	if (templates == NULL)
		return ERROR_MEMORY;
	for (uint32_t i = 0; i < store_template_count(whole) && result == 0; i++)
		if (first_of[i] > 0)
			result = store_templates_put_text(templates, first_of[i] - 1, store_templates_text(whole, known, i));
	if (result == 0)
		return store_publish_templates(part, templates);
	store_templates_destroy(templates);
	return result;
}

int store_carry_templates(struct store *part, const struct store *whole)
{
	uint32_t *of = malloc(store_template_count(part) * sizeof *of + 1);
	uint32_t *first_of = calloc(store_template_count(whole) + (size_t)1, sizeof *first_of);
	int result = of && first_of ? carry(part, whole, of, first_of) : ERROR_MEMORY;

	free(first_of);
	free(of);
	return result;
}

uint32_t store_written_signatures(const struct store *store)
{
	return intern_count(store->templates);
}

struct slice store_written_signature(const struct store *store, uint32_t signature)
{
	return intern_text(store->templates, signature);
}

bool store_knows_signature(const struct store *store, struct slice text)
{
	uint32_t code;

	return intern_find(store->templates, text, &code) == 0;
}

const struct store_templates *store_templates(const struct store *store, uint32_t signatures)
{
	uint32_t count = atomic_load_explicit(&store->table_count, memory_order_acquire);

	while (count > 0 && store->tables[count - 1]->signatures > signatures)
		count--;
	return count > 0 ? store->tables[count - 1] : NULL;
}

uint32_t store_signatures_below(const struct store *store, uint64_t id)
{
	uint32_t low = 0, high = store_template_count(store);

	while (low < high) { /* signatures are numbered by their first records */
		uint32_t middle = low + (high - low) / 2;

		if (store_template_first(store, middle) < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t store_templates_of(const struct store_templates *templates, uint32_t signature)
{
	return templates != NULL && signature < templates->signatures ? templates->of[signature] : signature;
}

struct slice store_templates_text(
	const struct store *store, const struct store_templates *templates, uint32_t template)
{
	if (templates != NULL && template < templates->signatures && templates->texts[template].data != NULL)
		return templates->texts[template];
	return store_template_text(store, template);
}
