/*
 * Bytes of one source to entries: a framer, a parser, a coder, and what came of them.
 *
 * It belongs to one thread. What it makes of a record depends on the record alone, so that several may read parts of
 * one source, each from the begin of a record on.
 */
#ifndef TOCSIN_SRC_INGEST_RECORDER_H
#define TOCSIN_SRC_INGEST_RECORDER_H

#include "ingest/entries.h"
#include "ingest/format_table.h"
#include "ingest/framing.h"
#include "ingest/heads.h"

/* Records of which only the messages are left to be looked at, column by column. */
struct columns {
	size_t count;
	struct slice messages[SIGNATURE_BATCH];
	uint32_t heads[SIGNATURE_BATCH];
	struct store_entry entries[SIGNATURE_BATCH];
};

struct recorder {
	const char *stem; /* the service of records that name none; borrowed */
	uint16_t code;    /* of the source, in the store */
	uint64_t base;    /* is added to all offsets */
	struct parser *parser; /* NULL until the format is known */
	struct coder *coder;   /* borrowed */
	struct heads *heads;   /* NULL: everything is parsed */
	struct slice bytes;    /* that are being fed: only messages in them can wait */
	struct columns columns;
	struct framer framer;
	struct entries queue;
	int64_t shift;         /* is added to all times */
	uint32_t sample;       /* of records that are no errors one in so many is kept; 0: all */
	uint64_t next_line;    /* behind what is accounted for: lines between two records are blank */
	uint64_t further;      /* lines of the records in the columns beyond one each, */
	uint64_t tail;         /* and of the last of them */
	struct ledger pending; /* what the next batch takes along */
	size_t given;          /* records ever */
	int64_t last_time;     /* of the last record that has one, or TIMESTAMP_NONE */
};

/* The parser is known: begins to read where this byte and this line stand. ERROR_MEMORY. */
int recorder_begin(struct recorder *recorder, uint64_t position, uint64_t line);
void recorder_stop(struct recorder *recorder); /* lets go of the framer, and what it holds */
void recorder_release(struct recorder *recorder);

/* All lines before `line` belong to records that were given, or are blank. */
void recorder_settle(struct recorder *recorder, uint64_t line);

/* Bytes that follow those before; counts them and their lines. */
void recorder_feed(struct recorder *recorder, struct slice bytes);

#endif
