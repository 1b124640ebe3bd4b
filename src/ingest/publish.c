/*
 * The last step of ingest, on the store's one writer: signatures, columns, ledger.
 */
#include <stdlib.h>

#include "ingest/intake_inside.h"
#include "tocsin/mine/signature_cache.h"

/* A record without a time is never late: it goes with its predecessor. */
static bool is_late(struct intake *intake, int64_t time)
{
	if (time == TIMESTAMP_NONE)
		return false;
	if (time < intake->newest)
		return true;
	intake->newest = time;
	return false;
}

static struct slice sign(struct intake *intake, struct slice message, char out[SIGNATURE_MAXIMUM])
{
	if (intake->signatures == NULL)
		intake->signatures = signature_cache_create();
	if (intake->signatures == NULL)
		return (struct slice){ out, signature_make(message, out) };
	return signature_cache_get(intake->signatures, message);
}

static int append(struct intake *intake, const struct entries *entries, const struct entry *entry)
{
	struct source *source = intake->by_code[entry->source];
	struct ledger *ledger = store_ledger_edit(intake->store, entry->source);
	struct slice service = entries_service(entries, entry);
	char room[SIGNATURE_MAXIMUM];
	bool late = is_late(intake, entry->time);
	struct store_row row = {
		.time = entry->time,
		.level = (enum level)entry->level,
		.flags = (uint8_t)(entry->flags | (late ? RECORD_LATE : 0)),
		.source = entry->source,
		.size = entry->size,
		.offset = entry->offset,
		.line = entry->line,
		.service = service.size > 0 ? service : slice_of(source->stem),
		.signature = sign(intake, entries_message(entries, entry), room),
	};
	int result = store_append(intake->store, &row);

	if (result != 0) {
		ledger->lost++;
		return result;
	}
	ledger->records++;
	ledger->late += late;
	ledger->unparsed += (entry->flags & RECORD_UNPARSED) != 0;
	return 0;
}

static void add_news(struct intake *intake, const struct ledger_news *news)
{
	struct ledger *ledger = store_ledger_edit(intake->store, news->source);

	ledger->bytes += news->ledger.bytes;
	ledger->lines += news->ledger.lines;
	ledger->joined += news->ledger.joined;
	ledger->truncated += news->ledger.truncated;
	ledger->lost += news->ledger.lost;
}

int intake_publish(struct intake *intake, struct batch *batch)
{
	struct error refused; /* is told by the source's state */
	int result = 0;

	for (size_t i = 0; i < batch->found.count; i++)
		intake_adopt(intake, *(struct source **)vector_at(&batch->found, i), &refused);
	vector_clear(&batch->found);
	for (size_t i = 0; i < entries_count(&batch->entries); i++) {
		int appended = append(intake, &batch->entries, entries_at(&batch->entries, i));

		if (result == 0)
			result = appended;
	}
	for (size_t i = 0; i < batch->news.count; i++)
		add_news(intake, vector_at(&batch->news, i));
	store_publish(intake->store);
	batch_destroy(batch);
	return result;
}
