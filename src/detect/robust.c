/*
 * Mann (1945), Kendall (1975): S = sum of sign(x_j - x_i) over i < j, with variance (n(n-1)(2n+5) - sum t(t-1)(2t+5)) /
 * 18 for groups of t ties. Theil (1950), Sen (1968): the median of (x_j - x_i) / (t_j - t_i).
 */
#include "detect/robust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return first < second ? -1 : first > second;
}

double robust_quantile(double *values, size_t count, double rank)
{
	qsort(values, count, sizeof(*values), compare);
	return values[(size_t)(rank * (double)(count - 1) + 0.5)];
}

void robust_center(const double *values, size_t count, double *median, double *deviation)
{
	double ordered[ROBUST_MAXIMUM];

	if (count > ROBUST_MAXIMUM)
		count = ROBUST_MAXIMUM;
	memcpy(ordered, values, count * sizeof(*ordered));
	*median = robust_quantile(ordered, count, 0.5);
	for (size_t i = 0; i < count; i++)
		ordered[i] = fabs(ordered[i] - *median);
	*deviation = 1.4826 * robust_quantile(ordered, count, 0.5);
}

static double variance_of_ties(const double *values, size_t count)
{
	double ordered[ROBUST_MAXIMUM], sum = 0;

	memcpy(ordered, values, count * sizeof(*ordered));
	qsort(ordered, count, sizeof(*ordered), compare);
	for (size_t i = 0; i < count;) {
		size_t end = i + 1;
		while (end < count && !(ordered[end] > ordered[i]))
			end++;
		double ties = (double)(end - i);
		sum += ties * (ties - 1) * (2 * ties + 5);
		i = end;
	}
	return sum;
}

double robust_trend(const double *values, size_t count)
{
	double pairs = 0, n;

	if (count > ROBUST_MAXIMUM)
		count = ROBUST_MAXIMUM;
	if (count < 8)
		return 0;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			pairs += (values[j] > values[i]) - (values[j] < values[i]);
	n = (double)count;
	double variance = (n * (n - 1) * (2 * n + 5) - variance_of_ties(values, count)) / 18;
	if (variance <= 0)
		return 0;
	return pairs > 0 ? (pairs - 1) / sqrt(variance) : pairs < 0 ? (pairs + 1) / sqrt(variance) : 0;
}

double robust_slope(const double *times, const double *values, size_t count)
{
	double *slopes, slope = 0;
	size_t found = 0;

	if (count > ROBUST_MAXIMUM)
		count = ROBUST_MAXIMUM;
	slopes = count < 2 ? NULL : malloc(count * (count - 1) / 2 * sizeof(*slopes));
	if (slopes == NULL)
		return 0;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			double step = times != NULL ? times[j] - times[i] : (double)(j - i);
			if (step > 0)
				slopes[found++] = (values[j] - values[i]) / step;
		}
	if (found > 0)
		slope = robust_quantile(slopes, found, 0.5);
	free(slopes);
	return slope;
}
