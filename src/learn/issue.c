#include "tocsin/learn/issue.h"

#define STRONG 3.0
#define WORDS 40

/* In lower case; a trailing space asks for the end of the word. */
struct category {
	const char *name;
	const char *strong[WORDS]; /* say it by themselves */
	const char *weak[WORDS];   /* hint at it */
};

static const struct category categories[ISSUE_CATEGORY_COUNT] = {
	[ISSUE_UNKNOWN] = { "unknown", { NULL }, { NULL } },
	[ISSUE_RESOURCE_SHORTAGE] = { "resource_shortage",
		{ "no valid host", "out of memory", "outofmemory", "oom", "insufficient", "not enough", "overcommit",
			"over capacity", "quota", "resource shortage", "exhausted", "cannot allocate",
			"too many open files", "no capacity", "memory leak", "ran out of", "overload", "evicted" },
		{ "memory", "cpu", "vcpu", "ram ", "capacity", "resource", "host ", "hosts ", "scheduler", "limit",
			"heap", "flavor", "available " } },
	[ISSUE_NETWORK] = { "network",
		{ "unreachable", "connection refused", "connection reset", "no route", "dns", "packet loss",
			"cannot reach", "can't reach", "could not resolve", "network", "floating ip", "name resolution",
			"tls", "ssl", "certificate", "handshake", "vif ", "dhcp", "firewall" },
		{ "timeout", "timed out", "connect", "ping", "port ", "ports ", "socket", "router", "subnet", "vlan",
			"ssh", "neutron", "interface", "latency", "unplugged", "reach" } },
	[ISSUE_DATABASE] = { "database",
		{ "database", "sql", "mysql", "postgres", "mariadb", "deadlock", "connection pool", "db ", "replica",
			"pool exhausted", "lock wait", "galera", "mongo", "redis" },
		{ "query", "queries", "transaction", "table ", "schema", "migration", "pool", "cursor", "commit" } },
	[ISSUE_AUTH] = { "auth",
		{ "unauthorized", "unauthorised", "forbidden", "permission denied", "access denied", "login", "log in",
			"authenticat", "authoriz", "credential", "password", "401", "403", "keystone", "token expired",
			"expired token", "invalid token" },
		{ "token", "permission", "denied", "role", "policy", "session expired", "certificate expired" } },
	[ISSUE_API] = { "api",
		{ "api ", "apis ", "endpoint", "bad gateway", "502", "503", "504", "rate limit", "too many requests",
			"429", "http 5", "internal server error", "dashboard", "horizon " },
		{ "request", "response", "500", "slow", "http", "upstream", "gateway", "client", "wsgi", "rest " } },
	[ISSUE_STORAGE] = { "storage",
		{ "no space left", "disk", "volume", "storage", "filesystem", "file system", "read-only", "i/o error",
			"snapshot", "cinder", "ceph", "mount", "inode", "backup", "bucket", "enospc" },
		{ "image", "file ", "files ", "block ", "blocks ", "write", "corrupt", "glance", "lvm", "iscsi" } },
	[ISSUE_APPLICATION] = { "application",
		{ "segfault", "segmentation fault", "null pointer", "nullpointer", "core dumped", "unhandled",
			"stack overflow", "assertion", "panic", "crash", "misconfig" },
		{ "exception", "traceback", "bug ", "config", "restart", "version", "deploy" } },
};

const char *issue_category_name(enum issue_category category)
{
	return categories[category].name;
}

static bool is_part(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

static bool mentions(struct slice text, const char *word)
{
	struct slice stem = slice_of(word);
	bool whole = slice_ends(stem, " ");
	size_t size = stem.size - (whole ? 1 : 0);

	for (size_t from = 0;;) {
		size_t at = slice_find_nocase(slice_from(text, from), slice_first(stem, size));

		if (at == SIZE_MAX)
			return false;
		at += from;
		if ((at == 0 || !is_part(text.data[at - 1])) &&
			(!whole || at + size == text.size || !is_part(text.data[at + size])))
			return true;
		from = at + 1;
	}
}

static unsigned count_mentioned(struct slice text, const char *const words[WORDS])
{
	unsigned count = 0;

	for (size_t i = 0; i < WORDS && words[i] != NULL; i++)
		count += mentions(text, words[i]);
	return count;
}

void issue_vote(struct issue_votes *votes, struct slice text, double weight)
{
	for (int i = 0; i < ISSUE_CATEGORY_COUNT; i++)
		votes->of[i] += weight *
			(STRONG * count_mentioned(text, categories[i].strong) +
				count_mentioned(text, categories[i].weak));
}

enum issue_category issue_decide(const struct issue_votes *votes)
{
	enum issue_category best = ISSUE_UNKNOWN;

	for (int i = 0; i < ISSUE_CATEGORY_COUNT; i++)
		if (votes->of[i] > votes->of[best])
			best = (enum issue_category)i;
	return best;
}
