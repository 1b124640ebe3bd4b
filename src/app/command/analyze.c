/*
 * analyze: the reasoning is streamed as it comes, then the report; proposals go to the desk. With --json the reasoning
 * goes to stderr.
 */
#include "app/command/load.h"
#include "app/command/telling.h"
#include "app/desk.h"
#include "tocsin/analyst/report.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REPORT_COLUMNS 96

static size_t columns_of(int descriptor)
{
	struct winsize size;
	if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < 40)
		return REPORT_COLUMNS;
	return size.ws_col < REPORT_COLUMNS ? size.ws_col : REPORT_COLUMNS;
}

/* Writes the steps behind `*told` at once, so that a reader sees each when it is known. The verdict stands in the
 * report. */
static void stream(struct analysis *analysis, size_t *told, bool to_stderr)
{
	const struct transcript *transcript = analysis_transcript(analysis);
	struct buffer text;
	buffer_init(&text, 1 << 20);
	for (; *told < transcript_count(transcript); ++*told)
		if (transcript_at(transcript, *told)->kind == ENTRY_STEP)
			report_entry(&text, transcript_at(transcript, *told),
				columns_of(to_stderr ? STDERR_FILENO : STDOUT_FILENO));
	if (to_stderr)
		fwrite(buffer_string(&text), 1, text.size, stderr);
	else
		print_out(&text);
	buffer_release(&text);
}

/* What the model proposed when it answered, else what the built-in analyst did. */
static int keep_proposals(
	const struct invocation *invocation, struct analysis *analysis, const struct investigation *investigation)
{
	struct error error = { 0 };
	struct app_desk desk;
	size_t count = investigation != NULL ? investigation_proposal_count(investigation) : 0;
	bool of_model = count > 0;
	int result = app_desk_open(&desk, &invocation->settings, NULL, NULL, &error);
	if (!of_model)
		count = analysis_proposal_count(analysis);
	for (size_t i = 0; result == 0 && desk.desk != NULL && i < count; i++)
		result = desk_propose(desk.desk,
			of_model ? investigation_proposal(investigation, i) : analysis_proposal(analysis, i), wall_clock(),
			NULL, &error);
	app_desk_close(&desk);
	if (result == 0)
		return EXIT_DONE;
	complain("the proposed tickets are not kept: %s", error.text);
	return EXIT_INTERNAL;
}

static void write_report(struct buffer *out, bool as_json, struct analysis *analysis,
	const struct analysis_input *input, struct telling *telling, bool answered)
{
	struct investigation_usage usage;
	struct report_model model = { .analyst = model_name(&telling->model), .usage = &usage };
	if (answered) {
		investigation_usage(telling->investigation, &usage);
		model.verdict = investigation_verdict(telling->investigation);
	}
	if (as_json) {
		report_json(out, analysis, input, model.verdict != NULL ? &model : NULL);
		buffer_append_byte(out, '\n');
		return;
	}
	if (answered) {
		buffer_append_format(out, "\n%s: ", model.analyst);
		telling_usage(telling, out);
		buffer_append_string(out, "\nBeside it, the built-in analyst:\n");
	}
	report_text(out, analysis, input, columns_of(STDOUT_FILENO));
}

static struct analysis *analysed(const struct analysis_input *input, bool as_json)
{
	struct analysis *analysis = analysis_create(input);
	size_t told = 0;
	bool more = analysis != NULL;
	while (more) {
		more = analysis_step(analysis);
		stream(analysis, &told, as_json);
	}
	return analysis;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	struct horizon horizon = horizon_all(incident->store);
	struct telling telling;
	int exit_code = telling_open(&telling, &invocation->settings);
	if (exit_code != EXIT_DONE)
		return exit_code;
	incident_detect(incident, horizon);
	struct analysis_reference reference;
	struct analysis_input input = {
		.store = incident->store,
		.reader = incident->reader,
		.horizon = horizon,
		.detect = incident->detect,
		.roster = incident->roster,
		.context = incident->context,
		.reference = incident_reference(incident, invocation, &reference),
		.zone = &incident->zone,
		.issue = settings_text(&invocation->settings, SETTING_ISSUE),
		.fatal_count = incident->limits.fatal_count,
		.book = evidence_book_create(),
	};
	struct analysis *analysis = input.book == NULL ? NULL : analysed(&input, as_json);
	if (analysis == NULL) {
		complain("out of memory");
		exit_code = EXIT_INTERNAL;
	} else {
		bool wanted = telling.model.llm != NULL, answered = false;
		telling.answer = telling.rest = as_json ? STDERR_FILENO : STDOUT_FILENO;
		if (wanted)
			answered = telling_run(&telling, &invocation->settings, &input, analysis, NULL);
		write_report(out, as_json, analysis, &input, &telling, answered);
		exit_code = keep_proposals(invocation, analysis, answered ? telling.investigation : NULL);
		if (wanted && !answered) {
			complain("%s The built-in analyst has answered.", investigation_failure(telling.investigation));
			exit_code = exit_code == EXIT_DONE ? EXIT_PROVIDER : exit_code;
		}
	}
	telling_close(&telling);
	analysis_destroy(analysis);
	evidence_book_destroy(input.book);
	return exit_code;
}

int command_analyze(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
