#include "app/model.h"

#include "app/conf.h"
#include "app/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define PROMPT_MAXIMUM 32768
#define MILLISECOND 1000000

/* Which settings configure which provider; SETTING_COUNT for none. */
static const struct {
	const char *name;
	enum setting key, url, model;
} sources[] = {
	{ "openai", SETTING_OPENAI_KEY, SETTING_OPENAI_URL, SETTING_COUNT },
	{ "anthropic", SETTING_ANTHROPIC_KEY, SETTING_ANTHROPIC_URL, SETTING_COUNT },
	{ "deepseek", SETTING_DEEPSEEK_KEY, SETTING_DEEPSEEK_URL, SETTING_DEEPSEEK_MODEL },
	{ "llama", SETTING_LLAMA_KEY, SETTING_LLAMA_URL, SETTING_COUNT },
	{ "ollama", SETTING_COUNT, SETTING_OLLAMA_URL, SETTING_COUNT },
	{ "compatible", SETTING_OPENAI_KEY, SETTING_OPENAI_URL, SETTING_COUNT },
};

static const char *text_of(const struct settings *settings, enum setting setting)
{
	return setting == SETTING_COUNT ? NULL : settings_text(settings, setting);
}

static size_t source_of(const struct llm_row *row)
{
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
		if (strcmp(sources[i].name, row->name) == 0)
			return i;
	return 0;
}

bool model_is_configured(const struct settings *settings, const struct llm_row *row)
{
	size_t i = source_of(row);
	if (row->needs_key)
		return text_of(settings, sources[i].key) != NULL;
	return text_of(settings, sources[i].url) != NULL;
}

struct llm *model_provider(
	const struct settings *settings, const struct llm_row *row, struct loop *loop, struct http *http, struct error *error)
{
	size_t i = source_of(row);
	const char *model = settings_text(settings, SETTING_MODEL);
	struct llm_config config = {
		.row = row,
		.speaks = settings_text(settings, SETTING_LLM_SPEAKS),
		.url = text_of(settings, sources[i].url),
		.key = text_of(settings, sources[i].key),
		.model = model != NULL ? model : text_of(settings, sources[i].model),
		.temperature = settings_number(settings, SETTING_LLM_TEMPERATURE),
		.timeout = (uint64_t)settings_duration(settings, SETTING_LLM_TIMEOUT) / MILLISECOND,
		.retries = (unsigned)settings_count(settings, SETTING_LLM_RETRIES),
		.context = (unsigned)settings_count(settings, SETTING_LLM_CONTEXT),
	};
	return llm_create(loop, http, &config, error);
}

/* --- choosing --- */

static const struct llm_row *first_configured(const struct settings *settings)
{
	const struct llm_row *row;
	for (size_t i = 0; (row = llm_row_at(i)) != NULL; i++)
		if (model_is_configured(settings, row))
			return row;
	return NULL;
}

static int choose(struct app_model *model, const struct settings *settings, struct error *error)
{
	const char *name = settings_text(settings, SETTING_PROVIDER);
	const struct llm_row *row = name == NULL ? first_configured(settings) : llm_row_find(slice_of(name));
	if (name != NULL && strncmp(name, "replay:", 7) == 0) {
		model->llm = llm_create_replay(model->loop, name + 7, error);
		return model->llm == NULL ? ERROR_INPUT : 0;
	}
	if (name != NULL && strcmp(name, "builtin") == 0)
		return 0;
	if (name != NULL && row == NULL)
		return error_set(error, ERROR_INPUT,
			"provider: there is no \"%s\"; there are builtin, openai, anthropic, deepseek, llama, ollama, "
			"compatible and replay:FILE",
			name);
	if (row == NULL)
		return 0;
	model->llm = model_provider(settings, row, model->loop, model->http, error);
	return model->llm == NULL ? ERROR_INPUT : 0;
}

/* --- what goes with it --- */

static int put_price(void *context, const struct conf_line *line, struct error *error)
{
	return prices_set(context, line->name, line->value, error);
}

static int put_patterns(struct vault *vault, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	char line[1024];
	int number = 0, result = 0;
	if (file == NULL)
		return error_set(error, ERROR_ABSENT, "redact.patterns: %s: %s", path, strerror(errno));
	while (result == 0 && fgets(line, sizeof line, file) != NULL) {
		struct slice pattern = slice_trim(slice_of(line));
		struct error inner = { 0 };
		number++;
		if (pattern.size == 0 || pattern.data[0] == '#')
			continue;
		if (vault_add_pattern(vault, pattern, &inner) != 0)
			result = error_set(error, ERROR_INPUT, "%s:%d: %s", path, number, inner.text);
	}
	fclose(file);
	return result;
}

/* A text file of at most PROMPT_MAXIMUM bytes; NULL when it cannot be read. */
static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = file == NULL ? NULL : calloc(1, PROMPT_MAXIMUM + 1);
	if (text != NULL && fread(text, 1, PROMPT_MAXIMUM, file) == 0) {
		free(text);
		text = NULL;
	}
	if (file != NULL)
		fclose(file);
	return text;
}

static char *find_prompt(const struct settings *settings, const char *name)
{
	const char *own = settings_text(settings, SETTING_LLM_PROMPTS);
	char *text = NULL;
	struct buffer path;
	buffer_init(&path, 8192);
	if (own != NULL && buffer_append_format(&path, "%s/%s", own, name) == 0)
		text = read_text(buffer_string(&path));
	for (unsigned i = 0; i < PATH_PROMPT_FOLDERS && text == NULL; i++) {
		buffer_clear(&path);
		if (path_prompts(&path, i) == 0 && buffer_append_format(&path, "/%s", name) == 0)
			text = read_text(buffer_string(&path));
	}
	buffer_release(&path);
	return text;
}

static int equip(struct app_model *model, const struct settings *settings, struct error *error)
{
	const char *prices = settings_text(settings, SETTING_LLM_PRICES);
	const char *patterns = settings_text(settings, SETTING_REDACT_PATTERNS);
	const char *record = settings_text(settings, SETTING_RECORD);
	int result = prices == NULL ? 0 : conf_read(prices, put_price, &model->prices, error);
	if (result == 0 && patterns != NULL)
		result = put_patterns(model->vault, patterns, error);
	if (result == 0 && record != NULL) {
		model->recorder = llm_recorder_open(record, vault_redact, model->vault, error);
		result = model->recorder == NULL ? ERROR_SYSTEM : 0;
		llm_record(model->llm, model->recorder);
	}
	model->prompts[MODEL_CAUSE] = find_prompt(settings, "cause.prompt");
	model->prompts[MODEL_QUESTION] = find_prompt(settings, "question.prompt");
	return result;
}

static int redaction_of(const struct settings *settings, enum http_redaction *redaction, struct error *error)
{
	const char *word = settings_text(settings, SETTING_REDACT);
	*redaction = HTTP_REDACT_BY_HOST;
	if (strcmp(word, "always") == 0)
		*redaction = HTTP_REDACT_ALWAYS;
	else if (strcmp(word, "never") == 0)
		*redaction = HTTP_REDACT_NEVER;
	else if (strcmp(word, "auto") != 0)
		return error_set(error, ERROR_INPUT, "redact: \"%s\" is none of auto, always, never", word);
	return 0;
}

int model_open(struct app_model *model, const struct settings *settings, struct loop *loop, struct error *error)
{
	enum http_redaction redaction;
	memset(model, 0, sizeof *model);
	prices_init(&model->prices);
	model->loop = loop;
	int result = redaction_of(settings, &redaction, error);
	if (result != 0)
		return result;
	model->vault = vault_create();
	model->http = http_create(loop,
		&(struct http_options){ .redact = vault_redact, .redact_context = model->vault, .redaction = redaction });
	if (model->vault == NULL || model->http == NULL)
		result = error_set(error, ERROR_MEMORY, "out of memory");
	if (result == 0)
		result = choose(model, settings, error);
	if (result == 0 && model->llm != NULL)
		result = equip(model, settings, error);
	if (result != 0)
		model_close(model);
	return result;
}

void model_close(struct app_model *model)
{
	llm_destroy(model->llm);
	llm_recorder_close(model->recorder);
	http_destroy(model->http);
	vault_destroy(model->vault);
	prices_release(&model->prices);
	free(model->prompts[MODEL_CAUSE]);
	free(model->prompts[MODEL_QUESTION]);
	memset(model, 0, sizeof *model);
}

const char *model_name(struct app_model *model)
{
	if (model->llm == NULL)
		snprintf(model->name, sizeof model->name, "built-in");
	else if (llm_model(model->llm)[0] == '\0')
		snprintf(model->name, sizeof model->name, "%s", llm_name(model->llm));
	else
		snprintf(model->name, sizeof model->name, "%s/%s", llm_name(model->llm), llm_model(model->llm));
	return model->name;
}

void model_equip(struct app_model *model, const struct settings *settings, enum model_prompt prompt,
	struct investigation_options *options)
{
	const char *dollars = settings_text(settings, SETTING_LLM_DOLLARS);
	options->llm = model->llm;
	options->loop = model->loop;
	options->vault = model->vault;
	options->prices = &model->prices;
	options->prompt = model->prompts[prompt];
	options->budget = (struct investigation_budget){
		.turns = (unsigned)settings_count(settings, SETTING_LLM_TURNS),
		.tokens = settings_count(settings, SETTING_LLM_TOKENS),
		.seconds = (uint64_t)(settings_duration(settings, SETTING_LLM_TIME) / TIMESTAMP_SECOND),
		.dollars = dollars == NULL ? 0 : settings_number(settings, SETTING_LLM_DOLLARS),
	};
	if (getrandom(&options->random, sizeof options->random, 0) != (ssize_t)sizeof options->random)
		options->random = (uint64_t)loop_now(model->loop);
}
