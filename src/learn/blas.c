#include "learn/blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <string.h>

typedef void (*multiply_fn)(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint, blasint, blasint,
	float, const float *, blasint, const float *, blasint, float, float *, blasint);
typedef void (*set_threads_fn)(int);

/* A function's address: ISO C knows no cast from an object's. */
static bool find(void *library, const char *name, void *function, size_t size)
{
	void *address = dlsym(library, name);

	memcpy(function, &address, size);
	return address != NULL;
}

void blas_open(struct blas *blas, bool portable)
{
	set_threads_fn set_threads;

	*blas = (struct blas){ NULL, NULL };
	if (portable)
		return;
	blas->library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
	if (blas->library == NULL)
		return;
	if (find(blas->library, "openblas_set_num_threads", &set_threads, sizeof(set_threads)))
		set_threads(1);
	if (!find(blas->library, "cblas_sgemm", &blas->multiply, sizeof(blas->multiply)))
		blas_close(blas);
}

void blas_close(struct blas *blas)
{
	if (blas->library != NULL)
		dlclose(blas->library);
	*blas = (struct blas){ NULL, NULL };
}

static void multiply_portable(enum blas_turn turn_a, enum blas_turn turn_b, size_t m, size_t n, size_t k,
	const float *a, const float *b, float keep, float *c)
{
	for (size_t row = 0; row < m; row++) {
		float *out = c + row * n;

		for (size_t j = 0; j < n; j++)
			out[j] = keep == 0.0F ? 0.0F : keep * out[j];
		for (size_t i = 0; i < k; i++) {
			float factor = turn_a == BLAS_TURNED ? a[i * m + row] : a[row * k + i];

			for (size_t j = 0; j < n; j++)
				out[j] += factor * (turn_b == BLAS_TURNED ? b[j * k + i] : b[i * n + j]);
		}
	}
}

void blas_multiply(const struct blas *blas, enum blas_turn turn_a, enum blas_turn turn_b, size_t m, size_t n, size_t k,
	const float *a, const float *b, float keep, float *c)
{
	multiply_fn multiply;

	if (m == 0 || n == 0 || k == 0)
		return;
	if (blas->multiply == NULL) {
		multiply_portable(turn_a, turn_b, m, n, k, a, b, keep, c);
		return;
	}
	memcpy(&multiply, &blas->multiply, sizeof(multiply));
	multiply(CblasRowMajor, turn_a == BLAS_TURNED ? CblasTrans : CblasNoTrans,
		turn_b == BLAS_TURNED ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1.0F, a,
		(blasint)(turn_a == BLAS_TURNED ? m : k), b, (blasint)(turn_b == BLAS_TURNED ? k : n), keep, c,
		(blasint)n);
}
