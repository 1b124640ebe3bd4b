/*
 * On a host that is on fire, reading a log must not take what the others need.
 */
#ifndef TOCSIN_IO_GENTLE_H
#define TOCSIN_IO_GENTLE_H

/* From here on the calling thread gives way to others: it is waited for by nobody, so it loses its turn to those that
   are, and it reads only while nobody else wants the disk. Where the system knows no such thing, nothing happens. */
void gentle_begin(void);
void gentle_end(void);

#endif
