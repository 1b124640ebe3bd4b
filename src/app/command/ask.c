#include "app/command/load.h"
#include "tocsin/analyst/question.h"
#include "tocsin/analyst/report.h"

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

static void answer_json(const struct incident *incident, const char *question, const struct transcript *transcript,
	const struct evidence_book *book, struct buffer *out)
{
	struct buffer answer;
	struct json json;
	buffer_init(&answer, 1 << 22);
	for (size_t i = 0; i < transcript_count(transcript); i++)
		if (transcript_at(transcript, i)->kind != ENTRY_QUESTION)
			report_entry(&answer, transcript_at(transcript, i), 0);
	json_init(&json, out);
	json_begin_object(&json);
	json_field_text(&json, "question", question);
	json_field_string(&json, "answer", slice_trim(buffer_slice(&answer)));
	json_key(&json, "evidence");
	json_begin_array(&json);
	for (unsigned number = 1; number <= evidence_count(book); number++)
		report_json_evidence(&json, incident->store, evidence_find(book, number));
	json_end_array(&json);
	json_field_text(&json, "analyst", "builtin");
	json_end_object(&json);
	buffer_append_byte(out, '\n');
	buffer_release(&answer);
}

static int body(struct invocation *invocation, struct incident *incident, struct buffer *out)
{
	const char *question = invocation->words[0];
	struct horizon horizon = horizon_all(incident->store);
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
		.fatal_count = incident->limits.fatal_count };
	struct analysis *analysis = analysed(&input);
	struct conversation *conversation = conversation_create();
	struct evidence_book *book = evidence_book_create();
	struct transcript transcript;
	struct buffer filter;
	transcript_init(&transcript);
	buffer_init(&filter, 4096);
	int result = ERROR_MEMORY;
	if (analysis != NULL && conversation != NULL && book != NULL)
		result = conversation_ask(
			conversation, &input, analysis, slice_of(question), &transcript, book, &filter);
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
	analysis_destroy(analysis);
	return result == 0 ? EXIT_DONE : EXIT_INTERNAL;
}

int command_ask(struct invocation *invocation)
{
	if (invocation->word_count == 0) {
		complain("ask needs a question: tocsin ask 'which service failed first' FILE");
		return EXIT_USAGE;
	}
	return run_loaded(invocation, &(struct load){ .skip = 1 }, body);
}
