/*
 * A server on loopback that answers each request with what a script says, for tests of whatever speaks HTTP. It is a
 * process of its own, so that it can be killed in mid-stream and never shares a loop with what is tested.
 *
 * The script is text, one step a line; a reply begins with `reply` and is given to the next request, the last one to
 * all that follow:
 *
 *   reply 200 text/event-stream   status and type; the body is sent in chunks
 *   want TEXT                     the request, head and body, must hold TEXT, else the reply is a 599 naming it
 *   header NAME: VALUE
 *   text TEXT                     sends TEXT and a line end; \uXXXX stays as it is
 *   file PATH                     sends the file
 *   bytes N                       from here on N bytes at a time, each a write of its own
 *   wait MS
 *   length N                      a Content-Length instead of chunks, right or wrong
 *   cut                           closes without the end of the chunks
 *   hang                          says nothing more until the client goes
 */
#ifndef TESTS_SUPPORT_SCRIPTED_SERVER_H
#define TESTS_SUPPORT_SCRIPTED_SERVER_H

#include <sys/types.h>

struct scripted_server {
	pid_t process;
	int port;
	char url[64]; /* http://127.0.0.1:PORT */
};

/* Starts the process; requests are appended to the file `log` unless it is NULL. 0, or -1. */
int scripted_server_start(struct scripted_server *server, const char *script, const char *log);
void scripted_server_stop(struct scripted_server *server);

/* Serves in this process until killed: listens on a free port, which is written to `report` first. */
int scripted_server_run(const char *script, const char *log, int report);

#endif
