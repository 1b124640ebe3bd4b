/*
 * The arithmetic of a step, on rows of floats whose sizes are multiples of 8. The portable and the AVX2 form do the
 * same operations in the same order, without fused ones: their results are equal bit for bit.
 */
#ifndef LEARN_KERNEL_H
#define LEARN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#define KERNEL_LANES ((size_t)8)

/* e^x = 2^n * e^r with n whole and |r| <= ln 2 / 2: a polynomial of degree 6 for e^r, and n put into the exponent.
   Adding and taking off EXP_ROUNDER rounds to a whole number. */
#define EXP_LOWEST (-87.0F)
#define EXP_HIGHEST 88.0F
#define EXP_LOG2E 1.44269504088896341F
#define EXP_ROUNDER 12582912.0F /* 1.5 * 2^23 */
#define EXP_LN2_HIGH 0.693359375F
#define EXP_LN2_LOW (-2.12194440e-4F)
#define EXP_C6 1.3888889e-3F
#define EXP_C5 8.3333333e-3F
#define EXP_C4 4.1666667e-2F
#define EXP_C3 1.6666667e-1F

static inline size_t kernel_round_up(size_t size)
{
	return (size + KERNEL_LANES - 1) / KERNEL_LANES * KERNEL_LANES;
}

struct kernel {
	/* out[j] += sum over i of in[i] * matrix[i * columns + j] */
	void (*product)(const float *in, size_t rows, const float *matrix, size_t columns, float *out);
	/* gates holds what goes into the four gates (input, forget, cell, output), one after the other, and then what
	   comes out of them; cell and hidden become the new ones. */
	void (*gates)(float *gates, float *cell, float *hidden, size_t units);
	/* The way back through `gates`: from the gradient of hidden, what came out of the gates, and the cells before
	   and behind, to the gradient before the gates (in their place). cell_back is the gradient of the cells behind,
	   and becomes that of the cells before; before may be NULL for zeros. */
	void (*gates_back)(const float *hidden_back, const float *hidden, const float *before, float *gates,
		float *cell_back, size_t units);
	/* ln of the sum of e^x. */
	float (*log_sum)(const float *x, size_t size);
	/* x becomes e^(x - shift) */
	void (*exponentials)(float *x, size_t size, float shift);
};

/* e^x for the finite x of a network: within 2e-7 of it, 0 and infinity are not reached. */
float kernel_exp(float x);

const struct kernel *kernel_portable(void);
const struct kernel *kernel_best(void); /* AVX2 where the processor has it */

extern const struct kernel kernel_avx2;

#endif
