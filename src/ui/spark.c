/*
 * Heights of one row: one eighth says that there was life, two to eight eighths are counts, the highest of the row
 * being full.
 */
#include "ui/spark.h"

#include <math.h>

enum {
	LOWEST = 2,
	LOWEST_ASCII = 4,
	FULL = 8,
	FULL_WARNINGS = 5, /* calmer than any errors, also where there are no colours */
	FEW = 8            /* so many in a column fill it at least: one lonely error is no peak */
};

static uint64_t counted(const struct level_counts *counts, bool warnings)
{
	return warnings ? counts->of[LEVEL_WARN] : level_counts_errors(counts);
}

static uint64_t highest_of(int columns, const struct level_counts *buckets, bool warnings)
{
	uint64_t highest = 0;
	for (int i = 0; i < columns; i++) {
		uint64_t count = counted(&buckets[i], warnings);
		highest = count > highest ? count : highest;
	}
	return highest;
}

/* In ASCII one to three eighths are one sign, so that life needs another. */
static void paint_life(const struct canvas *canvas, int x, int y)
{
	if (canvas->ascii)
		canvas_string(canvas, x, y, 1, ROLE_DIM, "_");
	else
		canvas_bar(canvas, x, y, 1, 1, ROLE_DIM);
}

void spark_paint(const struct canvas *canvas, int x, int y, int columns, const struct level_counts *buckets)
{
	uint64_t highest = highest_of(columns, buckets, false);
	bool warnings = highest == 0;
	int lowest = canvas->ascii ? LOWEST_ASCII : LOWEST, full = warnings ? FULL_WARNINGS : FULL;
	if (warnings)
		highest = highest_of(columns, buckets, true);
	highest = highest < FEW ? FEW : highest;
	for (int i = 0; i < columns; i++) {
		uint64_t count = counted(&buckets[i], warnings);
		if (count > 0) {
			double share = (double)count / (double)highest;
			canvas_bar(canvas, x + i, y, 1, lowest + (int)lround(share * (full - lowest)),
				warnings ? ROLE_LEVEL_WARN : ROLE_LEVEL_ERROR);
		} else if (level_counts_total(&buckets[i]) > 0) {
			paint_life(canvas, x + i, y);
		}
	}
}
