/*
 * Files of another machine, through a real sshd on loopback: read, followed over breaks, rotations and truncations.
 */
#include "unit/ingest/scene.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#define SSHD "/usr/sbin/sshd"
#define QUICK (2 * INT64_C(1000000))

static const struct intake_options following = { .follow = true, .retry = QUICK };
static const struct intake_options once = { .retry = QUICK };
static char server[64]; /* its folder */
static pid_t daemon_pid = -1;
static char *usual_path;

static void say(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const char *name, const char *format, ...)
{
	char path[128];
	va_list arguments;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", server, name);
	file = fopen(path, "w");
	assert_non_null(file);
	va_start(arguments, format);
	vfprintf(file, format, arguments);
	va_end(arguments);
	fclose(file);
}

static int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		fail_msg("no port");
	close(fd);
	return ntohs(address.sin_port);
}

static bool answers(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool does = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	close(fd);
	return does;
}

static int start_server(void **state)
{
	char command[8192];
	char path[128];
	int port = free_port();
	time_t until = time(NULL) + 20;

	(void)state;
	if (access(SSHD, X_OK) != 0) {
		print_message("# sshd is not installed: ./bootstrap check brings it\n");
		return 0;
	}
	usual_path = strdup(getenv("PATH"));
	snprintf(server, sizeof(server), "/tmp/tocsin-sshd-XXXXXX");
	assert_non_null(mkdtemp(server));
	if (getuid() == 0)
		mkdir("/run/sshd", 0755); /* sshd wants it, and an image without services has none */
	snprintf(command, sizeof(command),
		"cd %s && ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f key && cp key.pub allowed",
		server);
	assert_int_equal(system(command), 0);
	say("sshd.conf",
		"Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/allowed\nStrictModes no\nUsePAM no\n"
		"PasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n",
		port, server, server);
	say("ssh.conf",
		"Host far\n Hostname 127.0.0.1\n Port %d\n IdentityFile %s/key\n IdentitiesOnly yes\n"
		" StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\n",
		port, server);
	/* the ordinary client with a configuration of its own, and its process id to break the connection by */
	say("ssh", "#!/bin/sh\necho $$ >%s/pid\nPATH=%s\nexec ssh -F %s/ssh.conf \"$@\"\n", server, usual_path, server);
	snprintf(path, sizeof(path), "%s/ssh", server);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(command, sizeof(command), "%s:%s", server, usual_path);
	setenv("PATH", command, 1);

	daemon_pid = fork();
	if (daemon_pid == 0) {
		char configuration[128], log[128];

		snprintf(configuration, sizeof(configuration), "%s/sshd.conf", server);
		snprintf(log, sizeof(log), "%s/sshd.log", server);
		execl(SSHD, SSHD, "-D", "-f", configuration, "-E", log, (char *)NULL);
		_exit(127);
	}
	while (!answers(port) && time(NULL) < until)
		usleep(10000);
	return answers(port) ? 0 : -1;
}

static int stop_server(void **state)
{
	char command[96];

	(void)state;
	if (daemon_pid <= 0)
		return 0;
	kill(daemon_pid, SIGTERM);
	waitpid(daemon_pid, NULL, 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", server);
	return system(command);
}

static void open_far(const struct scene *scene, const char *name)
{
	struct error error = { 0 };
	char path[128];
	char source[200];

	snprintf(source, sizeof(source), "ssh:far:%s", scene_path(scene, name, path));
	if (intake_open(scene->intake, slice_of(source), &error) != 0)
		fail_msg("%s", error.text);
}

static void pump_until(const struct scene *scene, uint64_t count)
{
	time_t until = time(NULL) + 20;

	while (store_count(scene->store) < count && time(NULL) < until)
		scene_pump(scene);
	assert_int_equal(store_count(scene->store), count);
}

static void pump_until_said(const struct scene *scene, const char *words)
{
	time_t until = time(NULL) + 20;
	struct intake_status status;

	do {
		scene_pump(scene);
		intake_status(scene->intake, 0, &status);
	} while (strstr(status.notice, words) == NULL && time(NULL) < until);
	if (strstr(status.notice, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", status.notice, words);
}

static void break_connection(void)
{
	char path[128];
	FILE *file;
	int pid = 0;

	snprintf(path, sizeof(path), "%s/pid", server);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void ssh__reads_a_file_to_its_end(void **state)
{
	struct scene scene;
	struct record record;

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &once, NULL);
	scene_write(&scene, "it's $(odd) *.log", "one\ntwo\nno end");
	open_far(&scene, "it's $(odd) *.log");
	assert_int_equal(scene_pump(&scene), 3);
	scene_assert_message(&scene, 2, "no end");
	store_record(scene.store, 0, &record);
	assert_text(store_service_name(scene.store, record.service), "it's $(odd) *");
	scene_end(&scene);
}

static void ssh__says_what_is_not_there(void **state)
{
	struct scene scene;
	struct intake_status status;

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &once, NULL);
	open_far(&scene, "absent.log");
	assert_int_equal(scene_pump(&scene), 0);
	intake_status(scene.intake, 0, &status);
	assert_int_equal(status.state, INTAKE_FAILED);
	if (strstr(status.notice, "absent.log") == NULL)
		fail_msg("%s", status.notice);
	scene_end(&scene);
}

static void ssh__goes_on_where_it_was_after_a_break__even_within_a_line(void **state)
{
	struct scene scene;

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\ntwo\nthr");
	open_far(&scene, "a.log");
	pump_until(&scene, 2);
	break_connection();
	scene_append(&scene, "a.log", "ee\nfour\n");
	pump_until(&scene, 4);
	scene_assert_message(&scene, 2, "three");
	scene_assert_message(&scene, 3, "four");
	pump_until_said(&scene, "nothing is lost");
	scene_end(&scene);
}

static void ssh__reads_the_rest_of_a_file_that_rotated_during_a_break(void **state)
{
	struct scene scene;
	char from[128], to[128];

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\ntwo\n");
	open_far(&scene, "a.log");
	pump_until(&scene, 2);
	break_connection();
	scene_append(&scene, "a.log", "three\n");
	assert_int_equal(rename(scene_path(&scene, "a.log", from), scene_path(&scene, "a.log.1", to)), 0);
	scene_write(&scene, "a.log", "new one\n");
	pump_until(&scene, 4);
	scene_assert_message(&scene, 2, "three");
	scene_assert_message(&scene, 3, "new one");
	scene_end(&scene);
}

static void ssh__follows_rotation_and_truncation(void **state)
{
	struct scene scene;
	char from[128], to[128];

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &following, NULL);
	scene_write(&scene, "a.log", "one\ntwo\n");
	open_far(&scene, "a.log");
	pump_until(&scene, 2);
	scene_append(&scene, "a.log", "three\n");
	assert_int_equal(rename(scene_path(&scene, "a.log", from), scene_path(&scene, "a.log.1", to)), 0);
	scene_write(&scene, "a.log", "new one\nnew two\n");
	pump_until(&scene, 5);
	scene_assert_message(&scene, 2, "three");
	scene_assert_message(&scene, 4, "new two");
	scene_write(&scene, "a.log", "short\n");
	pump_until(&scene, 6);
	scene_assert_message(&scene, 5, "short");
	scene_end(&scene);
}

static void ssh__waits_for_a_file_that_is_not_there_yet(void **state)
{
	struct scene scene;

	(void)state;
	if (daemon_pid <= 0)
		skip();
	scene_begin(&scene, &following, NULL);
	open_far(&scene, "late.log");
	pump_until_said(&scene, "it is waited for");
	scene_write(&scene, "late.log", "here\n");
	pump_until(&scene, 1);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh__reads_a_file_to_its_end),
		cmocka_unit_test(ssh__says_what_is_not_there),
		cmocka_unit_test(ssh__goes_on_where_it_was_after_a_break__even_within_a_line),
		cmocka_unit_test(ssh__reads_the_rest_of_a_file_that_rotated_during_a_break),
		cmocka_unit_test(ssh__follows_rotation_and_truncation),
		cmocka_unit_test(ssh__waits_for_a_file_that_is_not_there_yet),
	};

	return cmocka_run_group_tests_name("ssh", tests, start_server, stop_server);
}
