#include "app/conf.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

struct reading {
	const char *path;
	conf_line_fn on_line;
	void *context;
	struct error *error;
	int result;
	int line; /* libinih as Debian builds it does not pass the number on: counted where lines are read */
};

struct line_source {
	FILE *file;
	struct reading *reading;
};

static char *read_line(char *out, int size, void *stream)
{
	struct line_source *source = stream;
	source->reading->line++;
	return fgets(out, size, source->file);
}

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	if (reading->result != 0)
		return 0;
	struct conf_line line = { slice_of(section), slice_of(name), slice_of(value == NULL ? "" : value),
		reading->line };
	struct error inner = { 0 };
	reading->result = reading->on_line(reading->context, &line, &inner);
	if (reading->result != 0)
		error_set(reading->error, inner.code == 0 ? ERROR_INPUT : inner.code, "%s:%d: %s", reading->path,
			reading->line, inner.text);
	return reading->result == 0;
}

int conf_read(const char *path, conf_line_fn on_line, void *context, struct error *error)
{
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return error_set(error, errno == ENOENT ? ERROR_ABSENT : ERROR_SYSTEM, "%s: %s", path, strerror(errno));
	struct reading reading = { path, on_line, context, error, 0, 0 };
	struct line_source source = { file, &reading };
	int fault = ini_parse_stream(read_line, &source, on_pair, &reading);
	bool broken = ferror(file) != 0;
	fclose(file);
	if (reading.result != 0)
		return reading.result;
	if (broken)
		return error_set(error, ERROR_SYSTEM, "%s: cannot be read", path);
	if (fault != 0)
		return error_set(error, ERROR_INPUT, "%s:%d: neither `name = value` nor [section]", path, fault);
	return 0;
}
