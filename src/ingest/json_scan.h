/*
 * One line of JSON to the members of a row.
 *
 * The scanner reads objects, and objects one level inside them, by hand: "a":{"b":1} is the field "a.b". Arrays, what
 * is deeper, and null are checked and left out. It gives up at anything odd (escapes in names, half a surrogate pair, a
 * message that is an array of bytes), which then goes through cJSON to the same result.
 */
#ifndef TOCSIN_SRC_INGEST_JSON_SCAN_H
#define TOCSIN_SRC_INGEST_JSON_SCAN_H

#include "ingest/members.h"

/* What the lines of one source have in common: their names, mostly, in the same places. */
struct json_scanner;

struct json_scanner *json_scanner_create(void);
void json_scanner_destroy(struct json_scanner *scanner); /* NULL is fine */

/* Where the next quote, backslash or byte 0 stands; `end` when there is none. */
const char *json_find_special(const char *at, const char *end);

enum json_result { JSON_SCANNED, JSON_ODD, JSON_BROKEN };

/* `scratch` takes what is not in the text as it is. */
enum json_result json_scan(
	struct json_scanner *scanner, struct slice text, struct scratch *scratch, struct members *members);
/* The same through cJSON, for any object. */
enum json_result json_scan_slowly(struct slice text, struct scratch *scratch, struct members *members);

/* The inside of a JSON string to bytes, never more than it is long; what is no escape is kept as it is. `out` has room
   for text.size bytes. Returns how many there are. */
size_t json_unescape(struct slice text, char *out);

#endif
