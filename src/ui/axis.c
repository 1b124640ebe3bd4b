/*
 * Ticks stand at the smallest round step whose labels do not crowd; they are round on the clocks of the zone, so the
 * zone's offset is asked for at every one.
 */
#include "ui/axis.h"

#include <string.h>

enum { TICK_GAP = 4 /* least blanks between two labels */ };

#define MILLISECOND (TIMESTAMP_SECOND / 1000)

enum tick_form { TICK_MILLIS, TICK_CLOCK, TICK_MINUTES, TICK_DAY, TICK_DATE };
static const int form_widths[] = {
	[TICK_MILLIS] = 12, [TICK_CLOCK] = 8, [TICK_MINUTES] = 5, [TICK_DAY] = 5, [TICK_DATE] = 10
};

static const struct tick_step {
	int64_t step;
	enum tick_form form;
} tick_steps[] = {
	{ MILLISECOND, TICK_MILLIS },
	{ 2 * MILLISECOND, TICK_MILLIS },
	{ 5 * MILLISECOND, TICK_MILLIS },
	{ 10 * MILLISECOND, TICK_MILLIS },
	{ 20 * MILLISECOND, TICK_MILLIS },
	{ 50 * MILLISECOND, TICK_MILLIS },
	{ 100 * MILLISECOND, TICK_MILLIS },
	{ 200 * MILLISECOND, TICK_MILLIS },
	{ 500 * MILLISECOND, TICK_MILLIS },
	{ TIMESTAMP_SECOND, TICK_CLOCK },
	{ 2 * TIMESTAMP_SECOND, TICK_CLOCK },
	{ 5 * TIMESTAMP_SECOND, TICK_CLOCK },
	{ 10 * TIMESTAMP_SECOND, TICK_CLOCK },
	{ 15 * TIMESTAMP_SECOND, TICK_CLOCK },
	{ 30 * TIMESTAMP_SECOND, TICK_CLOCK },
	{ TIMESTAMP_MINUTE, TICK_MINUTES },
	{ 2 * TIMESTAMP_MINUTE, TICK_MINUTES },
	{ 5 * TIMESTAMP_MINUTE, TICK_MINUTES },
	{ 10 * TIMESTAMP_MINUTE, TICK_MINUTES },
	{ 15 * TIMESTAMP_MINUTE, TICK_MINUTES },
	{ 30 * TIMESTAMP_MINUTE, TICK_MINUTES },
	{ TIMESTAMP_HOUR, TICK_MINUTES },
	{ 2 * TIMESTAMP_HOUR, TICK_MINUTES },
	{ 3 * TIMESTAMP_HOUR, TICK_MINUTES },
	{ 6 * TIMESTAMP_HOUR, TICK_MINUTES },
	{ 12 * TIMESTAMP_HOUR, TICK_MINUTES },
	{ TIMESTAMP_DAY, TICK_DAY },
	{ 2 * TIMESTAMP_DAY, TICK_DAY },
	{ 7 * TIMESTAMP_DAY, TICK_DAY },
	{ 14 * TIMESTAMP_DAY, TICK_DAY },
	{ 28 * TIMESTAMP_DAY, TICK_DAY },
	{ 91 * TIMESTAMP_DAY, TICK_DATE },
	{ 365 * TIMESTAMP_DAY, TICK_DATE },
	{ 3650 * TIMESTAMP_DAY, TICK_DATE },
	{ 36500 * TIMESTAMP_DAY, TICK_DATE },
};

struct axis axis_of(struct window window, int columns)
{
	struct axis axis = { .window = window };
	if (columns < 1 || window.from == TIMESTAMP_NONE || window.from >= window.to)
		return axis;
	uint64_t span = (uint64_t)window.to - (uint64_t)window.from, count = (uint64_t)columns;
	axis.columns = columns;
	axis.step = span / count + (span % count != 0);
	return axis;
}

int axis_column(const struct axis *axis, int64_t time)
{
	if (axis->columns == 0 || time < axis->window.from)
		return -1;
	if (time >= axis->window.to)
		return axis->columns;
	return (int)(((uint64_t)time - (uint64_t)axis->window.from) / axis->step);
}

int64_t axis_time(const struct axis *axis, int column)
{
	uint64_t span = (uint64_t)axis->window.to - (uint64_t)axis->window.from;
	uint64_t offset = column > 0 ? (uint64_t)column * axis->step : 0;
	return offset >= span ? axis->window.to : (int64_t)((uint64_t)axis->window.from + offset);
}

static int64_t round_down(int64_t time, int64_t step)
{
	int64_t rest = time % step;
	return time - (rest < 0 ? rest + step : rest);
}

/* How far the zone's clocks are ahead of UTC at a moment: what they show, read as if it were UTC. */
static int64_t zone_offset(int64_t time, const struct zone *zone)
{
	char text[40];
	int64_t shown;
	if (time < INT64_MIN + 2 * TIMESTAMP_DAY || time > INT64_MAX - 2 * TIMESTAMP_DAY)
		return 0;
	if (!timestamp_parse(slice_of(timestamp_format(time, TIMESTAMP_DATE_TIME, zone, text)), NULL, &shown))
		return 0;
	return shown - round_down(time, TIMESTAMP_SECOND);
}

/* The first round moment at or after `time`; false where times end. */
static bool tick_after(int64_t time, int64_t step, const struct zone *zone, int64_t *tick)
{
	int64_t offset = zone_offset(time, zone), local;
	if (time > INT64_MAX - 2 * step || time < INT64_MIN + 2 * TIMESTAMP_DAY)
		return false;
	local = round_down(time + offset + step - 1, step);
	/* Clocks may have been changed in between. */
	*tick = local - zone_offset(local - offset, zone);
	if (*tick < time)
		*tick += step;
	return true;
}

static const char *tick_label(int64_t tick, enum tick_form form, const struct zone *zone, char out[40])
{
	int64_t shown = tick + zone_offset(tick, zone);
	switch (form) {
	case TICK_DATE:
		timestamp_format(tick, TIMESTAMP_DATE_TIME, zone, out);
		out[10] = '\0';
		return out;
	case TICK_MILLIS:
		return timestamp_format(tick, TIMESTAMP_MILLIS, zone, out);
	default:
		/* Midnight is the day that begins. */
		if (form == TICK_DAY || round_down(shown, TIMESTAMP_DAY) == shown) {
			timestamp_format(tick, TIMESTAMP_DAY_CLOCK, zone, out);
			out[5] = '\0';
			return out;
		}
		return timestamp_format(tick, form == TICK_CLOCK ? TIMESTAMP_CLOCK : TIMESTAMP_MINUTES, zone, out);
	}
}

static const struct tick_step *choose_step(const struct axis *axis)
{
	size_t count = sizeof(tick_steps) / sizeof(tick_steps[0]);
	for (size_t i = 0; i < count; i++) {
		if ((uint64_t)tick_steps[i].step / axis->step >= (uint64_t)(form_widths[tick_steps[i].form] + TICK_GAP))
			return &tick_steps[i];
	}
	return NULL;
}

bool canvas_is_blank(const struct canvas *canvas, int x, int y, int width)
{
	if (x < 0 || y < 0 || y >= canvas->area.height || x + width > canvas->area.width)
		return false;
	for (int i = 0; i < width; i++) {
		const struct cell *cell = grid_cell(canvas->grid, canvas->area.x + x + i, canvas->area.y + y);
		if (!cell || strcmp(cell->text, " ") != 0)
			return false;
	}
	return true;
}

void axis_paint(const struct axis *axis, const struct canvas *canvas, int y, const struct zone *zone)
{
	const struct tick_step *step = axis->columns > 0 ? choose_step(axis) : NULL;
	int64_t tick = axis->window.from;
	char label[40];
	if (!step)
		return;
	for (int i = 0; i < axis->columns && tick_after(tick, step->step, zone, &tick) && tick < axis->window.to;
		i++, tick++) {
		int x = axis_column(axis, tick), width = (int)slice_of(tick_label(tick, step->form, zone, label)).size;
		int left = x > 0 ? x - 1 : 0, right = x + width < canvas->area.width ? x + width + 1 : x + width;
		if (canvas_is_blank(canvas, left, y, right - left))
			canvas_string(canvas, x, y, width, ROLE_TIME, label);
	}
}
