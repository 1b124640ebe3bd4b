#include "ingest/stem.h"

#include <string.h>

static bool is_packed_extension(struct slice extension)
{
	static const char *const packed[] = { "gz", "zst", "xz", "bz2", "tgz", "tar" };

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (slice_equal_nocase(extension, slice_of(packed[i])))
			return true;
	return false;
}

/* "nova-api.log.1.gz" -> "nova-api": the extension, with what rotation and compression put behind it. */
static struct slice strip_extensions(struct slice name)
{
	const char *dot;
	uint64_t number;

	while ((dot = memrchr(name.data, '.', name.size)) != NULL && dot > name.data) {
		struct slice extension = slice_from(name, (size_t)(dot + 1 - name.data));

		name = slice_first(name, (size_t)(dot - name.data));
		if (!slice_to_u64(extension, &number) && !is_packed_extension(extension))
			break;
	}
	return name;
}

void stem_make(struct slice name, struct slice below, char *out, size_t size)
{
	struct slice path = below.size > 0 ? below : name;
	const char *slash = memrchr(path.data, '/', path.size);
	size_t folder = slash != NULL ? (size_t)(slash + 1 - path.data) : 0;
	struct slice stem = strip_extensions(slice_from(path, folder));

	if (below.size > 0)
		stem = slice_first(path, folder + stem.size);
	slice_copy(stem, out, size);
}
