/*
 * OpenStack's oslo.log lines.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_OPENSTACK_H
#define TOCSIN_SRC_INGEST_FORMAT_OPENSTACK_H

#include "ingest/format_table.h"

/* "nova.compute.manager" -> "nova-compute"; empty for a logger that is no OpenStack service's (a library's). */
struct slice openstack_service(struct slice logger);

#endif
