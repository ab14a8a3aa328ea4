/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine of which the test says what it answers. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <leastcap/cleanup.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
/* After the ones above, which it does not include. */
#include <cmocka.h>

/* An engine in a process of its own, which gives each question the next answer; an empty one closes the connection. */
struct engine {
	char directory[32];
	char socket[64];
	pid_t pid;
};

/* The engine's process. Does not return. */
static inline void answer_all(int listener, const char *const *answers)
{
	for (; *answers; answers++) {
		int fd = accept(listener, NULL, NULL);
		char question[4096];

		if (fd < 0 || read(fd, question, sizeof(question)) <= 0)
			_exit(1);
		if (write(fd, *answers, strlen(*answers)) < 0)
			_exit(1);
		close(fd);
	}
	_exit(0);
}

static inline void start_engine(struct engine *engine, const char *const *answers)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_fd_ int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(engine->directory, sizeof(engine->directory), "/tmp/leastcap-test.XXXXXX");
	assert_non_null(mkdtemp(engine->directory));
	snprintf(engine->socket, sizeof(engine->socket), "%s/engine", engine->directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", engine->socket);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 16), 0);
	engine->pid = fork();
	if (!engine->pid)
		answer_all(listener, answers);
	assert_true(engine->pid > 0);
}

/* Whether all of its answers were asked for. */
static inline bool end_engine(const struct engine *engine)
{
	int status = 0;
	bool ended = waitpid(engine->pid, &status, WNOHANG) == engine->pid;

	for (int i = 0; !ended && i < 50; i++) {
		usleep(10000);
		ended = waitpid(engine->pid, &status, WNOHANG) == engine->pid;
	}
	if (!ended) {
		kill(engine->pid, SIGKILL);
		waitpid(engine->pid, NULL, 0);
	}
	unlink(engine->socket);
	rmdir(engine->directory);
	return ended && !status;
}

#endif
