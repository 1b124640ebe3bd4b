/*
 * Without a trained model a record's surprise is a sum over its parts of -log10 of the share of records that are at
 * least as unusual in that part. It depends on its template and level alone, so that the shares of all sums are known
 * from counts, and no record is looked at.
 */
#include "tocsin/learn/importance.h"

#include <math.h>
#include <stdlib.h>

#include "learn/failing.h"
#include "tocsin/learn/model.h"

#define SMALLEST_SHARE 1e-4 /* is importance 1 */
#define PARTS 3
#define MOST_LOOKED_AT 200000

static const enum importance_part parts[PARTS] = { PART_NEW_EVENT, PART_LEVEL, PART_ERROR };

/* A template at one level. */
struct kind {
	uint64_t count;
	float surprise[PARTS];
	float importance;
};

struct scored {
	uint8_t importance; /* parts of 255 */
	uint8_t part;
};

struct importance {
	uint32_t templates;
	uint64_t records;
	struct kind *kinds;    /* [template * LEVEL_COUNT + level]; NULL by a model */
	struct scored *scored; /* by a model: of each record */
};

const char *importance_part_name(enum importance_part part)
{
	static const char *const names[PART_COUNT] = { "sequence", "new event", "length", "counts", "gap", "service",
		"level", "error" };

	return names[part];
}

double importance_of_share(double share)
{
	double value = log10(share > SMALLEST_SHARE ? share : SMALLEST_SHARE) / log10(SMALLEST_SHARE);

	return value > 0 ? value : 0;
}

static struct kind *kind_at(const struct importance *importance, uint32_t template, unsigned level)
{
	return &importance->kinds[(size_t) template * LEVEL_COUNT + level];
}

/* Of a large log, evenly spread records stand for the others. */
static void count_kinds(struct importance *importance, const struct store *store, uint64_t records)
{
	uint64_t step = records / MOST_LOOKED_AT + 1;

	for (uint64_t id = 0; id < records; id += step) {
		struct record record;

		store_record(store, id, &record);
		if (record.template <importance->templates)
			kind_at(importance, record.template, record.level)->count++;
		importance->records++;
	}
}

/* One property of all kinds, with how many records have it: from the least usual on, its running share. */
struct rank {
	double order; /* the smaller, the less usual */
	uint64_t count;
	size_t kind;
};

static int by_order(const void *a, const void *b)
{
	double left = ((const struct rank *)a)->order, right = ((const struct rank *)b)->order;

	return (left > right) - (left < right);
}

/* Calls `give` for each kind with the share of records whose order is at most its own. */
static void give_shares(struct importance *importance, struct rank *ranks, size_t count,
	void (*give)(struct kind *kind, double share, size_t part), size_t part)
{
	uint64_t sum = 0;

	qsort(ranks, count, sizeof(*ranks), by_order);
	for (size_t begin = 0, end; begin < count; begin = end) {
		for (end = begin; end < count && ranks[end].order <= ranks[begin].order; end++)
			sum += ranks[end].count;
		for (size_t i = begin; i < end; i++)
			give(&importance->kinds[ranks[i].kind], (double)(sum + 1) / (double)(importance->records + 1),
				part);
	}
}

static void give_surprise(struct kind *kind, double share, size_t part)
{
	kind->surprise[part] = (float)-log10(share < 1 ? share : 1);
}

static void give_importance(struct kind *kind, double share, size_t part)
{
	(void)part;
	kind->importance = (float)importance_of_share(share);
}

static double order_of(const struct importance *importance, const bool *failing, size_t at, size_t part)
{
	uint32_t template = (uint32_t)(at / LEVEL_COUNT);
	unsigned level = (unsigned)(at % LEVEL_COUNT);
	double count = 0;

	if (parts[part] == PART_ERROR)
		return failing[template] ? 0 : 1;
	if (parts[part] == PART_LEVEL)
		return level == LEVEL_UNKNOWN ? 0 : -(double)level;
	for (unsigned i = 0; i < LEVEL_COUNT; i++)
		count += (double)kind_at(importance, template, i)->count;
	return count;
}

static void judge(struct importance *importance, const bool *failing, struct rank *ranks)
{
	size_t count = (size_t)importance->templates * LEVEL_COUNT;

	for (size_t part = 0; part < PARTS; part++) {
		for (size_t i = 0; i < count; i++)
			ranks[i] =
				(struct rank){ order_of(importance, failing, i, part), importance->kinds[i].count, i };
		give_shares(importance, ranks, count, give_surprise, part);
	}
	for (size_t i = 0; i < count; i++) {
		const float *surprise = importance->kinds[i].surprise;

		ranks[i] = (struct rank){ -(double)(surprise[0] + surprise[1] + surprise[2]),
			importance->kinds[i].count, i };
	}
	give_shares(importance, ranks, count, give_importance, 0);
}

struct importance *importance_of_log(const struct store *store, struct horizon horizon)
{
	struct importance *importance = calloc(1, sizeof(*importance));
	size_t templates = store_template_count(store), count = templates * LEVEL_COUNT;
	struct rank *ranks = calloc(count + 1, sizeof(*ranks));
	bool *failing = calloc(templates + 1, sizeof(*failing));

	if (importance != NULL)
		importance->kinds = calloc(count + 1, sizeof(*importance->kinds));
	if (importance == NULL || importance->kinds == NULL || ranks == NULL || failing == NULL) {
		importance_destroy(importance);
		importance = NULL;
	} else {
		importance->templates = (uint32_t)templates;
		for (uint32_t i = 0; i < templates; i++)
			failing[i] = failing_text(store_template_text(store, i));
		count_kinds(importance, store, horizon.records);
		judge(importance, failing, ranks);
	}
	free(ranks);
	free(failing);
	return importance;
}

static void keep(struct importance *importance, uint64_t id, struct step_score score)
{
	importance->scored[id] = (struct scored){ (uint8_t)(score.importance * UINT8_MAX + 0.5), (uint8_t)score.part };
}

static void score_records(struct importance *importance, struct scorer *scorer, const struct store *store)
{
	for (uint64_t id = 0; id < importance->records; id++) {
		struct step_score score;
		struct record record;

		store_record(store, id, &record);
		score.importance = scorer_record(scorer, &record, &score.part);
		keep(importance, id, score);
	}
}

/* Over what score_records said of each record alone. */
static int score_sessions(struct importance *importance, struct scorer *scorer, const struct store *store,
	const struct store_reader *reader, struct horizon horizon)
{
	struct pattern *pattern = pattern_create(model_pattern(scorer_model(scorer)), false, NULL, NULL);
	struct step_score *each = calloc(horizon.records + 1, sizeof(*each));
	struct sequences sequences;
	int result = pattern == NULL || each == NULL ? ERROR_MEMORY : 0;

	if (result == 0)
		result = sequences_init(&sequences, store, reader, horizon, pattern);
	for (size_t i = 0; result == 0 && i < sequences.count; i++) {
		const struct sequence_step *steps = sequences.steps + sequences.begins[i];
		size_t count = sequences.begins[i + 1] - sequences.begins[i];
		struct session_score score;

		scorer_session(scorer, steps, count, sequences.end, &score, each);
		for (size_t j = 0; j < count; j++)
			keep(importance, steps[j].record, each[j]);
	}
	if (result == 0)
		sequences_release(&sequences);
	pattern_destroy(pattern);
	free(each);
	return result;
}

struct importance *importance_by_scorer(
	struct scorer *scorer, const struct store *store, const struct store_reader *reader, struct horizon horizon)
{
	struct importance *importance = calloc(1, sizeof(*importance));
	int result = importance == NULL ? ERROR_MEMORY : 0;

	if (result == 0) {
		importance->records = horizon.records;
		importance->scored = calloc(horizon.records + 1, sizeof(*importance->scored));
		result = importance->scored == NULL ? ERROR_MEMORY : 0;
	}
	if (result == 0)
		score_records(importance, scorer, store);
	if (result == 0 && model_pattern(scorer_model(scorer)).size > 0)
		result = score_sessions(importance, scorer, store, reader, horizon);
	if (result != 0) {
		importance_destroy(importance);
		return NULL;
	}
	return importance;
}

void importance_destroy(struct importance *importance)
{
	if (importance == NULL)
		return;
	free(importance->kinds);
	free(importance->scored);
	free(importance);
}

double importance_of(const struct importance *importance, const struct record *record, enum importance_part *part)
{
	const struct kind *kind;
	size_t loudest = 0;

	if (part != NULL)
		*part = PART_NEW_EVENT;
	if (importance->scored != NULL && record->id < importance->records) {
		if (part != NULL)
			*part = (enum importance_part)importance->scored[record->id].part;
		return (double)importance->scored[record->id].importance / UINT8_MAX;
	}
	if (record->template >= importance->templates || record->level >= LEVEL_COUNT)
		return 1; /* came after the horizon that this was made for */
	kind = kind_at(importance, record->template, record->level);
	for (size_t i = 1; i < PARTS; i++)
		if (kind->surprise[i] > kind->surprise[loudest])
			loudest = i;
	if (part != NULL)
		*part = parts[loudest];
	return (double)kind->importance;
}
