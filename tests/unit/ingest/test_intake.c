#include "unit/ingest/scene.h"

#include "tocsin/base/buffer.h"
#include "tocsin/mine/signature.h"
#include "tocsin/store/query.h"
#include "tocsin/store/templates.h"

#define HEADER "timestamp,service,level,message\n"

static struct ledger ledger_of(const struct scene *scene)
{
	return store_ledger_total(scene->store);
}

static void assert_order(const struct scene *scene, const char *const *expected, size_t count)
{
	assert_int_equal(store_count(scene->store), count);
	for (size_t i = 0; i < count; i++)
		scene_assert_message(scene, i, expected[i]);
}

static void intake__puts_records_into_the_store__with_their_columns(void **state)
{
	struct scene scene;
	struct record record;
	struct intake_status status;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "log.csv",
		HEADER "2025-05-17T20:39:15,gateway,INFO,took 12 ms\n"
		       "2025-05-17T20:39:16,auth,FATAL,\"two\nlines\"\n"
		       "broken\n"
		       "2025-05-17T20:39:17,,WARN,took 13 ms\n");
	scene_open(&scene, "log.csv");
	assert_int_equal(scene_pump(&scene), 4);
	store_record(scene.store, 1, &record);
	assert_int_equal(record.level, LEVEL_FATAL);
	assert_int_equal(record.line, 3);
	assert_int_equal(record.offset, 76);
	assert_text(store_service_name(scene.store, record.service), "auth");
	scene_assert_message(&scene, 1, "two\nlines");
	store_record(scene.store, 2, &record);
	assert_int_equal(record.flags, RECORD_UNPARSED);
	assert_int_equal(record.line, 5);
	assert_true(record.time == TIMESTAMP_NONE);
	store_record(scene.store, 3, &record);
	assert_text(store_service_name(scene.store, record.service), "log");
	/* "took 12 ms" and "took 13 ms" are one template */
	assert_int_equal(store_template_count(scene.store), 3);
	assert_int_equal(ledger_of(&scene).records, 4);
	assert_int_equal(ledger_of(&scene).unparsed, 1);
	assert_int_equal(ledger_of(&scene).joined, 1);
	assert_int_equal(ledger_of(&scene).lines, 6);
	assert_int_equal(ledger_of(&scene).late, 0);
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.state, INTAKE_ENDED);
	assert_string_equal(status.format, "csv");
	assert_int_equal(status.code, 0);
	assert_int_equal(status.size, status.read);
	assert_int_equal(ledger_of(&scene).bytes, status.size);
	scene_end(&scene);
}

static void intake__merges_by_time__over_its_sources(void **state)
{
	static const char *const expected[] = { "a1", "b1", "b2", "odd", "a2", "b3", "a3" };
	struct scene scene;
	struct intake_options options = { .batch_records = 2 };
	struct record record;

	(void)state;
	scene_begin(&scene, &options, NULL);
	scene_write(&scene, "a.csv",
		HEADER "2025-05-17T20:00:01,a,INFO,a1\n"
		       "2025-05-17T20:00:05,a,INFO,a2\n"
		       "2025-05-17T20:00:09,a,INFO,a3\n");
	scene_write(&scene, "b.csv",
		HEADER "2025-05-17T20:00:02,b,INFO,b1\n"
		       "2025-05-17T20:00:03,b,INFO,b2\n"
		       "odd\n"
		       "2025-05-17T20:00:06,b,INFO,b3\n");
	scene_open(&scene, "a.csv");
	scene_open(&scene, "b.csv");
	scene_pump(&scene);
	assert_order(&scene, expected, 7);
	store_record(scene.store, 3, &record);
	assert_int_equal(record.source, 1);
	assert_int_equal(record.line, 4);
	assert_int_equal(ledger_of(&scene).late, 0);
	scene_end(&scene);
}

static void intake__flags_a_late_record__and_keeps_its_time(void **state)
{
	struct scene scene;
	struct record record;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "a.csv", HEADER "2025-05-17T20:00:05,a,INFO,one\n2025-05-17T20:00:01,a,INFO,two\n");
	scene_open(&scene, "a.csv");
	scene_pump(&scene);
	store_record(scene.store, 1, &record);
	assert_int_equal(record.flags, RECORD_LATE);
	assert_true(record.time < store_time(scene.store, 0));
	assert_int_equal(ledger_of(&scene).late, 1);
	scene_end(&scene);
}

static void intake__refuses_with_a_sentence__what_it_cannot_read(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	struct intake_status status;
	char path[128];

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_path(&scene, "absent.csv", path);
	assert_int_equal(intake_open(scene.intake, slice_of(path), &error), ERROR_ABSENT);
	assert_non_null(strstr(error.text, path));
	assert_non_null(strstr(error.text, "no such file"));
	scene_write(&scene, "locked.csv", "x\n");
	scene_path(&scene, "locked.csv", path);
	assert_int_equal(chmod(path, 0), 0);
	if (geteuid() != 0) {
		assert_int_equal(intake_open(scene.intake, slice_of(path), &error), ERROR_SYSTEM);
		assert_non_null(strstr(error.text, "no permission"));
	}
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.state, INTAKE_FAILED);
	assert_int_equal(status.code, -1);
	assert_non_null(strstr(status.notice, "no such file"));
	/* and the others go on */
	scene_write(&scene, "good.csv", HEADER "2025-05-17T20:00:05,a,INFO,one\n");
	scene_open(&scene, "good.csv");
	assert_int_equal(scene_pump(&scene), 1);
	scene_end(&scene);
}

static void intake__has_nothing__in_an_empty_file(void **state)
{
	struct scene scene;
	struct intake_status status;

	(void)state;
	scene_begin(&scene, NULL, NULL);
	scene_write(&scene, "empty.csv", "");
	scene_write(&scene, "header.csv", HEADER);
	scene_open(&scene, "empty.csv");
	scene_open(&scene, "header.csv");
	assert_int_equal(scene_pump(&scene), 0);
	assert_int_equal(ledger_of(&scene).lines, 1);
	assert_int_equal(ledger_of(&scene).bytes, strlen(HEADER));
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.state, INTAKE_ENDED);
	assert_string_equal(status.notice, "");
	scene_end(&scene);
}

static void intake__fails_a_source__that_the_wanted_format_cannot_read(void **state)
{
	struct scene scene;
	struct intake_options options = { .format = format_find(slice_of("csv")) };
	struct error error = { 0 };
	char path[128];

	(void)state;
	scene_begin(&scene, &options, NULL);
	scene_write(&scene, "a.txt", "hello\nworld\n");
	assert_int_equal(intake_open(scene.intake, slice_of(scene_path(&scene, "a.txt", path)), &error), ERROR_INPUT);
	assert_non_null(strstr(error.text, "a.txt: "));
	assert_int_equal(scene_pump(&scene), 0);
	scene_end(&scene);
}

static void intake__survives__any_bytes(void **state)
{
	static const char bytes[] = "\0\xff\xfe\x1b[31m\n\r\n\"\"\",,,\"\n\xc3\x28,\0,\n\n";
	static const char *const formats[] = { "text", "openstack" };
	char all[256 * 9];

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i * 151 ^ i >> 8);
	for (size_t i = 0; i < 2; i++) {
		struct intake_options options = { .format = format_find(slice_of(formats[i])) };
		struct scene scene;
		struct store_text text;

		scene_begin(&scene, &options, NULL);
		scene_write_bytes(&scene, "a", bytes, sizeof(bytes) - 1, 0);
		scene_write_bytes(&scene, "b", all, sizeof(all), 0);
		scene_open(&scene, "a");
		scene_open(&scene, "b");
		assert_true(scene_pump(&scene) > 3);
		for (uint64_t id = 0; id < store_count(scene.store); id++)
			scene_read(&scene, id, &text);
		scene_read(&scene, 0, &text);
		scene_end(&scene);
	}
}

static void intake__counts_a_long_line_as_truncated__and_keeps_its_head(void **state)
{
	size_t size = (3u << 20) + 5;
	char *bytes = malloc(size);
	struct scene scene;
	struct store_text text;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', size);
	memcpy(bytes + size - 5, "\nend\n", 5);
	scene_begin(&scene, NULL, NULL);
	scene_write_bytes(&scene, "long.log", bytes, size, 0);
	scene_open(&scene, "long.log");
	assert_int_equal(scene_pump(&scene), 2);
	assert_int_equal(ledger_of(&scene).truncated, 1);
	assert_int_equal(ledger_of(&scene).lines, 2);
	scene_read(&scene, 0, &text);
	assert_int_equal(text.raw.size, 1 << 20);
	scene_assert_message(&scene, 1, "end");
	scene_end(&scene);
	free(bytes);
}

static void intake__counts_what_a_full_store_refuses__as_lost(void **state)
{
	struct store_options tiny = { .maximum_records = 2 };
	struct scene scene;
	struct batch *batch;

	(void)state;
	scene_begin(&scene, NULL, &tiny);
	scene_write(&scene, "a.log", "one\ntwo\nthree\nfour\n");
	scene_open(&scene, "a.log");
	batch = intake_read(scene.intake);
	assert_int_equal(batch_count(batch), 4);
	assert_int_equal(intake_publish(scene.intake, batch), ERROR_FULL);
	assert_int_equal(store_count(scene.store), 2);
	assert_int_equal(ledger_of(&scene).lost, 2);
	assert_int_equal(ledger_of(&scene).records, 2);
	scene_end(&scene);
}

static void intake__publishes__to_a_store_of_totals_only(void **state)
{
	struct store_options totals = { .totals_only = true };
	struct scene scene;

	(void)state;
	scene_begin(&scene, NULL, &totals);
	scene_write(
		&scene, "a.csv", HEADER "2025-05-17T20:00:01,a,INFO,one 1\n2025-05-17T20:00:05,b,ERROR,one 2\nbad\n");
	scene_open(&scene, "a.csv");
	scene_pump(&scene);
	assert_int_equal(store_totals(scene.store).records, 3);
	assert_int_equal(store_totals(scene.store).levels[LEVEL_ERROR], 1);
	assert_int_equal(store_template_count(scene.store), 2);
	assert_int_equal(ledger_of(&scene).unparsed, 1);
	scene_end(&scene);
}

static void intake__reads_no_more__from_a_closed_source(void **state)
{
	struct scene scene;
	struct error error = { 0 };
	struct intake_options options = { .follow = true };
	char path[128];

	(void)state;
	scene_begin(&scene, &options, NULL);
	scene_write(&scene, "a.log", "one\n");
	scene_open(&scene, "a.log");
	assert_int_equal(scene_pump(&scene), 1);
	scene_path(&scene, "a.log", path);
	assert_int_equal(intake_open(scene.intake, slice_of(path), &error), ERROR_STATE);
	assert_int_equal(intake_close(scene.intake, slice_of(path)), 0);
	assert_int_equal(intake_close(scene.intake, slice_of(path)), ERROR_ABSENT);
	scene_append(&scene, "a.log", "two\n");
	assert_int_equal(scene_pump(&scene), 0);
	scene_assert_message(&scene, 0, "one");
	scene_end(&scene);
}

static void intake__has_bounded_batches__of_a_large_file(void **state)
{
	struct intake_options options = { .batch_records = 1000 };
	struct scene scene;
	struct batch *batch;
	size_t total = 0;
	FILE *file;
	char path[128];

	(void)state;
	scene_begin(&scene, &options, NULL);
	file = fopen(scene_path(&scene, "a.csv", path), "w");
	assert_non_null(file);
	fputs(HEADER, file);
	for (int i = 0; i < 20000; i++)
		fprintf(file, "2025-05-17T20:%02d:%02d.%03d,svc-%d,INFO,\"request %d, done\"\n", i / 1000 % 60,
			i % 1000 / 17, i % 1000, i % 7, i);
	fclose(file);
	scene_open(&scene, "a.csv");
	while ((batch = intake_read(scene.intake)) != NULL) {
		assert_true(batch_count(batch) <= 1000);
		total += batch_count(batch);
		assert_int_equal(intake_publish(scene.intake, batch), 0);
	}
	assert_int_equal(total, 20000);
	assert_int_equal(ledger_of(&scene).unparsed, 0);
	assert_int_equal(ledger_of(&scene).lines, 20001);
	scene_assert_message(&scene, 19999, "request 19999, done");
	scene_end(&scene);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Few values, so that the usual rows are known soon, and now and then an odd one. */
static size_t write_row(char *out, size_t size, uint32_t *seed)
{
	static const char *const times[] = { "2025-05-17T20:39:15.921897", "2025-05-17T20:39:15", "2025-05-17 20:39:16,5",
		" 2025-05-17T20:39:17", "2025-05-17T20:39:61", "2025-05-17T20:39:15Z", "", "\"2025-05-17T20:39:18\"" };
	static const char *const services[] = { "gateway", "orders-db", "a service of a rather long name indeed, longer",
		"", " auth", "auth", "\"auth\"", "x" };
	static const char *const levels[] = { "INFO", "ERROR", "WARN ", "odd", "", "5", "\"INFO\"", "fatal" };
	static const char *const messages[] = { "took 12 ms", "took 1 ms for user 77, then 3", " blanks ", "", "\t",
		"\"quoted, \"\"twice\"\"\"", "x\x01", "\"two\nlines\"" };
	uint32_t odd = next_random(seed) % 4;

	return (size_t)snprintf(out, size, "%s,%s,%s,%s%s\n", times[next_random(seed) % (odd == 0 ? 8 : 2)],
		services[next_random(seed) % (odd == 1 ? 8 : 2)], levels[next_random(seed) % (odd == 2 ? 8 : 2)],
		messages[next_random(seed) % (odd == 3 ? 8 : 2)], next_random(seed) % 64 == 0 ? "\r" : "");
}

/* The parser alone says what is right, for every record, whatever came before it. */
static void assert_as_if_alone(const char *name, struct slice log, struct slice sample)
{
	struct error error = { 0 };
	struct zone zone = { 0 };
	struct parser *parser = parser_create(sample, true, NULL, NULL, &zone, &error);
	struct scene scene;

	assert_non_null(parser);
	scene_begin(&scene, NULL, NULL);
	scene_write_bytes(&scene, name, log.data, log.size, O_TRUNC);
	scene_open(&scene, name);
	scene_pump(&scene);
	assert_true(store_count(scene.store) > 10000);
	for (uint64_t id = 0; id < store_count(scene.store); id++) {
		struct record record;
		struct row row;

		store_record(scene.store, id, &record);
		parser_parse(parser, (struct slice){ log.data + record.offset, record.size }, &row);
		assert_true(record.time == row.time);
		assert_int_equal(record.level, row.level);
		assert_int_equal(record.flags & RECORD_UNPARSED, row.flags);
		if (!slice_equal(store_service_name(scene.store, record.service),
			    row.service.size > 0 ? row.service : slice_of("log")))
			fail_msg("record %d is of another service", (int)id);
		if (!signature_matches(store_written_signature(scene.store, record.template), row.message))
			fail_msg("record %d is of another template", (int)id);
	}
	parser_destroy(parser);
	scene_end(&scene);
}

static void intake__reads_each_row_of_a_csv__as_if_it_were_alone(void **state)
{
	struct buffer log;
	uint32_t seed = 77;

	(void)state;
	buffer_init(&log, 1 << 24);
	buffer_append_string(&log, HEADER);
	for (int i = 0; i < 30000; i++) {
		char row[300];

		buffer_append(&log, row, write_row(row, sizeof(row), &seed));
	}
	assert_as_if_alone("log.csv", buffer_slice(&log), slice_of(HEADER));
	buffer_release(&log);
}

static const char *pick(const char *const *texts, uint32_t usual, uint32_t count, uint32_t *seed)
{
	return texts[next_random(seed) % (next_random(seed) % 6 == 0 ? count : usual)];
}

/* Members in a few orders, with values that are usual and values that are not. */
static void write_json(struct buffer *out, uint32_t *seed)
{
	static const char *const times[] = { "2025-05-17T20:39:15.921897Z", "2025-05-17T20:39:16Z", "1747514355",
		"2025-05-17T20:39:61Z", "", "2025/05/17 20:39:15" };
	static const char *const levels[] = { "INFO", "error", "30", "", "odd", "E", "WARN\\n" };
	static const char *const services[] = { "gateway", "orders-db", " a service of quite a long name, longer than 32 ", "",
		"x\\u00e9" };
	static const char *const messages[] = { "took 12 ms", "user 77 said hi", "", "an \\\"escape\\\"", "b\\u0041c" };
	static const char *const values[] = { "200", "true", "-1.5", "null", "1e5", "01", "[1, {}]", "{\"deep\": 1}", "tru" };
	const char *time = pick(times, 2, 6, seed), *level = pick(levels, 2, 7, seed);
	const char *service = pick(services, 2, 5, seed), *message = pick(messages, 2, 5, seed);
	const char *value = pick(values, 3, 9, seed);

	switch (next_random(seed) % 16) {
	case 0:
		buffer_append_format(out, "{\"msg\": \"%s\", \"level\": \"%s\", \"ts\": \"%s\", \"app\": \"%s\"}", message, level,
			time, service);
		break;
	case 1:
		buffer_append_format(out, "{\"time\":\"%s\",\"name\":\"n\",\"service\":\"%s\",\"level\":%s,\"message\":\"%s\"}",
			time, service, value, message);
		break;
	case 2:
		buffer_append_format(out, "{\"a\":%s,\"level\":\"%s\"} ", value, level);
		break;
	default:
		buffer_append_format(out,
			"{\"timestamp\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"message\":\"%s\",\"status\":%s}%s", time,
			level, service, message, value, next_random(seed) % 100 == 0 ? "}" : "");
	}
	buffer_append_byte(out, '\n');
}

static void intake__reads_each_line_of_json__as_if_it_were_alone(void **state)
{
	struct buffer log;
	uint32_t seed = 78;

	(void)state;
	buffer_init(&log, 1 << 24);
	for (int i = 0; i < 30000; i++)
		write_json(&log, &seed);
	assert_as_if_alone("log.json", buffer_slice(&log), slice_first(buffer_slice(&log), FORMAT_SAMPLE_BYTES));
	buffer_release(&log);
}

static void write_nova(struct buffer *out, uint32_t *seed)
{
	static const char *const times[] = { "2017-05-16 00:00:00.008", "2017-05-16 00:00:01.500", "2017-05-16 00:00:02",
		"2017-05-16 00:00:61.008", "nova-api.log.1 2017-05-16 00:00:00.008", "2017-05-16 00:00:00.12345" };
	static const char *const pids[] = { "25746", "1", "x", "", "99999999999999999999" };
	static const char *const levels[] = { "INFO", "ERROR", "odd", "WARNING", "" };
	static const char *const loggers[] = { "nova.compute.manager", "nova.osapi_compute.wsgi.server", "oslo.messaging",
		"[x", "a.logger.whose.name.is.longer.than.32.bytes" };
	static const char *const contexts[] = { "[req-addc1839-2ed5 - - - - -] ", "[req-1 2 3] ", "", "[-] ", "[req-open ",
		"[req-1]  ", "[req-2]" };

	buffer_append_format(out, "%s %s %s %s %s%s %u\n", pick(times, 2, 6, seed), pick(pids, 2, 5, seed),
		pick(levels, 2, 5, seed), pick(loggers, 2, 5, seed), pick(contexts, 2, 7, seed),
		next_random(seed) % 9 == 0 ? "" : "Claim of memory", next_random(seed) % 1000);
}

static void intake__reads_each_line_of_nova__as_if_it_were_alone(void **state)
{
	struct buffer log;
	uint32_t seed = 79;

	(void)state;
	buffer_init(&log, 1 << 24);
	for (int i = 0; i < 30000; i++)
		write_nova(&log, &seed);
	assert_as_if_alone("log.log", buffer_slice(&log), slice_first(buffer_slice(&log), FORMAT_SAMPLE_BYTES));
	buffer_release(&log);
}

/* Everything that a store tells of its records, as one text. */
static void write_log(const struct store *store, struct buffer *out)
{
	struct ledger ledger = store_ledger_total(store);

	for (uint64_t id = 0; id < store_count(store); id++) {
		struct record record;

		store_record(store, id, &record);
		buffer_append_format(out, "%llu %lld %u %u %u %u %u %llu %llu\n", (unsigned long long)id,
			(long long)record.time, record.service, record.template, record.level, record.flags, record.size,
			(unsigned long long)record.offset, (unsigned long long)record.line);
	}
	for (uint32_t i = 0; i < store_template_count(store); i++) {
		buffer_append_slice(out, store_template_text(store, i));
		buffer_append_byte(out, '\n');
	}
	for (uint32_t i = 0; i < store_service_count(store); i++)
		buffer_append_slice(out, store_service_name(store, i));
	buffer_append_format(out, "%llu %llu %llu %llu %llu %llu %llu", (unsigned long long)ledger.bytes,
		(unsigned long long)ledger.lines, (unsigned long long)ledger.records, (unsigned long long)ledger.unparsed,
		(unsigned long long)ledger.joined, (unsigned long long)ledger.late, (unsigned long long)ledger.lost);
}

static void read_with(const char *name, struct slice text, size_t workers, size_t stretch, struct buffer *out)
{
	struct intake_options options = { .workers = workers, .stretch = stretch };
	struct scene scene;

	scene_begin(&scene, &options, NULL);
	scene_write_bytes(&scene, name, text.data, text.size, O_TRUNC);
	scene_open(&scene, name);
	scene_pump(&scene);
	write_log(scene.store, out);
	scene_end(&scene);
}

/* A million bytes more than what is read by workers: that much is left to one. */
static void assert_same(const char *name, struct slice text, const size_t *stretches, size_t count)
{
	struct buffer alone, together;

	buffer_init(&alone, (size_t)1 << 28);
	read_with(name, text, 1, 0, &alone);
	for (size_t i = 0; i < count; i++) {
		buffer_init(&together, (size_t)1 << 28);
		read_with(name, text, 2 + i % 2, stretches[i], &together);
		if (!slice_equal(buffer_slice(&alone), buffer_slice(&together)))
			fail_msg("%s in stretches of %zu bytes is not what it is in one", name, stretches[i]);
		buffer_release(&together);
	}
	buffer_release(&alone);
}

/* The text, and behind it as much of the same kind as is never read by several. */
#define REST ((size_t)1312000)

static void intake__reads_the_same__with_any_number_of_workers(void **state)
{
	static const size_t stretches[] = { 1, 2, 3, 7, 65, 100, 333, 1000, 4096 };
	static const size_t wide[] = { 997, 4096, 10007, 65536, 100000, 333333 };
	struct buffer log;
	uint32_t seed = 99;

	(void)state;
	buffer_init(&log, 1 << 24);
	buffer_append_string(&log, HEADER);
	for (size_t begin = log.size; log.size < begin + REST + 6000;) {
		char row[300];

		buffer_append(&log, row, write_row(row, sizeof(row), &seed));
	}
	assert_same("odd.csv", buffer_slice(&log), stretches, sizeof(stretches) / sizeof(stretches[0]));
	while (log.size < REST + 900000) {
		char row[300];

		buffer_append(&log, row, write_row(row, sizeof(row), &seed));
		if (next_random(&seed) % 5000 == 0)
			buffer_append_string(&log, "\"never closed,\n");
	}
	assert_same("large.csv", buffer_slice(&log), wide, sizeof(wide) / sizeof(wide[0]));
	buffer_append_repeat(&log, 'x', 3000000); /* is cut */
	buffer_append_string(&log, ",a\nb\n");
	while (log.size < 2 * REST + 4000000) {
		char row[300];

		buffer_append(&log, row, write_row(row, sizeof(row), &seed));
	}
	assert_same("long.csv", buffer_slice(&log), wide + 3, 3);
	buffer_clear(&log);
	while (log.size < REST + 500000) {
		buffer_append_format(&log, "2025-05-17 20:39:%02u,%03u ERROR worker %u failed\n", next_random(&seed) % 60,
			next_random(&seed) % 1000, next_random(&seed) % 9);
		for (uint32_t lines = next_random(&seed) % 6; lines > 0; lines--)
			buffer_append_format(&log, "  at frame %u\n%s", lines, lines % 3 == 0 ? "\n" : "");
	}
	assert_same("traces.log", buffer_slice(&log), wide, sizeof(wide) / sizeof(wide[0]));
	assert_same("traces.log", slice_first(buffer_slice(&log), REST + 3000), stretches + 4, 4);
	buffer_release(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intake__puts_records_into_the_store__with_their_columns),
		cmocka_unit_test(intake__merges_by_time__over_its_sources),
		cmocka_unit_test(intake__flags_a_late_record__and_keeps_its_time),
		cmocka_unit_test(intake__refuses_with_a_sentence__what_it_cannot_read),
		cmocka_unit_test(intake__has_nothing__in_an_empty_file),
		cmocka_unit_test(intake__fails_a_source__that_the_wanted_format_cannot_read),
		cmocka_unit_test(intake__survives__any_bytes),
		cmocka_unit_test(intake__counts_a_long_line_as_truncated__and_keeps_its_head),
		cmocka_unit_test(intake__counts_what_a_full_store_refuses__as_lost),
		cmocka_unit_test(intake__publishes__to_a_store_of_totals_only),
		cmocka_unit_test(intake__reads_no_more__from_a_closed_source),
		cmocka_unit_test(intake__has_bounded_batches__of_a_large_file),
		cmocka_unit_test(intake__reads_each_row_of_a_csv__as_if_it_were_alone),
		cmocka_unit_test(intake__reads_each_line_of_json__as_if_it_were_alone),
		cmocka_unit_test(intake__reads_each_line_of_nova__as_if_it_were_alone),
		cmocka_unit_test(intake__reads_the_same__with_any_number_of_workers),
	};

	return cmocka_run_group_tests_name("ingest/intake", tests, NULL, NULL);
}
