/*
 * The log in memory: columns of records in segments, tables of codes, the loss ledger. Never the text itself.
 *
 * One writer appends and then publishes; any number of readers, in any thread, see exactly the records below
 * `store_count`, which never move and never change: no reader waits for the writer. Record ids are 0, 1, 2, ... in the
 * order of appending, which is event time order as far as the sources allow (a late record keeps its own time).
 *
 * Text is read back through a callback that `ingest` registers, from where it still is.
 */
#ifndef TOCSIN_STORE_STORE_H
#define TOCSIN_STORE_STORE_H

#include "tocsin/base/error.h"
#include "tocsin/base/level.h"
#include "tocsin/base/slice.h"
#include "tocsin/base/timestamp.h"

#define STORE_SEGMENT_RECORDS 4096
#define STORE_MAXIMUM_SOURCES 1024
#define STORE_MAXIMUM_FIELDS 32
#define STORE_NO_CODE UINT32_MAX

enum record_flag {
	RECORD_UNPARSED = 1, /* the format did not fit: the whole line is the message */
	RECORD_LATE = 2,     /* its time lies before that of an earlier record; set by store_append */
};

/* One record without its text. */
struct record {
	uint64_t id;
	int64_t time;      /* TIMESTAMP_NONE when unreadable */
	uint32_t service;  /* code */
	uint32_t template; /* code */
	uint16_t source;   /* code */
	uint8_t level;     /* enum level */
	uint8_t flags;     /* enum record_flag */
	uint32_t size;     /* bytes of raw text */
	uint64_t offset;   /* of the raw text in its source */
	uint64_t line;     /* first physical line in its source, from 1; 0 where there is none */
};

/* What is appended: names instead of codes, `signature` as mine/signature.h makes it. */
struct store_row {
	int64_t time;
	enum level level;
	uint8_t flags;
	uint16_t source;
	uint32_t size;
	uint64_t offset;
	uint64_t line;
	struct slice service;
	struct slice signature;
};

/* What records have in common beside time and place. A log knows few such kinds, so that who appends many records finds
   out the code of each kind once. */
struct store_kind {
	struct slice service;
	struct slice signature;
	enum level level;
	uint8_t flags; /* without RECORD_LATE */
	uint16_t source;
	bool timeless; /* of records whose time is TIMESTAMP_NONE, and of those only */
};

/* A record of which the kind has a code. */
struct store_entry {
	int64_t time;
	uint64_t offset;
	uint64_t line;
	uint32_t size;
	uint32_t kind;
};

struct store_field {
	struct slice name;
	struct slice value;
};

/* The text of a record, read back. Slices are borrowed until the next read with the same reader. */
struct store_text {
	struct slice raw;
	struct slice message;
	struct store_field fields[STORE_MAXIMUM_FIELDS];
	size_t field_count;
	bool gone; /* the source no longer holds it (truncated, removed): raw and message say so in words */
};

/* How the bytes of a record and its message go together: what can be told from the bytes alone. */
enum store_wording {
	WORDING_OTHER,    /* nothing */
	WORDING_VERBATIM, /* each line of the message stands in the bytes as it is */
	WORDING_CSV,      /* the same, but each '"' in it may be two */
	WORDING_ESCAPED,  /* the same, but '"', '\\', '/' and control bytes may be written with a backslash, and any
			     character as \\u and its number */
};

#define STORE_BYTES_MAXIMUM ((size_t)1 << 20) /* that `bytes` gives at once */

/* Reads texts back; one reader belongs to one thread at a time. Made by ingest. */
struct store_reader {
	void *context;
	int (*read)(void *context, const struct record *record,
		struct store_text *text); /* 0, or ERROR_SYSTEM / ERROR_MEMORY */
	/* For whoever reads many records that stand together; NULL where that cannot be. Bytes of a source, borrowed
	 * until the next call of this: 0, ERROR_ABSENT when they are gone, ERROR_SYSTEM, ERROR_MEMORY. */
	int (*bytes)(void *context, uint16_t source, uint64_t offset, size_t size, struct slice *bytes,
		enum store_wording *wording);
	/* The text of a record that lies in those bytes; borrowed until the next call of this or of `bytes`. */
	void (*parse)(void *context, struct slice raw, struct store_text *text);
};

/* What became of the bytes of a source. Counted by ingest (what the store refused too), shown by everyone. Of a source
   that was read to its end lines = records + joined + header + blank + sampled + lost. */
struct ledger {
	uint64_t bytes;
	uint64_t lines;     /* physical lines read */
	uint64_t records;   /* published */
	uint64_t unparsed;  /* of those, kept as text because the format did not fit */
	uint64_t joined;    /* continuation lines that joined a record */
	uint64_t header;    /* lines that name columns */
	uint64_t blank;     /* lines with nothing on them */
	uint64_t sampled;   /* records left out because a sample was asked for; never ERROR or worse */
	uint64_t late;      /* records that are older than one before them */
	uint64_t truncated; /* records longer than the maximum: their head is kept */
	uint64_t lost;      /* lines that could not be kept: a full store */
};
void ledger_add(struct ledger *sum, const struct ledger *more);
bool ledger_is_empty(const struct ledger *ledger);

struct store_options {
	bool totals_only;           /* keep tables and totals, not the records: for `stats` in bounded memory */
	uint64_t maximum_records;   /* 0: 2^32 */
	uint32_t maximum_templates; /* 0: 65,536, at most 2^20; a new signature beyond it becomes the one template "<*>"
				     */
	uint32_t maximum_services;  /* 0: 4,096, at most 65,534; beyond it, or longer than 256 bytes, "(other)" */
};

struct store;

struct store *store_create(
	const struct store_options *options); /* NULL options: the defaults. NULL when out of memory */
void store_destroy(struct store *store);

/* --- the writer ------------------------------------------------------------------------------------------------ */

/* A source by the name that it is opened by; readers see it at once. The same name twice is two sources. ERROR_FULL,
 * ERROR_MEMORY. */
int store_add_source(struct store *store, struct slice name, uint16_t *source);
/* Not visible yet (with totals_only at most STORE_SEGMENT_RECORDS wait: then it publishes by itself). ERROR_FULL,
 * ERROR_MEMORY. */
int store_append(struct store *store, const struct store_row *row);
/* The code of a kind. Codes of services and templates are given here, so ask in the order of the records, and only for
   what is appended next. ERROR_FULL, ERROR_MEMORY. */
int store_put_kind(struct store *store, const struct store_kind *kind, uint32_t *code);
uint16_t store_kind_source(const struct store *store, uint32_t kind);
uint64_t store_room(const struct store *store); /* how many more records it takes */
/* Appends in order until one does not fit; `*appended` of them. ERROR_FULL, ERROR_MEMORY. */
int store_append_entries(struct store *store, const struct store_entry *entries, size_t count, size_t *appended);
void store_publish(struct store *store); /* everything appended, and the ledgers, become visible */
struct ledger *store_ledger_edit(
	struct store *store, uint16_t source); /* readers see what was edited with the next publish */

/* --- readers ---------------------------------------------------------------------------------------------------
   A code that is not known has an empty name and no totals. */

uint64_t store_count(const struct store *store);   /* published records (with totals_only: counted, not kept) */
bool store_has_records(const struct store *store); /* false with totals_only: only tables and totals answer */
void store_record(const struct store *store, uint64_t id, struct record *record); /* id < store_count */
int64_t store_time(const struct store *store, uint64_t id);

uint16_t store_source_count(const struct store *store);
struct slice store_source_name(const struct store *store, uint16_t source);
struct ledger store_ledger(const struct store *store, uint16_t source);
struct ledger store_ledger_total(const struct store *store);

uint32_t store_service_count(const struct store *store);
struct slice store_service_name(const struct store *store, uint32_t service);
int store_service_find(
	const struct store *store, struct slice name, uint32_t *service); /* exact, ASCII case ignored; ERROR_ABSENT */

/* Signatures in order of first appearance; the text never changes, so nothing leaks from the future. Which of them are
 * one template is told by store/templates.h. */
uint32_t store_template_count(const struct store *store);
struct slice store_template_text(const struct store *store, uint32_t template);
uint64_t store_template_first(const struct store *store,
	uint32_t template); /* id of its first record; visible below a horizon when smaller */

/* Totals over everything published, without a scan. */
struct store_totals {
	uint64_t records;
	uint64_t levels[LEVEL_COUNT];
	int64_t first, last; /* earliest and latest readable time, or TIMESTAMP_NONE */
};
struct store_totals store_totals(const struct store *store);
void store_service_totals(const struct store *store, uint32_t service, uint64_t levels[LEVEL_COUNT]);

struct store_template_totals {
	uint64_t levels[LEVEL_COUNT];
	uint64_t count;
	int64_t first, last;
	uint64_t example; /* a record id, kept even with totals_only */
	uint64_t example_offset;
	uint32_t example_size;
	uint16_t example_source;
};
void store_template_totals(const struct store *store, uint32_t template, struct store_template_totals *totals);
bool store_template_in_service(
	const struct store *store, uint32_t template, uint32_t service); /* has it ever occurred there */

#endif
