/*
 * Failing connections: a template is sorted into a class by its words, once, and from then on a record costs two
 * look-ups.
 *
 * A rule is one or two phrases that must both occur, in any case. The first rule that fits wins, so the more telling
 * classes stand above the general ones: "timed out waiting for the pool" is a pool, not a time-out.
 */
#include "detect/findings.h"

#include <inttypes.h>
#include <stdio.h>

enum connection_class {
	CONNECTION_POOL,
	CONNECTION_DNS,
	CONNECTION_TLS,
	CONNECTION_REFUSED,
	CONNECTION_RESET,
	CONNECTION_UNREACHABLE,
	CONNECTION_TIMEOUT,
	CONNECTION_FAILED,
	CONNECTION_CLASS_COUNT
};

#define DETAIL_CLASS 0

static const char *const class_names[CONNECTION_CLASS_COUNT] = {
	[CONNECTION_POOL] = "pool exhausted",
	[CONNECTION_DNS] = "name not resolved",
	[CONNECTION_TLS] = "TLS failed",
	[CONNECTION_REFUSED] = "refused",
	[CONNECTION_RESET] = "reset",
	[CONNECTION_UNREACHABLE] = "unreachable",
	[CONNECTION_TIMEOUT] = "timed out",
	[CONNECTION_FAILED] = "failed",
};

static const struct rule {
	enum connection_class class;
	const char *phrase;
	const char *with; /* NULL: `phrase` is enough */
} rules[] = {
	{ CONNECTION_POOL, "pool", "exhaust" },
	{ CONNECTION_POOL, "pool", "timed out" },
	{ CONNECTION_POOL, "pool", "timeout" },
	{ CONNECTION_POOL, "pool", "no available" },
	{ CONNECTION_POOL, "pool", "full" },
	{ CONNECTION_POOL, "too many connections", NULL },
	{ CONNECTION_POOL, "too many clients", NULL },
	{ CONNECTION_POOL, "connection slots", NULL },
	{ CONNECTION_POOL, "no free connection", NULL },
	{ CONNECTION_POOL, "obtain", "connection" },
	{ CONNECTION_POOL, "acquire", "connection" },
	{ CONNECTION_DNS, "name resolution", NULL },
	{ CONNECTION_DNS, "getaddrinfo", NULL },
	{ CONNECTION_DNS, "no such host", NULL },
	{ CONNECTION_DNS, "unknown host", NULL },
	{ CONNECTION_DNS, "unknownhost", NULL },
	{ CONNECTION_DNS, "name or service not known", NULL },
	{ CONNECTION_DNS, "nxdomain", NULL },
	{ CONNECTION_DNS, "resolve", "host" },
	{ CONNECTION_TLS, "handshake", NULL },
	{ CONNECTION_TLS, "certificate", NULL },
	{ CONNECTION_REFUSED, "connection refused", NULL },
	{ CONNECTION_REFUSED, "refused", "connect" },
	{ CONNECTION_REFUSED, "econnrefused", NULL },
	{ CONNECTION_RESET, "connection reset", NULL },
	{ CONNECTION_RESET, "reset by peer", NULL },
	{ CONNECTION_RESET, "econnreset", NULL },
	{ CONNECTION_RESET, "broken pipe", NULL },
	{ CONNECTION_RESET, "connection", "lost" },
	{ CONNECTION_RESET, "connection", "closed unexpectedly" },
	{ CONNECTION_RESET, "server has gone away", NULL },
	{ CONNECTION_UNREACHABLE, "unreachable", NULL },
	{ CONNECTION_UNREACHABLE, "no route to host", NULL },
	{ CONNECTION_UNREACHABLE, "host is down", NULL },
	{ CONNECTION_TIMEOUT, "timed out", NULL },
	{ CONNECTION_TIMEOUT, "timeout", NULL },
	{ CONNECTION_TIMEOUT, "time-out", NULL },
	{ CONNECTION_TIMEOUT, "deadline exceeded", NULL },
	{ CONNECTION_FAILED, "failed to connect", NULL },
	{ CONNECTION_FAILED, "unable to connect", NULL },
	{ CONNECTION_FAILED, "not connect", NULL },
	{ CONNECTION_FAILED, "cannot connect", NULL },
	{ CONNECTION_FAILED, "connection failed", NULL },
	{ CONNECTION_FAILED, "connection failure", NULL },
};

struct connection_watch {
	struct recent failures;
	struct lasting lasting;
};

/* Each class by itself: a service that always fails to reach one thing may begin to fail at another. */
struct connection_service {
	struct connection_watch watches[CONNECTION_CLASS_COUNT];
};

struct connection {
	const struct detect_options *options;
	struct vector templates; /* of uint8_t, by code: 0 not looked at yet, 1 no connection, else class + 2 */
	struct vector services;  /* of struct connection_service, by code */
};

static void connection_init(void *state, const struct detect_options *options)
{
	struct connection *connection = state;

	connection->options = options;
	vector_init(&connection->templates, sizeof(uint8_t), DETECT_MAXIMUM_TEMPLATES);
	vector_init(&connection->services, sizeof(struct connection_service), DETECT_MAXIMUM_SERVICES);
}

static void connection_release(void *state)
{
	struct connection *connection = state;

	for (size_t i = 0; i < connection->services.count; i++) {
		struct connection_service *service = vector_at(&connection->services, i);
		for (size_t class = 0; class < CONNECTION_CLASS_COUNT; class ++)
			recent_release(&service->watches[class].failures);
	}
	vector_release(&connection->services);
	vector_release(&connection->templates);
}

static enum connection_class classify(struct slice text)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (slice_find_nocase(text, slice_of(rules[i].phrase)) != SIZE_MAX &&
			(rules[i].with == NULL || slice_find_nocase(text, slice_of(rules[i].with)) != SIZE_MAX))
			return rules[i].class;
	return CONNECTION_CLASS_COUNT;
}

static enum connection_class template_class(struct connection *connection, const struct store *store, uint32_t template)
{
	uint8_t *known = detect_table_at(&connection->templates, template);

	if (known == NULL)
		return CONNECTION_CLASS_COUNT;
	if (*known == 0) {
		enum connection_class class = classify(store_template_text(store, template));
		*known = class == CONNECTION_CLASS_COUNT ? 1 : (uint8_t)(class + 2);
	}
	return *known == 1 ? CONNECTION_CLASS_COUNT : (enum connection_class)(*known - 2);
}

static void connection_observe(void *state, const struct event *event, struct findings *findings)
{
	struct connection *connection = state;
	int64_t cooldown = connection->options->threshold_cooldown;
	enum connection_class class = template_class(connection, event->store, event->record.template);

	if (class == CONNECTION_CLASS_COUNT)
		return;
	struct connection_service *service = detect_table_at(&connection->services, event->record.service);
	struct connection_watch *watch = service != NULL ? &service->watches[class] : NULL;
	struct moment moment = { event->time, event->record.id, event->record.service };
	if (watch == NULL || !recent_add(&watch->failures, connection->options->connection_count, moment) ||
		!recent_within(&watch->failures, event->time, connection->options->connection_window))
		return;

	struct finding_entry *entry;
	if (lasting_on(&watch->lasting, event->time, cooldown)) {
		entry = findings_at(findings, watch->lasting.index);
		finding_extend(entry, event);
	} else {
		watch->lasting.raised = true;
		watch->lasting.index =
			findings_raise(findings, &detector_connection, FINDING_CONNECTION_FAILURE, event);
		entry = findings_at(findings, watch->lasting.index);
		for (uint32_t i = 0; entry != NULL && i < connection->options->connection_count; i++)
			finding_cover(
				entry, event->store, recent_at(&watch->failures, i)->record, event->record.service);
		if (entry != NULL) {
			entry->finding.template = event->record.template;
			entry->detail[DETAIL_CLASS] = class;
		}
	}
	watch->lasting.held = event->time;
	if (entry != NULL)
		entry->finding.score =
			finding_score((double)entry->finding.count, connection->options->connection_count);
}

static void connection_describe(
	const struct detect_options *options, const struct store *store, struct finding_entry *entry)
{
	struct finding *finding = &entry->finding;
	char name[80];

	(void)options;
	finding_service_text(store, finding->services[0], name, sizeof(name));
	snprintf(finding->sentence, sizeof(finding->sentence), "%s: %" PRIu64 " connection failures (%s)", name,
		finding->count, class_names[(size_t)entry->detail[DETAIL_CLASS]]);
}

const struct detector detector_connection = {
	.state_size = sizeof(struct connection),
	.init = connection_init,
	.release = connection_release,
	.observe = connection_observe,
	.describe = connection_describe,
};
