/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs debuginfod-find as nobody, with a cache of its own that goes when the recording ends. */
#include "src/why/debuginfod.h"

#include "src/why/wire.h"
#include <leastcap/cleanup.h>
#include <leastcap/worker.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* For one file; libdebuginfod's own limit is a minute and a half without any answer. */
#define SECONDS_MAX "20"
/* By then it has given up, or will never answer. */
#define WAIT_MS 30000

/* How often the process that fetches is looked at while it is to end, and the milliseconds between two looks. */
#define END_WAITS 100
#define END_EACH  5

#define CACHE "/tmp/leastcap-debuginfod-XXXXXX"

struct lc_why_debuginfod {
	const struct lc_log *log;
	pid_t pid;
	int socket; /* -1: it is not to be asked any more */
};

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

/* The fetching child's child: what it prints goes to OUTPUT. */
static void become_find(int output, const char *build_id)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(output, 1) < 0 || dup2(null, 0) < 0 || dup2(null, 2) < 0)
		_exit(1);
	close_range(3, ~0U, 0);
	execlp("debuginfod-find", "debuginfod-find", "debuginfo", build_id, (char *)NULL);
	_exit(1);
}

/* Fetches the file with BUILD_ID and opens it. A descriptor or -1. */
static int fetch(const char *build_id)
{
	_cleanup_file_ FILE *output = NULL;
	char path[PATH_MAX] = "";
	int ends[2], status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid == 0)
		become_find(ends[1], build_id);
	close(ends[1]);
	output = fdopen(ends[0], "r");
	if (!output || !fgets(path, sizeof(path), output))
		path[0] = '\0';
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	path[strcspn(path, "\n")] = '\0';
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Whether TEXT is the hexadecimal form of a build id. */
static bool is_build_id(const char *text, size_t length)
{
	return length > 1 && length <= 2UL * WIRE_ID_MAX && strnlen(text, length) == length - 1 &&
	       strspn(text, "0123456789abcdef") == length - 1;
}

static void serve(void)
{
	char build_id[2 * WIRE_ID_MAX + 1];
	struct iovec part = {build_id, 0};
	ssize_t length;
	int fd;

	while ((length = lc_message_receive(0, build_id, sizeof(build_id), NULL)) > 0) {
		fd = is_build_id(build_id, (size_t)length) ? fetch(build_id) : -1;
		/* The build id says which request this answers, because the one who asked before may not have waited. */
		part.iov_len = (size_t)length;
		if (lc_message_send(0, &part, 1, fd))
			break;
		if (fd >= 0)
			close(fd);
	}
}

static void become_fetcher(int socket)
{
	char cache[] = CACHE;

	if (lc_sandbox_enter(socket, true) || !mkdtemp(cache) || setenv("DEBUGINFOD_CACHE_PATH", cache, true) ||
		setenv("DEBUGINFOD_MAXTIME", SECONDS_MAX, true))
		_exit(1);
	serve();
	nftw(cache, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	_exit(0);
}

int lc_why_debuginfod_new(struct lc_why_debuginfod **out, const struct lc_log *log)
{
	struct lc_why_debuginfod *debuginfod;
	int sockets[2];

	if (!getenv("DEBUGINFOD_URLS"))
		return -ENOENT;
	debuginfod = calloc(1, sizeof(*debuginfod));
	if (!debuginfod)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets)) {
		free(debuginfod);
		return -errno;
	}
	debuginfod->log = log;
	debuginfod->socket = sockets[0];
	debuginfod->pid = fork();
	if (debuginfod->pid == 0)
		become_fetcher(sockets[1]);
	close(sockets[1]);
	if (debuginfod->pid < 0) {
		close(sockets[0]);
		free(debuginfod);
		return -errno;
	}
	*out = debuginfod;
	return 0;
}

static void give_up(struct lc_why_debuginfod *debuginfod)
{
	lc_log(debuginfod->log, LC_LOG_WARN,
		"debug information is not fetched any more: debuginfod-find does not answer; is it installed?");
	close(debuginfod->socket);
	debuginfod->socket = -1;
}

/* Receives the answer about the build id HEX of LENGTH bytes to *FD. Answers that nobody waited for are passed over. Whether it came. */
static bool receive(const struct lc_why_debuginfod *debuginfod, const char *hex, size_t length, int *fd)
{
	struct pollfd waiting = {.fd = debuginfod->socket, .events = POLLIN};
	char answered[2 * WIRE_ID_MAX + 1];

	while (poll(&waiting, 1, WAIT_MS) > 0) {
		ssize_t got = lc_message_receive(debuginfod->socket, answered, sizeof(answered), fd);

		if (got <= 0)
			return false;
		if ((size_t)got == length && memcmp(answered, hex, length) == 0)
			return true;
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
	}
	return false;
}

int lc_why_debuginfod_find(struct lc_why_debuginfod *debuginfod, const unsigned char *build_id, size_t length)
{
	char hex[2 * WIRE_ID_MAX + 1];
	struct iovec part = {hex, 2 * length + 1};
	int fd = -1;
	size_t i;

	if (debuginfod->socket < 0 || length > WIRE_ID_MAX)
		return -ENOENT;
	for (i = 0; i < length; i++)
		snprintf(hex + 2 * i, 3, "%02x", build_id[i]);
	if (lc_message_send(debuginfod->socket, &part, 1, -1) || !receive(debuginfod, hex, part.iov_len, &fd))
		give_up(debuginfod);
	return fd < 0 ? -ENOENT : fd;
}

int lc_why_debuginfod_fd(const struct lc_why_debuginfod *debuginfod)
{
	return debuginfod->socket;
}

bool lc_why_debuginfod_is_gone(const struct lc_why_debuginfod *debuginfod)
{
	return debuginfod->socket < 0;
}

void lc_why_debuginfod_free(struct lc_why_debuginfod *debuginfod)
{
	const struct timespec pause = {.tv_nsec = END_EACH * 1000000L};
	int i;

	if (!debuginfod)
		return;
	if (debuginfod->socket >= 0)
		close(debuginfod->socket);
	/* The process finishes what it is fetching, and removes its cache, before it ends. */
	for (i = 0; i < END_WAITS && waitpid(debuginfod->pid, NULL, WNOHANG) == 0; i++)
		nanosleep(&pause, NULL);
	free(debuginfod);
}
