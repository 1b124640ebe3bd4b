/*
 * The rows of the table of formats, gathered from the files that hold them.
 */
#ifndef TOCSIN_SRC_INGEST_FORMAT_ROWS_H
#define TOCSIN_SRC_INGEST_FORMAT_ROWS_H

#include "ingest/format_table.h"

struct format_list {
	const struct format *rows;
	size_t count;
};

extern const struct format format_csv;
extern const struct format_list formats_wrapped; /* prefixes of containers */
extern const struct format format_json;
extern const struct format format_journal;
extern const struct format format_openstack;
extern const struct format_list formats_java;    /* log4j and its kin */
extern const struct format_list formats_script;  /* Python, Ruby, .NET, Rust and others */
extern const struct format_list formats_server;  /* web servers, databases, klog */
extern const struct format_list formats_machine; /* syslog, supercomputers, telephones, desktops */
extern const struct format format_logfmt;
extern const struct format format_access;
extern const struct format format_syslog5424;
extern const struct format format_text;

#endif
