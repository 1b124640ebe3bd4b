#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tocsin/analyst/transcript.h"

static void transcript__keeps_copies__when_texts_change_later(void **state)
{
	struct transcript transcript;
	char text[] = "quiet until 20:40:52";
	const struct entry *first;

	(void)state;
	transcript_init(&transcript);
	assert_int_equal(transcript_add(&transcript, ENTRY_STEP, NULL, slice_of(text), 7), 0);
	first = transcript_at(&transcript, 0);
	text[0] = 'X';
	assert_true(slice_is(first->text, "quiet until 20:40:52"));
	assert_int_equal(first->label.size, 0);
	assert_int_equal(first->horizon, 7);
	assert_int_equal(
		transcript_add_format(&transcript, ENTRY_LABELLED, "spread", 8, "%s > %s", "orders-db", "gateway"), 0);
	assert_int_equal(transcript_count(&transcript), 2);
	assert_true(slice_is(transcript_at(&transcript, 1)->label, "spread"));
	assert_true(slice_is(transcript_at(&transcript, 1)->text, "orders-db > gateway"));
	assert_null(transcript_at(&transcript, 2));
	transcript_clear(&transcript);
	assert_int_equal(transcript_count(&transcript), 0);
	transcript_release(&transcript);
}

static void transcript__refuses_more__when_it_is_full(void **state)
{
	struct transcript transcript;
	int result = 0;
	size_t added = 0;

	(void)state;
	transcript_init(&transcript);
	while (result == 0 && added < 1000000) {
		result = transcript_add(&transcript, ENTRY_TEXT, NULL, slice_of("x"), 0);
		added += result == 0;
	}
	assert_int_not_equal(result, 0);
	assert_int_equal(transcript_count(&transcript), added);
	transcript_release(&transcript);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transcript__keeps_copies__when_texts_change_later),
		cmocka_unit_test(transcript__refuses_more__when_it_is_full),
	};

	return cmocka_run_group_tests_name("analyst/transcript", tests, NULL, NULL);
}
