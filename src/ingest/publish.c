/*
 * The last step of ingest, on the store's one writer: from codes of the coder to codes of the store, columns, ledger.
 * What the store does not take is lost, and is counted so.
 */
#include "ingest/intake_inside.h"

static void lose(struct intake *intake, const struct coder *coder, uint32_t code)
{
	struct store_kind kind;

	coder_get(coder, code, &kind);
	store_ledger_edit(intake->store, kind.source)->lost++;
}

static int ask(struct intake *intake, const struct coder *coder, uint32_t code, uint32_t *kind)
{
	struct store_kind asked;
	int result;

	coder_get(coder, code, &asked);
	asked.signature = mining_settle(&intake->mining, asked.signature);
	result = store_put_kind(intake->store, &asked, kind);
	mining_follow(&intake->mining);
	return result;
}

/* Gives the entries their kinds in the store, whose codes come in the order of the records. Those for which there is
   none are taken out. */
static int translate(struct intake *intake, struct batch *batch, uint32_t *known)
{
	struct store_entry *entries = batch->entries.items;
	size_t count = batch->entries.count, kept = 0;
	int first = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t *kind = &known[entries[i].kind];
		int result = *kind == STORE_NO_CODE ? ask(intake, batch->coder, entries[i].kind, kind) : 0;

		if (result != 0) {
			lose(intake, batch->coder, entries[i].kind);
			first = first != 0 ? first : result;
			continue;
		}
		if (kept != i)
			entries[kept] = entries[i];
		entries[kept++].kind = *kind;
	}
	batch->entries.count = kept;
	return first;
}

static int append(struct intake *intake, struct batch *batch)
{
	struct entries *entries = &batch->entries;
	uint32_t *known = coder_known(batch->coder, batch->kinds);
	uint64_t room = known != NULL ? store_room(intake->store) : 0;
	int first = known == NULL ? ERROR_MEMORY : room < entries->count ? ERROR_FULL : 0;
	int result;

	for (; entries->count > room; entries->count--)
		lose(intake, batch->coder, entries->items[entries->count - 1].kind);
	result = translate(intake, batch, known);
	first = first != 0 ? first : result;
	for (size_t i = 0, appended; i < entries->count; i += appended) {
		result = store_append_entries(intake->store, &entries->items[i], entries->count - i, &appended);
		if (result == 0)
			continue;
		first = first != 0 ? first : result;
		store_ledger_edit(intake->store, store_kind_source(intake->store, entries->items[i + appended++].kind))
			->lost++;
	}
	return first;
}

int intake_publish(struct intake *intake, struct batch *batch)
{
	struct error refused; /* is told by the source's state */
	int result;

	for (size_t i = 0; i < batch->found.count; i++)
		intake_adopt(intake, *(struct source **)vector_at(&batch->found, i), &refused);
	vector_clear(&batch->found);
	result = batch->entries.count > 0 ? append(intake, batch) : 0;
	for (size_t i = 0; i < batch->news.count; i++) {
		const struct ledger_news *news = vector_at(&batch->news, i);

		ledger_add(store_ledger_edit(intake->store, news->source), &news->ledger);
	}
	store_publish(intake->store);
	batch_recycle(intake, batch);
	return result;
}

void intake_merge_templates(struct intake *intake)
{
	mining_merge(&intake->mining);
}
