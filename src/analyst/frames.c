#include "analyst/frames.h"

static const char *const package_folders[] = { "/site-packages/", "/dist-packages/", "/node_modules/", "/vendor/",
	"/gems/" };

static const char *const language_packages[] = { "java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.", "scala.",
	"org.springframework.", "org.apache.", "org.hibernate.", "io.netty.", "reactor.", "runtime.", "net/http" };

static const char *const source_endings[] = { ".py", ".go", ".java", ".kt", ".scala", ".rb", ".js", ".ts", ".c", ".cc",
	".cpp", ".rs", ".php", ".cs", ".ex" };

/* The path from the folder of packages on. */
static struct slice shorten(struct slice path, bool *library)
{
	size_t best = SIZE_MAX;
	struct slice rest = path;

	for (size_t i = 0; i < sizeof(package_folders) / sizeof(package_folders[0]); i++) {
		size_t at = slice_find(rest, slice_of(package_folders[i]));

		if (at != SIZE_MAX && at < best) {
			best = at;
			path = slice_from(rest, at + slice_of(package_folders[i]).size);
			*library = true;
		}
	}
	if (best == SIZE_MAX && (slice_starts(path, "/usr/lib/") || slice_starts(path, "<")))
		*library = true;
	return path;
}

static struct slice next_line(struct slice *rest)
{
	size_t end = slice_find_byte(*rest, '\n');
	struct slice line = slice_first(*rest, end);

	*rest = end == SIZE_MAX ? (struct slice){ 0 } : slice_from(*rest, end + 1);
	return line;
}

static bool read_python(struct slice line, struct slice rest, struct frame *frame)
{
	size_t at = slice_find(line, slice_of("File \"")), end, in;
	struct slice source;

	if (at == SIZE_MAX)
		return false;
	line = slice_from(line, at + 6);
	end = slice_find(line, slice_of("\", line "));
	if (end == SIZE_MAX)
		return false;
	*frame = (struct frame){ 0 };
	frame->file = shorten(slice_first(line, end), &frame->library);
	in = slice_find(line, slice_of(", in "));
	if (in != SIZE_MAX)
		frame->function = slice_trim(slice_from(line, in + 5));
	source = slice_trim(next_line(&rest));
	frame->unseen = rest.size && slice_starts(source, "File \"") && !slice_starts(frame->file, "<");
	frame->wrapper =
		slice_find(source, slice_of("(*")) != SIZE_MAX && slice_find(source, slice_of(", **")) != SIZE_MAX;
	return true;
}

static size_t find_python(struct slice text, struct frame frames[FRAMES_MAXIMUM])
{
	struct slice rest = text;
	size_t count = 0;

	while (rest.size) {
		struct slice line = next_line(&rest);

		if (!read_python(line, rest, &frames[count]))
			continue;
		if (++count == FRAMES_MAXIMUM)
			break;
	}
	for (size_t i = 0; i < count / 2; i++) {
		struct frame frame = frames[i];

		frames[i] = frames[count - 1 - i];
		frames[count - 1 - i] = frame;
	}
	return count;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
		c == '.' || c == '/' || c == '$' || c == '@';
}

/* A file of source code with a line behind it, ending at the ':' at `colon`. */
static bool read_file(struct slice text, size_t colon, struct slice *file)
{
	size_t begin = colon;

	if (colon + 1 >= text.size || text.data[colon + 1] < '0' || text.data[colon + 1] > '9')
		return false;
	while (begin > 0 && is_name(text.data[begin - 1]))
		begin--;
	*file = (struct slice){ text.data + begin, colon - begin };
	for (size_t i = 0; i < sizeof(source_endings) / sizeof(source_endings[0]); i++)
		if (slice_ends(*file, source_endings[i]) && file->size > slice_of(source_endings[i]).size)
			return true;
	return false;
}

static bool is_language(struct slice function)
{
	for (size_t i = 0; i < sizeof(language_packages) / sizeof(language_packages[0]); i++)
		if (slice_starts(function, language_packages[i]))
			return true;
	return false;
}

/* "name(" right before the file. */
static struct slice function_before(struct slice text, const char *file)
{
	size_t end = (size_t)(file - text.data), begin;

	if (end == 0 || text.data[end - 1] != '(')
		return (struct slice){ 0 };
	for (begin = end - 1; begin > 0 && is_name(text.data[begin - 1]); begin--)
		continue;
	return (struct slice){ text.data + begin, end - 1 - begin };
}

static size_t find_others(struct slice text, struct frame frames[FRAMES_MAXIMUM])
{
	size_t count = 0;

	for (size_t at = 0; at < text.size && count < FRAMES_MAXIMUM; at++) {
		struct slice file;

		if (text.data[at] != ':' || !read_file(text, at, &file))
			continue;
		frames[count] = (struct frame){ 0 };
		frames[count].function = function_before(text, file.data);
		frames[count].file = shorten(file, &frames[count].library);
		frames[count].library = frames[count].library || is_language(frames[count].function);
		count++;
	}
	return count;
}

size_t frames_find(struct slice text, struct frame frames[FRAMES_MAXIMUM])
{
	size_t count = find_python(text, frames);

	return count ? count : find_others(text, frames);
}

bool frames_next_module(struct slice *rest, struct slice *module)
{
	size_t at = 0;

	while (at < rest->size) {
		size_t end = at, last = at, parts = 0;

		/* Parts in small letters, each followed by a dot. */
		while (end < rest->size) {
			size_t part = end;

			while (end < rest->size &&
				((rest->data[end] >= 'a' && rest->data[end] <= 'z') || rest->data[end] == '_' ||
					(end > part && rest->data[end] >= '0' && rest->data[end] <= '9')))
				end++;
			if (end == part || end == rest->size || rest->data[end] != '.')
				break;
			last = end++;
			parts++;
		}
		if (parts >= 3 && (at == 0 || !is_name(rest->data[at - 1]))) {
			*module = (struct slice){ rest->data + at, last - at };
			*rest = slice_from(*rest, end);
			return true;
		}
		at = end > at ? end : at + 1;
	}
	*rest = (struct slice){ 0 };
	return false;
}
