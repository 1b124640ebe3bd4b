/*
 * themes, config: what there is, from the tables.
 */
#include "app/command.h"
#include "app/theme_file.h"
#include "tocsin/base/json.h"
#include "tocsin/base/utf8.h"

#include <stdio.h>

static int print_and_release(struct buffer *out)
{
	int exit_code = print_out(out);
	buffer_release(out);
	return exit_code;
}

struct theme_listing {
	struct buffer out;
	bool as_json;
};

static void list_theme(void *context, struct slice name, const char *path)
{
	struct theme_listing *listing = context;
	struct buffer *out = &listing->out;
	if (listing->as_json) {
		struct json json;
		json_init(&json, out);
		json_begin_object(&json);
		json_field_string(&json, "name", name);
		json_field_text(&json, "path", path);
		json_end_object(&json);
	} else {
		append_column(out, name, 12);
		buffer_append_byte(out, ' ');
		utf8_append_shown(out, slice_of(path), SIZE_MAX);
	}
	buffer_append_byte(out, '\n');
}

int command_themes(struct invocation *invocation)
{
	struct theme_listing listing = { .as_json = settings_flag(&invocation->settings, SETTING_JSON) };
	buffer_init(&listing.out, 1 << 20);
	theme_file_list(list_theme, &listing);
	return print_and_release(&listing.out);
}

static void config_row(const struct settings *settings, enum setting setting, bool as_json, struct buffer *out)
{
	struct buffer origin;
	const char *value = settings_text(settings, setting);
	if (value != NULL && setting_row(setting)->kind == SETTING_SECRET)
		value = "****";
	buffer_init(&origin, 1024);
	settings_origin(settings, setting, &origin);
	if (as_json) {
		struct json json;
		json_init(&json, out);
		json_begin_object(&json);
		json_field_text(&json, "name", setting_row(setting)->name);
		json_field_text(&json, "value", value);
		json_field_string(&json, "origin", buffer_slice(&origin));
		json_end_object(&json);
		buffer_append_byte(out, '\n');
	} else {
		buffer_append_format(out, "%-26s ", setting_row(setting)->name);
		append_column(out, slice_of(value == NULL ? "-" : value), 28);
		buffer_append_byte(out, ' ');
		utf8_append_shown(out, value == NULL ? slice_of("not set") : buffer_slice(&origin), SIZE_MAX);
		buffer_append_byte(out, '\n');
	}
	buffer_release(&origin);
}

int command_config(struct invocation *invocation)
{
	struct buffer out;
	buffer_init(&out, 1 << 20);
	for (int i = 0; i < SETTING_COUNT; i++)
		config_row(&invocation->settings, (enum setting)i, settings_flag(&invocation->settings, SETTING_JSON),
			&out);
	return print_and_release(&out);
}
