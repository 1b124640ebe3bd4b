#include "app/paths.h"

#include "tocsin/base/error.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef TOCSIN_DATA_FOLDER
#define TOCSIN_DATA_FOLDER "/usr/local/share/tocsin"
#endif

static int path_xdg(struct buffer *out, const char *variable, const char *below_home, const char *name)
{
	const char *folder = getenv(variable);
	const char *home = getenv("HOME");
	if (folder != NULL && folder[0] == '/')
		return buffer_append_format(out, "%s/tocsin/%s", folder, name);
	if (home == NULL || home[0] == '\0')
		return ERROR_ABSENT;
	return buffer_append_format(out, "%s/%s/tocsin/%s", home, below_home, name);
}

int path_config(struct buffer *out, const char *name)
{
	return path_xdg(out, "XDG_CONFIG_HOME", ".config", name);
}

int path_state(struct buffer *out, const char *name)
{
	return path_xdg(out, "XDG_STATE_HOME", ".local/state", name);
}

/* The themes of the tree that the program was built in: build/tocsin has ../themes, build/sanitized/tocsin
 * ../../themes. */
static int path_beside_program(struct buffer *out, const char *up, const char *name)
{
	char self[4096];
	ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
	if (size <= 0)
		return ERROR_ABSENT;
	self[size] = '\0';
	char *slash = strrchr(self, '/');
	if (slash == NULL)
		return ERROR_ABSENT;
	*slash = '\0';
	return buffer_append_format(out, "%s/%s/%s", self, up, name);
}

/* The user's, the one beside a build tree, the installed one. */
static int path_folder(struct buffer *out, const char *name, unsigned index)
{
	switch (index) {
	case 0:
		return path_config(out, name);
	case 1:
		return path_beside_program(out, "..", name);
	case 2:
		return path_beside_program(out, "../..", name);
	case 3:
		return buffer_append_format(out, "%s/%s", TOCSIN_DATA_FOLDER, name);
	default:
		return ERROR_FULL;
	}
}

int path_themes(struct buffer *out, unsigned index)
{
	return path_folder(out, "themes", index);
}

int path_prompts(struct buffer *out, unsigned index)
{
	return path_folder(out, "prompts", index);
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}
