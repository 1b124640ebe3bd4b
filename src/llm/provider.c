#include "tocsin/llm/provider.h"

#include "llm/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT 120000
#define TOTAL 600000
#define OUTPUT 8000

static int configure(struct llm *llm, const struct llm_config *config, struct error *error)
{
	const struct llm_row *row = config->row;
	const char *url = config->url != NULL ? config->url : row->url;
	const char *model = config->model != NULL ? config->model : row->model;
	const char *speaks = config->speaks != NULL ? config->speaks : row->speaks;
	size_t size;

	if (url == NULL)
		return error_set(error, ERROR_INPUT, "The provider %s needs a URL: set OPENAI_BASE_URL.", row->name);
	if (http_url_host(slice_of(url)).size == 0)
		return error_set(error, ERROR_INPUT, "The URL of %s must begin with http:// or https://.", row->name);
	if (row->needs_key && (config->key == NULL || config->key[0] == '\0'))
		return error_set(error, ERROR_INPUT, "The provider %s needs a key: set %s.", row->name, row->key_name);
	llm->adapter = adapter_find(speaks);
	if (llm->adapter == NULL)
		return error_set(error, ERROR_INPUT,
			"No provider speaks \"%s\"; they speak responses, chat, anthropic, ollama.", speaks);
	snprintf(llm->url, sizeof(llm->url), "%s", url);
	for (size = strlen(llm->url); size > 0 && llm->url[size - 1] == '/'; size--)
		llm->url[size - 1] = '\0';
	/* LLAMA_URL says where the server is, as the others say where its interface is. */
	if (strcmp(row->name, "llama") == 0 && !slice_ends(slice_of(llm->url), "/v1") && size + 4 < sizeof(llm->url))
		memcpy(llm->url + size, "/v1", 4);
	snprintf(llm->model, sizeof(llm->model), "%s", model == NULL ? "" : model);
	llm->key = strdup(config->key == NULL ? "" : config->key);
	return llm->key == NULL ? error_set(error, ERROR_MEMORY, "out of memory") : 0;
}

struct llm *llm_create(struct loop *loop, struct http *http, const struct llm_config *config, struct error *error)
{
	struct llm *llm = calloc(1, sizeof(*llm));

	if (llm == NULL) {
		error_set(error, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	llm->loop = loop;
	llm->http = http;
	llm->row = config->row;
	llm->config = *config;
	if (config->timeout == 0)
		llm->config.timeout = TIMEOUT;
	if (config->total == 0)
		llm->config.total = TOTAL > llm->config.timeout ? TOTAL : llm->config.timeout;
	llm->random = slice_hash(slice_of(config->row->name), (uint64_t)loop_now(loop)) | 1;
	if (configure(llm, config, error) != 0) {
		llm_destroy(llm);
		return NULL;
	}
	return llm;
}

void llm_destroy(struct llm *llm)
{
	if (llm == NULL)
		return;
	llm_cancel(llm->turn);
	checking_cancel(llm->checking);
	replay_free(llm->replay);
	if (llm->key != NULL)
		memset(llm->key, 0, strlen(llm->key));
	free(llm->key);
	free(llm);
}

void llm_record(struct llm *llm, struct llm_recorder *recorder)
{
	llm->recorder = recorder;
}

const char *llm_name(const struct llm *llm)
{
	return llm->replay != NULL ? "replay" : llm->row->name;
}

const char *llm_model(const struct llm *llm)
{
	return llm->model;
}

const char *llm_url(const struct llm *llm)
{
	return llm->url;
}

bool llm_is_local(const struct llm *llm)
{
	return http_host_is_loopback(http_url_host(slice_of(llm->url)));
}

unsigned llm_context(const struct llm *llm)
{
	if (llm->config.context > 0)
		return llm->config.context;
	return llm->context > 0 ? llm->context : llm->row->context;
}

/* An answer takes a quarter of a small context at most. */
unsigned llm_output(const struct llm *llm)
{
	unsigned wanted = llm->config.output > 0 ? llm->config.output : OUTPUT;
	unsigned quarter = llm_context(llm) / 4;

	return wanted < quarter ? wanted : quarter;
}

bool llm_takes_schema(const struct llm *llm)
{
	if (llm->adapter == &adapter_anthropic || !llm_sends(llm, "response_format") || !llm_sends(llm, "text"))
		return false;
	return strcmp(llm->row->name, "deepseek") != 0;
}
