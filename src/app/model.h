/*
 * The model that the settings name, with all it needs: the network, the vault, prices, prompts, a recording.
 *
 * `--provider` decides; without it the first that is configured does, in the order of llm_row_at: openai
 * (OPENAI_API_KEY), anthropic (ANTHROPIC_API_KEY), deepseek (DEEPSEEK_API_KEY), llama (LLAMA_URL), ollama (OLLAMA_URL),
 * compatible (OPENAI_BASE_URL without a key). Nothing configured, or `builtin`, is no model: `llm` is NULL.
 */
#ifndef APP_MODEL_H
#define APP_MODEL_H

#include "app/settings.h"
#include "tocsin/analyst/investigation.h"
#include "tocsin/llm/record.h"

struct app_model {
	struct loop *loop;
	struct http *http;
	struct vault *vault;
	struct llm *llm;
	struct llm_recorder *recorder;
	struct prices prices;
	char *prompts[2];  /* of MODEL_CAUSE and MODEL_QUESTION */
	char name[200];    /* "openai/o4-mini", "built-in" */
};

enum model_prompt { MODEL_CAUSE, MODEL_QUESTION };

/* On failure nothing is left open, and the sentence says which setting is wrong. */
int model_open(struct app_model *model, const struct settings *settings, struct loop *loop, struct error *error);
void model_close(struct app_model *model);
/* The name again, once the server has said what it serves. */
const char *model_name(struct app_model *model);

/* What an investigation gets from here: provider, vault, prices, prompt, budget. */
void model_equip(struct app_model *model, const struct settings *settings, enum model_prompt prompt,
	struct investigation_options *options);

/* The provider of a row as the settings configure it, for `doctor`; NULL with a sentence when it is not. */
struct llm *model_provider(
	const struct settings *settings, const struct llm_row *row, struct loop *loop, struct http *http, struct error *error);
bool model_is_configured(const struct settings *settings, const struct llm_row *row);

#endif
