/*
 * The published table of signatures and templates: which signatures are one kind of message.
 *
 * Records carry signatures (record.template, in order of first appearance) and are never written again; what `mine`
 * finds later is published as a table beside them. A template's number is the smallest number of its signatures, so a
 * signature that stands alone is its own template. Tables never change and live as long as the store: a replay asks for
 * the one made of what it has seen (`store_signatures_below`) and so knows nothing of the future.
 *
 * One writer publishes; readers in any thread take the newest table.
 */
#ifndef TOCSIN_STORE_TEMPLATES_H
#define TOCSIN_STORE_TEMPLATES_H

#include "tocsin/store/store.h"

#define STORE_MAXIMUM_TABLES 1024 /* later ones are refused, and the last stays in force */

struct store_templates;

/* --- the writer: fills a table, then publishes it --------------------------------------------------------------- */

/* of[i] is the template of signature i, copied. NULL when out of memory. */
struct store_templates *store_templates_create(uint32_t signatures, const uint32_t *of);
void store_templates_destroy(struct store_templates *templates); /* one that was not published; NULL is fine */
/* The text of a template (mine/template.h), copied; its smallest signature's if none is given. ERROR_MEMORY. */
int store_templates_put_text(struct store_templates *templates, uint32_t template, struct slice text);
/* Takes the table, also on failure. ERROR_FULL. */
int store_publish_templates(struct store *store, struct store_templates *templates);

/* Publishes in a store that holds a part of another's records the newest table of that other. ERROR_MEMORY,
 * ERROR_FULL. */
int store_carry_templates(struct store *part, const struct store *whole);

/* Signatures appended so far, published or not, and their texts. */
uint32_t store_written_signatures(const struct store *store);
struct slice store_written_signature(const struct store *store, uint32_t signature);
bool store_knows_signature(const struct store *store, struct slice text);

/* --- readers ---------------------------------------------------------------------------------------------------- */

/* The newest table made of at most that many signatures; NULL when there is none, which is a table too. */
const struct store_templates *store_templates(const struct store *store, uint32_t signatures);
/* How many signatures occur in records below `id`. */
uint32_t store_signatures_below(const struct store *store, uint64_t id);

/* A signature that the table does not hold yet is its own template. */
uint32_t store_templates_of(const struct store_templates *templates, uint32_t signature);
struct slice store_templates_text(
	const struct store *store, const struct store_templates *templates, uint32_t template);

#endif
