/*
 * One provider against a scripted server; what a turn told is kept as text, one event a line:
 *
 *   R reasoning   deltas that follow one another are one line; a newline in them is written \n
 *   T text, F refusal
 *   C id name arguments
 *   N notice
 *   D stop in/cached/out/reasoning     (- for unknown usage)
 *   E fault sentence
 */
#ifndef TESTS_SUPPORT_LLM_SCENE_H
#define TESTS_SUPPORT_LLM_SCENE_H

#include "support/scripted_server.h"
#include "tocsin/llm/provider.h"

struct llm_scene {
	struct loop *loop;
	struct http *http;
	struct scripted_server server;
	struct llm *llm;
	struct llm_turn *turn;
	struct chat chat, reply;
	struct buffer told;
	char last;
	struct llm_error error;
	struct llm_usage usage;
	unsigned cancel_after; /* deltas; 0: never */
	unsigned deltas, ends;
	char log[64];
};

void llm_scene_open(struct llm_scene *scene, const char *provider, const char *script);
void llm_scene_open_with(struct llm_scene *scene, const struct llm_config *config, const char *script);
void llm_scene_close(struct llm_scene *scene);
/* Makes a turn with two tools and runs the loop to its end. What was told: borrowed until the next. */
const char *llm_scene_turn(struct llm_scene *scene);
const char *llm_scene_turn_with(struct llm_scene *scene, const struct llm_request *request);
/* All requests that the server has had, head and body. */
const char *llm_scene_log(struct llm_scene *scene);

#endif
