/*
 * Services as people and log lines name them: "payment" is payment-service, "the orders db" is orders-db. Only those
 * that have spoken by the horizon count: a service of the future neither is named nor makes a name ambiguous.
 */
#ifndef ANALYST_NAMES_H
#define ANALYST_NAMES_H

#include "analyst/scene.h"

#define NAMES_MAXIMUM 8

/* Services that a word may mean, best kind of match only: the whole name; the name without "-service" and the like, or
   a plural; one of its parts. Returns how many were written. */
size_t names_match(const struct scene *scene, struct slice word, uint32_t services[NAMES_MAXIMUM]);

/* Is this service named anywhere in a text, by its name, its name without a common ending, or a part that no other
 * service has? */
bool names_mentioned(const struct scene *scene, struct slice text, uint32_t service);

/* The part of a service's name that its relatives share: "nova" of "nova-compute" and "nova/api"; the
   whole name where most services begin alike. */
struct slice service_family(const struct scene *scene, uint32_t service);

/* The service nearest in spelling, or STORE_NO_CODE when none is near. */
uint32_t names_nearest(const struct scene *scene, struct slice word);

/* Takes the next run of letters, digits, '_', '-' and '.' (and bytes above 0x7f) off the front of `*rest`. */
bool names_next_word(struct slice *rest, struct slice *word);

/* Does `text` hold `word` where a word begins (ASCII case ignored)? "timeout" is in "db timeouts", "db" is not in
 * "sandbox". */
size_t names_find_word(struct slice text, struct slice word);

#endif
