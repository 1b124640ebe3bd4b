#include "app/command/load.h"
#include "app/command/telling.h"
#include "tocsin/analyst/question.h"
#include "tocsin/analyst/report.h"

#include <string.h>
#include <unistd.h>

#define ASK_COLUMNS 96

/* An analysis gives "which service failed first" and "why" what they stand on. */
static struct analysis *analysed(const struct analysis_input *input)
{
	struct analysis *analysis = analysis_create(input);
	while (analysis != NULL && analysis_step(analysis))
		continue;
	return analysis;
}

static void answer_text(const struct transcript *transcript, struct buffer *out)
{
	for (size_t i = 0; i < transcript_count(transcript); i++)
		if (transcript_at(transcript, i)->kind != ENTRY_QUESTION)
			report_entry(out, transcript_at(transcript, i), ASK_COLUMNS);
}

static void evidence_text(const struct incident *incident, const struct evidence_book *book, struct buffer *out)
{
	for (unsigned number = 1; number <= evidence_count(book); number++)
		report_evidence(out, incident->store, evidence_find(book, number), &incident->zone, ASK_COLUMNS);
}

static void write_json(const struct incident *incident, const char *question, struct slice answer,
	const struct evidence_book *book, const char *analyst, struct buffer *out)
{
	struct json json;
	json_init(&json, out);
	json_begin_object(&json);
	json_field_text(&json, "question", question);
	json_field_string(&json, "answer", slice_trim(answer));
	json_key(&json, "evidence");
	json_begin_array(&json);
	for (unsigned number = 1; number <= evidence_count(book); number++)
		report_json_evidence(&json, incident->store, evidence_find(book, number));
	json_end_array(&json);
	json_field_text(&json, "analyst", analyst);
	json_end_object(&json);
	buffer_append_byte(out, '\n');
}

static void answer_json(const struct incident *incident, const char *question, const struct transcript *transcript,
	const struct evidence_book *book, struct buffer *out)
{
	struct buffer answer;
	buffer_init(&answer, 1 << 22);
	for (size_t i = 0; i < transcript_count(transcript); i++)
		if (transcript_at(transcript, i)->kind != ENTRY_QUESTION)
			report_entry(&answer, transcript_at(transcript, i), 0);
	write_json(incident, question, buffer_slice(&answer), book, "builtin", out);
	buffer_release(&answer);
}

/* --- the built-in answer --- */

static int answer_builtin(const struct invocation *invocation, const struct incident *incident,
	const struct analysis_input *input, const struct analysis *analysis, struct buffer *out)
{
	const char *question = invocation->words[0];
	struct conversation *conversation = conversation_create();
	struct evidence_book *book = evidence_book_create();
	struct transcript transcript;
	struct buffer filter;
	transcript_init(&transcript);
	buffer_init(&filter, 4096);
	int result = ERROR_MEMORY;
	if (conversation != NULL && book != NULL)
		result = conversation_ask(conversation, input, analysis, slice_of(question), &transcript, book, &filter);
	if (result != 0)
		complain("the question could not be worked on: %s", error_name((enum error_code)result));
	else if (settings_flag(&invocation->settings, SETTING_JSON))
		answer_json(incident, question, &transcript, book, out);
	else {
		answer_text(&transcript, out);
		evidence_text(incident, book, out);
	}
	buffer_release(&filter);
	transcript_release(&transcript);
	evidence_book_destroy(book);
	conversation_destroy(conversation);
	return result == 0 ? EXIT_DONE : EXIT_INTERNAL;
}

/* --- the model's --- */

/* Of all that was minted for the model, what its answer cites. */
static void cited_text(
	const struct incident *incident, struct slice answer, const struct evidence_book *book, struct buffer *out)
{
	size_t begin, end = 0;
	unsigned number;
	bool told[EVIDENCE_MAXIMUM + 1] = { false };
	while (evidence_next_citation(answer, end, &begin, &end, &number)) {
		if (number > EVIDENCE_MAXIMUM || told[number] || evidence_find(book, number) == NULL)
			continue;
		told[number] = true;
		report_evidence(out, incident->store, evidence_find(book, number), &incident->zone, ASK_COLUMNS);
	}
}

static int answer_model(const struct invocation *invocation, const struct incident *incident,
	const struct analysis_input *input, struct analysis *analysis, struct telling *telling, struct buffer *out)
{
	const char *question = invocation->words[0];
	bool as_json = settings_flag(&invocation->settings, SETTING_JSON);
	telling->rest = STDERR_FILENO;
	telling->answer = as_json ? STDERR_FILENO : STDOUT_FILENO;
	if (!telling_run(telling, &invocation->settings, input, analysis, question)) {
		complain("%s The built-in analyst answers.", investigation_failure(telling->investigation));
		int result = answer_builtin(invocation, incident, input, analysis, out);
		return result == EXIT_DONE ? EXIT_PROVIDER : result;
	}
	struct slice answer = investigation_answer(telling->investigation);
	if (as_json)
		write_json(incident, question, answer, input->book, model_name(&telling->model), out);
	else
		cited_text(incident, answer, input->book, out);
	return EXIT_DONE;
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	struct horizon horizon = horizon_all(incident->store);
	struct telling telling;
	int exit_code = telling_open(&telling, &invocation->settings);
	if (exit_code != EXIT_DONE)
		return exit_code;
	incident_detect(incident, horizon);
	struct analysis_reference reference;
	struct analysis_input input = { .store = incident->store,
		.reader = incident->reader,
		.horizon = horizon,
		.detect = incident->detect,
		.roster = incident->roster,
		.context = incident->context,
		.reference = incident_reference(incident, invocation, &reference),
		.zone = &incident->zone,
		.fatal_count = incident->limits.fatal_count,
		.book = telling.model.llm == NULL ? NULL : evidence_book_create() };
	struct analysis *analysis = analysed(&input);
	if (analysis == NULL) {
		complain("out of memory");
		exit_code = EXIT_INTERNAL;
	} else if (telling.model.llm == NULL) {
		exit_code = answer_builtin(invocation, incident, &input, analysis, out);
	} else {
		exit_code = answer_model(invocation, incident, &input, analysis, &telling, out);
	}
	telling_close(&telling);
	analysis_destroy(analysis);
	evidence_book_destroy(input.book);
	return exit_code;
}

int command_ask(struct invocation *invocation)
{
	if (invocation->word_count == 0) {
		complain("ask needs a question: tocsin ask 'which service failed first' FILE");
		return EXIT_USAGE;
	}
	return run_loaded(invocation, &(struct load){ .skip = 1 }, body);
}
