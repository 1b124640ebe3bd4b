/*
 * Runbooks: what to do when something is known to break. One Markdown file each, its head says when it applies:
 *
 *   ---
 *   match: connection pool (exhausted|timed out)
 *   match: too many clients
 *   service: orders-*
 *   title: Database connections
 *   ---
 *   # Database connections
 *   1. ...
 *
 * `match:` is a regular expression in any case, one a line; any of them may fit. `service:` is a glob that must fit
 * too, when there is one. Without `title:` the first heading is the title. tocsin shows runbooks and never runs them.
 */
#ifndef TOCSIN_CONTEXT_RUNBOOKS_H
#define TOCSIN_CONTEXT_RUNBOOKS_H

#include "tocsin/base/error.h"
#include "tocsin/base/pattern.h"
#include "tocsin/base/vector.h"
#include "tocsin/context/text.h"

#define RUNBOOKS_MAXIMUM 1000
#define RUNBOOK_BYTES 262144
#define RUNBOOK_MATCHES 32

struct runbook {
	struct slice name; /* of its file */
	struct slice title;
	struct slice body; /* Markdown, without the head */
	struct slice matches[RUNBOOK_MATCHES];
	struct slice service;                      /* glob; empty: any */
	struct pattern *patterns[RUNBOOK_MATCHES]; /* not shareable between threads */
	size_t match_count;
};

struct runbooks {
	struct context_text *text; /* borrowed */
	struct vector items;       /* of struct runbook */
};

void runbooks_init(struct runbooks *runbooks, struct context_text *text);
void runbooks_release(struct runbooks *runbooks);

/* Adds one file's text. ERROR_INPUT names the line that is wrong (no `match:`, a pattern that cannot be). */
int runbooks_add(struct runbooks *runbooks, struct slice name, struct slice text, struct error *error);

size_t runbooks_count(const struct runbooks *runbooks);
const struct runbook *runbooks_at(const struct runbooks *runbooks, size_t index);

/* How many of its `match:` lines fit a message of a service (empty: unknown). 0: it does not apply. */
size_t runbook_fit(const struct runbook *runbook, struct slice service, struct slice message);
/* The one that fits best, the first of equals; NULL when none does. */
const struct runbook *runbooks_find(const struct runbooks *runbooks, struct slice service, struct slice message);

#endif
