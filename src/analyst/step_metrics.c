/*
 * Metrics that left their level: what a service uses itself is its own matter, errors and latency it shares with its
 * victims, and load is a matter of those who call.
 */
#include "analyst/inside.h"
#include "analyst/names.h"
#include "analyst/shift.h"

#define LEAD (2 * TIMESTAMP_MINUTE) /* a metric may show it so long before the log does */
#define SHOWN 6
#define ALERT_STRENGTH 0.35

static const char *const resource_words[] = { "cpu", "mem", "memory", "rss", "heap", "gc", "disk", "fd", "inode",
	"thread", "goroutine", "pool", "oom", "restart", "throttl" };
static const char *const symptom_words[] = { "error", "err", "5xx", "4xx", "401", "500", "503", "fail", "latency",
	"duration", "p99", "p95", "p90", "p50", "wait", "queue", "oldest", "lag", "timeout", "success", "servfail" };
static const char *const load_words[] = { "rps", "qps", "requests", "request_rate", "workload", "ops", "throughput",
	"connections_opened" };
static const char *const shared_words[] = { "node", "host", "cluster" };

static bool has_word(struct slice name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_find_nocase(name, slice_of(words[i])) != SIZE_MAX)
			return true;
	return false;
}

#define HAS(name, words) has_word(name, words, sizeof(words) / sizeof((words)[0]))

enum metric_role metric_role(struct slice name)
{
	if (HAS(name, shared_words))
		return METRIC_SHARED;
	if (HAS(name, resource_words))
		return METRIC_RESOURCE;
	if (HAS(name, symptom_words))
		return METRIC_SYMPTOM;
	return HAS(name, load_words) ? METRIC_LOAD : METRIC_OTHER;
}

static unsigned cite_shift(
	struct analysis *analysis, const struct metric_series *series, const struct shift *shift, struct slice *text)
{
	struct window window = { shift->time, analysis_end(analysis) };
	struct buffer sentence;
	unsigned evidence;

	buffer_init(&sentence, SCENE_SENTENCE);
	buffer_append_slice(&sentence, slice_first(series->name, 80));
	buffer_append_format(&sentence, " %s from %.6g to %.6g", shift->after > shift->before ? "rose" : "fell",
		shift->before, shift->after);
	*text = analysis_keep(analysis, buffer_slice(&sentence));
	buffer_append_string(&sentence, " in ");
	buffer_append_slice(&sentence, series->service);
	buffer_append_string(&sentence, " at ");
	say_clock(&sentence, &analysis->scene, shift->time);
	evidence = evidence_add_fact(analysis->scene.book, EVIDENCE_METRIC, series->service, series->name, window,
		shift->after, buffer_slice(&sentence));
	buffer_release(&sentence);
	return evidence;
}

/* How much a level of use matters: half of what there is, or more, is much; without a known limit nobody can tell. */
static double use_of(struct slice name, double level)
{
	static const char *const percent[] = { "%", "percent", "pct" };
	static const char *const share[] = { "ratio", "utilization", "utilisation" };
	double limit = HAS(name, percent) ? 100 : HAS(name, share) ? 1 : 0;

	if (limit == 0)
		return 0.6;
	return level >= limit / 2 ? 1 : level < 0 ? 0 : level / (limit / 2);
}

static void take_series(struct analysis *analysis, const struct metric_series *series)
{
	static const double weight[] = { [METRIC_RESOURCE] = 0.95, [METRIC_SYMPTOM] = 0.5, [METRIC_OTHER] = 0.4 };
	enum metric_role role = metric_role(series->name);
	struct shift shift;
	struct signal *signal;

	if (role == METRIC_SHARED || role == METRIC_LOAD ||
		!shift_find(series, time_shift(analysis->scope.from, -LEAD), analysis_end(analysis), &shift) ||
		(role == METRIC_RESOURCE && shift.after < shift.before))
		return;
	signal = vector_push(&analysis->signals);
	if (!signal)
		return;
	*signal = (struct signal){ .kind = role == METRIC_RESOURCE ? SIGNAL_RESOURCE : SIGNAL_SYMPTOM,
		.service = series->service,
		.name = series->name,
		.strength = weight[role] * shift.strength *
			(role == METRIC_RESOURCE ? use_of(series->name, shift.after) : 1),
		.onset = shift.time };
	signal->evidence = cite_shift(analysis, series, &shift, &signal->text);
}

/* A symptom that many services have says little of one. */
static void discount(struct analysis *analysis, size_t from)
{
	for (size_t i = from; i < analysis->signals.count; i++) {
		struct signal *signal = vector_at(&analysis->signals, i);
		size_t sharing = 0;

		for (size_t j = from; signal->kind == SIGNAL_SYMPTOM && j < analysis->signals.count; j++)
			sharing += slice_equal(((struct signal *)vector_at(&analysis->signals, j))->name, signal->name);
		if (sharing > 1)
			signal->strength /= (double)sharing;
	}
}

/* Whoever watches it says that it is in trouble; whether it is the cause nobody said. */
static void take_alerts(struct analysis *analysis, const struct alerts *alerts)
{
	for (size_t i = 0; alerts_at(alerts, i); i++) {
		const struct alert *alert = alerts_at(alerts, i);
		struct signal *signal =
			alert->service.size && !alert->resolved ? vector_push(&analysis->signals) : NULL;
		struct buffer text;

		if (!signal)
			continue;
		buffer_init(&text, SCENE_SENTENCE);
		buffer_append_string(&text, "alert ");
		say_quote(&text, alert->name.size ? alert->name : alert->summary, 60);
		*signal = (struct signal){ .kind = SIGNAL_ALERT,
			.service = alert->service,
			.strength = ALERT_STRENGTH,
			.onset = TIMESTAMP_NONE,
			.text = analysis_keep(analysis, buffer_slice(&text)) };
		buffer_release(&text);
	}
}

static int by_strength(const void *a, const void *b)
{
	const struct signal *left = a, *right = b;

	if (left->strength != right->strength)
		return left->strength > right->strength ? -1 : 1;
	return left->evidence < right->evidence ? -1 : left->evidence > right->evidence;
}

bool step_metrics(struct analysis *analysis)
{
	const struct context *context = analysis->input.context;
	size_t before = analysis->signals.count;
	struct buffer out;

	for (size_t i = 0; context && metrics_at(&context->metrics, i); i++)
		take_series(analysis, metrics_at(&context->metrics, i));
	if (context)
		take_alerts(analysis, &context->alerts);
	if (analysis->signals.count == before)
		return false;
	discount(analysis, before);
	vector_sort(&analysis->signals, by_strength);
	buffer_init(&out, SCENE_SENTENCE);
	buffer_append_string(&out, "metrics: ");
	for (size_t i = 0; i < analysis->signals.count && i < SHOWN; i++) {
		const struct signal *signal = vector_at(&analysis->signals, i);

		buffer_append_string(&out, i ? "; " : "");
		buffer_append_slice(&out, signal->service);
		buffer_append_byte(&out, ' ');
		buffer_append_slice(&out, signal->text);
		say_cite(&out, signal->evidence);
	}
	analysis_say(analysis, ENTRY_STEP, NULL, &out);
	buffer_release(&out);
	return false;
}
