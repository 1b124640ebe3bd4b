/*
 * What the detectors say, by when it began, with the numbers that the timeline marks them with. Enter goes there.
 */
#include "ui/list.h"
#include "ui/overlay.h"

#include <stdlib.h>

enum { LINE_MAX_BYTES = 1024 };

struct place {
	int64_t start;
	size_t index; /* of the finding */
};

static size_t count_of(const struct state *state)
{
	return state->snapshot->detect != NULL ? detect_count(state->snapshot->detect) : 0;
}

static int by_start(const void *a, const void *b)
{
	const struct place *first = a, *second = b;
	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return first->index < second->index ? -1 : 1;
}

/* The findings by when they began; NULL when there are none. The caller frees it. */
static struct place *in_order(const struct state *state)
{
	size_t count = count_of(state);
	struct place *places = count > 0 ? calloc(count, sizeof(*places)) : NULL;
	if (places == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){ detect_finding(state->snapshot->detect, i)->start, i };
	qsort(places, count, sizeof(*places), by_start);
	return places;
}

static void title(const struct state *state, struct buffer *out)
{
	uint64_t lost = state->snapshot->detect != NULL ? detect_lost(state->snapshot->detect) : 0;
	char count[28];
	buffer_append_format(out, "findings · %s", count_format(count_of(state), count));
	if (lost > 0)
		buffer_append_format(out, " · %s more are not kept", count_format(lost, count));
}

static void footer(const struct state *state, struct buffer *out)
{
	(void)state;
	buffer_append_string(out, "Enter goes there · Esc closes");
}

static void write_row(const struct state *state, size_t index, bool selected, struct sheet *sheet)
{
	const struct finding *finding = detect_finding(state->snapshot->detect, index);
	struct buffer line;
	char start[40];
	buffer_init(&line, LINE_MAX_BYTES);
	buffer_append_format(&line, "%4zu  %s  %-18s  %s", index + 1,
		timestamp_format(finding->start, TIMESTAMP_CLOCK, &state->snapshot->zone, start),
		finding_kind_name(finding->kind), finding->sentence);
	sheet_line(sheet, ROLE_DEFAULT, buffer_slice(&line), selected);
	buffer_release(&line);
}

static void content(const struct state *state, struct sheet *sheet)
{
	struct place *places = in_order(state);
	if (places == NULL)
		sheet_string(sheet, ROLE_DIM, "Nothing abnormal was found.");
	for (size_t i = 0; places != NULL && i < count_of(state); i++) {
		if (sheet_shows(sheet))
			write_row(state, places[i].index, (int)i == state->finding_selected, sheet);
		else
			sheet_blank(sheet);
	}
	free(places);
}

static void go_there(struct state *state)
{
	struct place *places = in_order(state);
	const struct finding *finding = places == NULL || (size_t)state->finding_selected >= count_of(state)
		? NULL
		: detect_finding(state->snapshot->detect, places[state->finding_selected].index);
	free(places);
	overlay_close(state);
	if (finding == NULL)
		return;
	if (finding->evidence_count > 0)
		state_move_to_record(state, finding->evidence[0]);
	else
		state_move_to_time(state, finding->start); /* a metric: no record says it */
	state->focus = PANE_TAIL;
}

static bool key(struct state *state, struct key pressed)
{
	int count = (int)count_of(state);
	enum action action = action_for_key(SCOPE_GLOBAL, pressed);
	if (pressed.code == KEY_CODE_WHEEL_UP || pressed.code == KEY_CODE_WHEEL_DOWN)
		action = pressed.code == KEY_CODE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
	if (count == 0 || pressed.alt)
		return false;
	if (state->finding_selected >= count)
		state->finding_selected = count - 1;
	if (action == ACTION_OPEN_ITEM)
		go_there(state);
	else if (list_move(action, &state->finding_selected, count, overlay_rows(state) - 1))
		state->overlay_top = list_top(state->overlay_top, state->finding_selected, count, overlay_rows(state));
	else
		return false;
	return true;
}

const struct overlay_row overlay_findings = { .title = title, .content = content, .footer = footer, .key = key };
