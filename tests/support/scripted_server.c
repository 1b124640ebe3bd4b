#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_MAXIMUM (4 << 20)

struct connection {
	int socket;
	size_t piece;  /* bytes a write; 0: all */
	int is_chunked, is_cut;
};

static int send_all(int socket, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
		if (sent <= 0)
			return -1;
		bytes += sent;
		size -= (size_t)sent;
	}
	return 0;
}

static void send_body(struct connection *connection, const char *bytes, size_t size)
{
	while (size > 0) {
		size_t part = connection->piece > 0 && connection->piece < size ? connection->piece : size;
		char head[32];
		snprintf(head, sizeof head, "%zx\r\n", part);
		if (connection->is_chunked)
			send_all(connection->socket, head, strlen(head));
		send_all(connection->socket, bytes, part);
		if (connection->is_chunked)
			send_all(connection->socket, "\r\n", 2);
		bytes += part;
		size -= part;
	}
}

static void send_file(struct connection *connection, const char *path)
{
	FILE *file = fopen(path, "rb");
	char bytes[65536];
	size_t size;
	while (file != NULL && (size = fread(bytes, 1, sizeof bytes, file)) > 0)
		send_body(connection, bytes, size);
	if (file != NULL)
		fclose(file);
}

/* --- the request --- */

static size_t wanted_size(const char *request)
{
	const char *end = strstr(request, "\r\n\r\n");
	const char *length = strcasestr(request, "\r\nContent-Length:");
	if (end == NULL)
		return SIZE_MAX;
	return (size_t)(end + 4 - request) + (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

static char *read_request(int socket, const char *log)
{
	char *request = calloc(1, REQUEST_MAXIMUM + 1);
	size_t size = 0;
	while (request != NULL && size < REQUEST_MAXIMUM) {
		ssize_t got = recv(socket, request + size, REQUEST_MAXIMUM - size, 0);
		if (got <= 0)
			break;
		size += (size_t)got;
		if (size >= wanted_size(request))
			break;
	}
	int file = log == NULL ? -1 : open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (file >= 0) {
		if (write(file, request, size) < 0 || write(file, "\n", 1) < 0)
			perror("scripted server");
		close(file);
	}
	return request;
}

/* --- one reply --- */

static const char *next_line(const char *at)
{
	const char *end = strchr(at, '\n');
	return end == NULL ? at + strlen(at) : end + 1;
}

static int line_is(const char *line, const char *word)
{
	size_t size = strlen(word);
	return strncmp(line, word, size) == 0 && (line[size] == ' ' || line[size] == '\n' || line[size] == '\0');
}

/* The n-th reply of the script, or the last. */
static const char *find_reply(const char *script, unsigned number)
{
	const char *found = NULL;
	for (const char *line = script; *line != '\0'; line = next_line(line))
		if (line_is(line, "reply")) {
			found = line;
			if (number-- == 0)
				break;
		}
	return found;
}

static const char *unmet(const char *reply, const char *request, char *text, size_t capacity)
{
	for (const char *line = next_line(reply); *line != '\0' && !line_is(line, "reply"); line = next_line(line)) {
		if (!line_is(line, "want"))
			continue;
		snprintf(text, capacity, "%.*s", (int)strcspn(line + 5, "\n"), line + 5);
		if (strstr(request, text) == NULL)
			return text;
	}
	return NULL;
}

static void send_head(struct connection *connection, const char *reply)
{
	char head[8192], type[128] = "application/json";
	int status = 200;
	const char *length = NULL;
	sscanf(reply, "reply %d %127[^\n]", &status, type);
	int size = snprintf(head, sizeof head, "HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\nConnection: close\r\n",
		status, type);
	for (const char *line = next_line(reply); *line != '\0' && !line_is(line, "reply"); line = next_line(line)) {
		if (line_is(line, "header"))
			size += snprintf(head + size, sizeof head - (size_t)size, "%.*s\r\n",
				(int)strcspn(line + 7, "\n"), line + 7);
		if (line_is(line, "length"))
			length = line + 7;
	}
	connection->is_chunked = length == NULL;
	if (length != NULL)
		size += snprintf(head + size, sizeof head - (size_t)size, "Content-Length: %ld\r\n\r\n",
			strtol(length, NULL, 10));
	else
		size += snprintf(head + size, sizeof head - (size_t)size, "Transfer-Encoding: chunked\r\n\r\n");
	send_all(connection->socket, head, (size_t)size);
}

static void wait_for_client(int socket)
{
	char byte;
	while (recv(socket, &byte, 1, 0) > 0)
		continue;
}

static void do_step(struct connection *connection, const char *line)
{
	const char *rest = line + strcspn(line, " \n");
	size_t size;
	rest += *rest == ' ';
	size = strcspn(rest, "\n");
	if (line_is(line, "text")) {
		char *copy = malloc(size + 1);
		memcpy(copy, rest, size);
		copy[size] = '\n';
		send_body(connection, copy, size + 1);
		free(copy);
	} else if (line_is(line, "file")) {
		char path[4096];
		snprintf(path, sizeof path, "%.*s", (int)size, rest);
		send_file(connection, path);
	} else if (line_is(line, "bytes")) {
		connection->piece = strtoul(rest, NULL, 10);
	} else if (line_is(line, "wait")) {
		usleep((useconds_t)strtoul(rest, NULL, 10) * 1000);
	} else if (line_is(line, "cut")) {
		connection->is_cut = 1;
	} else if (line_is(line, "hang")) {
		wait_for_client(connection->socket);
		connection->is_cut = 1;
	}
}

static void answer(int socket, const char *script, unsigned number, const char *log)
{
	struct connection connection = { .socket = socket };
	char *request = read_request(socket, log);
	const char *reply = find_reply(script, number);
	char text[4096];
	const char *missing = reply == NULL ? "a reply in the script" : unmet(reply, request, text, sizeof text);
	if (missing != NULL) {
		char body[8192];
		int size = snprintf(body, sizeof body,
			"HTTP/1.1 599 Unmet\r\nConnection: close\r\n\r\nthe request lacks: %s\n", missing);
		send_all(socket, body, (size_t)size);
		free(request);
		return;
	}
	int first_is_hang = line_is(next_line(reply), "hang");
	if (!first_is_hang)
		send_head(&connection, reply);
	for (const char *line = next_line(reply); *line != '\0' && !line_is(line, "reply") && !connection.is_cut;
		line = next_line(line))
		do_step(&connection, line);
	if (connection.is_chunked && !connection.is_cut)
		send_all(socket, "0\r\n\r\n", 5);
	free(request);
}

/* --- life --- */

int scripted_server_run(const char *script, const char *log, int report)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listening = socket(AF_INET, SOCK_STREAM, 0);
	char port[16];
	if (listening < 0 || bind(listening, (struct sockaddr *)&address, size) != 0 || listen(listening, 16) != 0 ||
		getsockname(listening, (struct sockaddr *)&address, &size) != 0)
		return -1;
	snprintf(port, sizeof port, "%d\n", ntohs(address.sin_port));
	if (write(report, port, strlen(port)) < 0)
		return -1;
	for (unsigned number = 0;; number++) {
		int socket = accept(listening, NULL, NULL);
		if (socket < 0)
			return -1;
		answer(socket, script, number, log);
		shutdown(socket, SHUT_WR);
		wait_for_client(socket);
		close(socket);
	}
}

int scripted_server_start(struct scripted_server *server, const char *script, const char *log)
{
	int ends[2];
	char port[16] = "";
	if (pipe(ends) != 0)
		return -1;
	server->process = fork();
	if (server->process == 0) {
		close(ends[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies takes its server along */
		signal(SIGPIPE, SIG_IGN);
		_exit(scripted_server_run(script, log, ends[1]) != 0);
	}
	close(ends[1]);
	ssize_t size = read(ends[0], port, sizeof port - 1);
	close(ends[0]);
	server->port = size <= 0 ? 0 : (int)strtol(port, NULL, 10);
	snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", server->port);
	return server->port == 0 ? -1 : 0;
}

void scripted_server_stop(struct scripted_server *server)
{
	if (server->process <= 0)
		return;
	kill(server->process, SIGKILL);
	waitpid(server->process, NULL, 0);
	server->process = 0;
}
