/*
 * Makes the samples: the same bytes on every run, from a fixed seed and no clock.
 *
 *   generate-incident incident      samples/checkout-incident.csv
 *   generate-incident truth         samples/checkout-incident.truth.json
 *   generate-incident nova          samples/openstack/nova-compute.log
 *   generate-incident load BYTES    a CSV of at least so many bytes, for benchmarks; load-json, load-nova: other formats
 *
 * The incident: the connection pool of orders-db is used up by sessions of a reports job that never end. Inventory
 * waits for the database, payment for inventory, and the gateway, which is by far the loudest, for payment. The
 * notifier has failed all along at the same rate and has nothing to do with it, nor has a deploy of search in the
 * middle.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"

enum service { GATEWAY, AUTH, SEARCH, ORDERS_DB, INVENTORY, PAYMENT, SHIPPING, NOTIFIER, SERVICE_COUNT };
enum level { DEBUG, INFO, WARN, ERROR, FATAL, LEVEL_COUNT };

static const char *const service_names[] = { "gateway", "auth", "search", "orders-db", "inventory-service",
	"payment-service", "shipping", "notifier" };
static const char *const level_names[] = { "DEBUG", "INFO", "WARN", "ERROR", "FATAL" };

static const char *const users[] = { "amina", "bo", "chiara", "devika", "emre", "fatou", "goran", "hana", "ivo", "jun",
	"kofi", "lucia", "mateo", "nadia", "oskar", "priya", "quentin", "rosa", "sven", "tomoko" };
static const char *const queries[] = { "rain jacket", "hiking boots", "tent, 2 persons", "gas stove", "head lamp",
	"sleeping bag", "map of Corsica", "water filter", "trekking poles", "13\" dry bag" };
static const char *const skus[] = { "BT-4410", "TN-0027", "JK-1180", "ST-0305", "LP-7712", "SB-2009", "FL-0418",
	"PL-6150" };
static const char *const carriers[] = { "dhl", "dpd", "gls", "ups" };

/* --- the incident ---------------------------------------------------------------------------------------------- */

/* Moments, in microseconds since 20:39:00. */
#define END (787 * SECOND)
#define FIRST_SIGN (80 * SECOND) /* 20:40:20 the pool begins to fill */
#define ONSET (127 * SECOND)	 /* 20:41:07 it is exhausted */
#define INVENTORY_ONSET (ONSET + 5400 * MILLISECOND)
#define PAYMENT_ONSET (ONSET + 12300 * MILLISECOND)
#define GATEWAY_ONSET (ONSET + 12800 * MILLISECOND)
#define SEARCH_DEPLOY (240 * SECOND)   /* 20:43:00 */
#define SESSIONS_KILLED (660 * SECOND) /* 20:50:00 */
#define POOL_SIZE 50

static const char clock_base[] = "2025-05-17T20";
#define BASE_MINUTE 39

struct event {
	int64_t time; /* microseconds since 20:39:00 */
	size_t order; /* of making: a sort by both is the same everywhere */
	enum service service;
	enum level level;
	char *message;
};

struct incident {
	struct chance chance;
	struct event *events;
	size_t count, capacity;
	int order_number;
};

static void die(const char *what)
{
	fprintf(stderr, "generate-incident: %s\n", what);
	exit(1);
}

__attribute__((format(printf, 5, 6))) static void emit(
	struct incident *incident, int64_t time, enum service service, enum level level, const char *format, ...)
{
	struct event *event;
	va_list arguments;

	if (time < 0 || time >= END)
		return;
	if (incident->count == incident->capacity) {
		incident->capacity = incident->capacity > 0 ? incident->capacity * 2 : 4096;
		incident->events = realloc(incident->events, incident->capacity * sizeof(*incident->events));
		if (incident->events == NULL)
			die("out of memory");
	}
	event = &incident->events[incident->count];
	*event = (struct event){ .time = time, .order = incident->count, .service = service, .level = level };
	va_start(arguments, format);
	if (vasprintf(&event->message, format, arguments) < 0)
		die("out of memory");
	va_end(arguments);
	incident->count++;
}

/* How likely a checkout is to meet a pool without a free connection, in thousandths. */
static int pool_trouble(int64_t time)
{
	if (time < ONSET)
		return 0;
	return time < SESSIONS_KILLED ? 850 : 140;
}

static void browse(struct incident *incident, int64_t time)
{
	struct chance *chance = &incident->chance;
	const char *query = ONE_OF(chance, queries);
	unsigned request = (unsigned)next(chance);
	int took = duration(chance, 38);

	emit(incident, time, GATEWAY, DEBUG, "Request routed to search");
	emit(incident, time + 2 * MILLISECOND, SEARCH, DEBUG, "query \"%s\" parsed, %d terms", query,
		between(chance, 1, 4));
	emit(incident, time + took * MILLISECOND, SEARCH, INFO, "query \"%s\" returned %d hits in %d ms", query,
		between(chance, 0, 420), took);
	if (took > 120)
		emit(incident, time + took * MILLISECOND + 40, SEARCH, WARN, "slow query: %d ms, limit 120 ms", took);
	emit(incident, time + (took + 2) * MILLISECOND, GATEWAY, INFO, "GET /search 200 %d ms request=%08x", took + 3,
		request);
}

static void login(struct incident *incident, int64_t time)
{
	struct chance *chance = &incident->chance;
	const char *user = ONE_OF(chance, users);
	bool refused = happens(chance, 60);
	int took = duration(chance, 55);
	int64_t at = time + took * MILLISECOND;

	emit(incident, time, GATEWAY, DEBUG, "Request routed to auth");
	if (refused)
		emit(incident, at, AUTH, WARN, "login failed for user %s: bad password, attempt %d", user,
			between(chance, 1, 4));
	else
		emit(incident, at, AUTH, INFO, "token issued for user %s, expires in 3600 s", user);
	emit(incident, at + MILLISECOND, GATEWAY, INFO, "POST /login %d %d ms", refused ? 401 : 200, took + 2);
}

static void checkout_succeeds(struct incident *incident, int64_t time, int order)
{
	struct chance *chance = &incident->chance;
	int64_t at = time + between(chance, 2, 9) * MILLISECOND;
	int took = duration(chance, 12);
	const char *sku = ONE_OF(chance, skus);
	int quantity = between(chance, 1, 3);
	int cents = between(chance, 900, 48000);

	emit(incident, at, ORDERS_DB, DEBUG, "select stock for update: 1 row in %d ms", took);
	at += (took + 1) * MILLISECOND;
	emit(incident, at, INVENTORY, INFO, "reserved sku=%s, quantity=%d, order=%d", sku, quantity, order);
	at += duration(chance, 140) * MILLISECOND;
	emit(incident, at, PAYMENT, INFO, "captured %d.%02d EUR for order %d", cents / 100, cents % 100, order);
	at += between(chance, 1, 5) * MILLISECOND;
	emit(incident, at, GATEWAY, INFO, "POST /checkout 200 %d ms order=%d", (int)((at - time) / MILLISECOND), order);
	at += between(chance, 20, 90) * MILLISECOND;
	emit(incident, at, SHIPPING, INFO, "label created for order %d, carrier=%s", order, ONE_OF(chance, carriers));
	at += between(chance, 5, 60) * MILLISECOND;
	emit(incident, at, NOTIFIER, INFO, "mail queued: order %d confirmed for %s", order, ONE_OF(chance, users));
}

static void payment_trace(struct incident *incident, int64_t time, int order)
{
	emit(incident, time, PAYMENT, ERROR,
		"capture failed: order %d\n"
		"java.net.http.HttpTimeoutException: request timed out\n"
		"\tat shop.payment.InventoryClient.reserve(InventoryClient.java:88)\n"
		"\tat shop.payment.Capture.run(Capture.java:%d), waited \"5000\" ms\n"
		"\tat java.base/java.lang.Thread.run(Thread.java:1583)",
		order, 140 + order % 3);
}

static void checkout_fails(struct incident *incident, int64_t time, int order)
{
	struct chance *chance = &incident->chance;
	int64_t at = time + 5000 * MILLISECOND + between(chance, 1, 30) * MILLISECOND;

	if (at >= INVENTORY_ONSET && happens(chance, 600))
		emit(incident, at, INVENTORY, ERROR, "reserve failed: db timeout after 5000 ms");
	at += between(chance, 3, 20) * MILLISECOND;
	if (at >= PAYMENT_ONSET && happens(chance, 700))
		emit(incident, at, PAYMENT, ERROR, "capture failed: inventory 503");
	if (at >= PAYMENT_ONSET && happens(chance, 8))
		payment_trace(incident, at + 90, order);
	at += between(chance, 1, 6) * MILLISECOND;
	/* customers press the button again, and so does the shop's own client */
	for (int attempt = between(chance, 2, 4); attempt > 0; attempt--) {
		if (at >= GATEWAY_ONSET)
			emit(incident, at, GATEWAY, ERROR, "POST /checkout 502 upstream=payment-service");
		at += between(chance, 150, 1400) * MILLISECOND;
	}
}

static void checkout(struct incident *incident, int64_t time)
{
	int order = incident->order_number++;

	emit(incident, time, GATEWAY, DEBUG, "Request routed to payment-service");
	if (happens(&incident->chance, pool_trouble(time)))
		checkout_fails(incident, time, order);
	else
		checkout_succeeds(incident, time, order);
}

/* Calls `make` at random moments, on average every `mean` microseconds. */
static void repeat(struct incident *incident, int mean, void (*make)(struct incident *incident, int64_t time))
{
	int64_t time = between(&incident->chance, 0, mean);

	for (; time < END; time += between(&incident->chance, mean / 10, mean + mean * 9 / 10))
		make(incident, time);
}

static void make_health(struct incident *incident, int64_t time)
{
	for (int service = 0; service < SERVICE_COUNT; service++)
		emit(incident, time + between(&incident->chance, 0, 900) * MILLISECOND, (enum service)service, DEBUG,
			"health check ok");
}

static void make_background(struct incident *incident, int64_t time)
{
	struct chance *chance = &incident->chance;
	int kind = between(chance, 0, 6);
	int number = between(chance, 0, 859);
	int took = duration(chance, 210);

	switch (kind) {
	case 0:
		emit(incident, time, ORDERS_DB, INFO, "checkpoint complete: wrote %d buffers in %d ms", 40 + number,
			took);
		break;
	case 1:
		emit(incident, time, INVENTORY, WARN, "low stock: sku=%s, %d left", ONE_OF(chance, skus),
			1 + number % 9);
		break;
	case 2:
		emit(incident, time, INVENTORY, DEBUG, "Low stock warning");
		break;
	case 3:
		emit(incident, time, AUTH, DEBUG, "session cache: %d entries, %d evicted", 4100 + number % 300,
			number % 31);
		break;
	case 4:
		emit(incident, time, SHIPPING, INFO, "parcel %d handed to %s", 700000 + number,
			ONE_OF(chance, carriers));
		break;
	case 5:
		emit(incident, time, GATEWAY, WARN, "client closed connection after %d ms", 4 * took);
		break;
	default:
		emit(incident, time, INVENTORY, WARN, "Warehouse unreachable");
	}
}

static void make_red_herring(struct incident *incident, int64_t time)
{
	emit(incident, time, NOTIFIER, ERROR, "smtp: 421 try again later");
}

static int pool_active(struct chance *chance, int64_t time)
{
	int64_t filled;

	if (time < FIRST_SIGN)
		return between(chance, 9, 14);
	if (time < ONSET) {
		filled = 12 + (POOL_SIZE - 12) * (time - FIRST_SIGN) / (ONSET - FIRST_SIGN);
		return (int)filled;
	}
	return time < SESSIONS_KILLED ? POOL_SIZE : between(chance, 36, 47);
}

static void make_pool_report(struct incident *incident, int64_t time)
{
	int active = pool_active(&incident->chance, time);

	emit(incident, time, ORDERS_DB, active >= 40 ? WARN : INFO, "connection pool: active=%d max=%d", active,
		POOL_SIZE);
}

static void make_reports_session(struct incident *incident, int64_t time)
{
	struct chance *chance = &incident->chance;

	if (time >= FIRST_SIGN && time < SESSIONS_KILLED)
		emit(incident, time, ORDERS_DB, WARN, "session %d of reports-job idle in transaction for %d s",
			between(chance, 4460, 4498), 5 + (int)((time - FIRST_SIGN) / SECOND));
}

static void make_pool_errors(struct incident *incident, int64_t time)
{
	struct chance *chance = &incident->chance;

	if (time > ONSET && happens(chance, pool_trouble(time)))
		emit(incident, time, ORDERS_DB, ERROR, "pool exhausted: active=%d max=%d wait=%d", POOL_SIZE, POOL_SIZE,
			between(chance, 3, 19));
}

static void make_story(struct incident *incident)
{
	static const int giving_up[] = { 9, 47, 98, 151, 214, 296, 377, 441, 508 };
	static const int unavailable[] = { 17, 31, 58, 84, 113, 149, 190, 236, 281, 333, 380, 426, 470, 511 };

	emit(incident, FIRST_SIGN, ORDERS_DB, INFO, "reports-job connected: monthly revenue, 40 workers");
	emit(incident, FIRST_SIGN + 300 * MILLISECOND, ORDERS_DB, INFO, "connection pool: active=12 max=50");
	emit(incident, ONSET, ORDERS_DB, ERROR, "pool exhausted: active=50 max=50 wait=5");
	emit(incident, INVENTORY_ONSET, INVENTORY, ERROR, "reserve failed: db timeout after 5000 ms");
	emit(incident, PAYMENT_ONSET, PAYMENT, ERROR, "capture failed: inventory 503");
	emit(incident, GATEWAY_ONSET, GATEWAY, ERROR, "POST /checkout 502 upstream=payment-service");
	for (size_t i = 0; i < sizeof(giving_up) / sizeof(giving_up[0]); i++)
		emit(incident, ONSET + giving_up[i] * SECOND + 211 * MILLISECOND, ORDERS_DB, FATAL,
			"cannot obtain connection, giving up");
	for (size_t i = 0; i < sizeof(unavailable) / sizeof(unavailable[0]); i++)
		emit(incident, ONSET + unavailable[i] * SECOND + 640 * MILLISECOND, PAYMENT, FATAL,
			"capture failed: upstream unavailable");
	emit(incident, SEARCH_DEPLOY, SEARCH, INFO, "deploy of search 4.18.2 (commit 9f3c1e7) begins, 6 pods");
	for (int pod = 1; pod <= 6; pod++)
		emit(incident, SEARCH_DEPLOY + pod * 4 * SECOND, SEARCH, WARN, "pod %d: cache is cold, warming up",
			pod);
	emit(incident, SEARCH_DEPLOY + 31 * SECOND, SEARCH, INFO,
		"deploy of search 4.18.2 (commit 9f3c1e7) done, 6 of 6 pods ready");
	emit(incident, SESSIONS_KILLED, ORDERS_DB, INFO, "terminated 38 sessions of reports-job, by dana");
	emit(incident, SESSIONS_KILLED + 900 * MILLISECOND, ORDERS_DB, INFO, "connection pool: active=37 max=50");
	emit(incident, 61 * SECOND, SEARCH, ERROR,
		"suggestion failed for \"tent, 2 persons\"\n"
		"IndexOutOfBoundsException: index 3, length 3\n"
		"\tat shop.search.Suggest.rank(Suggest.java:52)");
}

static int compare_events(const void *a, const void *b)
{
	const struct event *first = a;
	const struct event *second = b;

	if (first->time != second->time)
		return first->time < second->time ? -1 : 1;
	return first->order < second->order ? -1 : 1;
}

static void make_incident(struct incident *incident)
{
	*incident = (struct incident){ .chance = { 20250517 }, .order_number = 81004 };
	make_story(incident);
	repeat(incident, 290000, browse);
	repeat(incident, 1150000, login);
	repeat(incident, 640000, checkout);
	repeat(incident, 10000000, make_health);
	repeat(incident, 700000, make_background);
	repeat(incident, 1250000, make_red_herring);
	repeat(incident, 2100000, make_pool_report);
	repeat(incident, 6500000, make_reports_session);
	repeat(incident, 2000000, make_pool_errors);
	qsort(incident->events, incident->count, sizeof(*incident->events), compare_events);
}

static void print_cell(const char *text)
{
	if (strpbrk(text, ",\"\n") == NULL) {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void format_clock(int64_t time, char out[40])
{
	int minute = BASE_MINUTE + (int)(time / (60 * SECOND));

	snprintf(out, 40, "%s:%02d:%02d.%06d", clock_base, minute, (int)(time / SECOND % 60), (int)(time % SECOND));
}

/* Two rows as real collectors spoil them: a second that does not exist, and a level with a digit in it. */
static const struct spoilt {
	int64_t time;
	const char *row;
} spoilt_rows[] = {
	{ 281 * SECOND, "2025-05-17T20:43:61.118204,gateway,INFO,GET /health 200 1 ms" },
	{ 513 * SECOND, "2025-05-17T20:47:33.904112,shipping,INF0,\"label created for order 81766, carrier=dpd\"" },
};

#define SPOILT_COUNT (sizeof(spoilt_rows) / sizeof(spoilt_rows[0]))

static void print_incident(const struct incident *incident)
{
	size_t spoilt = 0;
	char clock[40];

	puts("timestamp,service,level,message");
	for (size_t i = 0; i < incident->count; i++) {
		const struct event *event = &incident->events[i];

		while (spoilt < SPOILT_COUNT && spoilt_rows[spoilt].time <= event->time)
			puts(spoilt_rows[spoilt++].row);
		format_clock(event->time, clock);
		printf("%s,%s,%s,", clock, service_names[event->service], level_names[event->level]);
		print_cell(event->message);
		putchar('\n');
	}
}

/* --- the truth ------------------------------------------------------------------------------------------------- */

static size_t count_message(
	const struct incident *incident, enum service service, enum level level, const char *message)
{
	size_t count = 0;

	for (size_t i = 0; i < incident->count; i++) {
		const struct event *event = &incident->events[i];

		count += event->service == service && event->level == level && strcmp(event->message, message) == 0;
	}
	return count;
}

static void print_levels(const struct incident *incident, int service)
{
	size_t counts[LEVEL_COUNT] = { 0 };

	for (size_t i = 0; i < incident->count; i++)
		if (service < 0 || incident->events[i].service == (enum service)service)
			counts[incident->events[i].level]++;
	printf("{");
	for (int level = 0; level < LEVEL_COUNT; level++)
		printf("%s\"%s\": %zu", level > 0 ? ", " : "", level_names[level], counts[level]);
	printf("}");
}

static void print_moment(const char *key, int64_t time)
{
	char clock[40];

	format_clock(time, clock);
	printf("\"%s\": \"%sZ\"", key, clock);
}

static void print_truth(const struct incident *incident)
{
	static const struct {
		enum service service;
		int64_t onset;
	} chain[] = { { ORDERS_DB, ONSET }, { INVENTORY, INVENTORY_ONSET }, { PAYMENT, PAYMENT_ONSET },
		{ GATEWAY, GATEWAY_ONSET } };

	printf("{\n  \"generated\": true,\n  \"generator\": \"samples/generate-incident.c\",\n");
	printf("  \"records\": %zu,\n  \"unparsed\": %zu,\n  \"levels\": ", incident->count + SPOILT_COUNT,
		SPOILT_COUNT);
	print_levels(incident, -1);
	printf(",\n  \"services\": [\n");
	for (int service = 0; service < SERVICE_COUNT; service++) {
		printf("    {\"name\": \"%s\", \"levels\": ", service_names[service]);
		print_levels(incident, service);
		printf("}%s\n", service + 1 < SERVICE_COUNT ? "," : "");
	}
	printf("  ],\n  \"root_cause\": {\"service\": \"orders-db\", \"component\": \"connection pool\", ");
	print_moment("first_sign", FIRST_SIGN);
	printf(", ");
	print_moment("onset", ONSET);
	printf(",\n    \"summary\": \"sessions of reports-job stay idle in transaction and use up the pool\"},\n");
	printf("  \"chain\": [\n");
	for (size_t i = 0; i < sizeof(chain) / sizeof(chain[0]); i++) {
		printf("    {\"service\": \"%s\", ", service_names[chain[i].service]);
		print_moment("onset", chain[i].onset);
		printf("}%s\n", i + 1 < sizeof(chain) / sizeof(chain[0]) ? "," : "");
	}
	printf("  ],\n  \"red_herrings\": [\n");
	printf("    {\"service\": \"notifier\", "
	       "\"why\": \"its mail server has refused all along, at an unchanged rate\"},\n");
	printf("    {\"service\": \"search\", "
	       "\"why\": \"a deploy two minutes after the onset, without effect\"}\n  ],\n");
	printf("  \"fatal_templates\": [\n");
	printf("    {\"service\": \"orders-db\", "
	       "\"template\": \"cannot obtain connection, giving up\", \"count\": %zu},\n",
		count_message(incident, ORDERS_DB, FATAL, "cannot obtain connection, giving up"));
	printf("    {\"service\": \"payment-service\", "
	       "\"template\": \"capture failed: upstream unavailable\", \"count\": %zu}\n  ],\n  ",
		count_message(incident, PAYMENT, FATAL, "capture failed: upstream unavailable"));
	print_moment("recovers_partly", SESSIONS_KILLED);
	printf("\n}\n");
}

int main(int argc, char **argv)
{
	struct incident incident = { 0 };

	if (argc == 3 && strcmp(argv[1], "load-json") == 0) {
		generate_load_json(strtoull(argv[2], NULL, 10));
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "load-nova") == 0) {
		generate_load_nova(strtoull(argv[2], NULL, 10));
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "load") == 0) {
		generate_load(strtoull(argv[2], NULL, 10));
	} else if (argc == 2 && strcmp(argv[1], "nova") == 0) {
		generate_nova();
	} else if (argc == 2 && (strcmp(argv[1], "incident") == 0 || strcmp(argv[1], "truth") == 0)) {
		make_incident(&incident);
		(strcmp(argv[1], "truth") == 0 ? print_truth : print_incident)(&incident);
		for (size_t i = 0; i < incident.count; i++)
			free(incident.events[i].message);
		free(incident.events);
	} else {
		fprintf(stderr, "usage: generate-incident incident | truth | nova | load BYTES | load-json BYTES | load-nova BYTES\n");
		return 2;
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
