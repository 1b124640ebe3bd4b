/*
 * train: learns from logs believed normal. How far it is stands on stderr, when that is a terminal.
 */
#include "app/command/load.h"
#include "app/learnt.h"
#include "tocsin/base/json.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_CELLS 30
#define REDRAW_NS (TIMESTAMP_SECOND / 5)

struct bar {
	int64_t begun, drawn;
	bool shown;
};

static int64_t monotonic(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec;
}

static void draw(void *context, const struct lstm_progress *progress)
{
	struct bar *bar = context;
	int64_t now = monotonic();
	bool last = progress->batch == progress->batches;
	if (!bar->shown || (now - bar->drawn < REDRAW_NS && !last))
		return;
	bar->drawn = now;
	double done = (double)progress->batch / progress->batches;
	double part = ((double)progress->epoch - 1 + done) / progress->epochs;
	char cells[BAR_CELLS + 1], left[32];
	memset(cells, '.', BAR_CELLS);
	memset(cells, '#', (size_t)(done * BAR_CELLS));
	cells[BAR_CELLS] = '\0';
	duration_format((int64_t)((double)(now - bar->begun) * (1 - part) / part), left);
	fprintf(stderr, "\repoch %u of at most %u [%s] loss %.4f", progress->epoch, progress->epochs, cells,
		progress->loss);
	if (progress->epoch > 1)
		fprintf(stderr, ", held out %.4f", progress->held_out);
	fprintf(stderr, ", at most %s left   ", left);
	fflush(stderr);
}

static void tell(const struct model_report *report, const char *path, size_t left_out, bool as_json, struct buffer *out)
{
	if (as_json) {
		struct json json;
		json_init(&json, out);
		json_begin_object(&json);
		json_field_text(&json, "file", path);
		json_field_u64(&json, "sequences", report->sequences);
		json_field_u64(&json, "templates", report->events);
		json_field_u64(&json, "records", report->steps);
		json_field_u64(&json, "left_out", left_out);
		json_field_u64(&json, "epochs", report->trained.epochs);
		json_field_double(&json, "loss", report->trained.loss);
		json_field_double(&json, "held_out", report->trained.held_out);
		json_end_object(&json);
		buffer_append_byte(out, '\n');
		return;
	}
	buffer_append_format(out, "learnt %zu templates from %zu records in %zu sequences", report->events,
		report->steps, report->sequences);
	if (left_out > 0)
		buffer_append_format(out, " (%zu records left out: no session)", left_out);
	buffer_append_format(out, "\n%u epochs, loss %.4f, held out %.4f%s\nwritten to ", report->trained.epochs,
		report->trained.loss, report->trained.held_out, report->trained.with_blas ? "" : ", without OpenBLAS");
	append_column(out, slice_of(path), 0);
	buffer_append_byte(out, '\n');
}

static int learn(struct invocation *invocation, struct incident *incident, struct pattern *pattern, struct slice text,
	struct buffer *out, struct error *error)
{
	const char *path = settings_text(&invocation->settings, SETTING_OUTPUT);
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	struct bar bar = { .begun = monotonic(), .shown = isatty(STDERR_FILENO) == 1 };
	struct model_settings settings = learnt_settings(&invocation->settings);
	struct model_report report;
	struct sequences sequences;
	int result =
		sequences_init(&sequences, incident->store, incident->reader, horizon_all(incident->store), pattern);
	if (result != 0)
		return error_set(error, ERROR_MEMORY, "out of memory");
	struct model *model = model_train(&sequences, incident->store, text, &settings, draw, &bar, &report, error);
	if (bar.shown && bar.drawn > 0)
		fputc('\n', stderr);
	result = model == NULL ? (int)error->code : learnt_write(model, path, error);
	if (result == 0)
		tell(&report, path, sequences.left_out, as_json, out);
	model_destroy(model);
	sequences_release(&sequences);
	return result;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct error error = { 0 };
	struct pattern *pattern;
	struct slice text;
	int result = learnt_sessions(&invocation->settings, &pattern, &text, &error);
	if (result == 0)
		result = learn(invocation, incident, pattern, text, out, &error);
	pattern_destroy(pattern);
	if (result != 0)
		complain("%s", error.text);
	return exit_for(result);
}

int command_train(struct invocation *invocation)
{
	if (settings_text(&invocation->settings, SETTING_OUTPUT) == NULL) {
		complain("where to? tocsin train -o FILE SOURCE...");
		return EXIT_USAGE;
	}
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
