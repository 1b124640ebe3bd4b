/*
 * Records of many sources into one batch, the earliest first.
 */
#ifndef TOCSIN_SRC_INGEST_MERGE_H
#define TOCSIN_SRC_INGEST_MERGE_H

#include "ingest/intake_inside.h"

/* Until the batch is full, or no source has anything now. */
void merge_into(struct intake *intake, struct batch *batch);
bool merge_is_full(const struct intake *intake, const struct batch *batch);

#endif
