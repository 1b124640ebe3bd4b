/*
 * Stack traces in messages: which source files a failure went through, deepest first.
 *
 * Python ("  File "/usr/lib/.../nova/rpc.py", line 417, in client"), Java ("at c.s.Orders.pay(Orders.java:12)") and
 * anything that names files as "limiter.go:38". The deepest frame of Python is the last, of others the first.
 */
#ifndef ANALYST_FRAMES_H
#define ANALYST_FRAMES_H

#include "tocsin/base/slice.h"

#define FRAMES_MAXIMUM 128

struct frame {
	struct slice file;     /* as it stands, from the folder of packages on when it lies in one: "nova/rpc.py" */
	struct slice function; /* may be empty */
	bool library;          /* lies in a folder of packages, or among the packages of the language */
	bool wrapper;          /* only hands on the arguments that it got */
	bool unseen;           /* its line of source could not be shown: what ran is not the file on the disk */
};

/* Returns how many were found, deepest first. All borrow from the text. */
size_t frames_find(struct slice text, struct frame frames[FRAMES_MAXIMUM]);

/* The next module with a dotted name of three parts or more ("neutron.notifiers.nova.Notifier" names
   "neutron.notifiers.nova"), for the exceptions that name what failed. */
bool frames_next_module(struct slice *rest, struct slice *module);

#endif
