/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that keeps the privileges with which systemd does as told, and has it do a few things to one unit. */
#include "src/unit/systemctl.h"

#include <leastcap/cleanup.h>
#include <leastcap/unit.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct lc_unit_manager {
	pid_t pid;
	int socket;
};

/* What is sent back: how it went, and what there is to read behind it. */
struct answer {
	int result;
	char text[64 * 1024];
};

/* Does ORDER to UNIT. As lc_systemctl. */
static int obey(const struct lc_unit *unit, enum lc_unit_order order, struct lc_strbuf *text)
{
	_cleanup_free_ char *services = unit->instances ? NULL : strdup(unit->service);
	const char *show[] = {"show", "--timestamp=us+utc", "-p", lc_unit_properties, "--", unit->service, NULL};
	const char *stop[] = {"stop", "--", NULL, NULL, NULL};
	const char *start[] = {"start", "--", order == LC_UNIT_START ? unit->service : unit->socket, NULL};

	/* Of a template systemd stops what matches. */
	if (unit->instances &&
		asprintf(&services, "%.*s*.service", (int)strcspn(unit->service, "@") + 1, unit->service) < 0)
		services = NULL;
	if (!services)
		return -ENOMEM;
	/* Nobody is to start it in between. */
	if (unit->socket && (unit->asked_socket || !unit->socket_active))
		stop[2] = unit->socket;
	stop[stop[2] ? 3 : 2] = services;
	return lc_systemctl(order == LC_UNIT_SHOW ? show : order == LC_UNIT_STOP ? stop : start, text);
}

/* The process: does what comes at SOCKET until that is closed. Does not return. */
static void __attribute__((noreturn)) serve(const struct lc_unit *unit, int socket)
{
	static struct answer answer;
	unsigned char order;

	/* Ctrl-C is for those who record. What systemd has begun is to be waited for, or else it is not known how it went. */
	setpgid(0, 0);
	while (read(socket, &order, 1) == 1 && order < LC_UNIT_ORDER_N) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
		size_t length;

		answer.result = obey(unit, order, &text);
		length = text.length < sizeof(answer.text) ? text.length : sizeof(answer.text);
		if (length)
			memcpy(answer.text, text.text, length);
		if (send(socket, &answer, sizeof(answer.result) + length, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

int lc_unit_manager_new(struct lc_unit_manager **result, const struct lc_unit *unit)
{
	struct lc_unit_manager *manager = calloc(1, sizeof(*manager));
	int ends[2], err;

	if (!manager)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		free(manager);
		return -errno;
	}
	fflush(NULL);
	manager->pid = fork();
	err = -errno;
	if (!manager->pid) {
		close(ends[0]);
		if (prctl(PR_SET_PDEATHSIG, SIGKILL))
			_exit(1);
		serve(unit, ends[1]);
	}
	close(ends[1]);
	manager->socket = ends[0];
	if (manager->pid < 0) {
		close(ends[0]);
		free(manager);
		return err;
	}
	*result = manager;
	return 0;
}

int lc_unit_manager_begin(const struct lc_unit_manager *manager, enum lc_unit_order order)
{
	unsigned char byte = (unsigned char)order;

	return send(manager->socket, &byte, 1, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

int lc_unit_manager_answer(const struct lc_unit_manager *manager, struct lc_strbuf *text)
{
	static struct answer answer;
	ssize_t n = recv(manager->socket, &answer, sizeof(answer), MSG_DONTWAIT);

	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (n < (ssize_t)sizeof(answer.result))
		return -EPIPE;
	lc_strbuf_add(text, answer.text, (size_t)n - sizeof(answer.result));
	return text->failed ? -ENOMEM : answer.result;
}

void lc_unit_manager_free(struct lc_unit_manager *manager)
{
	if (!manager)
		return;
	close(manager->socket);
	/* It may wait for systemd. */
	kill(manager->pid, SIGKILL);
	waitpid(manager->pid, NULL, 0);
	free(manager);
}
