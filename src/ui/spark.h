/*
 * A histogram in one row: how a service did over time.
 *
 * The height is that of errors; of warnings where there are no errors at all. A column in which something else was said
 * has the lowest mark, one without a record is blank, so that a silence shows too.
 */
#ifndef UI_SPARK_H
#define UI_SPARK_H

#include "tocsin/store/query.h"
#include "tocsin/ui/grid.h"

void spark_paint(const struct canvas *canvas, int x, int y, int columns, const struct level_counts *buckets);

#endif
