/*
 * Numbers that a few odd values do not move, and whether there is a trend in a row of them.
 */
#ifndef DETECT_ROBUST_H
#define DETECT_ROBUST_H

#include <stddef.h>

#define ROBUST_MAXIMUM 256 /* most values that are looked at */

/* The value at `rank` of 0..1, nearest. Orders `values`. `count` > 0. */
double robust_quantile(double *values, size_t count, double rank);

/* Median, and the median of the distances from it times 1.4826: what the standard deviation would be if they were
   normally distributed. `count` from 1 to ROBUST_MAXIMUM; `values` stay as they are. */
void robust_center(const double *values, size_t count, double *median, double *deviation);

/* Mann-Kendall: how many pairs rise less how many fall, as a number of standard deviations (with the correction for
   ties); above 3 there is hardly a trend by chance. 0 for fewer than 8 values. */
double robust_trend(const double *values, size_t count);

/* Theil-Sen: the median of the slopes of all pairs, in value a step. `times` may be NULL: one step each.
   `count` from 2 to ROBUST_MAXIMUM. Returns 0 when memory runs out. */
double robust_slope(const double *times, const double *values, size_t count);

#endif
