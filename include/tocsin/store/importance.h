/*
 * How important records are: a byte each beside the columns, put there when somebody has worked it out, if ever.
 *
 * One thread puts, behind the writer; any number read. A segment without any costs nothing. What is not known yet is
 * neither above nor below any number.
 */
#ifndef TOCSIN_STORE_IMPORTANCE_H
#define TOCSIN_STORE_IMPORTANCE_H

#include "tocsin/store/store.h"

#define STORE_IMPORTANCE_STEPS 254 /* it is kept as so many parts of 1 */

/* 0 to 1; of a published record. ERROR_MEMORY, ERROR_STATE where no records are kept. */
int store_put_importance(struct store *store, uint64_t id, double importance);
/* None is known any more. On the thread that puts. */
void store_forget_importance(struct store *store);
bool store_importance(const struct store *store, uint64_t id, double *importance); /* false: not known (yet) */

#endif
