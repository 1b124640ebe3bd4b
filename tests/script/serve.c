/*
 * serve SCRIPT [LOG]: a scripted server (tests/support/scripted_server.h) for the script tests. Writes its port.
 */
#include "support/scripted_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char script[1 << 20];
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
	if (file == NULL || fread(script, 1, sizeof script - 1, file) == 0) {
		fprintf(stderr, "serve SCRIPT [LOG]\n");
		return 2;
	}
	fclose(file);
	signal(SIGPIPE, SIG_IGN);
	return scripted_server_run(script, argc > 2 ? argv[2] : NULL, STDOUT_FILENO) != 0;
}
