#include "ingest/source_scheme.h"

#include <string.h>

#include "ingest/far.h"
#include "ingest/feed_journal.h"
#include "ingest/stem.h"

static struct feed *open_command(struct slice what, const struct intake_options *options, struct error *error)
{
	(void)options;
	if (slice_trim(what).size > 0)
		return feed_of_command(what.data, error); /* a name ends where its source's does */
	error_set(error, ERROR_INPUT, "which command? As in exec:'kubectl logs -f api'");
	return NULL;
}

/* "kubectl logs -f api" -> "kubectl" */
static void stem_of_command(struct slice what, char *out, size_t size)
{
	struct slice rest = slice_trim(what);
	struct slice word = rest;

	slice_next(&rest, ' ', &word);
	stem_make(word, (struct slice){ 0 }, out, size);
}

/* "nginx.service" -> "nginx"; most entries name their service themselves */
static void stem_of_journal(struct slice what, char *out, size_t size)
{
	if (what.size > 0)
		stem_make(what, (struct slice){ 0 }, out, size);
	else
		slice_copy(slice_of("journal"), out, size);
}

/* "web1:/var/log/nginx/error.log" -> "error" */
static void stem_of_ssh(struct slice what, char *out, size_t size)
{
	stem_make(slice_from(what, slice_find_byte(what, ':') + 1), (struct slice){ 0 }, out, size);
}

static void stem_of_name(struct slice what, char *out, size_t size)
{
	slice_copy(what, out, size);
}

static const struct scheme schemes[] = {
	{ "exec:", open_command, stem_of_command },
	{ "journal:", feed_of_journal, stem_of_journal },
	{ "ssh:", feed_of_ssh, stem_of_ssh },
	{ "docker:", feed_of_docker, stem_of_name },
	{ "kubectl:", feed_of_kubectl, stem_of_name },
};

const struct scheme *scheme_find(struct slice name, struct slice *what)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (slice_starts(name, schemes[i].prefix)) {
			*what = slice_from(name, strlen(schemes[i].prefix));
			return &schemes[i];
		}
	return NULL;
}
