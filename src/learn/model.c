#include "learn/model_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/failing.h"

#define EVENT_BYTES ((size_t)1 << 26)
#define LN_10 2.302585092994046

void shares_add(struct shares *shares, double value)
{
	double bin = value / SHARES_WIDTH;

	shares->bins[bin < 0 ? 0 : bin >= SHARES_BINS ? SHARES_BINS - 1 : (size_t)bin]++;
	shares->count++;
	if (value > shares->highest)
		shares->highest = value;
}

double shares_surprise(const struct shares *shares, double value)
{
	double place = value / SHARES_WIDTH;
	size_t bin = place < 0 ? 0 : place >= SHARES_BINS ? SHARES_BINS - 1 : (size_t)place;
	uint64_t above = 0;

	if (shares->count == 0 || value <= 0)
		return 0;
	for (size_t i = bin + 1; i < SHARES_BINS; i++)
		above += shares->bins[i];
	/* within its bin as if they lay evenly */
	double within = (double)shares->bins[bin] * (1 - (place < SHARES_BINS ? place - (double)bin : 1));
	double surprise = -log10(((double)above + within + 1) / (double)(shares->count + 1));
	if (value > shares->highest)
		surprise += (value - shares->highest) / LN_10;
	return surprise > 0 ? surprise : 0;
}

struct model *model_create(void)
{
	struct model *model = calloc(1, sizeof(*model));

	if (model == NULL)
		return NULL;
	model->events = intern_create(MODEL_KNOWN, EVENT_BYTES);
	if (model->events == NULL || normal_init(&model->normal) != 0) {
		model_destroy(model);
		return NULL;
	}
	return model;
}

void model_destroy(struct model *model)
{
	if (model == NULL)
		return;
	free(model->pattern);
	intern_destroy(model->events);
	lstm_release(&model->lstm);
	normal_release(&model->normal);
	free(model);
}

void model_finish(struct model *model)
{
	for (uint32_t i = 0; i < model->normal.events.count; i++)
		((struct normal_event *)vector_at(&model->normal.events, i))->failing =
			failing_text(intern_text(model->events, i));
}

uint32_t model_lstm_event(const struct model *model, uint32_t event)
{
	return event != NORMAL_UNKNOWN && event < model->lstm.shape.events ? event : NORMAL_UNKNOWN;
}

struct slice model_pattern(const struct model *model)
{
	return slice_of(model->pattern);
}

size_t model_event_count(const struct model *model)
{
	return intern_count(model->events);
}

struct slice model_event(const struct model *model, size_t event)
{
	return intern_text(model->events, (uint32_t)event);
}
