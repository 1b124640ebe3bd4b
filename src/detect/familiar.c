#include "tocsin/detect/familiar.h"

#include "tocsin/mine/template.h"

/* A text of masks and marks alone fits anything, which says nothing. */
static bool says_something(struct slice text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.size; i++)
		letters += (text.data[i] | 32) >= 'a' && (text.data[i] | 32) <= 'z';
	return letters >= 3;
}

bool familiar_signature(const struct store *baseline, struct slice signature)
{
	const struct store_templates *templates = store_templates(baseline, UINT32_MAX);

	if (store_knows_signature(baseline, signature))
		return true;
	for (uint32_t i = 0; i < store_template_count(baseline); i++) {
		struct slice text;

		if (store_templates_of(templates, i) != i)
			continue;
		text = store_templates_text(baseline, templates, i);
		if (says_something(text) && template_match(text, signature, NULL, NULL))
			return true;
	}
	return false;
}

bool familiar_template(const struct store *baseline, const struct store *store, uint32_t template)
{
	const struct store_templates *templates = store_templates(store, UINT32_MAX);

	for (uint32_t i = template; i < store_template_count(store); i++)
		if (store_templates_of(templates, i) == template &&
			familiar_signature(baseline, store_template_text(store, i)))
			return true;
	return false;
}
