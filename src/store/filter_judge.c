/*
 * Deciding many records at once, by what they have in common. A condition that asks for more is MAYBE: it is left to
 * filter_match, record by record.
 */
#include "store/filter_tree.h"
#include "store/store_inside.h"

struct judging {
	const struct store *store;
	const struct tuple *tuple;
	const struct filter_bounds *bounds; /* may be NULL */
};

static enum verdict to_verdict(bool matches)
{
	return matches ? VERDICT_YES : VERDICT_NO;
}

static enum verdict judge_time(const struct judging *judging, struct window window)
{
	if (judging->tuple->timeless)
		return VERDICT_NO;
	if (!judging->bounds)
		return VERDICT_MAYBE;
	if (judging->bounds->maximum < window.from || judging->bounds->minimum >= window.to)
		return VERDICT_NO;
	return judging->bounds->minimum >= window.from && judging->bounds->maximum < window.to ? VERDICT_YES
											       : VERDICT_MAYBE;
}

static enum verdict judge_id(const struct judging *judging, const struct filter_node *node)
{
	enum verdict verdict = VERDICT_NO;

	if (!judging->bounds)
		return VERDICT_MAYBE;
	for (const struct filter_range *range = node->ranges; range; range = range->next) {
		if (range->first <= judging->bounds->first && judging->bounds->last <= range->last)
			return VERDICT_YES;
		if (range->first <= judging->bounds->last && judging->bounds->first <= range->last)
			verdict = VERDICT_MAYBE;
	}
	return verdict;
}

static enum verdict judge(const struct judging *judging, struct filter_node *node);

/* AND takes the least of its members, OR the most. */
static enum verdict judge_group(const struct judging *judging, const struct filter_node *group)
{
	bool is_and = group->kind == FILTER_AND;
	enum verdict verdict = to_verdict(is_and);

	for (struct filter_node *child = group->children; child; child = child->next) {
		enum verdict here = judge(judging, child);

		if (is_and ? here < verdict : here > verdict)
			verdict = here;
	}
	return verdict;
}

static enum verdict judge(const struct judging *judging, struct filter_node *node)
{
	const struct tuple *tuple = judging->tuple;

	switch (node->kind) {
	case FILTER_AND:
	case FILTER_OR:
		return judge_group(judging, node);
	case FILTER_NOT:
		return (enum verdict)(VERDICT_YES - judge(judging, node->children));
	case FILTER_SERVICE:
		return to_verdict(filter_match_code(node, judging->store, tuple->service));
	case FILTER_SOURCE:
		return to_verdict(filter_match_code(node, judging->store, tuple->source));
	case FILTER_LEVEL:
		return to_verdict(node->levels >> tuple->level & 1);
	case FILTER_TEMPLATE:
		return to_verdict(filter_match_template(node, judging->store, tuple->template));
	case FILTER_TEMPLATE_TEXT:
		return to_verdict(filter_match_code(node, judging->store, tuple->template));
	case FILTER_TIME:
		return judge_time(judging, node->window);
	case FILTER_ID:
		return judge_id(judging, node);
	case FILTER_WORD:
		return filter_match_word(node, judging->store, tuple->template) ? VERDICT_YES : VERDICT_MAYBE;
	case FILTER_LINE:
	case FILTER_IMPORTANCE:
	case FILTER_REGEX:
	case FILTER_FIELD:
		return VERDICT_MAYBE;
	}
	return VERDICT_MAYBE;
}

enum verdict filter_judge_node(struct filter_node *node, const struct store *store, const struct tuple *tuple)
{
	return judge(&(struct judging){ .store = store, .tuple = tuple }, node);
}

/* Where the verdict of a tuple is kept, or NULL when out of memory. */
static uint8_t *find_verdict(struct filter *filter, uint32_t tuple)
{
	while (filter->verdicts.count <= tuple)
		if (!vector_push(&filter->verdicts))
			return NULL;
	return (uint8_t *)filter->verdicts.items + tuple;
}

enum verdict filter_judge(
	struct filter *filter, const struct store *store, uint32_t tuple, const struct filter_bounds *bounds)
{
	struct judging judging = { .store = store, .bounds = NULL };
	const struct store_templates *templates;
	enum verdict verdict;
	uint8_t *kept;

	templates = store_templates(store, UINT32_MAX);
	if (filter->store != store || filter->templates != templates) {
		filter->store = store;
		filter->templates = templates;
		vector_clear(&filter->verdicts);
	}
	kept = find_verdict(filter, tuple);
	if (kept && *kept > 0 && *kept != VERDICT_MAYBE + 1)
		return (enum verdict)(*kept - 1);
	judging.tuple = tuples_at(&store->tuples, tuple);
	verdict = kept && *kept > 0 ? VERDICT_MAYBE : judge(&judging, filter->root);
	if (kept)
		*kept = (uint8_t)(verdict + 1);
	if (verdict != VERDICT_MAYBE || !bounds)
		return verdict;
	judging.bounds = bounds;
	return judge(&judging, filter->root);
}
