/*
 * Findings as they are raised and grow.
 */
#include "detect/findings.h"

#include "tocsin/base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void findings_init(struct findings *findings)
{
	vector_init(&findings->entries, sizeof(struct finding_entry), FINDINGS_MAXIMUM);
	findings->lost = 0;
}

void findings_release(struct findings *findings)
{
	vector_release(&findings->entries);
}

void findings_clear(struct findings *findings)
{
	vector_clear(&findings->entries);
	findings->lost = 0;
}

void findings_describe(struct findings *findings, const struct detect_options *options, const struct store *store)
{
	for (size_t i = 0; i < findings->entries.count; i++) {
		struct finding_entry *entry = findings_at(findings, i);

		if (entry->changed)
			entry->detector->describe(options, store, entry);
		entry->changed = false;
	}
}

size_t findings_raise(
	struct findings *findings, const struct detector *detector, enum finding_kind kind, const struct event *event)
{
	struct finding_entry *entry = vector_push(&findings->entries);

	if (entry == NULL) {
		findings->lost++;
		return FINDINGS_NONE;
	}
	entry->detector = detector;
	entry->changed = true;
	entry->finding.kind = kind;
	entry->finding.template = STORE_NO_CODE;
	entry->finding.start = event->time;
	entry->finding.end = event->time;
	entry->finding.raised = event->known;
	return findings->entries.count - 1;
}

size_t findings_raise_series(struct findings *findings, const struct detector *detector, enum finding_kind kind,
	const struct event *event, const struct series *series)
{
	size_t index = findings_raise(findings, detector, kind, event);
	struct finding_entry *entry = findings_at(findings, index);
	uint32_t service = series->code;

	if (entry == NULL)
		return index;
	entry->finding.template = series->template;
	entry->finding.series_service = series->service;
	entry->finding.series = series->template == STORE_NO_CODE ? series->name : (struct slice){ 0 };
	if (service != STORE_NO_CODE || store_service_find(event->store, series->service, &service) == 0)
		finding_add_service(entry, service);
	return index;
}

struct finding_entry *findings_at(const struct findings *findings, size_t index)
{
	return index == FINDINGS_NONE ? NULL : vector_at(&findings->entries, index);
}

void finding_add_service(struct finding_entry *entry, uint32_t service)
{
	struct finding *finding = &entry->finding;

	for (size_t i = 0; i < finding->service_count; i++)
		if (finding->services[i] == service)
			return;
	if (finding->service_count < FINDING_SERVICES)
		finding->services[finding->service_count++] = service;
}

void finding_cover(struct finding_entry *entry, const struct store *store, uint64_t record, uint32_t service)
{
	struct finding *finding = &entry->finding;
	int64_t time = store_time(store, record);

	if (time != TIMESTAMP_NONE && time < finding->start)
		finding->start = time;
	if (time != TIMESTAMP_NONE && time > finding->end)
		finding->end = time;
	finding->count++;
	finding_add_service(entry, service);
	if (finding->evidence_count < FINDING_EVIDENCE)
		finding->evidence[finding->evidence_count++] = record;
	entry->changed = true;
}

void finding_stretch(struct finding_entry *entry, int64_t from, int64_t to)
{
	if (from < entry->finding.start)
		entry->finding.start = from;
	if (to > entry->finding.end)
		entry->finding.end = to;
	entry->changed = true;
}

void finding_show(struct finding_entry *entry, uint64_t record)
{
	if (entry->finding.evidence_count < FINDING_EVIDENCE)
		entry->finding.evidence[entry->finding.evidence_count++] = record;
	entry->changed = true;
}

void finding_extend(struct finding_entry *entry, const struct event *event)
{
	if (entry != NULL)
		finding_cover(entry, event->store, event->record.id, event->record.service);
}

bool lasting_on(const struct lasting *lasting, int64_t now, int64_t cooldown)
{
	return lasting->raised && detect_span(now, lasting->held) <= cooldown;
}

void finding_text(struct slice text, char *out, size_t capacity)
{
	static const char ellipsis[] = "…";
	struct utf8_shown shown;
	size_t size = 0, fits = 0;

	/* `fits` is where the ellipsis may stand should the text turn out too long. */
	while (utf8_next_shown(&text, &shown)) {
		if (size + shown.size + 1 > capacity) {
			size = fits;
			if (size + sizeof(ellipsis) <= capacity) {
				memcpy(out + size, ellipsis, sizeof(ellipsis) - 1);
				size += sizeof(ellipsis) - 1;
			}
			break;
		}
		memcpy(out + size, shown.bytes, shown.size);
		size += shown.size;
		if (size + sizeof(ellipsis) <= capacity)
			fits = size;
	}
	out[size] = '\0';
}

void finding_service_text(const struct store *store, uint32_t service, char *out, size_t capacity)
{
	struct slice name = store_service_name(store, service);

	finding_text(name.size > 0 ? name : slice_of("(no service)"), out, capacity);
}

void finding_subject_text(const struct store *store, const struct finding *finding, char *out, size_t capacity)
{
	if (finding->service_count > 0)
		finding_service_text(store, finding->services[0], out, capacity);
	else
		finding_text(finding->series_service.size > 0 ? finding->series_service : slice_of("(no service)"), out,
			capacity);
}

const char *finding_seconds_text(double seconds, char out[32])
{
	if (seconds < 0.0009995)
		snprintf(out, 32, "%lld us", llround(seconds * 1e6));
	else
		duration_format(seconds < 9e9 ? llround(seconds * 1e3) * 1000000 : INT64_MAX, out);
	return out;
}

const char *finding_bytes_text(double bytes, char out[32])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;
	char number[32];

	while (fabs(bytes) >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1024;
		unit++;
	}
	snprintf(out, 32, "%s%.20s %s", bytes < 0 ? "-" : "", finding_rate_text(fabs(bytes), number), units[unit]);
	return out;
}

const char *finding_rate_text(double rate, char out[32])
{
	if (!(rate < 1e15))
		rate = 1e15;
	long long tenths = llround(rate * 10);

	if (tenths >= 100 || tenths % 10 == 0)
		snprintf(out, 32, "%lld", llround(rate));
	else
		snprintf(out, 32, "%lld.%lld", tenths / 10, tenths % 10);
	return out;
}

const char *finding_span_text(int64_t span, char out[32])
{
	if (span % TIMESTAMP_SECOND == 0 && span < 1000 * TIMESTAMP_SECOND) {
		snprintf(out, 32, "%" PRId64 " s", span / TIMESTAMP_SECOND);
		return out;
	}
	return duration_format(span, out);
}

double finding_score(double value, double limit)
{
	return value + limit > 0 ? value / (value + limit) : 0;
}
