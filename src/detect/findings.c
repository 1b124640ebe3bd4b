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
