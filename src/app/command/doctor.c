/*
 * doctor: is everything there that tocsin was told to use? A table of checks; each says one line, and what to do when
 * it is not well. A check is a function and a row.
 */
#include "app/command.h"
#include "app/model.h"
#include "tocsin/base/json.h"

#include <stdio.h>
#include <string.h>

enum health { HEALTH_GOOD, HEALTH_UNUSED, HEALTH_BAD };

struct doctor {
	const struct settings *settings;
	struct loop *loop;
	struct http *http;
	struct buffer out;
	bool as_json;
	unsigned bad;
};

static void say(struct doctor *doctor, enum health health, const char *subject, const char *sentence)
{
	static const char *const words[] = { "ok", "unused", "bad" };
	doctor->bad += health == HEALTH_BAD;
	if (doctor->as_json) {
		struct json json;
		json_init(&json, &doctor->out);
		json_begin_object(&json);
		json_field_text(&json, "check", subject);
		json_field_text(&json, "state", words[health]);
		json_field_text(&json, "sentence", sentence);
		json_end_object(&json);
	} else {
		append_column(&doctor->out, slice_of(words[health]), 8);
		append_column(&doctor->out, slice_of(subject), 22);
		append_column(&doctor->out, slice_of(sentence), 0);
	}
	buffer_append_byte(&doctor->out, '\n');
}

/* --- providers --- */

struct asked {
	struct loop *loop;
	struct llm_check check;
};

static void on_check(void *context, const struct llm_check *check)
{
	struct asked *asked = context;
	asked->check = *check;
	loop_stop(asked->loop);
}

static void check_provider(struct doctor *doctor, const struct llm_row *row)
{
	struct asked asked = { .loop = doctor->loop };
	struct error error = { 0 };
	char subject[64], sentence[1100];
	snprintf(subject, sizeof subject, "provider %s", row->name);
	if (!model_is_configured(doctor->settings, row)) {
		say(doctor, HEALTH_UNUSED, subject, "not configured");
		return;
	}
	struct llm *llm = model_provider(doctor->settings, row, doctor->loop, doctor->http, &error);
	if (llm == NULL || llm_check(llm, on_check, &asked, &error) != 0) {
		say(doctor, HEALTH_BAD, subject, error.text);
		llm_destroy(llm);
		return;
	}
	loop_run(doctor->loop, NULL, NULL);
	if (asked.check.error.fault != LLM_NO_FAULT) {
		snprintf(sentence, sizeof sentence, "%s%s", asked.check.error.text,
			asked.check.reachable && asked.check.key_accepted ? " It is reached, and takes the key." : "");
		say(doctor, HEALTH_BAD, subject, sentence);
	} else {
		snprintf(sentence, sizeof sentence, "reached at %s, key accepted, model %s, context of %u tokens%s; %s",
			llm_url(llm), llm_model(llm), llm_context(llm), asked.check.context == 0 ? " (assumed)" : "",
			llm_is_local(llm) ? "on this machine, sent as it is" : "redacted before it is sent");
		say(doctor, HEALTH_GOOD, subject, sentence);
	}
	llm_destroy(llm);
}

static void check_providers(struct doctor *doctor)
{
	const struct llm_row *row;
	for (size_t i = 0; (row = llm_row_at(i)) != NULL; i++)
		check_provider(doctor, row);
}

static void check_choice(struct doctor *doctor)
{
	struct app_model model;
	struct error error = { 0 };
	char sentence[400];
	if (model_open(&model, doctor->settings, doctor->loop, &error) != 0) {
		say(doctor, HEALTH_BAD, "analyst", error.text);
		return;
	}
	/* Whether it is there is the next checks' to say. */
	snprintf(sentence, sizeof sentence, "%s %s", model_name(&model),
		model.llm == NULL ? "answers: no model is configured, and none is needed" : "is asked first");
	say(doctor, HEALTH_GOOD, "analyst", sentence);
	model_close(&model);
}

/* --- the table --- */

static void (*const checks[])(struct doctor *doctor) = { check_choice, check_providers };

int command_doctor(struct invocation *invocation)
{
	struct error error = { 0 };
	struct doctor doctor = { .settings = &invocation->settings,
		.loop = loop_create(&error),
		.as_json = settings_flag(&invocation->settings, SETTING_JSON) };
	buffer_init(&doctor.out, 1 << 20);
	doctor.http = doctor.loop == NULL ? NULL : http_create(doctor.loop, NULL);
	for (size_t i = 0; doctor.http != NULL && i < sizeof checks / sizeof checks[0]; i++)
		checks[i](&doctor);
	int exit_code = doctor.http == NULL ? EXIT_INTERNAL : print_out(&doctor.out);
	if (exit_code == EXIT_DONE && doctor.bad > 0)
		exit_code = EXIT_USAGE;
	http_destroy(doctor.http);
	loop_destroy(doctor.loop);
	buffer_release(&doctor.out);
	return exit_code;
}
