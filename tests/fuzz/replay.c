/*
 * Runs files through the linked target, one after the other, so that a compiler without libFuzzer can replay a corpus:
 *
 *   replay-csv FILE|FOLDER...
 *
 * Each input lies in a block of exactly its size, so that AddressSanitizer sees a read past its end.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

#define MAXIMUM_INPUT ((size_t)1 << 24)

static unsigned inputs;

static int replay_file(const char *path)
{
	uint8_t *whole = malloc(MAXIMUM_INPUT);
	FILE *file = fopen(path, "rb");
	int result = -1;

	if (file != NULL && whole != NULL) {
		size_t size = fread(whole, 1, MAXIMUM_INPUT, file);
		uint8_t *exact = malloc(size > 0 ? size : 1);

		if (exact != NULL && ferror(file) == 0) {
			memcpy(exact, whole, size);
			LLVMFuzzerTestOneInput(exact, size);
			inputs++;
			result = 0;
		}
		free(exact);
	}
	if (result != 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	if (file != NULL)
		fclose(file);
	free(whole);
	return result;
}

static int replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (folder == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while ((entry = readdir(folder)) != NULL) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		fprintf(stderr, "%s\n", name); /* the last one named is the one that failed */
		if (replay_file(name) != 0)
			result = -1;
	}
	closedir(folder);
	return result;
}

int main(int argc, char **argv)
{
	int result = 0;

	for (int i = 1; i < argc; i++) {
		struct stat status;
		bool is_folder = stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode);

		if ((is_folder ? replay_folder(argv[i]) : replay_file(argv[i])) != 0)
			result = 1;
	}
	printf("%u inputs\n", inputs);
	return result == 0 && inputs > 0 ? 0 : 1;
}
