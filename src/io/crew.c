/*
 * A loop that is run only to learn of ends.
 */
#include "tocsin/io/crew.h"

#include <stdbool.h>
#include <stdlib.h>
#include <uv.h>

struct crew_job {
	uv_work_t uv;
	void (*run)(void *context);
	void *context;
	bool running;
};

struct crew {
	uv_loop_t loop;
	size_t count;
	struct crew_job jobs[];
};

struct crew *crew_create(size_t jobs)
{
	struct crew *crew = calloc(1, sizeof(*crew) + jobs * sizeof(crew->jobs[0]));

	if (crew == NULL)
		return NULL;
	crew->count = jobs;
	if (uv_loop_init(&crew->loop) == 0)
		return crew;
	free(crew);
	return NULL;
}

void crew_destroy(struct crew *crew)
{
	if (crew == NULL)
		return;
	for (size_t i = 0; i < crew->count; i++)
		crew_wait(crew, i);
	uv_loop_close(&crew->loop);
	free(crew);
}

static void run_job(uv_work_t *uv)
{
	struct crew_job *job = uv->data;

	job->run(job->context);
}

static void finish_job(uv_work_t *uv, int status)
{
	struct crew_job *job = uv->data;

	(void)status; /* never cancelled */
	job->running = false;
}

void crew_start(struct crew *crew, size_t job, void (*run)(void *context), void *context)
{
	struct crew_job *started = &crew->jobs[job];

	started->uv.data = started;
	started->run = run;
	started->context = context;
	started->running = true;
	uv_queue_work(&crew->loop, &started->uv, run_job, finish_job); /* fails only without a function to run */
}

void crew_wait(struct crew *crew, size_t job)
{
	while (crew->jobs[job].running)
		uv_run(&crew->loop, UV_RUN_ONCE);
}
