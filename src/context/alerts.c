#include "tocsin/context/alerts.h"

#include "tocsin/base/error.h"

void alerts_init(struct alerts *alerts, struct context_text *text)
{
	alerts->text = text;
	vector_init(&alerts->items, sizeof(struct alert), ALERTS_MAXIMUM);
}

void alerts_release(struct alerts *alerts)
{
	vector_release(&alerts->items);
}

int alerts_add(struct alerts *alerts, const struct alert *alert)
{
	struct context_text *text = alerts->text;
	struct alert kept = *alert;
	struct alert *place;

	if (!context_text_name(text, alert->name, &kept.name) ||
		!context_text_name(text, alert->service, &kept.service) ||
		!context_text_name(text, alert->metric, &kept.metric) ||
		!context_text_name(text, alert->severity, &kept.severity) ||
		!context_text_copy(text, alert->summary, &kept.summary) ||
		!context_text_copy(text, alert->detail, &kept.detail))
		return ERROR_FULL;
	place = vector_push(&alerts->items);
	if (place == NULL)
		return ERROR_FULL;
	*place = kept;
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct alert *first = a, *second = b;

	return first->fired < second->fired ? -1 : first->fired > second->fired;
}

void alerts_settle(struct alerts *alerts)
{
	vector_sort(&alerts->items, by_time);
}

const struct alert *alerts_at(const struct alerts *alerts, size_t index)
{
	return index < alerts->items.count ? vector_at(&alerts->items, index) : NULL;
}
