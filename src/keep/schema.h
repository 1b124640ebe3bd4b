/*
 * The shape of the database, and how an older one becomes it.
 */
#ifndef TOCSIN_SRC_KEEP_SCHEMA_H
#define TOCSIN_SRC_KEEP_SCHEMA_H

#include "keep/handle.h"

/* "Tcsn": tells a database of tocsin from anybody else's SQLite file. */
#define SCHEMA_APPLICATION_ID 0x5463736e

int schema_version(void); /* the newest this program knows */

/* Refuses, without writing, a file that is not tocsin's or that a newer tocsin wrote. */
int schema_check(struct database *database, struct error *error);
/* Brings a checked database up to date, all steps in one transaction. */
int schema_upgrade(struct database *database, struct error *error);

#endif
