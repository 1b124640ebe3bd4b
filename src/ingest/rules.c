#include "tocsin/ingest/rules.h"

#include <fnmatch.h>
#include <stdlib.h>

#include "tocsin/base/vector.h"

#define RULES_MAXIMUM 1024

struct item {
	char glob[256];
	struct source_rule rule;
};

struct source_rules {
	struct vector items;
};

struct source_rules *source_rules_create(void)
{
	struct source_rules *rules = calloc(1, sizeof(*rules));

	if (rules != NULL)
		vector_init(&rules->items, sizeof(struct item), RULES_MAXIMUM);
	return rules;
}

void source_rules_destroy(struct source_rules *rules)
{
	if (rules == NULL)
		return;
	vector_release(&rules->items);
	free(rules);
}

int source_rules_add(struct source_rules *rules, struct slice glob, const struct source_rule *rule)
{
	struct item *item;

	if (glob.size >= sizeof(item->glob))
		return ERROR_FULL;
	item = vector_push(&rules->items);
	if (item == NULL)
		return ERROR_MEMORY;
	slice_copy(glob, item->glob, sizeof(item->glob));
	item->rule = *rule;
	return 0;
}

void source_rules_find(const struct source_rules *rules, struct slice name, struct source_rule *rule)
{
	char text[4096];

	*rule = (struct source_rule){ 0 };
	slice_copy(name, text, sizeof(text));
	for (size_t i = 0; rules != NULL && i < rules->items.count; i++) {
		const struct item *item = vector_at(&rules->items, i);

		if (fnmatch(item->glob, text, 0) != 0)
			continue;
		if (item->rule.sample > 0)
			rule->sample = item->rule.sample;
		if (item->rule.format != NULL)
			rule->format = item->rule.format;
		if (item->rule.has_shift) {
			rule->has_shift = true;
			rule->shift = item->rule.shift;
		}
		if (item->rule.has_zone) {
			rule->has_zone = true;
			rule->zone = item->rule.zone;
		}
	}
}
