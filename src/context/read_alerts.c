#include "context/reader.h"

#include <math.h>

static struct slice member_text(const struct json_value *object, const char *name, char number[32])
{
	return object == NULL ? (struct slice){ 0 } : json_scalar_text(json_member(object, name), number);
}

static struct slice either(struct slice first, struct slice second)
{
	return first.size > 0 ? first : second;
}

static double number_of(const struct json_value *object, const char *name)
{
	const struct json_value *value = json_member(object, name);
	double number;

	return value != NULL && json_value_number(value, &number) ? number : (double)NAN;
}

static void put_plain(struct context_reader *reader, const struct json_value *object, uint64_t line)
{
	char n[11][32];
	struct alert alert = {
		.name = either(member_text(object, "monitor", n[0]), member_text(object, "name", n[1])),
		.service = member_text(object, "service", n[2]),
		.metric = member_text(object, "metric", n[3]),
		.severity = member_text(object, "severity", n[4]),
		.summary = either(member_text(object, "summary", n[5]), member_text(object, "title", n[6])),
		.detail = either(member_text(object, "detail", n[7]), member_text(object, "description", n[8])),
		.threshold = number_of(object, "threshold"),
		.observed = number_of(object, "observed"),
		.fired = TIMESTAMP_NONE,
	};
	struct slice fired = either(member_text(object, "fired_at", n[9]), member_text(object, "timestamp", n[10]));

	if (fired.size > 0 && !reader_time(reader, fired, &alert.fired))
		reader_bad(reader, line, "\"%.*s\" is no time", (int)slice_first(fired, 40).size, fired.data);
	else if (alert.name.size == 0 && alert.service.size == 0 && alert.metric.size == 0 && alert.summary.size == 0)
		reader_bad(reader, line, "an alert without monitor, service, metric or summary");
	else
		reader_kept(reader, line, alerts_add(&reader->context->alerts, &alert));
}

/* Of an Alertmanager webhook: labels and annotations. */
static void put_webhook(struct context_reader *reader, const struct json_value *object, uint64_t line)
{
	const struct json_value *labels = json_member(object, "labels");
	const struct json_value *annotations = json_member(object, "annotations");
	char n[10][32];
	struct alert alert = {
		.name = member_text(labels, "alertname", n[0]),
		.service = either(either(member_text(labels, "service", n[1]), member_text(labels, "app", n[2])),
			either(member_text(labels, "job", n[3]),
				context_pod_service(member_text(labels, "pod", n[4])))),
		.severity = member_text(labels, "severity", n[5]),
		.summary = member_text(annotations, "summary", n[6]),
		.detail = member_text(annotations, "description", n[7]),
		.threshold = (double)NAN,
		.observed = (double)NAN,
		.fired = TIMESTAMP_NONE,
		.resolved = slice_is(member_text(object, "status", n[8]), "resolved"),
	};
	struct slice fired = member_text(object, "startsAt", n[9]);

	if (fired.size > 0 && !reader_time(reader, fired, &alert.fired))
		reader_bad(reader, line, "\"%.*s\" is no time", (int)slice_first(fired, 40).size, fired.data);
	else if (alert.name.size == 0)
		reader_bad(reader, line, "an alert without alertname");
	else
		reader_kept(reader, line, alerts_add(&reader->context->alerts, &alert));
}

static void item(struct context_reader *reader, const struct json_value *root, uint64_t line)
{
	const struct json_value *list = json_member(root, "alerts");

	if (list == NULL && json_member(root, "labels") == NULL) {
		put_plain(reader, root, line);
		return;
	}
	if (list == NULL) {
		put_webhook(reader, root, line);
		return;
	}
	for (const struct json_value *alert = json_first(list); alert != NULL; alert = json_next(alert))
		put_webhook(reader, alert, line);
}

const struct kind_row context_alerts_kind = {
	.name = "alerts",
	.format = "JSON, one object, an array or one a line: service, metric, threshold, observed, fired_at, severity, "
		  "monitor, summary, detail; or what Alertmanager sends (alerts with labels, annotations, startsAt, "
		  "status).",
	.item = item,
};
