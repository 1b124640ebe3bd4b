/*
 * A dotted name is a host only with an ending that hosts have and loggers, packages and files have not: a model that no
 * longer sees `nova.compute.manager` or `checkout.csv` could not say what broke.
 */
#include "base/redact_identity.h"

#include <string.h>

#define GROUPS 8 /* of an IPv6 address */

/* Without the dots and dashes of a sentence behind it. */
static struct span trimmed(struct slice text, struct span word)
{
	while (word.end > word.begin && is_one_of(text.data[word.end - 1], ".-+_"))
		word.end--;
	return word;
}

/* --- addresses ---- */

static bool is_ipv4(struct slice word, unsigned *first)
{
	struct slice part;
	uint64_t number;
	int parts = 0;

	while (slice_next(&word, '.', &part)) {
		if (part.size == 0 || part.size > 3 || !slice_to_u64(part, &number) || number > 255)
			return false;
		if (parts++ == 0)
			*first = (unsigned)number;
	}
	return parts == 4;
}

static bool is_hex(char byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* Groups of up to four hexadecimal digits with ':' between: eight, or fewer with one "::" (a clock has neither). */
static bool is_ipv6(struct slice text, size_t begin, size_t *end)
{
	size_t at = begin, groups = 0;
	bool gap = false;

	*end = begin;
	while (groups < GROUPS) {
		size_t digits = 0;

		while (digits < 5 && is_hex(byte_at(text, at + digits)))
			digits++;
		if (digits == 0 || digits > 4)
			break;
		groups++;
		at += digits;
		*end = at;
		if (byte_at(text, at) != ':')
			break;
		at++;
		if (byte_at(text, at) == ':' && !gap) {
			gap = true;
			*end = ++at;
		}
	}
	return (groups == GROUPS && !gap) || (gap && groups >= 1 && groups < GROUPS);
}

bool identity_address(struct slice text, struct span word, struct span *secret)
{
	unsigned first = 0;
	size_t end;

	*secret = trimmed(text, word);
	if (is_ipv4(span_of(text, *secret), &first))
		return first != 127 && first != 0;
	if (byte_at(text, word.end) != ':' || !is_ipv6(text, word.begin, &end) || is_word(byte_at(text, end)))
		return false;
	secret->end = end;
	return true;
}

/* --- UUIDs ---- */

bool identity_uuid(struct slice text, struct span word, struct span *secret)
{
	*secret = trimmed(text, word);
	if (secret->end - secret->begin < 36)
		return false;
	if (value_is_uuid(span_of(text, (struct span){ secret->begin, secret->begin + 36 }))) {
		secret->end = secret->begin + 36;
		return true;
	}
	secret->begin = secret->end - 36;
	return is_one_of(text.data[secret->begin - 1], "-_.") && value_is_uuid(span_of(text, *secret));
}

/* --- hosts ---- */

static bool is_host_label(struct slice label)
{
	if (label.size == 0 || label.size > 63 || label.data[0] == '-')
		return false;
	for (size_t i = 0; i < label.size; i++)
		if (!is_letter(label.data[i]) && !is_digit(label.data[i]) && label.data[i] != '-')
			return false;
	return true;
}

static bool has_host_ending(struct slice name)
{
	static const char *const endings[] = { "com", "net", "org", "edu", "gov", "mil", "io", "cloud", "internal",
		"local", "localdomain", "lan", "corp", "intranet", "svc", "arpa", "de", "uk", "fr", "nl", "eu", "jp",
		"cn", "ru", "br", "ca", "au", "ch", "pl", "se", "fi", NULL };
	static const char *const packages[] = { "com", "org", "net", "io", "java", "javax", NULL };
	struct slice label, first = slice_first(name, slice_find_byte(name, '.')), last = { NULL, 0 };
	size_t labels = 0;

	for (; slice_next(&name, '.', &label); labels++) {
		if (!is_host_label(label))
			return false;
		last = label;
	}
	for (const char *const *ending = endings; *ending != NULL && labels >= 2; ending++)
		if (slice_is(last, *ending))
			return !value_is_one_of(first, packages);
	return false;
}

/* `host=web-01`: a value with a digit or a dot; a service's plain name stays. */
static bool find_named(struct slice text, struct span word, struct span *secret)
{
	static const char *const names[] = { "host", "hostname", "fqdn", "nodename", NULL };
	struct slice value;
	size_t begin, digits = 0;

	if (!value_is_one_of(span_of(text, word), names) || value_separator(text, word.end, &begin) == '\0')
		return false;
	*secret = (struct span){ value_skip_quote(text, begin), 0 };
	secret->end = secret->begin;
	while (is_word(byte_at(text, secret->end)))
		secret->end++;
	*secret = trimmed(text, *secret);
	value = span_of(text, *secret);
	for (size_t i = 0; i < value.size; i++)
		digits += is_digit(value.data[i]) || value.data[i] == '.';
	return value.size >= 3 && digits > 0 && is_letter(value.data[0]) && !slice_is(value, "localhost");
}

bool identity_host(struct slice text, struct span word, struct span *secret)
{
	if (find_named(text, word, secret))
		return true;
	*secret = trimmed(text, word);
	return has_host_ending(span_of(text, *secret));
}
