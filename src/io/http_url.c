/*
 * What a URL says about where it goes, without a general parser: scheme, user, host, port end at fixed characters.
 */
#include "io/http_inside.h"

#include <stdio.h>

static bool is_http(struct slice url, bool *is_tls)
{
	*is_tls = slice_equal_nocase(slice_first(url, 8), slice_of("https://"));
	return *is_tls || slice_equal_nocase(slice_first(url, 7), slice_of("http://"));
}

/* host[:port], without scheme, user and path */
static struct slice authority_of(struct slice url, bool *is_tls)
{
	struct slice rest;
	size_t end = 0, begin = 0;

	if (!is_http(url, is_tls))
		return (struct slice){ NULL, 0 };
	rest = slice_from(url, *is_tls ? 8 : 7);
	while (end < rest.size && rest.data[end] != '/' && rest.data[end] != '?' && rest.data[end] != '#') {
		if (rest.data[end] == '@')
			begin = end + 1;
		end++;
	}
	return slice_from(slice_first(rest, end), begin);
}

static size_t port_colon(struct slice authority)
{
	size_t colon = slice_find_byte(authority, ':');

	if (slice_starts(authority, "[")) {
		size_t bracket = slice_find_byte(authority, ']');
		return bracket + 1 < authority.size && authority.data[bracket + 1] == ':' ? bracket + 1 : SIZE_MAX;
	}
	return colon;
}

struct slice http_url_host(struct slice url)
{
	bool is_tls;
	struct slice authority = authority_of(url, &is_tls);
	struct slice host = slice_first(authority, port_colon(authority));

	if (slice_starts(host, "[") && slice_ends(host, "]"))
		host = slice_first(slice_from(host, 1), host.size - 2);
	return host;
}

static struct slice port_of(struct slice authority, bool is_tls)
{
	size_t colon = port_colon(authority);

	if (colon == SIZE_MAX || colon + 1 >= authority.size)
		return slice_of(is_tls ? "443" : "80");
	return slice_from(authority, colon + 1);
}

bool http_same_origin(struct slice a, struct slice b)
{
	bool a_tls, b_tls;
	struct slice a_place = authority_of(a, &a_tls), b_place = authority_of(b, &b_tls);

	return a_place.size > 0 && a_tls == b_tls && slice_equal_nocase(http_url_host(a), http_url_host(b)) &&
		slice_equal(port_of(a_place, a_tls), port_of(b_place, b_tls));
}

void http_url_shown(struct slice url, char *out, size_t capacity)
{
	bool is_tls;
	struct slice authority = authority_of(url, &is_tls), host = http_url_host(url), port;

	port = port_of(authority, is_tls);
	snprintf(out, capacity, "%.*s:%.*s", (int)(host.size < 90 ? host.size : 90), host.data == NULL ? "" : host.data,
		(int)(port.size < 6 ? port.size : 6), port.data);
}

static bool is_number_below_256(struct slice part)
{
	uint64_t number;

	return part.size <= 3 && slice_to_u64(part, &number) && number < 256;
}

bool http_host_is_loopback(struct slice host)
{
	struct slice localhost = slice_of("localhost"), part;
	int parts = 0;

	if (slice_equal_nocase(host, localhost) || slice_is(host, "::1"))
		return true;
	if (host.size > 10 && slice_equal_nocase(slice_from(host, host.size - 10), slice_of(".localhost")))
		return true;
	if (!slice_starts(host, "127."))
		return false;
	while (slice_next(&host, '.', &part)) {
		if (!is_number_below_256(part))
			return false; /* 127.evil.example */
		parts++;
	}
	return parts == 4;
}
