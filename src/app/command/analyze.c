/*
 * analyze: the reasoning is streamed as it comes, then the report; proposals go to the desk. With --json the reasoning
 * goes to stderr.
 */
#include "app/command/load.h"
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

static int keep_proposals(const struct invocation *invocation, struct analysis *analysis)
{
	struct error error = { 0 };
	struct app_desk desk;
	int result = app_desk_open(&desk, &invocation->settings, NULL, NULL, &error);
	for (size_t i = 0; result == 0 && desk.desk != NULL && i < analysis_proposal_count(analysis); i++)
		result = desk_propose(desk.desk, analysis_proposal(analysis, i), wall_clock(), NULL, &error);
	app_desk_close(&desk);
	if (result == 0)
		return EXIT_DONE;
	complain("the proposed tickets are not kept: %s", error.text);
	return EXIT_INTERNAL;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	struct horizon horizon = horizon_all(incident->store);
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
	};
	struct analysis *analysis = analysis_create(&input);
	if (analysis == NULL) {
		complain("out of memory");
		return EXIT_INTERNAL;
	}
	size_t told = 0;
	bool more = true;
	while (more) {
		more = analysis_step(analysis);
		stream(analysis, &told, as_json);
	}
	if (as_json) {
		report_json(out, analysis, &input);
		buffer_append_byte(out, '\n');
	} else {
		report_text(out, analysis, &input, columns_of(STDOUT_FILENO));
	}
	int exit_code = keep_proposals(invocation, analysis);
	analysis_destroy(analysis);
	return exit_code;
}

int command_analyze(struct invocation *invocation)
{
	return run_loaded(invocation, &(struct load){ 0 }, body);
}
