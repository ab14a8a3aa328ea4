/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts the keeper, and what it does: fork, kill, wait. */
#include "src/why/keeper.h"

#include "src/why/sandbox.h"
#include "src/why/wire.h"
#include "src/why/worker.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void end_worker(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The worker's life: its socket takes the place of the keeper's. */
static void become_worker(int socket, pid_t keeper)
{
	/* Inherited by no one: the keeper's own is for the keeper. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != keeper || dup2(socket, 0) < 0)
		_exit(1);
	close_range(1, ~0U, 0);
	if (sandbox_confine())
		_exit(1);
	worker_run(0);
	_exit(0);
}

/* Serves the socket 0 until its other end is closed. */
static void keep(void)
{
	pid_t keeper = getpid(), worker = 0;
	int socket;
	char byte;

	while (wire_receive(0, &byte, sizeof(byte), &socket) > 0) {
		end_worker(worker);
		worker = 0;
		if (socket < 0)
			continue;
		worker = fork();
		if (worker == 0)
			become_worker(socket, keeper);
		/* Where there is no worker the other side sees its socket end. */
		close(socket);
	}
	end_worker(worker);
}

static void become_keeper(int socket, pid_t parent)
{
	int error = sandbox_enter(socket, false);
	struct iovec part = {&error, sizeof(error)};

	/* A change of user would have taken the signal back. */
	if (!error && (prctl(PR_SET_NAME, "leastcap-why", 0, 0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)))
		error = -errno;
	/* The parent may have ended before we asked to be killed with it. */
	if (wire_send(0, &part, 1, -1) == 0 && !error && getppid() == parent)
		keep();
	_exit(error ? 1 : 0);
}

int keeper_start(pid_t *pid, int *control)
{
	pid_t parent = getpid();
	int sockets[2], error;
	ssize_t length;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return -errno;
	*pid = fork();
	if (*pid == 0)
		become_keeper(sockets[1], parent);
	error = *pid < 0 ? -errno : 0;
	close(sockets[1]);
	if (!error) {
		length = wire_receive(sockets[0], &error, sizeof(error), NULL);
		if (length != sizeof(error))
			error = length < 0 ? (int)length : -EPIPE;
		if (error)
			waitpid(*pid, NULL, 0);
	}
	if (error) {
		close(sockets[0]);
		return error;
	}
	*control = sockets[0];
	return 0;
}

int keeper_replace(int control, int socket)
{
	char byte = 0;
	struct iovec part = {&byte, sizeof(byte)};

	return wire_send(control, &part, 1, socket);
}
