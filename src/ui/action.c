/*
 * The table of actions, looked up by action, by name and by key.
 */
#include "tocsin/ui/action.h"

static const struct action_row action_rows[ACTION_COUNT] = { [ACTION_NONE] = { SCOPE_GLOBAL, "", "", "", "" },
#define ACTION_ROW(identifier, scope, name, keys, argument, help)                                                      \
	[ACTION_##identifier] = { SCOPE_##scope, name, keys, argument, help },
	ACTION_LIST(ACTION_ROW)
#undef ACTION_ROW
};

static const char *const scope_titles[SCOPE_COUNT] = {
	[SCOPE_GLOBAL] = "everywhere",
	[SCOPE_TAIL] = "tail",
	[SCOPE_TIMELINE] = "timeline",
	[SCOPE_SERVICES] = "services",
	[SCOPE_ANALYST] = "analyst",
	[SCOPE_TICKETS] = "tickets",
	[SCOPE_REPLAY] = "replay",
};

const char *action_scope_title(enum action_scope scope)
{
	return (unsigned int)scope < SCOPE_COUNT ? scope_titles[scope] : "";
}

const struct action_row *action_row(enum action action)
{
	return &action_rows[(unsigned int)action < ACTION_COUNT ? action : ACTION_NONE];
}

enum action action_find(struct slice name)
{
	enum action found = ACTION_NONE;
	if (name.size == 0)
		return ACTION_NONE;
	size_t beginnings = 0;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		struct slice candidate = slice_of(action_rows[i].name);
		if (slice_equal(candidate, name))
			return (enum action)i;
		if (slice_equal(slice_first(candidate, name.size), name)) {
			found = (enum action)i;
			beginnings++;
		}
	}
	return beginnings == 1 ? found : ACTION_NONE;
}

static bool has_key(const struct action_row *row, struct key key)
{
	struct slice rest = slice_of(row->keys), name;
	while (slice_next(&rest, ' ', &name)) {
		struct key candidate;
		if (key_parse(name, &candidate) && key_equal(candidate, key))
			return true;
	}
	return false;
}

static enum action in_scope(enum action_scope scope, struct key key)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (action_rows[i].scope == scope && has_key(&action_rows[i], key))
			return (enum action)i;
	}
	return ACTION_NONE;
}

enum action action_for_key(enum action_scope scope, struct key key)
{
	enum action_scope order[] = { scope, SCOPE_GLOBAL, SCOPE_REPLAY };
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		enum action action = in_scope(order[i], key);
		if (action != ACTION_NONE)
			return action;
	}
	return ACTION_NONE;
}
