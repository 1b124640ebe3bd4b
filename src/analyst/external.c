#include "analyst/external.h"

static const struct external externals[] = {
	{ "certificate", "network", "a certificate expired", 1,
		{ "certificate has expired", "certificate expired", "cert expired", "expired certificate",
			"not yet valid", "is expired: notafter", "certificate is not valid" },
		{ NULL },
		{ "Renew the certificate that the lines name and reload the service that presents it.",
			"Check its dates with the serving side; do not switch verification off.",
			"Find out why nobody renewed it, and watch its remaining time." } },
	{ "name resolution", "network", "names could not be resolved", 2,
		{ "no such host", "enotfound", "servfail", "name resolution", "could not resolve", "getaddrinfo",
			"server misbehaving", "nxdomain", "produced zero addresses", "temporary failure in name" },
		{ NULL },
		{ "Query the resolver by hand, then its upstream, to see which of them does not answer.",
			"Escalate to the owner of the resolver; pin addresses of the most important names meanwhile.",
			"Do not roll services back: several fail at once on different names." } },
	{ "traffic", "resource_shortage", "more requests came than there is room for", 1,
		{ "overload", "shedding load", "saturated", "request volume", "too many requests", "queue is full",
			"over capacity", "rejecting requests", "request queued" },
		{ "requests_per", "request_rate", "rps", "qps" },
		{ "Add instances, or let the balancer shed what can wait.",
			"See where the requests come from: a sale, a crawler, a retry storm.",
			"Nothing that was deployed explains it: a rollback would not help." } },
	{ "bad data", "application", "a record that came in cannot be processed", 1,
		{ "record_id=", "offset=", "poison", "malformed record", "corrupt record", "out of range" }, { NULL },
		{ "Set the record aside (dead letter queue), then let the consumer go on behind it.",
			"Tell its producer; keep a copy of the record.",
			"Validate at the entrance, so that one record cannot stop a partition." } },
	{ "noisy neighbour", "resource_shortage", "another tenant of the machine takes what it needs", 1,
		{ "noisy neighbor", "noisy neighbour", "cpu steal", "steal time", "evicted", "node pressure",
			"nodepressure", "throttled by host" },
		{ NULL },
		{ "Compare the services on the same machine: what they share is the machine.",
			"Move the service, or the neighbour, to another machine.", "Reserve what it needs." } },
	{ "provider", "network", "a provider or region has an outage", 1,
		{ "availability zone", "region outage", "region is unavailable", "provider outage", "status page",
			"third-party outage", "az outage", "zone outage", "upstream provider" },
		{ NULL },
		{ "Read the provider's status page and open a case.",
			"Move traffic to another region or provider where that is prepared.",
			"Tell users; nothing here can be rolled back." } },
};

const struct external *external_at(size_t index)
{
	return index < sizeof(externals) / sizeof(externals[0]) ? &externals[index] : NULL;
}
