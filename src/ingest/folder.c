/*
 * The walk goes through folders in the order of their names, once through each (so symbolic links cannot lead it in
 * circles), past what is hidden, empty or binary. It is repeated when a folder has changed; one that was changed a
 * moment ago may be changed again without another time to tell it, so it counts as changed for a while.
 *
 * A file that rotation only gave another name, or copied, was read already: files are told apart by their identity.
 */
#include "ingest/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/glob.h"
#include "ingest/unpack.h"
#include "tocsin/base/intern.h"

#define DEPTH_MAXIMUM 32
#define FOLDERS_MAXIMUM 4096
#define FILES_MAXIMUM 65536      /* names that one walk looks at */
#define NAMES_MAXIMUM (8u << 20) /* bytes of names that are known */
#define FAMILY_MAXIMUM 4096

struct seen_folder {
	char *path;
	dev_t device;
	ino_t inode;
	struct timespec changed;
};

struct folder {
	struct collection collection;
	char *root;             /* with its slash; "" is the working folder */
	char *pattern;          /* of paths below the root; NULL: all */
	struct intern *known;   /* paths that need no other look */
	struct vector folders;  /* of struct seen_folder */
	struct vector waiting;  /* of char *: empty files */
	struct vector family;   /* of struct identity: files that were read and left */
	struct vector children; /* of struct source *: what they read now belongs to it too */
	size_t opened;
	size_t left_out;
	size_t binary;
	size_t looked_at;
	bool walked;
};

/* One walk. */
struct walk {
	struct folder *folder;
	struct source *owner;
	struct finds *finds;
};

bool folder_is_binary(struct slice head)
{
	return slice_find_byte(slice_first(head, FOLDER_HEAD), '\0') != SIZE_MAX && !unpack_knows(head);
}

/* --- birth and end ------------------------------------------------------------------------------------------------ */

static void forget_walk(struct folder *folder)
{
	for (size_t i = 0; i < folder->folders.count; i++)
		free(((struct seen_folder *)vector_at(&folder->folders, i))->path);
	for (size_t i = 0; i < folder->waiting.count; i++)
		free(*(char **)vector_at(&folder->waiting, i));
	vector_clear(&folder->folders);
	vector_clear(&folder->waiting);
	folder->left_out = folder->looked_at = 0;
}

static void destroy(struct collection *collection)
{
	struct folder *folder = (struct folder *)collection;

	forget_walk(folder);
	vector_release(&folder->folders);
	vector_release(&folder->waiting);
	vector_release(&folder->family);
	vector_release(&folder->children);
	intern_destroy(folder->known);
	free(folder->root);
	free(folder->pattern);
	free(folder);
}

static bool advance(struct collection *collection, struct source *owner, struct finds *finds);
static const struct collection_kind folder_kind = { "folder", advance, destroy };
static const struct collection_kind glob_kind = { "glob", advance, destroy };

static struct collection *create(const struct collection_kind *kind, char *root, char *pattern)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	if (folder == NULL) {
		free(root);
		free(pattern);
		return NULL;
	}
	folder->collection.kind = kind;
	folder->root = root;
	folder->pattern = pattern;
	folder->known = intern_create(FILES_MAXIMUM, NAMES_MAXIMUM);
	vector_init(&folder->folders, sizeof(struct seen_folder), FOLDERS_MAXIMUM);
	vector_init(&folder->waiting, sizeof(char *), FILES_MAXIMUM);
	vector_init(&folder->family, sizeof(struct identity), FAMILY_MAXIMUM);
	vector_init(&folder->children, sizeof(struct source *), COLLECTION_MAXIMUM);
	if (root != NULL && folder->known != NULL && (kind != &glob_kind || pattern != NULL))
		return &folder->collection;
	destroy(&folder->collection);
	return NULL;
}

struct collection *folder_create(const char *root)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s", root, slice_ends(slice_of(root), "/") ? "" : "/") < 0)
		return NULL;
	return create(&folder_kind, path, NULL);
}

struct collection *folder_create_glob(const char *name)
{
	size_t size = glob_folder(slice_of(name));

	return create(&glob_kind, strndup(name, size), strdup(name + size));
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static bool is_known(const struct folder *folder, const char *path)
{
	uint32_t code;

	return intern_find(folder->known, slice_of(path), &code) == 0;
}

static void learn(struct folder *folder, const char *path)
{
	uint32_t code;

	intern_put(folder->known, slice_of(path), &code);
}

/* The path before rotation gave it a number or a date: "a.log" of "a.log.2", "a.log-20250517" and "a.log.2.gz". Empty
   when it has no such thing. */
static struct slice before_rotation(struct slice path)
{
	size_t at = path.size;
	size_t end;

	for (;;) {
		end = at;
		while (at > 0 && (isalnum((unsigned char)path.data[at - 1]) || path.data[at - 1] == '_'))
			at--;
		if (at == 0 || at == end || (path.data[at - 1] != '.' && path.data[at - 1] != '-'))
			return (struct slice){ 0 };
		if (isdigit((unsigned char)path.data[at]))
			return slice_first(path, at - 1);
		at--; /* an extension of compression */
		if (path.size - at > 5)
			return (struct slice){ 0 };
	}
}

static bool fits(const struct identity *identity, int fd, const struct stat *status, bool any_inode)
{
	return (identity_is_inode(identity, status) || (any_inode && identity->head_size > 0)) &&
		identity_has_head(identity, fd);
}

/* Was its text read already, or is it being read? With `any_inode` a copy counts too. */
static bool was_read(const struct folder *folder, int fd, const struct stat *status, bool any_inode)
{
	for (size_t i = 0; i < folder->family.count; i++)
		if (fits(vector_at(&folder->family, i), fd, status, any_inode))
			return true;
	for (size_t i = 0; i < folder->children.count; i++) {
		const struct source *child = *(struct source **)vector_at(&folder->children, i);

		if (child->fd >= 0 && fits(&child->identity, fd, status, any_inode))
			return true;
	}
	return false;
}

/* Has rotation just given another file this name, and its source has not noticed? */
static bool is_rotating(const struct folder *folder, struct slice path)
{
	struct stat status;

	for (size_t i = 0; i < folder->children.count; i++) {
		const struct source *child = *(struct source **)vector_at(&folder->children, i);

		if (slice_is(path, child->name))
			return stat(child->name, &status) != 0 || !identity_is_inode(&child->identity, &status);
	}
	return false;
}

enum verdict { IS_NEW, IS_PAST, IS_LATER };

/* Is it a new name of what was read, or a copy? What came later and bears the mark of rotation behind the name of a
   file that is read is judged by that: a copy of its beginning, or anything compressed, is its past; and while that
   file rotates its source knows better which of them to read. */
static enum verdict judge(
	const struct folder *folder, const char *path, int fd, const struct stat *status, struct slice head)
{
	struct slice live = before_rotation(slice_of(path));
	uint32_t code;
	bool is_rotation = folder->walked && live.size > 0 && intern_find(folder->known, live, &code) == 0;

	if (was_read(folder, fd, status, is_rotation) || (is_rotation && unpack_knows(head)))
		return IS_PAST;
	return is_rotation && is_rotating(folder, live) ? IS_LATER : IS_NEW;
}

static void open_file(struct walk *walk, const char *path)
{
	struct folder *folder = walk->folder;
	struct slice name = slice_of(path);
	struct source *source;
	struct source **place;
	struct source **child;

	if (folder->opened == COLLECTION_MAXIMUM || !finds_reserve(walk->finds)) {
		folder->left_out++;
		return;
	}
	learn(folder, path);
	source = source_create_child(walk->owner, name, slice_from(name, strlen(folder->root)));
	child = source != NULL ? vector_push(&folder->children) : NULL;
	place = child != NULL ? vector_push(&walk->finds->sources) : NULL;
	if (place == NULL) {
		if (child != NULL)
			vector_remove(&folder->children, folder->children.count - 1);
		source_destroy(source);
		atomic_fetch_sub(walk->finds->taken, 1);
		folder->left_out++;
		return;
	}
	*place = *child = source;
	folder->opened++;
	source->family = &folder->family;
	source_open(source, NULL); /* what is wrong with it is told as its own state */
}

static void look_at_file(struct walk *walk, const char *path, const struct stat *status)
{
	struct folder *folder = walk->folder;
	char head[FOLDER_HEAD];
	struct slice sample = { head, 0 };
	ssize_t got;
	int fd;

	if (is_known(folder, path))
		return;
	if (status->st_size == 0) {
		char **place = vector_push(&folder->waiting);

		if (place != NULL)
			*place = strdup(path);
		return;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	got = fd >= 0 ? pread(fd, head, sizeof(head), 0) : 0;
	sample.size = got > 0 ? (size_t)got : 0;
	if (fd >= 0 && folder_is_binary(sample)) {
		folder->binary++;
		learn(folder, path);
	} else {
		enum verdict verdict = fd >= 0 ? judge(folder, path, fd, status, sample) : IS_NEW;

		if (verdict == IS_PAST)
			learn(folder, path);
		else if (verdict == IS_NEW)
			open_file(walk, path);
	}
	if (fd >= 0)
		close(fd);
}

/* --- the walk ----------------------------------------------------------------------------------------------------- */

static bool enter(struct folder *folder, const char *path, const struct stat *status)
{
	struct seen_folder *seen;

	for (size_t i = 0; i < folder->folders.count; i++) {
		seen = vector_at(&folder->folders, i);
		if (seen->device == status->st_dev && seen->inode == status->st_ino)
			return false;
	}
	seen = vector_push(&folder->folders);
	if (seen == NULL)
		return false;
	*seen = (struct seen_folder){
		.path = strdup(path), .device = status->st_dev, .inode = status->st_ino, .changed = status->st_ctim
	};
	return seen->path != NULL;
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk_folder(struct walk *walk, const char *path, const struct stat *status, bool all, int depth);

static void look_at(struct walk *walk, const char *path, bool all, int depth)
{
	struct folder *folder = walk->folder;
	struct stat status;
	enum glob_match match = GLOB_YES;

	if (!all)
		match = glob_match(slice_of(folder->pattern), slice_of(path + strlen(folder->root)));
	if (match == GLOB_NO || stat(path, &status) != 0)
		return;
	if (S_ISDIR(status.st_mode))
		walk_folder(walk, path, &status, match == GLOB_YES, depth + 1);
	else if (S_ISREG(status.st_mode) && match == GLOB_YES)
		look_at_file(walk, path, &status);
}

static void walk_folder(struct walk *walk, const char *path, const struct stat *status, bool all, int depth)
{
	struct dirent **entries = NULL;
	const char *slash = path[0] == '\0' || slice_ends(slice_of(path), "/") ? "" : "/";
	int count;

	if (depth > DEPTH_MAXIMUM || !enter(walk->folder, path, status))
		return;
	count = scandir(path[0] != '\0' ? path : ".", &entries, is_shown, by_bytes);
	for (int i = 0; i < count; i++) {
		char *below = NULL;

		if (walk->folder->looked_at++ < FILES_MAXIMUM &&
			asprintf(&below, "%s%s%s", path, slash, entries[i]->d_name) >= 0) {
			look_at(walk, below, all, depth);
			free(below);
		}
		free(entries[i]);
	}
	free(entries);
}

/* --- again and again ---------------------------------------------------------------------------------------------- */

static bool has_changed(const struct folder *folder)
{
	struct stat status;

	for (size_t i = 0; i < folder->folders.count; i++) {
		const struct seen_folder *seen = vector_at(&folder->folders, i);

		if (stat(seen->path[0] != '\0' ? seen->path : ".", &status) != 0 ||
			status.st_ctim.tv_sec != seen->changed.tv_sec ||
			status.st_ctim.tv_nsec != seen->changed.tv_nsec || !source_is_at_rest(&status))
			return true;
	}
	for (size_t i = 0; i < folder->waiting.count; i++)
		if (stat(*(char **)vector_at(&folder->waiting, i), &status) == 0 && status.st_size > 0)
			return true;
	return folder->folders.count == 0;
}

static void say(const struct folder *folder, struct source *owner)
{
	struct error words = { 0 };

	if (folder->left_out > 0)
		error_set(&words, ERROR_FULL, "%zu files are left out: at most %d are opened", folder->left_out,
			COLLECTION_MAXIMUM);
	else if (folder->looked_at > FILES_MAXIMUM)
		error_set(&words, ERROR_FULL, "more than %d names: the rest is left out", FILES_MAXIMUM);
	else if (folder->opened == 0)
		error_set(&words, ERROR_ABSENT, "%s: %s%s", owner->name,
			folder->pattern != NULL ? "no file matches" : "no logs in it",
			owner->options->follow ? " yet" : "");
	else if (folder->binary > 0)
		error_set(&words, ERROR_NONE, "%zu binary files are passed over", folder->binary);
	source_note(owner, words.text);
	owner->now.state = INTAKE_ENDED;
	if (folder->opened == 0 && !owner->options->follow)
		owner->now.state = INTAKE_FAILED;
}

static bool advance(struct collection *collection, struct source *owner, struct finds *finds)
{
	struct walk walk = { .folder = (struct folder *)collection, .owner = owner, .finds = finds };
	struct folder *folder = walk.folder;
	struct stat status;

	if (folder->walked && (!owner->options->follow || !has_changed(folder)))
		return false;
	forget_walk(folder);
	if (stat(folder->root[0] != '\0' ? folder->root : ".", &status) == 0)
		walk_folder(&walk, folder->root, &status, folder->pattern == NULL, 0);
	folder->walked = true;
	say(folder, owner);
	if (folder->folders.count == 0 && owner->options->follow) {
		owner->now.state = INTAKE_GONE;
		source_note(owner, "the folder is not there: it is looked for again");
	}
	source_show(owner);
	return false;
}
