/*
 * Products of matrices, by OpenBLAS where it is there. It is loaded when it is first needed: linked to the program it
 * would cost every start 4 ms (it finds out about the processor and starts threads).
 */
#ifndef LEARN_BLAS_H
#define LEARN_BLAS_H

#include <stdbool.h>
#include <stddef.h>

enum blas_turn { BLAS_PLAIN, BLAS_TURNED };

struct blas {
	void *library; /* NULL: own loops */
	void *multiply;
};

void blas_open(struct blas *blas, bool portable); /* one thread, so that results repeat */
void blas_close(struct blas *blas);

/* c[m][n] = a[m][k] * b[k][n] + keep * c, rows one after the other; a turned matrix is stored as [k][m] or [n][k]. */
void blas_multiply(const struct blas *blas, enum blas_turn turn_a, enum blas_turn turn_b, size_t m, size_t n, size_t k,
	const float *a, const float *b, float keep, float *c);

#endif
