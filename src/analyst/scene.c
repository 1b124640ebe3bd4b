/*
 * Looking and wording shared by steps and answers. Counts come from the store's rollups; a recount goes record by
 * record through the filter that was cited, so the two check each other.
 */
#include "analyst/scene.h"

#include "tocsin/base/utf8.h"

#include <inttypes.h>
#include <stdio.h>

bool scene_read(const struct scene *scene, uint64_t id, struct record *record, struct store_text *text)
{
	if (!scene->reader || id >= scene->horizon.records || !store_has_records(scene->store))
		return false;
	store_record(scene->store, id, record);
	*text = (struct store_text){ 0 };
	return scene->reader->read(scene->reader->context, record, text) == 0 && !text->gone;
}

bool scene_sees(const struct scene *scene, const struct evidence *evidence)
{
	if (evidence->kind > EVIDENCE_COUNT)
		return evidence->window.from <= scene->horizon.time;
	if (evidence->kind == EVIDENCE_COUNT && evidence->window.to > time_shift(scene->horizon.time, 1))
		return false;
	return evidence->count == 0 || evidence->record < scene->horizon.records;
}

bool scene_knows(const struct scene *scene, uint32_t service)
{
	struct tally tally = { .service = service, .template = QUERY_ALL, .level = LEVEL_TRACE };

	return service != STORE_NO_CODE && scene_count(scene, &tally, (struct window){ INT64_MIN + 1, INT64_MAX }) > 0;
}

uint64_t scene_count(const struct scene *scene, const struct tally *tally, struct window window)
{
	struct level_counts counts = query_count(scene->store, scene->horizon, window, tally->service, tally->template);
	uint64_t total = 0;

	if (tally->exactly)
		return counts.of[tally->level];
	if (tally->level == LEVEL_TRACE)
		return level_counts_total(&counts);
	for (int level = (int)tally->level; level <= LEVEL_FATAL; level++)
		total += counts.of[level];
	return total;
}

static bool tally_fits(const struct tally *tally, const struct record *record)
{
	if (tally->service != QUERY_ALL && record->service != tally->service)
		return false;
	if (tally->template != QUERY_ALL && record->template != tally->template)
		return false;
	if (tally->exactly)
		return record->level == tally->level;
	if (record->level == LEVEL_UNKNOWN)
		return tally->level == LEVEL_TRACE;
	return record->level >= tally->level;
}

uint64_t scene_first(const struct scene *scene, const struct tally *tally, struct window window)
{
	uint64_t id = query_find_time(scene->store, scene->horizon, window.from);

	for (; id < scene->horizon.records; id++) {
		struct record record;

		store_record(scene->store, id, &record);
		if (record.time >= window.from && record.time < window.to && tally_fits(tally, &record))
			return id;
	}
	return UINT64_MAX;
}

void say_filter_value(struct buffer *out, struct slice name)
{
	bool plain = name.size > 0;

	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];

		plain = plain &&
			((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
				c == '.' || ((c == '/' || c == '-') && i > 0) || (unsigned char)c >= 0x80);
	}
	if (plain) {
		buffer_append_slice(out, name);
		return;
	}
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '"' || name.data[i] == '\\')
			buffer_append_byte(out, '\\');
		buffer_append_byte(out, name.data[i]);
	}
	buffer_append_byte(out, '"');
}

void scene_filter(struct buffer *out, const struct scene *scene, const struct tally *tally)
{
	const char *gap = "";

	if (tally->service != QUERY_ALL) {
		buffer_append_string(out, "service:");
		say_filter_value(out, store_service_name(scene->store, tally->service));
		gap = " ";
	}
	if (tally->exactly || tally->level != LEVEL_TRACE) {
		buffer_append_format(out, "%slevel%s%s", gap, tally->exactly ? "=" : ">=", level_name(tally->level));
		gap = " ";
	}
	if (tally->template != QUERY_ALL)
		buffer_append_format(out, "%stemplate:%" PRIu32, gap, tally->template);
}

unsigned scene_cite_count(const struct scene *scene, const struct tally *tally, struct window window, uint64_t *count)
{
	struct buffer filter, sentence;
	uint64_t total = scene_count(scene, tally, window);
	unsigned number;

	buffer_init(&filter, SCENE_SENTENCE);
	buffer_init(&sentence, SCENE_SENTENCE);
	scene_filter(&filter, scene, tally);
	say_number(&sentence, total);
	buffer_append_format(&sentence, " x %s", say_level(tally->level, tally->exactly));
	if (tally->template != QUERY_ALL) {
		buffer_append_string(&sentence, " ");
		say_template(&sentence, scene, tally->template, 80);
	}
	if (tally->service != QUERY_ALL) {
		buffer_append_string(&sentence, " in ");
		say_service(&sentence, scene, tally->service);
	}
	buffer_append_string(&sentence, ", ");
	say_window(&sentence, scene, window);
	number = evidence_add_count(scene->book, scene->store, buffer_slice(&filter), window, total,
		total ? scene_first(scene, tally, window) : UINT64_MAX, buffer_slice(&sentence));
	buffer_release(&filter);
	buffer_release(&sentence);
	if (count)
		*count = total;
	return number;
}

bool scene_recount(
	const struct scene *scene, struct slice filter, struct window window, uint64_t *count, uint64_t *first)
{
	struct filter_scope scope = { .store = scene->store, .now = scene->horizon.time, .zone = scene->zone };
	struct filter *parsed;
	size_t fault;

	*count = 0;
	*first = UINT64_MAX;
	parsed = filter_parse(filter, &scope, &fault, NULL);
	if (!parsed)
		return false;
	for (uint64_t id = query_find_time(scene->store, scene->horizon, window.from); id < scene->horizon.records;
		id++) {
		struct record record;

		store_record(scene->store, id, &record);
		if (record.time < window.from || record.time >= window.to ||
			!filter_match(parsed, scene->store, &record, scene->reader))
			continue;
		if (*count == 0)
			*first = id;
		*count += 1;
	}
	filter_destroy(parsed);
	return true;
}

void say_number(struct buffer *out, uint64_t number)
{
	char digits[24];
	int size = snprintf(digits, sizeof(digits), "%" PRIu64, number);

	for (int i = 0; i < size; i++) {
		if (i > 0 && (size - i) % 3 == 0)
			buffer_append_byte(out, ',');
		buffer_append_byte(out, digits[i]);
	}
}

void say_plural(struct buffer *out, uint64_t number, const char *noun)
{
	say_number(out, number);
	buffer_append_format(out, " %s%s", noun, number == 1 ? "" : "s");
}

void say_rate(struct buffer *out, double rate)
{
	buffer_append_format(out, rate >= 99.95 ? "%.0f" : "%.1f", rate);
}

static void say_time(struct buffer *out, const struct scene *scene, int64_t time, enum timestamp_style style)
{
	char text[40];

	buffer_append_string(out, timestamp_format(time, style, scene->zone, text));
}

void say_clock(struct buffer *out, const struct scene *scene, int64_t time)
{
	say_time(out, scene, time, TIMESTAMP_CLOCK);
}

void say_millis(struct buffer *out, const struct scene *scene, int64_t time)
{
	say_time(out, scene, time, TIMESTAMP_MILLIS);
}

static void say_times(struct buffer *out, const struct scene *scene, struct window window, enum timestamp_style style)
{
	say_time(out, scene, window.from, style);
	buffer_append_string(out, " - ");
	say_time(out, scene, window.to, style);
}

void say_window(struct buffer *out, const struct scene *scene, struct window window)
{
	say_times(out, scene, window,
		time_apart(window.from, window.to) >= TIMESTAMP_DAY ? TIMESTAMP_DATE_TIME : TIMESTAMP_CLOCK);
}

void say_window_apart(struct buffer *out, const struct scene *scene, struct window window, int64_t time)
{
	bool near =
		time_apart(window.from, time) < TIMESTAMP_DAY / 2 && time_apart(time, window.to) < TIMESTAMP_DAY / 2;

	say_times(out, scene, window, near ? TIMESTAMP_CLOCK : TIMESTAMP_DATE_TIME);
}

void say_duration(struct buffer *out, int64_t duration)
{
	char text[32];

	buffer_append_string(out, duration_format(duration, text));
}

void say_service(struct buffer *out, const struct scene *scene, uint32_t service)
{
	struct slice name =
		service == STORE_NO_CODE ? slice_of("(no service)") : store_service_name(scene->store, service);

	utf8_append_shown(out, name.size ? name : slice_of("(no service)"), 60);
}

void say_quote(struct buffer *out, struct slice text, size_t cells)
{
	struct buffer shown;

	buffer_init(&shown, SCENE_SENTENCE);
	utf8_append_shown(&shown, slice_trim(slice_first(text, SCENE_SENTENCE / 4)), cells);
	for (size_t i = 0; i < shown.size; i++) {
		char c = shown.data[i];

		/* Nothing that a log says may look like a citation of ours or end the quotation. */
		if (c == '"')
			c = '\'';
		else if (c == '[' && i + 2 < shown.size && shown.data[i + 1] == 'E' && shown.data[i + 2] >= '0' &&
			shown.data[i + 2] <= '9')
			c = '(';
		shown.data[i] = c;
	}
	buffer_append_byte(out, '"');
	buffer_append_slice(out, buffer_slice(&shown));
	buffer_append_byte(out, '"');
	buffer_release(&shown);
}

void say_template(struct buffer *out, const struct scene *scene, uint32_t template, size_t cells)
{
	say_quote(out, store_template_text(scene->store, template), cells);
}

void say_cite(struct buffer *out, unsigned number)
{
	if (number)
		buffer_append_format(out, " [E%u]", number);
}

const char *say_level(enum level level, bool exactly)
{
	static const char *const worse[LEVEL_COUNT] = { "records", "DEBUG or worse", "INFO or worse", "WARN or worse",
		"ERROR or worse", "FATAL", "records" };

	return exactly ? level_name(level) : worse[level];
}

double minutes_of(struct window window)
{
	double minutes = (double)time_apart(window.from, window.to) / (double)TIMESTAMP_MINUTE;

	return minutes > 1.0 / 60.0 ? minutes : 1.0 / 60.0;
}

int64_t time_shift(int64_t time, int64_t by)
{
	int64_t sum;

	if (__builtin_add_overflow(time, by, &sum))
		return by < 0 ? INT64_MIN + 1 : INT64_MAX;
	return sum;
}

int64_t time_apart(int64_t from, int64_t to)
{
	int64_t apart;

	if (__builtin_sub_overflow(to, from, &apart))
		return to < from ? INT64_MIN + 1 : INT64_MAX;
	return apart;
}
