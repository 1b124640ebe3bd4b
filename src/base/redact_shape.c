/*
 * Shapes are told by prefix, length and surroundings, never by randomness alone: logs are full of random looking names.
 */
#include "base/redact_shape.h"

#include <string.h>

/* -----BEGIN ... PRIVATE KEY----- up to the end of its END line, or of the text. */
bool shape_private_key(struct slice text, struct span word, struct span *secret)
{
	struct slice head = slice_first(slice_from(text, word.begin), 64);
	size_t end;

	if (!slice_starts(head, "-----BEGIN") || slice_find(head, slice_of("PRIVATE KEY")) == SIZE_MAX)
		return false;
	*secret = (struct span){word.begin, text.size};
	end = slice_find(slice_from(text, word.begin), slice_of("-----END"));
	if (end == SIZE_MAX)
		return true;
	secret->end = word.begin + end + strlen("-----END");
	end = slice_find(slice_first(slice_from(text, secret->end), 64), slice_of("-----"));
	if (end != SIZE_MAX)
		secret->end += end + strlen("-----");
	return true;
}

/* Shapes that vendors gave their keys: a prefix, the bytes besides letters and digits, how many at least. */
bool shape_vendor_key(struct slice text, struct span word, struct span *secret)
{
	static const struct {
		const char *prefix, *others;
		size_t shortest;
	} shapes[] = {
		{"sk-", "_-", 20},
		{"sk_live_", "", 16},
		{"sk_test_", "", 16},
		{"rk_live_", "", 16},
		{"whsec_", "", 16},
		{"xoxa-", "-", 10},
		{"xoxb-", "-", 10},
		{"xoxe-", "-", 10},
		{"xoxp-", "-", 10},
		{"xoxr-", "-", 10},
		{"xoxs-", "-", 10},
		{"xapp-", "-", 10},
		{"ghp_", "", 20},
		{"gho_", "", 20},
		{"ghu_", "", 20},
		{"ghs_", "", 20},
		{"ghr_", "", 20},
		{"github_pat_", "_", 20},
		{"glpat-", "_-", 16},
		{"glsa_", "_", 20},
		{"AKIA", "", 16},
		{"ASIA", "", 16},
		{"AIza", "_-", 30},
		{"npm_", "", 30},
		{"hf_", "", 30},
		{"pypi-", "_-", 40},
		{"dop_v1_", "", 40},
		{"SG.", "._-", 40},
		{"eyJ", "._-", 40},
	};
	struct slice whole = span_of(text, word);

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		size_t prefix = strlen(shapes[i].prefix);
		size_t end = prefix;

		if (!slice_starts(whole, shapes[i].prefix))
			continue;
		while (end < whole.size &&
			(is_letter(whole.data[end]) || is_digit(whole.data[end]) ||
				is_one_of(whole.data[end], shapes[i].others)))
			end++;
		*secret = (struct span){word.begin, word.begin + end};
		return end - prefix >= shapes[i].shortest && value_has_digit(slice_first(whole, end));
	}
	return false;
}

/* Incoming webhooks of Slack are secret by their path. */
bool shape_webhook(struct slice text, struct span word, struct span *secret)
{
	static const char path[] = "/services/";

	if (!value_ends(span_of(text, word), "hooks.slack.com") || !slice_starts(slice_from(text, word.end), path))
		return false;
	*secret = value_at(text, word.end + strlen(path));
	return secret->end > secret->begin;
}

/* scheme://user:<...>@host */
bool shape_url_password(struct slice text, struct span word, struct span *secret)
{
	size_t colon = 0;
	size_t at = 0;

	if (!slice_starts(slice_from(text, word.end), "://"))
		return false;
	for (size_t i = word.end + strlen("://"); i < text.size && !is_one_of(text.data[i], "/?# \t\r\n\"'<>\\"); i++) {
		if (text.data[i] == ':' && colon == 0)
			colon = i;
		else if (text.data[i] == '@')
			at = i; /* the last one: passwords may hold others */
	}
	if (colon == 0 || at <= colon + 1)
		return false;
	*secret = (struct span){colon + 1, at};
	return !value_is_placeholder(span_of(text, *secret));
}

bool shape_email(struct slice text, struct span word, struct span *secret)
{
	static const char *const no_domain[] = {"service", "socket", "timer", "mount", "slice", "scope", "target",
		"device", "path", "swap", "png", "jpg", "svg", "js", "css", NULL};
	struct slice domain = slice_from(text, word.end + 1);
	size_t size = 0;
	size_t last = 0; /* where the last label begins */

	if (byte_at(text, word.end) != '@' || slice_is(span_of(text, word), "git"))
		return false;
	while (size < domain.size &&
		(is_letter(domain.data[size]) || is_digit(domain.data[size]) || is_one_of(domain.data[size], ".-")))
		size++;
	while (size > 0 && is_one_of(domain.data[size - 1], ".-"))
		size--;
	domain.size = size;
	for (size_t i = 0; i < size; i++)
		if (domain.data[i] == '.')
			last = i + 1;
	if (last < 2 || size - last < 2 || value_is_one_of(slice_from(domain, last), no_domain))
		return false;
	for (size_t i = last; i < size; i++)
		if (!is_letter(domain.data[i]))
			return false;
	*secret = (struct span){word.begin, word.end + 1 + size};
	return true;
}

/* Whether the first four digits and the length are those of an issuer, and the check digit (Luhn) is right. */
static bool is_card(const char *digits, size_t count)
{
	static const struct {
		int first, last;
		size_t shortest, longest;
	} issuers[] = {
		{2221, 2720, 16, 16},
		{3000, 3059, 14, 14},
		{3400, 3499, 15, 15},
		{3528, 3589, 16, 16},
		{3600, 3699, 14, 14},
		{3700, 3799, 15, 15},
		{3800, 3999, 14, 14},
		{4000, 4999, 16, 16},
		{5100, 5599, 16, 16},
		{6011, 6011, 16, 19},
		{6200, 6299, 16, 19},
		{6440, 6599, 16, 19},
	};
	int issuer = 0;
	int sum = 0;
	bool known = false;

	for (size_t i = 0; i < count; i++) {
		int digit = digits[i] - '0';
		bool doubled = (count - i) % 2 == 0;

		sum += !doubled ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
		if (i < 4)
			issuer = issuer * 10 + digit;
	}
	for (size_t i = 0; i < sizeof(issuers) / sizeof(issuers[0]); i++)
		known |= issuer >= issuers[i].first && issuer <= issuers[i].last && count >= issuers[i].shortest &&
			count <= issuers[i].longest;
	return known && sum % 10 == 0;
}

/* Nothing that would make the digits part of a longer name or number follows. */
static bool ends_here(struct slice text, size_t position)
{
	char byte = byte_at(text, position);

	if (is_one_of(byte, ".-"))
		byte = byte_at(text, position + 1);
	return !is_letter(byte) && !is_digit(byte) && byte != '_';
}

/* In one run, or in groups as printed on the card: four digits first, one space or dash between. */
bool shape_card(struct slice text, struct span word, struct span *secret)
{
	char digits[19];
	size_t count = 0;
	size_t group = 0;
	char joint = '\0';

	for (size_t at = word.begin; is_digit(byte_at(text, at)) && count < sizeof(digits); at++) {
		char after = byte_at(text, at + 1);

		digits[count++] = text.data[at];
		group++;
		if (is_digit(after))
			continue;
		if ((joint == '\0' || group >= 3) && is_card(digits, count) &&
			(ends_here(text, at + 1) || (after != '\0' && after == joint && after == ' '))) {
			*secret = (struct span){word.begin, at + 1};
			return true;
		}
		if (joint == '\0' && group == 4 && is_one_of(after, " -"))
			joint = after;
		if (joint == '\0' || after != joint || group < 3 || group > 6)
			return false;
		group = 0;
		at++;
	}
	return false;
}
