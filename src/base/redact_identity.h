/*
 * What names a machine or a thing rather than opening one: addresses, hosts, UUIDs. The same form as redact_shape.h.
 */
#ifndef BASE_REDACT_IDENTITY_H
#define BASE_REDACT_IDENTITY_H

#include "base/redact_value.h"

bool identity_address(struct slice text, struct span word, struct span *secret); /* IPv4 and IPv6, but loopback */
bool identity_uuid(struct slice text, struct span word, struct span *secret);    /* also behind "req-" and the like */
bool identity_host(struct slice text, struct span word, struct span *secret);    /* name.with.known.ending, host=... */

#endif
