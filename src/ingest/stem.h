/*
 * The service of records that name none, from where they come.
 */
#ifndef TOCSIN_SRC_INGEST_STEM_H
#define TOCSIN_SRC_INGEST_STEM_H

#include "tocsin/base/slice.h"

/* "logs/nova-api.log.1" -> "nova-api". Below a folder that was named, `below` is the path from there:
   "cinder/api.log" -> "cinder/api", so that two programs never share a name. */
void stem_make(struct slice name, struct slice below, char *out, size_t size);

#endif
