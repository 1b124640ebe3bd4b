/*
 * Eight floats at a time.
 */
#include "learn/kernel.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <math.h>

#define AVX2 __attribute__((target("avx2")))
#define WIDE 8 /* registers of sums: enough to hide how long an addition takes */

AVX2 static inline __m256 exp8(__m256 x)
{
	__m256 clamped = _mm256_min_ps(_mm256_max_ps(x, _mm256_set1_ps(EXP_LOWEST)), _mm256_set1_ps(EXP_HIGHEST));
	__m256 rounder = _mm256_set1_ps(EXP_ROUNDER), one = _mm256_set1_ps(1.0F);
	__m256 whole =
		_mm256_sub_ps(_mm256_add_ps(_mm256_mul_ps(clamped, _mm256_set1_ps(EXP_LOG2E)), rounder), rounder);
	__m256 r = _mm256_sub_ps(_mm256_sub_ps(clamped, _mm256_mul_ps(whole, _mm256_set1_ps(EXP_LN2_HIGH))),
		_mm256_mul_ps(whole, _mm256_set1_ps(EXP_LN2_LOW)));
	__m256 sum = _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(EXP_C6), r), _mm256_set1_ps(EXP_C5));
	__m256i bits = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(whole), _mm256_set1_epi32(127)), 23);

	sum = _mm256_add_ps(_mm256_mul_ps(sum, r), _mm256_set1_ps(EXP_C4));
	sum = _mm256_add_ps(_mm256_mul_ps(sum, r), _mm256_set1_ps(EXP_C3));
	sum = _mm256_add_ps(_mm256_mul_ps(sum, r), _mm256_set1_ps(0.5F));
	sum = _mm256_add_ps(_mm256_mul_ps(sum, r), one);
	sum = _mm256_add_ps(_mm256_mul_ps(sum, r), one);
	return _mm256_mul_ps(sum, _mm256_castsi256_ps(bits));
}

AVX2 static inline __m256 sigmoid8(__m256 x)
{
	__m256 one = _mm256_set1_ps(1.0F);

	return _mm256_div_ps(one, _mm256_add_ps(one, exp8(_mm256_xor_ps(x, _mm256_set1_ps(-0.0F)))));
}

AVX2 static inline __m256 tanh8(__m256 x)
{
	__m256 two = _mm256_set1_ps(2.0F);

	return _mm256_sub_ps(_mm256_mul_ps(two, sigmoid8(_mm256_mul_ps(two, x))), _mm256_set1_ps(1.0F));
}

/* `count` registers of columns, kept in registers over all rows. */
AVX2 static inline __attribute__((always_inline)) void product_columns(
	const float *in, size_t rows, const float *matrix, size_t columns, float *out, size_t count)
{
	__m256 sums[WIDE];

#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++)
		sums[k] = _mm256_loadu_ps(out + k * KERNEL_LANES);
	for (size_t i = 0; i < rows; i++) {
		__m256 factor = _mm256_set1_ps(in[i]);
		const float *row = matrix + i * columns;

#pragma GCC unroll 8
		for (size_t k = 0; k < count; k++)
			sums[k] =
				_mm256_add_ps(sums[k], _mm256_mul_ps(factor, _mm256_loadu_ps(row + k * KERNEL_LANES)));
	}
#pragma GCC unroll 8
	for (size_t k = 0; k < count; k++)
		_mm256_storeu_ps(out + k * KERNEL_LANES, sums[k]);
}

AVX2 static void product(const float *in, size_t rows, const float *matrix, size_t columns, float *out)
{
	size_t j = 0;

	for (; j + WIDE * KERNEL_LANES <= columns; j += WIDE * KERNEL_LANES)
		product_columns(in, rows, matrix + j, columns, out + j, WIDE);
	for (; j < columns; j += KERNEL_LANES)
		product_columns(in, rows, matrix + j, columns, out + j, 1);
}

AVX2 static void gates(float *gate, float *cell, float *hidden, size_t units)
{
	for (size_t i = 0; i < units; i += KERNEL_LANES) {
		__m256 input = sigmoid8(_mm256_loadu_ps(gate + i));
		__m256 forget = sigmoid8(_mm256_loadu_ps(gate + units + i));
		__m256 fresh = tanh8(_mm256_loadu_ps(gate + 2 * units + i));
		__m256 output = sigmoid8(_mm256_loadu_ps(gate + 3 * units + i));
		__m256 kept =
			_mm256_add_ps(_mm256_mul_ps(forget, _mm256_loadu_ps(cell + i)), _mm256_mul_ps(input, fresh));

		_mm256_storeu_ps(cell + i, kept);
		_mm256_storeu_ps(hidden + i, _mm256_mul_ps(output, tanh8(kept)));
		_mm256_storeu_ps(gate + i, input);
		_mm256_storeu_ps(gate + units + i, forget);
		_mm256_storeu_ps(gate + 2 * units + i, fresh);
		_mm256_storeu_ps(gate + 3 * units + i, output);
	}
}

AVX2 static void gates_back(
	const float *hidden_back, const float *hidden, const float *before, float *gate, float *cell_back, size_t units)
{
	__m256 one = _mm256_set1_ps(1.0F), smallest = _mm256_set1_ps(1e-30F);

	for (size_t i = 0; i < units; i += KERNEL_LANES) {
		__m256 input = _mm256_loadu_ps(gate + i), forget = _mm256_loadu_ps(gate + units + i);
		__m256 fresh = _mm256_loadu_ps(gate + 2 * units + i), output = _mm256_loadu_ps(gate + 3 * units + i);
		__m256 back = _mm256_loadu_ps(hidden_back + i);
		__m256 old = before == NULL ? _mm256_setzero_ps() : _mm256_loadu_ps(before + i);
		__m256 shown = _mm256_and_ps(_mm256_div_ps(_mm256_loadu_ps(hidden + i), output),
			_mm256_cmp_ps(output, smallest, _CMP_GT_OQ));
		__m256 slope = _mm256_sub_ps(one, _mm256_mul_ps(shown, shown));
		__m256 cell = _mm256_add_ps(
			_mm256_loadu_ps(cell_back + i), _mm256_mul_ps(_mm256_mul_ps(back, output), slope));
		__m256 input_slope = _mm256_sub_ps(one, input), forget_slope = _mm256_sub_ps(one, forget);
		__m256 fresh_slope = _mm256_sub_ps(one, _mm256_mul_ps(fresh, fresh));

		_mm256_storeu_ps(
			gate + i, _mm256_mul_ps(_mm256_mul_ps(_mm256_mul_ps(cell, fresh), input), input_slope));
		_mm256_storeu_ps(
			gate + units + i, _mm256_mul_ps(_mm256_mul_ps(_mm256_mul_ps(cell, old), forget), forget_slope));
		_mm256_storeu_ps(gate + 2 * units + i, _mm256_mul_ps(_mm256_mul_ps(cell, input), fresh_slope));
		_mm256_storeu_ps(gate + 3 * units + i,
			_mm256_mul_ps(_mm256_mul_ps(_mm256_mul_ps(back, shown), output), _mm256_sub_ps(one, output)));
		_mm256_storeu_ps(cell_back + i, _mm256_mul_ps(cell, forget));
	}
}

AVX2 static void exponentials(float *x, size_t size, float shift)
{
	for (size_t i = 0; i < size; i += KERNEL_LANES)
		_mm256_storeu_ps(x + i, exp8(_mm256_sub_ps(_mm256_loadu_ps(x + i), _mm256_set1_ps(shift))));
}

AVX2 static float log_sum(const float *x, size_t size)
{
	__m256 most8 = _mm256_loadu_ps(x), sums = _mm256_setzero_ps();
	float lanes[KERNEL_LANES], most;

	for (size_t i = KERNEL_LANES; i < size; i += KERNEL_LANES)
		most8 = _mm256_max_ps(most8, _mm256_loadu_ps(x + i));
	_mm256_storeu_ps(lanes, most8);
	most = lanes[0];
	for (size_t i = 1; i < KERNEL_LANES; i++)
		most = lanes[i] > most ? lanes[i] : most;
	for (size_t i = 0; i < size; i += KERNEL_LANES)
		sums = _mm256_add_ps(sums, exp8(_mm256_sub_ps(_mm256_loadu_ps(x + i), _mm256_set1_ps(most))));
	_mm256_storeu_ps(lanes, sums);
	return most +
		logf(((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7])));
}

const struct kernel kernel_avx2 = { product, gates, gates_back, log_sum, exponentials };

#endif
