/*
 * Files of trained models: any bytes are a model or refused with a sentence, and what is taken can be written again,
 * byte for byte, and asked about a log. The checksum is put right first, so that what lies behind it is reached.
 */
#include "fuzz/fuzz.h"
#include "fuzz/small_log.h"
#include "tocsin/learn/model.h"

#include <string.h>

static void require_answers(const struct model *model)
{
	struct store *store = small_log_create();
	struct scorer *scorer = scorer_create(model, store, false);
	struct sequences sequences;
	struct session_score score;

	REQUIRE(scorer != NULL);
	for (uint64_t id = 0; id < store_count(store); id++) {
		struct record record;
		double importance;

		store_record(store, id, &record);
		importance = scorer_record(scorer, &record, NULL);
		REQUIRE(importance >= 0 && importance <= 1);
	}
	REQUIRE(sequences_init(&sequences, store, NULL, horizon_all(store), NULL) == 0);
	for (size_t i = 0; i < sequences.count; i++) {
		scorer_session(scorer, sequences.steps + sequences.begins[i], sequences.begins[i + 1] - sequences.begins[i],
			sequences.end, &score, NULL);
		REQUIRE(score.importance >= 0 && score.importance <= 1 && (int)score.part < PART_COUNT);
	}
	sequences_release(&sequences);
	scorer_destroy(scorer);
	store_destroy(store);
}

static void require_same(const struct model *model, struct slice bytes)
{
	struct buffer again;

	buffer_init(&again, MODEL_MAXIMUM_BYTES);
	REQUIRE(model_write(model, &again) == 0);
	REQUIRE(slice_equal(buffer_slice(&again), bytes));
	buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = { 0 };
	struct buffer bytes;
	struct model *model;

	buffer_init(&bytes, MODEL_MAXIMUM_BYTES);
	buffer_append(&bytes, data, size);
	if (size >= 8) {
		uint64_t sum = model_checksum(buffer_slice(&bytes));

		for (size_t i = 0; i < 8; i++)
			bytes.data[size - 8 + i] = (char)(sum >> 8 * i);
	}
	model = model_read(buffer_slice(&bytes), &error);
	if (model == NULL) {
		REQUIRE(error.code != 0 && error.text[0] != '\0' && !fuzz_has_control(slice_of(error.text)));
	} else {
		require_same(model, buffer_slice(&bytes));
		require_answers(model);
	}
	model_destroy(model);
	buffer_release(&bytes);
	return 0;
}
