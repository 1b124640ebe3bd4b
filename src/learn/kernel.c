#include "learn/kernel.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define SMALLEST 1e-30F

float kernel_exp(float x)
{
	float clamped = x < EXP_LOWEST ? EXP_LOWEST : x > EXP_HIGHEST ? EXP_HIGHEST : x;
	float whole = clamped * EXP_LOG2E + EXP_ROUNDER - EXP_ROUNDER;
	float r = clamped - whole * EXP_LN2_HIGH - whole * EXP_LN2_LOW;
	float sum = EXP_C6;
	uint32_t bits = (uint32_t)((int32_t)whole + 127) << 23;
	float scale;

	sum = sum * r + EXP_C5;
	sum = sum * r + EXP_C4;
	sum = sum * r + EXP_C3;
	sum = sum * r + 0.5F;
	sum = sum * r + 1.0F;
	sum = sum * r + 1.0F;
	memcpy(&scale, &bits, sizeof(scale));
	return sum * scale;
}

static float sigmoid(float x)
{
	return 1.0F / (1.0F + kernel_exp(-x));
}

static float hyperbolic_tangent(float x)
{
	return 2.0F * sigmoid(2.0F * x) - 1.0F;
}

static void product(const float *in, size_t rows, const float *matrix, size_t columns, float *out)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			out[j] += in[i] * matrix[i * columns + j];
}

static void gates(float *gate, float *cell, float *hidden, size_t units)
{
	for (size_t i = 0; i < units; i++) {
		float input = sigmoid(gate[i]), forget = sigmoid(gate[units + i]);
		float fresh = hyperbolic_tangent(gate[2 * units + i]), output = sigmoid(gate[3 * units + i]);

		cell[i] = forget * cell[i] + input * fresh;
		hidden[i] = output * hyperbolic_tangent(cell[i]);
		gate[i] = input;
		gate[units + i] = forget;
		gate[2 * units + i] = fresh;
		gate[3 * units + i] = output;
	}
}

static void gates_back(
	const float *hidden_back, const float *hidden, const float *before, float *gate, float *cell_back, size_t units)
{
	for (size_t i = 0; i < units; i++) {
		float input = gate[i], forget = gate[units + i], fresh = gate[2 * units + i],
		      output = gate[3 * units + i];
		float shown = output > SMALLEST ? hidden[i] / output : 0.0F; /* the tangent of the cell */
		float cell = cell_back[i] + hidden_back[i] * output * (1.0F - shown * shown);

		gate[i] = cell * fresh * input * (1.0F - input);
		gate[units + i] = before == NULL ? 0.0F : cell * before[i] * forget * (1.0F - forget);
		gate[2 * units + i] = cell * input * (1.0F - fresh * fresh);
		gate[3 * units + i] = hidden_back[i] * shown * output * (1.0F - output);
		cell_back[i] = cell * forget;
	}
}

static float log_sum(const float *x, size_t size)
{
	float most = x[0], sums[KERNEL_LANES] = { 0 };

	for (size_t i = 1; i < size; i++)
		most = x[i] > most ? x[i] : most;
	for (size_t i = 0; i < size; i++)
		sums[i % KERNEL_LANES] += kernel_exp(x[i] - most);
	return most + logf(((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])));
}

static void exponentials(float *x, size_t size, float shift)
{
	for (size_t i = 0; i < size; i++)
		x[i] = kernel_exp(x[i] - shift);
}

const struct kernel *kernel_portable(void)
{
	static const struct kernel kernel = { product, gates, gates_back, log_sum, exponentials };

	return &kernel;
}

const struct kernel *kernel_best(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return &kernel_avx2;
#endif
	return kernel_portable();
}
