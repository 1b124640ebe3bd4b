/*
 * Jobs leave marks from their threads and from the loop; what is asserted is who ran, in which order, and where.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tocsin/io/loop.h"

#define JOBS 50

struct shared {
	struct loop *loop;
	struct loop_queue *queue;
	pthread_t loop_thread;
	atomic_int inside; /* jobs of the queue at work, or in `done` */
	int order[JOBS];   /* numbers of the jobs, as their `done` came */
	int finished;
	bool overlapped;
};

struct numbered {
	struct shared *shared;
	int number;
	bool worked;
	bool in_loop_thread;
	int more; /* jobs to submit from `done` */
};

static int set_up(void **state)
{
	struct shared *shared = calloc(1, sizeof(*shared));

	if (shared == NULL)
		return -1;
	shared->loop = loop_create(NULL);
	shared->loop_thread = pthread_self();
	*state = shared;
	return shared->loop == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	struct shared *shared = *state;

	loop_queue_destroy(shared->queue);
	loop_destroy(shared->loop);
	free(shared);
	return 0;
}

static void do_work(void *context)
{
	struct numbered *job = context;

	job->in_loop_thread = pthread_equal(pthread_self(), job->shared->loop_thread);
	job->worked = true;
}

static void count_done(void *context)
{
	struct numbered *job = context;

	assert_true(job->worked);
	assert_true(pthread_equal(pthread_self(), job->shared->loop_thread));
	job->shared->order[job->shared->finished++] = job->number;
}

static void number_jobs(struct shared *shared, struct numbered jobs[JOBS])
{
	for (int i = 0; i < JOBS; i++)
		jobs[i] = (struct numbered){.shared = shared, .number = i};
}

static void work__is_done_on_the_loop__when_it_ran_in_a_worker(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(loop_work(shared->loop, do_work, count_done, &jobs[i]), 0);
	assert_int_equal(loop_work_pending(shared->loop), JOBS);
	loop_run(shared->loop, NULL, NULL);
	assert_int_equal(shared->finished, JOBS);
	assert_int_equal(loop_work_pending(shared->loop), 0);
	for (int i = 0; i < JOBS; i++)
		assert_false(jobs[i].in_loop_thread);
}

static void count_in_destroyed_loop(void *context)
{
	++*(int *)context;
}

static void work_on_nothing(void *context)
{
	(void)context;
}

static void work__is_done__when_the_loop_is_destroyed(void **state)
{
	struct loop *loop = loop_create(NULL);
	struct loop_queue *queue = loop_queue_create(loop, JOBS);
	int count = 0;

	(void)state;
	assert_non_null(queue);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(loop_work(loop, work_on_nothing, count_in_destroyed_loop, &count), 0);
		assert_int_equal(loop_queue_submit(queue, work_on_nothing, count_in_destroyed_loop, &count), 0);
	}
	loop_stop(loop);
	loop_destroy(loop);
	assert_int_equal(count, 2 * JOBS);
	loop_queue_destroy(queue);
}

/* --- queues ---- */

static void do_alone(void *context)
{
	struct numbered *job = context;

	if (atomic_fetch_add(&job->shared->inside, 1) != 0)
		job->shared->overlapped = true;
	do_work(context);
	atomic_fetch_sub(&job->shared->inside, 1);
}

static void count_alone(void *context)
{
	struct numbered *job = context;

	if (atomic_fetch_add(&job->shared->inside, 1) != 0)
		job->shared->overlapped = true;
	count_done(context);
	if (job->more > 0) {
		job[1].more = job->more - 1;
		assert_int_equal(loop_queue_submit(job->shared->queue, do_alone, count_alone, &job[1]), 0);
	}
	atomic_fetch_sub(&job->shared->inside, 1);
}

static void assert_in_order(const struct shared *shared, int count)
{
	assert_int_equal(shared->finished, count);
	assert_false(shared->overlapped);
	for (int i = 0; i < count; i++)
		assert_int_equal(shared->order[i], i);
}

static void queue__runs_jobs_one_after_the_other__when_many_are_submitted(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	shared->queue = loop_queue_create(shared->loop, JOBS);
	for (int i = 0; i < JOBS; i++)
		assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[i]), 0);
	assert_int_equal(loop_queue_pending(shared->queue), JOBS);
	assert_int_equal(loop_work_pending(shared->loop), JOBS);
	loop_run(shared->loop, NULL, NULL);
	assert_in_order(shared, JOBS);
	assert_int_equal(loop_queue_pending(shared->queue), 0);
	for (int i = 0; i < JOBS; i++)
		assert_false(jobs[i].in_loop_thread);
}

static void queue__goes_on__when_done_submits_more(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	jobs[0].more = JOBS - 1;
	shared->queue = loop_queue_create(shared->loop, 1);
	assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[0]), 0);
	loop_run(shared->loop, NULL, NULL);
	assert_in_order(shared, JOBS);
}

static void queue__refuses_and_recovers__when_it_is_full(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	shared->queue = loop_queue_create(shared->loop, 2);
	for (int i = 0; i < 3; i++) /* one runs, two wait */
		assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[i]), 0);
	assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[3]), ERROR_FULL);
	assert_int_equal(loop_queue_pending(shared->queue), 3);
	loop_run(shared->loop, NULL, NULL);
	assert_in_order(shared, 3);
	assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[3]), 0);
	loop_run(shared->loop, NULL, NULL);
	assert_in_order(shared, 4);
}

static void queue__runs_at_once__when_there_is_no_loop(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	shared->queue = loop_queue_create(NULL, 1);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(loop_queue_submit(shared->queue, do_alone, count_alone, &jobs[i]), 0);
		assert_in_order(shared, i + 1);
		assert_true(jobs[i].in_loop_thread);
	}
	assert_int_equal(loop_queue_pending(shared->queue), 0);
}

static void destroy_queue(void *context)
{
	struct numbered *job = context;

	count_done(context);
	loop_queue_destroy(job->shared->queue);
	job->shared->queue = NULL;
}

static void queue__may_be_destroyed__by_its_last_done(void **state)
{
	struct shared *shared = *state;
	struct numbered jobs[JOBS];

	number_jobs(shared, jobs);
	shared->queue = loop_queue_create(shared->loop, 1);
	assert_int_equal(loop_queue_submit(shared->queue, do_work, destroy_queue, &jobs[0]), 0);
	loop_run(shared->loop, NULL, NULL);
	assert_in_order(shared, 1);
	assert_null(shared->queue);
	loop_queue_destroy(NULL);
}

#define SHARED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHARED_TEST(work__is_done_on_the_loop__when_it_ran_in_a_worker),
		SHARED_TEST(work__is_done__when_the_loop_is_destroyed),
		SHARED_TEST(queue__runs_jobs_one_after_the_other__when_many_are_submitted),
		SHARED_TEST(queue__goes_on__when_done_submits_more),
		SHARED_TEST(queue__refuses_and_recovers__when_it_is_full),
		SHARED_TEST(queue__runs_at_once__when_there_is_no_loop),
		SHARED_TEST(queue__may_be_destroyed__by_its_last_done),
	};

	return cmocka_run_group_tests_name("io/work", tests, NULL, NULL);
}
