/*
 * A scan statistic: every stretch of buckets is tried, and its count compared with what the rest of the log would make
 * one expect.
 *
 * Assuming errors that come independently, the log-likelihood ratio of "a rate of its own" against "one rate for all"
 * is large only when chance is a bad explanation. Real errors come in bursts, which makes chance better than it looks:
 * the ratio is divided by how much more the buckets vary, within the stretch and outside of it, than independent errors
 * would; which is much for a service that is silent and then errs in heaps, again and again. The same division makes
 * the scan prefer a stretch that leaves no heap outside, so that it takes in the slow beginning of a trouble.
 */
#include "detect/change.h"

#include <math.h>

#define CHANGE_MINIMUM 5 /* fewer errors are strays */
#define CHANGE_RATIO 2   /* the stretch has at least so many times the usual rate */
#define CHANGE_SCORE 14  /* one false alarm in some thousands of noisy services, all stretches counted */
#define CHANGE_SCORE_FIRST                                                                                             \
	8 /* enough when there was never an error before and it lasts: few stretches are of that form */

/* Sums of the first i buckets. */
struct sums {
	double count[CHANGE_BUCKETS + 1];
	double square[CHANGE_BUCKETS + 1];
	double reference_count, reference_square, reference_buckets;
	size_t barrier[CHANGE_BUCKETS + 1]; /* the next reference bucket at or after i */
};

static void sums_make(struct sums *sums, const uint32_t *counts, size_t count, const bool *reference)
{
	sums->count[0] = sums->square[0] = 0;
	sums->reference_count = sums->reference_square = sums->reference_buckets = 0;
	for (size_t i = 0; i < count; i++) {
		double value = counts[i];
		sums->count[i + 1] = sums->count[i] + value;
		sums->square[i + 1] = sums->square[i] + value * value;
		if (reference != NULL && reference[i]) {
			sums->reference_count += value;
			sums->reference_square += value * value;
			sums->reference_buckets++;
		}
	}
	sums->barrier[count] = count;
	for (size_t i = count; i-- > 0;)
		sums->barrier[i] = reference != NULL && reference[i] ? i : sums->barrier[i + 1];
}

/* a * log(b), where nothing is 0 whatever its logarithm. */
static double times_log(double a, double b)
{
	return a > 0 ? a * log(b) : 0;
}

/* Squared deviations from the mean, in units of the mean: about the number of buckets when errors come independently.
 */
static double spread(double sum, double square, double buckets)
{
	return sum > 0 ? (square - sum * sum / buckets) / (sum / buckets) : 0;
}

static double stretch_score(const struct sums *sums, size_t count, size_t from, size_t to, bool reference)
{
	double inside = sums->count[to] - sums->count[from], length = (double)(to - from);
	double outside = sums->count[count] - inside, rest = (double)count - length;
	double inside_square = sums->square[to] - sums->square[from];
	double outside_square = sums->square[count] - inside_square;

	if (reference) {
		outside = sums->reference_count;
		rest = sums->reference_buckets;
		outside_square = sums->reference_square;
	}
	if (inside < CHANGE_MINIMUM || rest <= 0 || inside * rest < CHANGE_RATIO * outside * length)
		return 0;
	double share = (inside + outside) / (length + rest);
	double score = times_log(inside, inside / (share * length)) + times_log(outside, outside / (share * rest));
	double bursts = spread(inside, inside_square, length) + spread(outside, outside_square, rest);

	/* Two rates were fitted, hence two buckets less. */
	bursts /= length + rest > 3 ? length + rest - 2 : 1;
	score /= bursts > 1 ? bursts : 1;
	bool lasting = outside <= 0 && to == count;
	return score >= (lasting ? CHANGE_SCORE_FIRST : CHANGE_SCORE) ? score : 0;
}

bool change_find(const uint32_t *counts, size_t count, size_t first, const bool *reference, struct change *change)
{
	struct sums sums;

	*change = (struct change){0};
	if (count > CHANGE_BUCKETS)
		return false;
	sums_make(&sums, counts, count, reference);
	if (sums.count[count] < CHANGE_MINIMUM)
		return false;
	for (size_t from = first; from < count; from++) {
		if (counts[from] == 0)
			continue; /* a stretch that begins with its first error is better */
		for (size_t to = from + 1; to <= sums.barrier[from]; to++) {
			if (counts[to - 1] == 0 && to < count)
				continue;
			double score = stretch_score(&sums, count, from, to, reference != NULL);
			if (score > change->score)
				*change = (struct change){from, to, score};
		}
	}
	return change->score > 0;
}

size_t change_point(const int64_t *times, size_t count, int64_t from, int64_t to, double before)
{
	double best = -INFINITY;
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		double after = (double)(count - i), rest = (double)(to - times[i]);

		if (rest < 1e8)
			rest = 1e8; /* a tenth of a second: one record at the very end is no rate */
		double likelihood = times_log((double)i, before) - before * (double)(times[i] - from) +
			times_log(after, after / rest) - after;
		if (likelihood > best) {
			best = likelihood;
			at = i;
		}
	}
	return at;
}
