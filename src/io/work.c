/*
 * Work off the loop: single jobs in libuv's threads, and queues whose jobs follow one another. A queue has one request
 * to libuv of its own, used by one job after the other, so that a job once accepted cannot fail to start.
 */
#include "tocsin/io/loop.h"

#include "io/inside.h"

#include <assert.h>
#include <stdlib.h>

struct job {
	uv_work_t uv;
	void (*work)(void *context);
	void (*done)(void *context);
	void *context;
	struct loop *loop;
	struct job *next; /* in a queue */
};

struct loop_queue {
	struct loop *loop; /* NULL: jobs run in the caller */
	uv_work_t uv;
	struct job *first; /* the one that runs, when `running` */
	struct job **last;
	size_t maximum;
	size_t waiting; /* not counting the one that runs */
	bool running;
	bool in_done;   /* inside the `done` of a job */
	bool destroyed; /* by that `done` */
};

static struct job *job_create(void (*work)(void *context), void (*done)(void *context), void *context)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job != NULL)
		*job = (struct job){.work = work, .done = done, .context = context};
	return job;
}

/* --- single jobs ---- */

static void run_job(uv_work_t *uv)
{
	struct job *job = uv->data;

	job->work(job->context);
}

static void finish_job(uv_work_t *uv, int status)
{
	struct job *job = uv->data;

	(void)status; /* never cancelled */
	job->loop->pending--;
	job->done(job->context);
	free(job);
}

int loop_work(struct loop *loop, void (*work)(void *context), void (*done)(void *context), void *context)
{
	struct job *job = job_create(work, done, context);

	if (job == NULL)
		return ERROR_MEMORY;
	job->loop = loop;
	job->uv.data = job;
	if (uv_queue_work(&loop->uv, &job->uv, run_job, finish_job) != 0) {
		free(job);
		return ERROR_SYSTEM;
	}
	loop->pending++;
	return 0;
}

unsigned loop_work_pending(const struct loop *loop)
{
	return loop->pending;
}

/* --- queues ---- */

struct loop_queue *loop_queue_create(struct loop *loop, size_t maximum)
{
	struct loop_queue *queue = calloc(1, sizeof(*queue));

	if (queue == NULL)
		return NULL;
	queue->loop = loop;
	queue->maximum = maximum;
	queue->last = &queue->first;
	queue->uv.data = queue;
	return queue;
}

static void run_first(uv_work_t *uv)
{
	struct loop_queue *queue = uv->data;

	queue->first->work(queue->first->context);
}

static void start_first(struct loop_queue *queue);

static void finish_first(uv_work_t *uv, int status)
{
	struct loop_queue *queue = uv->data;
	struct job *job = queue->first;

	(void)status;
	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	queue->running = false;
	queue->loop->pending--;
	/* The next job waits for `done`, which may touch what the jobs share, submit more, or destroy the queue. */
	queue->in_done = true;
	job->done(job->context);
	queue->in_done = false;
	free(job);
	if (queue->destroyed)
		free(queue);
	else if (queue->first != NULL)
		start_first(queue);
}

static void start_first(struct loop_queue *queue)
{
	queue->running = true;
	queue->waiting--;
	uv_queue_work(&queue->loop->uv, &queue->uv, run_first, finish_first); /* fails only without a function to run */
}

int loop_queue_submit(struct loop_queue *queue, void (*work)(void *context), void (*done)(void *context), void *context)
{
	struct job *job;

	if (queue->loop == NULL) {
		work(context);
		done(context);
		return 0;
	}
	if (queue->waiting >= queue->maximum)
		return ERROR_FULL;
	job = job_create(work, done, context);
	if (job == NULL)
		return ERROR_MEMORY;
	*queue->last = job;
	queue->last = &job->next;
	queue->waiting++;
	queue->loop->pending++;
	if (!queue->running && !queue->in_done)
		start_first(queue);
	return 0;
}

unsigned loop_queue_pending(const struct loop_queue *queue)
{
	return (unsigned)queue->waiting + queue->running;
}

void loop_queue_destroy(struct loop_queue *queue)
{
	if (queue == NULL)
		return;
	assert(loop_queue_pending(queue) == 0);
	if (queue->in_done)
		queue->destroyed = true;
	else
		free(queue);
}
