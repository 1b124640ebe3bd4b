/*
 * Did a series change its level, and when? Medians and quartiles, so that a few odd values and a wrong guess of the
 * beginning do not matter.
 */
#ifndef ANALYST_SHIFT_H
#define ANALYST_SHIFT_H

#include "tocsin/context/metrics.h"

struct shift {
	int64_t time;         /* of the first sample on the way to the new level */
	double before, after; /* medians */
	double effect;        /* |after - before| by the usual spread */
	double strength;      /* 0..1: 1 - exp(-|ln of the ratio, eased by the spread| / 1.5) */
};

/* Looks for the strongest change that begins within [from, to); what lies after `to` is not looked at. At least three
   samples must lie before it and two after. False when nothing stands out by SHIFT_LEAST times the spread. */
bool shift_find(const struct metric_series *series, int64_t from, int64_t to, struct shift *shift);

/* The median of the samples with from <= time < to; 0 when there are none. */
double shift_level(const struct metric_series *series, int64_t from, int64_t to);

/* The value below which a share of the values lies; sorts them. 0 for none. */
double shift_quantile(double *values, size_t count, double share);

#endif
