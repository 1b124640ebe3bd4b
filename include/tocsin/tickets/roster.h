/*
 * Who owns what: services to people. Read from `roster.conf`:
 *
 *   [owners]                     the first line that fits wins; globs allowed
 *   orders-db = dana
 *   payment*  = lee
 *   *         = oncall           the default owner
 *   [people]
 *   dana = Dana Reyes, dana@example.org
 *   [oncall]
 *   name = lee                   stands behind the owner "oncall"; also takes what no line fits
 */
#ifndef TOCSIN_TICKETS_ROSTER_H
#define TOCSIN_TICKETS_ROSTER_H

#include "tocsin/base/error.h"
#include "tocsin/base/slice.h"

struct roster;

struct roster *roster_create(void);
void roster_destroy(struct roster *roster);
/* One `name = value` of a section, as the configuration reader finds them. ERROR_INPUT names what is wrong. */
int roster_set(struct roster *roster, struct slice section, struct slice name, struct slice value, struct error *error);

/* Who should have a ticket of this service, and why in a few words ("owns orders-*", "default owner: nobody owns
   billing"). With an empty roster the name is "" and the reason says that there is no roster. */
void roster_owner(const struct roster *roster, struct slice service, char name[80], char reason[160]);

size_t roster_person_count(const struct roster *roster);
const char *roster_person(const struct roster *roster, size_t index); /* short names, for completion */
/* "Dana Reyes, dana@example.org", or the name itself when unknown; borrowed from the roster or from `name`. */
struct slice roster_describe(const struct roster *roster, struct slice name);

#endif
