/*
 * Is a signature new against another log, the baseline?
 *
 * It is familiar when the baseline has it, or when it fits one of the baseline's templates: another user's name, a list
 * of another length are nothing new. The baseline has been read to its end and nobody writes to it.
 */
#ifndef TOCSIN_DETECT_FAMILIAR_H
#define TOCSIN_DETECT_FAMILIAR_H

#include "tocsin/store/templates.h"

bool familiar_signature(const struct store *baseline, struct slice signature);
/* Is any signature of the template, in its store, familiar? */
bool familiar_template(const struct store *baseline, const struct store *store, uint32_t template);

#endif
