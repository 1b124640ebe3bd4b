#include "app/theme_file.h"

#include "app/conf.h"
#include "app/paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int put_theme_line(void *context, const struct conf_line *line, struct error *error)
{
	return theme_set(context, line->section, line->name, line->value, error);
}

static int find(const char *name, struct buffer *path)
{
	if (strchr(name, '/') != NULL)
		return buffer_append_string(path, name);
	for (unsigned i = 0; i < PATH_THEME_FOLDERS; i++) {
		buffer_clear(path);
		if (path_themes(path, i) != 0)
			continue;
		if (buffer_append_format(path, "/%s.theme", name) == 0 && access(buffer_string(path), R_OK) == 0)
			return 0;
	}
	return ERROR_ABSENT;
}

int theme_file_load(struct theme *theme, const char *name, struct error *error)
{
	struct theme fresh;
	struct buffer path;
	theme_init(&fresh);
	buffer_init(&path, 8192);
	int result = find(name, &path);
	if (result != 0)
		error_set(error, result, "there is no theme \"%s\"; `tocsin themes` lists them", name);
	else
		result = conf_read(buffer_string(&path), put_theme_line, &fresh, error);
	if (result == 0) {
		theme_finish(&fresh);
		*theme = fresh;
	}
	buffer_release(&path);
	return result;
}

static int is_theme(const struct dirent *entry)
{
	struct slice name = slice_of(entry->d_name);
	return name.size > 6 && name.data[0] != '.' && slice_ends(name, ".theme");
}

void theme_file_list(void (*each)(void *context, struct slice name, const char *path), void *context)
{
	struct buffer path;
	buffer_init(&path, 8192);
	for (unsigned i = 0; i < PATH_THEME_FOLDERS; i++) {
		struct dirent **entries = NULL;
		buffer_clear(&path);
		if (path_themes(&path, i) != 0)
			continue;
		size_t folder = path.size;
		int count = scandir(buffer_string(&path), &entries, is_theme, alphasort);
		for (int k = 0; k < count; k++) {
			struct slice name = slice_of(entries[k]->d_name);
			buffer_truncate(&path, folder);
			buffer_append_format(&path, "/%s", entries[k]->d_name);
			each(context, slice_first(name, name.size - 6), buffer_string(&path));
			free(entries[k]);
		}
		free(entries);
	}
	buffer_release(&path);
}
