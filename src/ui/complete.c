/*
 * Completion: which words could stand where the cursor is. The line editor breaks words at spaces and at  ( | , : = < >
 * so "service:pay" asks for "pay" behind "service:".
 */
#include <string.h>

#include "ui/prompt.h"
#include "ui/ticket_act.h"

/* What is being completed, and how many candidates may still be passed over. */
struct asked {
	struct state *state;
	struct slice word;
	size_t left;
};

static const char *const filter_words[] = { "level>=error", "level>=warn", "level:fatal",
	"service:", "source:", "template:", "since:", "until:", "line:" };
static const char *const level_words[] = { "trace", "debug", "info", "warn", "error", "fatal", "unknown" };

/* Is this candidate the one that is asked for? Then it stands in state->completion. */
static bool offer(struct asked *asked, struct slice candidate)
{
	if (candidate.size < asked->word.size ||
		!slice_equal_nocase(slice_first(candidate, asked->word.size), asked->word))
		return false;
	if (asked->left-- > 0)
		return false;
	slice_copy(candidate, asked->state->completion, sizeof(asked->state->completion));
	return true;
}

static bool offer_list(struct asked *asked, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (offer(asked, slice_of(words[i])))
			return true;
	}
	return false;
}

/* In a replay a service that has not said anything yet is not known yet. */
static bool is_known(const struct state *state, uint32_t service)
{
	const struct services_state *services = &state->services;
	return !services->totals || service >= services->count || level_counts_total(&services->totals[service]) > 0;
}

static bool offer_services(struct asked *asked)
{
	const struct store *store = asked->state->snapshot->store;
	for (uint32_t i = 0; i < store_service_count(store); i++) {
		if (is_known(asked->state, i) && offer(asked, store_service_name(store, i)))
			return true;
	}
	return false;
}

static bool offer_sources(struct asked *asked)
{
	const struct snapshot *snapshot = asked->state->snapshot;
	for (size_t i = 0; i < snapshot->source_count; i++) {
		if (offer(asked, slice_of(snapshot->sources[i].name)))
			return true;
	}
	return false;
}

static struct slice last_part(struct slice name)
{
	struct slice rest = name;
	for (size_t slash; (slash = slice_find_byte(rest, '/')) != SIZE_MAX && slash + 1 < rest.size;)
		rest = slice_from(rest, slash + 1);
	return rest;
}

/* How many sources are called so; `*found` is the last of them. */
static size_t count_sources(const struct snapshot *snapshot, struct slice last, struct slice *found)
{
	size_t count = 0;
	for (size_t i = 0; i < snapshot->source_count; i++) {
		struct slice name = slice_of(snapshot->sources[i].name);
		if (!slice_equal(last_part(name), last))
			continue;
		*found = name;
		count++;
	}
	return count;
}

size_t complete_source(const struct snapshot *snapshot, struct slice typed, struct slice *name)
{
	for (size_t i = 0; i < snapshot->source_count; i++) {
		if (slice_is(typed, snapshot->sources[i].name)) {
			*name = typed;
			return 1;
		}
	}
	return count_sources(snapshot, typed, name);
}

/* A source to close: its last part, while that says which one, or all of its name. `before` is what stands before the
 * word: names may hold spaces and colons. */
static bool offer_open_sources(struct asked *asked, struct slice before)
{
	const struct snapshot *snapshot = asked->state->snapshot;
	for (size_t i = 0; i < snapshot->source_count; i++) {
		struct slice name = slice_of(snapshot->sources[i].name), last = last_part(name), other;
		if (before.size == 0 && count_sources(snapshot, last, &other) == 1 && offer(asked, last))
			return true;
		/* All of it once some of it was typed, or where the last part says too little. */
		bool fits = name.size > before.size && slice_equal(slice_first(name, before.size), before);
		bool wanted = before.size > 0 || (asked->word.size > 0 && last.size < name.size) ||
			count_sources(snapshot, last, &other) > 1;
		if (fits && wanted && offer(asked, slice_from(name, before.size)))
			return true;
	}
	return false;
}

static bool offer_people(struct asked *asked)
{
	const struct roster *roster = asked->state->snapshot->roster;
	for (size_t i = 0; roster && i < roster_person_count(roster); i++) {
		if (offer(asked, slice_of(roster_person(roster, i))))
			return true;
	}
	return false;
}

static bool offer_actions(struct asked *asked)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (offer(asked, slice_of(action_row((enum action)i)->name)))
			return true;
	}
	return false;
}

/* First the field, then what it holds now. */
static bool offer_edit(struct asked *asked, struct slice before)
{
	struct slice field = slice_trim(before);
	for (size_t i = 0; field.size == 0 && ticket_field_at(i); i++) {
		if (offer(asked, slice_of(ticket_field_at(i))))
			return true;
	}
	const struct ticket *ticket = state_ticket_by_id(asked->state, asked->state->ticket);
	if (field.size == 0 || slice_find_byte(field, ' ') != SIZE_MAX || !ticket)
		return false;
	if (slice_is(field, "assignee"))
		return offer_people(asked);
	struct buffer value;
	char name[32];
	slice_copy(field, name, sizeof(name));
	buffer_init(&value, sizeof(asked->state->completion) - 1);
	ticket_value(ticket, name, &value);
	bool offered = value.failed == 0 && value.size > 0 && offer(asked, buffer_slice(&value));
	buffer_release(&value);
	return offered;
}

/* The word of a filter that the cursor stands in, up to what is being completed: "service:a," in "timeout service:a,b".
 */
static struct slice word_before(struct slice before)
{
	size_t start = before.size;
	while (start > 0 && !strchr(" \t(|", before.data[start - 1]))
		start--;
	return slice_from(before, start);
}

static bool offer_filter(struct asked *asked, struct slice before)
{
	struct slice key = word_before(before);
	if (slice_starts(key, "-"))
		key = slice_from(key, 1);
	if (slice_starts(key, "service"))
		return offer_services(asked);
	if (slice_starts(key, "source"))
		return offer_sources(asked);
	if (slice_starts(key, "level"))
		return offer_list(asked, level_words, sizeof(level_words) / sizeof(level_words[0]));
	return key.size == 0 && offer_list(asked, filter_words, sizeof(filter_words) / sizeof(filter_words[0]));
}

static bool offer_command(struct asked *asked, struct slice before)
{
	struct slice typed = before;
	while (typed.size > 0 && typed.data[0] == ' ')
		typed = slice_from(typed, 1);
	size_t space = slice_find_byte(typed, ' ');
	if (space == SIZE_MAX)
		return typed.size == 0 && offer_actions(asked);
	struct slice argument = slice_from(typed, space + 1);
	switch (action_find(slice_first(typed, space))) {
	case ACTION_FILTER:
		return offer_filter(asked, argument);
	case ACTION_ASSIGN:
		return argument.size == 0 && offer_people(asked);
	case ACTION_CLOSE:
		return offer_open_sources(asked, argument);
	case ACTION_ASK:
		return offer_services(asked);
	case ACTION_EDIT: {
		const struct ticket *ticket = state_ticket(asked->state);
		asked->state->ticket = ticket ? ticket->id : 0;
		return offer_edit(asked, argument);
	}
	default:
		return false;
	}
}

const char *prompt_complete(void *context, struct slice text, size_t start, struct slice word, size_t index)
{
	struct state *state = context;
	struct asked asked = { state, word, index };
	struct slice before = slice_first(text, start);
	bool offered = false;
	if (!state->snapshot)
		return NULL;
	switch (state->prompt) {
	case PROMPT_COMMAND:
		offered = offer_command(&asked, before);
		break;
	case PROMPT_FILTER:
		offered = offer_filter(&asked, before);
		break;
	case PROMPT_ASK:
		offered = offer_services(&asked);
		break;
	case PROMPT_ASSIGN:
		offered = before.size == 0 && offer_people(&asked);
		break;
	case PROMPT_EDIT:
		offered = offer_edit(&asked, before);
		break;
	default:
		break;
	}
	return offered ? state->completion : NULL;
}
