/*
 * Text is read once, word by word (letters, digits and _ . - + make a word). At each word the rules of one table are
 * asked in order whether a secret begins in it or right behind it; the first that says yes has it replaced, and reading
 * goes on behind the secret. A rule looks no further than the word, a bounded distance beyond, or the end of what it
 * then takes, so the time is linear whatever the text.
 *
 * What is taken for a secret is a judgement between a leak and a useless log:
 * - `password`, `secret`, `api_key` and their like hide any value, in prose too ("password: wrong"). `token` hides what
 *   could be one: no short number, and after a colon no plain word. A bare `key` is mostly the name of a cache entry:
 *   it hides only what looks random, and no UUID.
 * - A git sha, a UUID, a trace id or a long number is no secret: no rule goes by randomness without a name.
 * - A card number needs an issuer's prefix, length and grouping besides its check digit, or one request id in ten
 *   would be one.
 * - An e-mail address needs a domain; a systemd unit such as getty@tty1.service and git@host are none.
 */
#include "tocsin/base/redact.h"

#include "base/redact_identity.h"
#include "base/redact_scan.h"
#include "base/redact_shape.h"
#include "base/redact_value.h"

#include <string.h>

#define SHORTEST_KEY 16
#define JUDGED 256

enum demand {
	ANY,       /* every value but a placeholder */
	NO_PATH,   /* nor a path: PWD=/root, private_key=/etc/tls.key */
	PLAUSIBLE, /* it could be a token */
	RANDOM     /* it looks like nothing else */
};

struct rule {
	const char *kind;
	bool (*find)(struct slice text, struct span word, struct span *secret); /* or NULL, and then: */
	const char *const *names; /* endings of names whose values are secret, NULL at the end */
	enum demand demand;
	bool is_identity; /* asked only where identities must go, too */
};

/* --- values ---- */

static bool value_suits(struct slice value, enum demand demand, char separator)
{
	if (value_is_placeholder(value))
		return false;
	switch (demand) {
	case ANY:
		return true;
	case NO_PATH:
		return value.data[0] != '/';
	case PLAUSIBLE:
		return value.size >= 6 && (separator == '=' || value.size >= 16 || value_has_digit(value));
	case RANDOM:
		return value_is_random(value, SHORTEST_KEY) && !value_is_uuid(value);
	}
	return false;
}

/* The value at `begin`, if it is a secret by what is demanded. That is judged by its first bytes: what is refused will
   be read again, and must not be long. */
static bool take_value(struct slice text, size_t begin, enum demand demand, char separator, struct span *secret)
{
	struct slice near = slice_first(text, begin + JUDGED);

	if (!value_suits(span_of(near, value_at(near, begin)), demand, separator))
		return false;
	*secret = value_at(text, begin);
	return true;
}

/* --- headers ---- */

/* "Authorization: Basic <...>": a known scheme stays, one with parameters is hidden to the end of the line. Without a
   scheme it may be prose ("authorization: denied"), so the value must look random. */
static bool find_authorization(struct slice text, struct span word, struct span *secret)
{
	static const char *const single[] = {"basic", "bearer", "token", "apikey", "negotiate", "ntlm", NULL};
	static const char *const several[] = {"digest", "oauth", "signature", "hawk", "aws4-hmac-sha256", NULL};
	struct span scheme;
	size_t begin;

	if (!value_ends(span_of(text, word), "authorization") || value_separator(text, word.end, &begin) == '\0')
		return false;
	begin = value_skip_quote(text, begin);
	scheme = (struct span){begin, begin};
	while (is_word(byte_at(text, scheme.end)))
		scheme.end++;
	begin = skip_spaces(text, scheme.end);
	if (value_is_one_of(span_of(text, scheme), single))
		return take_value(text, begin, ANY, '=', secret);
	if (!value_is_one_of(span_of(text, scheme), several))
		return take_value(text, scheme.begin, RANDOM, '=', secret);
	if (!take_value(text, begin, ANY, '=', secret))
		return false;
	while (secret->end < text.size && !is_one_of(text.data[secret->end], "\r\n"))
		secret->end++;
	return true;
}

/* "Bearer <...>", unless a word of prose follows. */
static bool find_bearer(struct slice text, struct span word, struct span *secret)
{
	struct slice value;

	if (!slice_equal_nocase(span_of(text, word), slice_of("bearer")))
		return false;
	secret->begin = secret->end = skip_spaces(text, word.end);
	while (is_word(byte_at(text, secret->end)) || is_one_of(byte_at(text, secret->end), "/=~"))
		secret->end++;
	value = span_of(text, *secret);
	return secret->begin > word.end && value.size >= 8 && (value_has_digit(value) || value.size >= 20);
}

/* --- name=value ---- */

/* True when the name ends so; a bare "key" must stand alone or behind a joint, for it ends other words too. */
static bool name_suits(struct slice name, const struct rule *rule)
{
	for (const char *const *ending = rule->names; *ending != NULL; ending++) {
		size_t before = name.size - strlen(*ending);

		if (value_ends(name, *ending) &&
			(rule->demand != RANDOM || before == 0 || is_one_of(name.data[before - 1], "_.-")))
			return true;
	}
	return false;
}

static bool find_named(const struct rule *rule, struct slice text, struct span word, struct span *secret)
{
	struct slice name = span_of(text, word);
	size_t begin;
	char separator;

	if (!name_suits(name, rule))
		return false;
	separator = value_separator(text, word.end, &begin);
	if (separator == '\0') { /* --password VALUE */
		begin = skip_spaces(text, word.end);
		if (!slice_starts(name, "--") || begin == word.end || byte_at(text, begin) == '-')
			return false;
		separator = '=';
	}
	return take_value(text, begin, rule->demand, separator, secret);
}

/* --- the table ---- */

static const char *const password_names[] = {"password", "passwd", "passphrase", "_pass", NULL};
static const char *const secret_names[] = {"secret", "credential", "credentials", NULL};
static const char *const token_names[] = {"token", NULL};
static const char *const api_key_names[] = {
	"api_key",
	"api-key",
	"apikey",
	"access_key",
	"access-key",
	"accesskey",
	"secret_key",
	"secret-key",
	"secretkey",
	"private_key",
	"private-key",
	"privatekey",
	"account_key",
	"accountkey",
	"signing_key",
	"encryption_key",
	"auth_key",
	"master_key",
	NULL,
};
static const char *const directory_names[] = {"pwd", NULL};
static const char *const key_names[] = {"key", NULL};

static const struct rule rules[] = {
	{"private-key", shape_private_key, NULL, ANY, false},
	{"authorization", find_authorization, NULL, ANY, false},
	{"token", find_bearer, NULL, ANY, false},
	{"password", NULL, password_names, ANY, false},
	{"password", NULL, directory_names, NO_PATH, false},
	{"secret", NULL, secret_names, ANY, false},
	{"token", NULL, token_names, PLAUSIBLE, false},
	{"key", NULL, api_key_names, NO_PATH, false},
	{"key", NULL, key_names, RANDOM, false},
	{"key", shape_vendor_key, NULL, ANY, false},
	{"webhook", shape_webhook, NULL, ANY, false},
	{"password", shape_url_password, NULL, ANY, false},
	{"email", shape_email, NULL, ANY, false},
	{"card", shape_card, NULL, ANY, false},
	{"uuid", identity_uuid, NULL, ANY, true},
	{"ip", identity_address, NULL, ANY, true},
	{"host", identity_host, NULL, ANY, true},
};

static const struct rule *find_secret(
	const struct redact_scan *scan, struct slice text, struct span word, struct span *secret)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];

		if (rule->is_identity && !scan->identities)
			continue;
		if (rule->find != NULL ? rule->find(text, word, secret) : find_named(rule, text, word, secret))
			return rule;
	}
	return NULL;
}

int redact_scan(const struct redact_scan *scan, struct slice text, struct buffer *out)
{
	struct span word = {0, 0};
	size_t kept = 0; /* everything before was appended */
	int count = 0;

	while (word.begin < text.size) {
		const struct rule *rule = NULL;
		struct span secret;

		for (word.end = word.begin; word.end < text.size && is_word(text.data[word.end]); word.end++)
			;
		/* In text that is itself escaped, the letter of a \n is none of the word's. */
		if (word.end > word.begin + 1 && word.begin > 0 && text.data[word.begin - 1] == '\\' &&
			is_one_of(text.data[word.begin], "nrt"))
			word.begin++;
		if (word.end > word.begin)
			rule = find_secret(scan, text, word, &secret);
		else
			word.end++;
		if (rule != NULL) {
			buffer_append(out, text.data + kept, secret.begin - kept);
			scan->replace(scan->context, rule->kind, span_of(text, secret), out);
			kept = word.end = secret.end;
			count++;
		}
		word.begin = word.end;
	}
	buffer_append_slice(out, slice_from(text, kept));
	return out->failed != 0 ? out->failed : count;
}

static void name_kind(void *context, const char *kind, struct slice secret, struct buffer *out)
{
	(void)context;
	(void)secret;
	buffer_append_format(out, "<%s>", kind);
}

int redact_append(struct buffer *out, struct slice text)
{
	return redact_scan(&(struct redact_scan){.replace = name_kind}, text, out);
}
