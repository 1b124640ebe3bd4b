/*
 * Times: what was read and is written is read as the same moment; whatever is written fits and can be shown.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "tocsin/base/timestamp.h"

static void require_round_trip(int64_t time)
{
	char text[40];
	int64_t back;

	REQUIRE(time != TIMESTAMP_NONE);
	timestamp_format(time, TIMESTAMP_RFC3339, NULL, text);
	REQUIRE(timestamp_parse(slice_of(text), NULL, &back) && back == time);
}

static void require_shown(int64_t time, const struct zone *zone)
{
	char text[40];
	char duration[32];

	for (int style = TIMESTAMP_RFC3339; style <= TIMESTAMP_DAY_CLOCK; style++) {
		size_t size = strlen(timestamp_format(time, (enum timestamp_style)style, zone, text));

		REQUIRE(size > 0 && size < 36 && !fuzz_has_control((struct slice){ text, size }));
	}
	REQUIRE(strlen(duration_format(time, duration)) < sizeof(duration));
}

static void read_text(struct slice text, const struct zone *zone)
{
	int64_t time = 17, clock, duration;
	size_t used;
	struct error error = { 0 };
	struct zone named;

	if (timestamp_parse(text, zone, &time)) {
		require_round_trip(time);
		require_shown(time, zone);
		REQUIRE(timestamp_parse_prefix(text, zone, &clock, &used) && clock == time && used == text.size);
		REQUIRE(timestamp_parse_clock(text, 0, zone, &clock) && clock == time);
	} else {
		REQUIRE(time == 17);
	}
	if (timestamp_parse_prefix(text, zone, &time, &used)) {
		REQUIRE(used > 0 && used <= text.size);
		require_round_trip(time);
	}
	if (timestamp_parse_clock(text, INT64_C(1747514400000000000), zone, &clock))
		require_round_trip(clock);
	if (duration_parse(text, &duration))
		require_shown(duration, zone);
	if (zone_parse(text, &named, &error) == 0)
		REQUIRE(zone_name(&named)[0] != '\0');
	else
		REQUIRE(error.code != 0 && !fuzz_has_control(slice_of(error.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_input(data, size);
	struct slice start = slice_first(text, sizeof(int64_t));
	struct zone zone = { .offset_seconds = 0 };
	int64_t time = 0;

	memcpy(&time, start.data == NULL ? "" : start.data, start.size);
	require_shown(time, NULL);
	if (time != TIMESTAMP_NONE)
		require_round_trip(time);
	read_text(text, NULL);
	zone.offset_seconds = ((int)fuzz_byte(&text) - 128) * 300;
	read_text(text, &zone);
	return 0;
}
