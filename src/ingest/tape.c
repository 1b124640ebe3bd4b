/*
 * All members are unpacked into one spool, from front to back, before any of them is read: their records are merged by
 * time. The spool never goes round here; what has no room in it is left out, and that is said.
 */
#include "ingest/tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/folder.h"
#include "ingest/unpack.h"

#define SLICE_NANOSECONDS (100 * INT64_C(1000000)) /* unpacked at a time: then others have their turn */

struct tape {
	struct collection collection;
	struct unpack *unpack; /* NULL at the end */
	struct spool_budget *budget;
	struct spool spool;
	char *member;   /* the name of the one that is being unpacked, or NULL */
	uint64_t begin; /* of it, in the spool */
	bool is_passed; /* it is no log */
	size_t opened;
	size_t binary;
	size_t left_out;
	char *chunk;
};

static void destroy(struct collection *collection)
{
	struct tape *tape = (struct tape *)collection;

	unpack_destroy(tape->unpack);
	spool_release(&tape->spool);
	free(tape->member);
	free(tape->chunk);
	free(tape);
}

static bool advance(struct collection *collection, struct source *owner, struct finds *finds);
static const struct collection_kind tape_kind = { "tar", advance, destroy };

struct collection *tape_create(struct unpack *unpack, struct spool_budget *budget)
{
	struct tape *tape = calloc(1, sizeof(*tape));

	if (tape == NULL) {
		unpack_destroy(unpack);
		return NULL;
	}
	tape->collection.kind = &tape_kind;
	tape->unpack = unpack;
	tape->budget = budget;
	tape->spool.fd = -1;
	tape->chunk = malloc(SOURCE_CHUNK);
	if (tape->chunk != NULL)
		return &tape->collection;
	destroy(&tape->collection);
	return NULL;
}

/* --- members ------------------------------------------------------------------------------------------------------ */

static bool is_hidden(struct slice name)
{
	const char *slash = memrchr(name.data, '/', name.size);
	struct slice last = slash != NULL ? slice_from(name, (size_t)(slash + 1 - name.data)) : name;

	return last.size == 0 || last.data[0] == '.';
}

/* The member below the SOURCE's root: in an archive of a folder, the archive's own service comes first. */
static struct source *make_source(const struct tape *tape, struct source *owner)
{
	char *name = NULL;
	char *below = NULL;
	struct source *source = NULL;

	if (asprintf(&name, "%s:%s", owner->name, tape->member) < 0)
		return NULL;
	if (asprintf(&below, "%s%s%s", owner->parent != NULL ? owner->stem : "", owner->parent != NULL ? "/" : "",
		    tape->member) >= 0) {
		source = source_create_child(owner, slice_of(name), slice_of(below));
		free(below);
	}
	free(name);
	return source;
}

static void end_member(struct tape *tape, struct source *owner, struct finds *finds)
{
	uint64_t size = tape->spool.end - tape->begin;
	struct source *source = NULL;
	struct source **place = NULL;

	if (tape->is_passed || size == 0) {
		tape->spool.end = tape->begin;
	} else if (tape->opened == COLLECTION_MAXIMUM || !finds_reserve(finds)) {
		tape->left_out++;
	} else {
		source = make_source(tape, owner);
		place = source != NULL ? vector_push(&finds->sources) : NULL;
		if (place == NULL) {
			source_destroy(source);
			atomic_fetch_sub(finds->taken, 1);
			tape->left_out++;
		} else {
			*place = source;
			tape->opened++;
			source_open_member(source, tape->spool.fd, tape->begin, size, NULL);
		}
	}
	free(tape->member);
	tape->member = NULL;
}

static bool begin_member(struct tape *tape)
{
	struct slice name;

	do
		if (!unpack_next(tape->unpack, &name))
			return false;
	while (is_hidden(name));
	tape->member = strndup(name.data, name.size);
	tape->begin = tape->spool.end;
	tape->is_passed = tape->opened == COLLECTION_MAXIMUM;
	tape->left_out += tape->is_passed;
	return tape->member != NULL;
}

/* --- unpacking ---------------------------------------------------------------------------------------------------- */

static void finish(struct tape *tape, struct source *owner, bool is_full)
{
	struct error words = { 0 };
	int verdict = unpack_verdict(tape->unpack, tape->opened > 0, &words);

	if (is_full)
		error_set(&words, ERROR_FULL, "unpacked %.1f MiB, no room for more: the rest is left out",
			(double)tape->spool.end / (1 << 20));
	else if (words.code == 0 && tape->left_out > 0)
		error_set(&words, ERROR_FULL, "%zu files are left out: at most %d are opened", tape->left_out,
			COLLECTION_MAXIMUM);
	else if (words.code == 0 && tape->opened == 0)
		verdict = error_set(&words, ERROR_ABSENT, "%s: no logs in it", owner->name);
	else if (words.code == 0 && tape->binary > 0)
		error_set(&words, ERROR_NONE, "%zu binary files are passed over", tape->binary);
	source_note(owner, words.text);
	owner->now.state = verdict != 0 && tape->opened == 0 ? INTAKE_FAILED : INTAKE_ENDED;
	owner->now.incomplete = verdict != 0 || is_full;
	unpack_destroy(tape->unpack);
	tape->unpack = NULL;
	free(tape->chunk);
	tape->chunk = NULL;
}

/* One piece, or the step to the next member. False at the end. */
static bool step(struct tape *tape, struct source *owner, struct finds *finds)
{
	int64_t got;

	if (tape->member == NULL) {
		if (begin_member(tape))
			return true;
		finish(tape, owner, false);
		return false;
	}
	got = tape->is_passed ? 0 : unpack_read(tape->unpack, tape->chunk, SOURCE_CHUNK);
	if (got <= 0) {
		end_member(tape, owner, finds);
		return true;
	}
	if (tape->spool.end == tape->begin && folder_is_binary((struct slice){ tape->chunk, (size_t)got })) {
		tape->is_passed = true;
		tape->binary++;
	} else if (spool_append(&tape->spool, (struct slice){ tape->chunk, (size_t)got }) != 0) {
		end_member(tape, owner, finds);
		finish(tape, owner, true);
		return false;
	}
	return true;
}

static bool advance(struct collection *collection, struct source *owner, struct finds *finds)
{
	static const char *const folders[] = { "/var/tmp", "/tmp", NULL };
	struct tape *tape = (struct tape *)collection;
	int64_t until = source_wall_clock() + SLICE_NANOSECONDS;
	bool more = true;

	if (tape->unpack == NULL)
		return false;
	if (tape->spool.fd < 0) {
		if (spool_init(&tape->spool, folders, SPOOL_MAXIMUM) != 0) {
			finish(tape, owner, true);
			return false;
		}
		tape->spool.straight = true;
		tape->spool.budget = tape->budget;
	}
	while (more && source_wall_clock() < until)
		more = step(tape, owner, finds);
	owner->now.size = tape->spool.end;
	source_show(owner);
	return more;
}
