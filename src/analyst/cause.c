/*
 * The table of causes. A row is one kind of trouble; words are stems looked for at the beginning of a word.
 */
#include "analyst/cause.h"

#include "analyst/names.h"

static const struct cause causes[] = {
	{ "connection pool", "database", "ran out of pooled connections", 2.0,
		{ "pool exhausted", "connection pool", "too many connections", "no free connection",
			"obtain connection", "acquire connection", "remaining connection slots", "pool is full",
			"pool timeout", "pool" },
		{ "See who holds the connections: sessions by client, state and age, oldest first.",
			"End the holder at its source (stop the report or batch job, roll back the leak) before "
			"raising the limit.",
			"Only then raise the pool's maximum a little, and check that the database itself allows the "
			"sum over all clients.",
			"Set a time limit on acquiring and on idle transactions, so that the next leak fails "
			"alone." } },
	{ "memory", "resource_shortage", "ran out of memory", 2.0,
		{ "out of memory", "outofmemory", "oom", "cannot allocate", "heap space", "memory limit",
			"memory pressure", "gc overhead" },
		{ "Compare resident memory with the limit, and look when it began to rise.",
			"Restart one instance at a time to win time; keep a heap dump of one first.",
			"Raise the limit only when the rise has a known end; otherwise go back to the version before "
			"it began." } },
	{ "full disk", "storage", "ran out of disk space", 2.0,
		{ "no space left", "disk full", "disk is full", "enospc", "quota exceeded", "disk usage", "low disk" },
		{ "See which file system is full, and which directory grew.",
			"Move or compress old logs and dumps first; do not delete data files.",
			"A deleted file stays on disk while a process holds it open: look for such files before "
			"restarting." } },
	{ "input and output", "storage", "could not read or write its storage", 1.6,
		{ "i/o error", "io error", "read-only file system", "volume", "mount", "stale file handle",
			"checksum mismatch", "corrupt" },
		{ "Look at the kernel log and the state of the volume for errors at that time.",
			"If it is read-only, move traffic away; do not remount before the reason is known.",
			"Check that the last backup can be read." } },
	{ "open files", "resource_shortage", "ran out of file descriptors", 2.0,
		{ "too many open files", "emfile", "file descriptor" },
		{ "Count the open descriptors of the process by kind and compare with its limit.",
			"Sockets in CLOSE_WAIT mean a leak in the client code; files mean a missing close.",
			"Raise the limit of the unit and restart one instance at a time." } },
	{ "capacity", "resource_shortage", "had no capacity left", 1.6,
		{ "no valid host", "insufficient", "exhausted", "over capacity", "overload", "queue full",
			"queue is full", "rejected execution", "resource limit", "not enough", "backlog" },
		{ "Compare what was asked for with what is available in the lines cited.",
			"Free what is no longer used, or add capacity, before trying again.",
			"Lower the rate of callers meanwhile: retries make it worse." } },
	{ "locks", "database", "was blocked by database locks", 2.0,
		{ "deadlock", "lock wait", "lock timeout", "could not obtain lock", "lock contention" },
		{ "List the blocking sessions and what they run; the oldest blocker matters.",
			"End the blocker, not the blocked.",
			"Look for a migration or a batch job that began just before." } },
	{ "database", "database", "had trouble with its database", 1.0,
		{ "database", "sql", "postgres", "mysql", "replica", "replication", "primary", "transaction", "query",
			"db" },
		{ "Check that the database answers, who is primary, and how far replicas lag.",
			"Look at its slowest running statements and their age.",
			"Undo the latest schema or query change if it lies before the onset." } },
	{ "dns", "network", "could not resolve names", 2.2,
		{ "dns", "name resolution", "resolve host", "could not resolve", "nxdomain", "no such host", "servfail",
			"unknown host", "getaddrinfo" },
		{ "Resolve the name by hand on this machine and against another resolver.",
			"Look whether the record, its zone or the resolver changed or expired.",
			"A cached or pinned address bridges the gap; take it out again afterwards." } },
	{ "certificate", "network", "failed on a TLS certificate", 2.2,
		{ "certificate", "x509", "tls", "ssl", "handshake" },
		{ "Read the dates and names of the certificate that the far side presents.",
			"Renew or roll back the certificate, then reload; do not switch verification off.",
			"Check the clock of this machine when the dates look right." } },
	{ "refused", "network", "could not connect", 1.5,
		{ "connection refused", "econnrefused", "unreachable", "reset by peer", "broken pipe",
			"connection reset", "no route", "connection lost", "connection closed", "not reachable" },
		{ "Check that the far side runs and listens where it is expected.",
			"Try the port from this machine, then from its neighbour, to tell host from network.",
			"Look for a firewall, policy or address change before the onset." } },
	{ "timeout", "network", "timed out", 1.2,
		{ "timeout", "timed out", "time out", "deadline exceeded", "took too long" },
		{ "Look at the latency of what it waits for, not at the one who waits.",
			"Make retries fewer and spaced: they multiply the load on the slow part.",
			"Shed or queue work that can wait until the slow part recovers." } },
	{ "access", "auth", "was denied access", 1.8,
		{ "unauthorized", "401", "403", "forbidden", "permission denied", "access denied", "invalid token",
			"token expired", "credential", "authentication" },
		{ "Find which identity was refused, and whether its secret was rotated or expired.",
			"Restore the former secret or permission if it changed before the onset.",
			"Do not widen permissions to make it pass." } },
	{ "rate limit", "api", "was limited by rate", 2.0, { "rate limit", "429", "too many requests", "throttl" },
		{ "Find the caller that sends most and whether its rate rose.",
			"Slow that caller or let it back off; ask for a higher limit last.",
			"Look for a retry loop." } },
	{ "upstream", "api", "got errors from what it calls", 0.9,
		{ "502", "503", "504", "bad gateway", "upstream", "service unavailable", "internal server error",
			"500" },
		{ "Follow the call: the one that is called matters more than the caller.",
			"Open the circuit or answer from a cache where that is allowed.",
			"Check the health of the called service and its latest deploy." } },
	{ "crash", "application", "crashed", 1.3,
		{ "segfault", "segmentation fault", "panic", "null pointer", "nullpointer", "unhandled", "assert",
			"core dumped", "stack overflow", "exited" },
		{ "Read the first new stack trace from the bottom up.",
			"Go back to the last version if one was deployed before the onset.",
			"Keep one crashed instance or its core for the owners." } },
	/* Every kind of trouble raises exceptions: this row speaks only when no other does. */
	{ "exception", "application", "failed with an exception", 0.2, { "traceback", "exception", "raise " },
		{ "Read the last frames of the first new stack trace.",
			"Look for the same exception before the onset: what is new is in its arguments.",
			"Go back to the last version if one was deployed before the onset." } },
	{ "configuration", "application", "was configured wrongly", 1.4,
		{ "config", "missing key", "invalid value", "unknown option", "feature flag", "not configured" },
		{ "Compare the configuration with that of the last good start.",
			"Put the former value back, then find out who needs the new one.",
			"Reload one instance first." } },
};

const struct cause *cause_at(size_t index)
{
	return index < sizeof(causes) / sizeof(causes[0]) ? &causes[index] : NULL;
}

double cause_score(const struct cause *cause, struct slice text)
{
	double score = 0;

	for (size_t i = 0; i < CAUSE_WORDS && cause->words[i]; i++)
		if (names_find_word(text, slice_of(cause->words[i])) != SIZE_MAX)
			score += cause->weight;
	return score;
}

const struct cause *cause_find(const struct slice *lines, size_t count, double *score)
{
	const struct cause *best = NULL;
	double most = 0;

	for (size_t i = 0; cause_at(i); i++) {
		double sum = 0;

		for (size_t line = 0; line < count; line++)
			sum += cause_score(&causes[i], lines[line]) / (1 + 0.25 * (double)line);
		if (sum > most) {
			most = sum;
			best = &causes[i];
		}
	}
	if (score)
		*score = most;
	return best;
}
