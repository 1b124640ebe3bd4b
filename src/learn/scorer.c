/*
 * Records and sessions against a model.
 *
 * A record's surprise is the sum of its parts, -log10 of the share of normal records that are at least as unusual; what
 * sums normal records reach says how important that makes it. The network says nothing about what comes within a few
 * records of an event that it does not know: it has never seen what follows.
 *
 * A session is anomalous when one of its parts alarms:
 *   error     an unknown template that speaks of failure or has a level of WARN or worse
 *   counts    its templates never came in these numbers, while new numbers are rare among normal sessions
 *   length    it is shorter or longer than any
 *   gap       it stopped, half as long again as any ever stood still after the same event
 *   sequence  the network was more surprised than by any held-out session, and seven times so
 * Counts and length say nothing of a session that is unfinished: it lacks an event that nearly all normal ones have.
 * A new event of an ordinary kind is news, which alone is no anomaly.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/failing.h"
#include "learn/scorer_inside.h"

#define QUIET_STEPS 10
#define MARGIN 2.0    /* nats beyond the highest of held-out sessions */
#define RARE 0.01     /* share of normal sessions with numbers of their own, for those to be telling */
#define STOPPED 1.5   /* times the longest silence */
#define ANOMALOUS 0.9 /* importance from here on */
#define NOT_MAPPED 0
#define TEMPLATES_MAXIMUM (1U << 20)

/* A template of the log. */
struct mapped {
	uint32_t event; /* NOT_MAPPED, NORMAL_UNKNOWN or the model's */
	bool failing;
};

/* A sequence under way. */
struct walk {
	float *state;
	uint32_t before; /* event; 0 at its beginning */
	int64_t time;
	unsigned quiet; /* records for which the network says nothing */
	bool begun;
};

struct scorer {
	const struct model *model;
	const struct store *store;
	struct lstm_engine *engine;
	struct vector mapped;   /* of struct mapped, by template of the store */
	struct vector services; /* uint32_t: the model's service + 1, by the store's; 0: not looked up */
	struct vector walks;    /* of struct walk, by service */
	struct walk session;
	uint32_t *events; /* of a session */
	size_t events_capacity;
	bool left_out[PART_COUNT];
};

struct scorer *scorer_create(const struct model *model, const struct store *store, bool portable)
{
	struct scorer *scorer = calloc(1, sizeof(*scorer));

	if (scorer == NULL)
		return NULL;
	scorer->model = model;
	scorer->store = store;
	vector_init(&scorer->mapped, sizeof(struct mapped), TEMPLATES_MAXIMUM + 1);
	vector_init(&scorer->services, sizeof(uint32_t), 1 << 16);
	vector_init(&scorer->walks, sizeof(struct walk), 1 << 16);
	scorer->engine = lstm_engine_create(&model->lstm, portable);
	if (scorer->engine != NULL)
		scorer->session.state = calloc(lstm_engine_state_size(scorer->engine), sizeof(float));
	if (scorer->session.state == NULL) {
		scorer_destroy(scorer);
		return NULL;
	}
	return scorer;
}

void scorer_destroy(struct scorer *scorer)
{
	if (scorer == NULL)
		return;
	for (size_t i = 0; i < scorer->walks.count; i++)
		free(((struct walk *)vector_at(&scorer->walks, i))->state);
	vector_release(&scorer->mapped);
	vector_release(&scorer->services);
	vector_release(&scorer->walks);
	lstm_engine_destroy(scorer->engine);
	free(scorer->session.state);
	free(scorer->events);
	free(scorer);
}

const struct model *scorer_model(const struct scorer *scorer)
{
	return scorer->model;
}

void scorer_leave_out(struct scorer *scorer, enum importance_part part)
{
	scorer->left_out[part] = true;
}

/* Item `index`, zeroed when it is new; NULL when there is no room. */
static void *item_at(struct vector *vector, size_t index)
{
	while (vector->count <= index)
		if (vector_push(vector) == NULL)
			return NULL;
	return vector_at(vector, index);
}

static struct mapped map_template(struct scorer *scorer, uint32_t template)
{
	struct mapped *mapped = item_at(&scorer->mapped, template);
	struct slice text;
	uint32_t code;

	if (mapped == NULL)
		return (struct mapped){ NORMAL_UNKNOWN, false };
	if (mapped->event == NOT_MAPPED) {
		text = sequence_template(scorer->store, template);
		mapped->event = intern_find(scorer->model->events, text, &code) == 0 ? code + 1 : NORMAL_UNKNOWN;
		mapped->failing = failing_text(text);
	}
	return *mapped;
}

static uint32_t map_service(struct scorer *scorer, uint32_t service)
{
	uint32_t *mapped = item_at(&scorer->services, service), code;

	if (mapped == NULL)
		return NORMAL_UNKNOWN;
	if (*mapped == 0)
		*mapped = intern_find(scorer->model->normal.services, store_service_name(scorer->store, service),
				  &code) == 0
			? code + 1
			: NORMAL_UNKNOWN;
	return *mapped == NORMAL_UNKNOWN ? NORMAL_UNKNOWN : *mapped - 1;
}

/* --- a step ---------------------------------------------------------------------------------------------------- */

static void walk_begin(struct scorer *scorer, struct walk *walk)
{
	memset(walk->state, 0, lstm_engine_state_size(scorer->engine) * sizeof(*walk->state));
	lstm_engine_step(scorer->engine, walk->state, LSTM_BOUNDARY);
	walk->before = 0;
	walk->time = TIMESTAMP_NONE;
	walk->quiet = 0;
	walk->begun = true;
}

/* The nats of the network, and one step further; 0 where it says nothing. */
static double expect(struct scorer *scorer, struct walk *walk, uint32_t event)
{
	uint32_t known = model_lstm_event(scorer->model, event);
	double nats;

	if (known == NORMAL_UNKNOWN) {
		walk->quiet = QUIET_STEPS;
		return 0;
	}
	nats = walk->quiet > 0 || scorer->left_out[PART_SEQUENCE]
		? 0
		: (double)lstm_engine_surprise(scorer->engine, walk->state, known);
	walk->quiet -= walk->quiet > 0;
	if (!scorer->left_out[PART_SEQUENCE])
		lstm_engine_step(scorer->engine, walk->state, known);
	return nats;
}

/* The parts of a record; returns their sum, *nats is what the network said. */
static double step(
	struct scorer *scorer, struct walk *walk, const struct sequence_step *at, float parts[PART_COUNT], double *nats)
{
	struct mapped mapped = map_template(scorer, at->template);
	bool timed = at->time != TIMESTAMP_NONE && walk->time != TIMESTAMP_NONE && at->time >= walk->time;
	struct normal_sight sight = { .event = mapped.event,
		.service = map_service(scorer, at->service),
		.before = walk->before,
		.gap = timed ? at->time - walk->time : -1,
		.level = at->level,
		.failing = mapped.failing };
	double sum = 0;

	normal_judge(&scorer->model->normal, &sight, parts);
	*nats = expect(scorer, walk, mapped.event);
	parts[PART_SEQUENCE] = (float)shares_surprise(&scorer->model->steps, *nats);
	for (int i = 0; i < PART_COUNT; i++) {
		if (scorer->left_out[i])
			parts[i] = 0;
		sum += (double)parts[i];
	}
	walk->before = mapped.event;
	walk->time = at->time != TIMESTAMP_NONE ? at->time : walk->time;
	return sum;
}

static enum importance_part loudest(const float parts[PART_COUNT])
{
	int loudest = 0;

	for (int i = 1; i < PART_COUNT; i++)
		if (parts[i] > parts[loudest])
			loudest = i;
	return (enum importance_part)loudest;
}

static double importance_of_sum(const struct scorer *scorer, double sum)
{
	return importance_of_share(pow(10, -shares_surprise(&scorer->model->records, sum)));
}

/* Where its past is kept; a record that has none begins a walk of its own. */
static struct walk *walk_of(struct scorer *scorer, uint32_t service)
{
	struct walk *walk = scorer->model->pattern[0] == '\0' ? item_at(&scorer->walks, service) : NULL;

	if (walk != NULL && walk->state == NULL)
		walk->state = calloc(lstm_engine_state_size(scorer->engine), sizeof(float));
	if (walk != NULL && walk->state != NULL) {
		if (!walk->begun)
			walk_begin(scorer, walk);
		return walk;
	}
	walk_begin(scorer, &scorer->session);
	scorer->session.quiet = QUIET_STEPS;
	return &scorer->session;
}

double scorer_record(struct scorer *scorer, const struct record *record, enum importance_part *part)
{
	struct walk *walk = walk_of(scorer, record->service);
	struct sequence_step at = { record->id, record->time, record->template, (uint16_t)record->service,
		record->level };
	float parts[PART_COUNT];
	double nats, sum = step(scorer, walk, &at, parts, &nats);

	if (part != NULL)
		*part = loudest(parts);
	return importance_of_sum(scorer, sum);
}

void scorer_sum_sequence(struct scorer *scorer, const struct sequence_step *steps, size_t count, struct shares *records)
{
	float parts[PART_COUNT];
	double nats;

	walk_begin(scorer, &scorer->session);
	for (size_t i = 0; i < count; i++)
		shares_add(records, step(scorer, &scorer->session, &steps[i], parts, &nats));
}

/* --- a session ------------------------------------------------------------------------------------------------- */

/* What a session shows. */
struct shown {
	double surprise[PART_COUNT];
	bool alarm[PART_COUNT];
	bool finished, stopped;
};

static void gather_steps(struct scorer *scorer, const struct sequence_step *steps, size_t count, struct shown *shown,
	struct step_score *each)
{
	const struct shares *sessions = &scorer->model->sessions;
	float parts[PART_COUNT];
	double nats, highest = 0;

	walk_begin(scorer, &scorer->session);
	for (size_t i = 0; i < count; i++) {
		double sum = step(scorer, &scorer->session, &steps[i], parts, &nats);
		bool is_known = scorer->session.before != NORMAL_UNKNOWN;

		scorer->events[i] = scorer->session.before;
		highest = nats > highest ? nats : highest;
		if (!is_known &&
			(parts[PART_ERROR] > 0 || (steps[i].level >= LEVEL_WARN && steps[i].level <= LEVEL_FATAL)))
			shown->alarm[PART_ERROR] = !scorer->left_out[PART_ERROR];
		for (int part = PART_SEQUENCE + 1; part < PART_COUNT; part++)
			if ((double)parts[part] > shown->surprise[part])
				shown->surprise[part] = (double)parts[part];
		if (each != NULL)
			each[i] = (struct step_score){ importance_of_sum(scorer, sum), loudest(parts) };
	}
	shown->surprise[PART_SEQUENCE] = shares_surprise(sessions, highest);
	shown->alarm[PART_SEQUENCE] = sessions->count > 0 && highest > sessions->highest + MARGIN;
}

/* Are all events there that nearly every normal session has? */
static bool is_finished(const struct scorer *scorer, size_t count)
{
	const struct normal *normal = &scorer->model->normal;

	for (uint32_t event = 1; event <= normal->events.count; event++) {
		bool found = !normal_is_required(normal, event);

		for (size_t i = 0; i < count && !found; i++)
			found = scorer->events[i] == event;
		if (!found)
			return false;
	}
	return true;
}

/* Did nothing follow for longer than ever, after an event that no normal session ends with? Slow is not wrong: a
   silence that ended makes it important, not anomalous. */
static bool has_stopped(const struct scorer *scorer, const struct sequence_step *last, int64_t end)
{
	const struct normal *normal = &scorer->model->normal;
	uint32_t event = scorer->session.before;
	const struct normal_event *known = normal_event_at(normal, event);

	return known != NULL && known->gaps > 0 && !normal_is_end(normal, event) && last->time != TIMESTAMP_NONE &&
		end != TIMESTAMP_NONE && (double)(end - last->time) > STOPPED * (double)known->longest_gap;
}

static double share_of(uint64_t seen, uint64_t all)
{
	return (double)(seen + 1) / (double)(all + 1);
}

static bool has_usual_counts(const struct scorer *scorer, size_t count)
{
	struct buffer counts;
	bool known;

	buffer_init(&counts, 8 * count + 1);
	known = normal_write_counts(scorer->events, count, &counts) != 0 ||
		normal_knows_counts(&scorer->model->normal, buffer_slice(&counts));
	buffer_release(&counts);
	return known;
}

static void alarm(struct shown *shown, enum importance_part part, double share)
{
	shown->surprise[part] = -log10(share);
	shown->alarm[part] = share <= RARE;
}

/* A session with the numbers of a normal one is as it should be, whatever still comes. */
static void judge_whole(
	struct scorer *scorer, const struct sequence_step *last, size_t count, int64_t end, struct shown *shown)
{
	const struct normal *normal = &scorer->model->normal;
	double alone = share_of(0, normal->sessions);

	shown->finished = is_finished(scorer, count);
	if (has_usual_counts(scorer, count))
		return;
	shown->stopped = !shown->finished && !scorer->left_out[PART_GAP] && has_stopped(scorer, last, end);
	if (shown->stopped)
		alarm(shown, PART_GAP, alone);
	if (!shown->finished)
		return;
	if (!scorer->left_out[PART_COUNTS])
		alarm(shown, PART_COUNTS, share_of(normal_singular_counts(normal), normal->sessions));
	if (!scorer->left_out[PART_LENGTH] && (count < normal->shortest || count > normal->longest))
		alarm(shown, PART_LENGTH, alone);
}

static void decide(const struct shown *shown, struct session_score *score)
{
	double most = 0;

	*score = (struct session_score){ .unfinished = !shown->finished && !shown->stopped };
	for (int part = 0; part < PART_COUNT; part++)
		score->anomalous |= shown->alarm[part];
	for (int part = 0; part < PART_COUNT; part++)
		if (shown->alarm[part] == score->anomalous && shown->surprise[part] > most) {
			most = shown->surprise[part];
			score->part = (enum importance_part)part;
		}
	most = importance_of_share(pow(10, -most));
	score->importance = score->anomalous ? ANOMALOUS + (1 - ANOMALOUS) * most : ANOMALOUS * 0.99 * most;
}

static bool make_room(struct scorer *scorer, size_t count)
{
	uint32_t *events;

	if (count <= scorer->events_capacity)
		return true;
	events = realloc(scorer->events, 2 * count * sizeof(*events));
	if (events == NULL)
		return false;
	scorer->events = events;
	scorer->events_capacity = 2 * count;
	return true;
}

void scorer_session(struct scorer *scorer, const struct sequence_step *steps, size_t count, int64_t end,
	struct session_score *score, struct step_score *each)
{
	struct shown shown = { .finished = false };

	*score = (struct session_score){ 0 };
	if (count == 0 || !make_room(scorer, count))
		return;
	gather_steps(scorer, steps, count, &shown, each);
	judge_whole(scorer, &steps[count - 1], count, end, &shown);
	decide(&shown, score);
}
