/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starts a keeper, which forks workers, kills them, and waits for none. */
#include "src/worker/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* With so many workers that were killed and have not died no more are made, because another one would hang too. */
#define UNDEAD_MAX 16

/* How long (milliseconds) a process that is to end is waited for, and how often it is looked at. */
#define WORKER_ENDS_MS 100
#define KEEPER_ENDS_MS 200
#define LOOK_EACH_MS   2

/* Waits for process PID to end, for MS milliseconds. Whether it has. */
static bool wait_for(pid_t pid, int ms)
{
	const struct timespec pause = {.tv_nsec = LOOK_EACH_MS * 1000000L};

	for (; ms > 0; ms -= LOOK_EACH_MS) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* The workers that were killed and have not died yet. The kernel reaps them itself (SIGCHLD is ignored). */
struct undead {
	pid_t pids[UNDEAD_MAX];
	size_t n;
};

static void forget_dead(struct undead *undead)
{
	size_t n = 0;

	for (size_t i = 0; i < undead->n; i++) {
		if (waitpid(undead->pids[i], NULL, WNOHANG) == 0)
			undead->pids[n++] = undead->pids[i];
	}
	undead->n = n;
}

/*
 * Lets the others on the processor go on first when a request comes, so that what is recorded is not slowed down. The worker's share of the
 * processor is the same as before (sched(7), SCHED_BATCH).
 */
static void give_way(void)
{
	const struct sched_param none = {0};

	(void)sched_setscheduler(0, SCHED_BATCH, &none);
}

/* The worker's life: its socket takes the place of the keeper's. */
static void become_worker(const struct lc_worker_life *life, void *context, int control, int socket, pid_t keeper)
{
	/* A child does not inherit this setting. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != keeper || dup2(socket, control) < 0)
		_exit(1);
	close(socket);
	give_way();
	signal(SIGCHLD, SIG_DFL);
	life->live(context, control);
	_exit(0);
}

/* Serves CONTROL until its other end is closed. */
static void keep(const struct lc_worker_life *life, void *context, int control)
{
	pid_t keeper = getpid(), worker = 0;
	struct undead undead = {0};
	int socket;
	char byte;

	signal(SIGCHLD, SIG_IGN);
	while (lc_message_receive(control, &byte, sizeof(byte), &socket) > 0) {
		if (worker > 0) {
			kill(worker, SIGKILL);
			undead.pids[undead.n++] = worker;
		}
		worker = 0;
		forget_dead(&undead);
		if (socket < 0)
			continue;
		if (undead.n < UNDEAD_MAX)
			worker = fork();
		if (undead.n < UNDEAD_MAX && worker == 0)
			become_worker(life, context, control, socket, keeper);
		/* Where no worker was made the other side sees the socket end. */
		close(socket);
	}
	if (worker > 0) {
		kill(worker, SIGKILL);
		wait_for(worker, WORKER_ENDS_MS);
	}
}

static void become_keeper(const struct lc_worker_life *life, void *context, int socket, pid_t parent)
{
	int error = life->enter(context, &socket);
	struct iovec part = {&error, sizeof(error)};

	/* Only now, because a change of user resets PR_SET_PDEATHSIG. */
	if (!error && (prctl(PR_SET_NAME, life->name, 0, 0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)))
		error = -errno;
	/* A parent that ended before we asked to be killed with it is not ours any more. */
	if (lc_message_send(socket, &part, 1, -1) == 0 && !error && getppid() == parent)
		keep(life, context, socket);
	_exit(error ? 1 : 0);
}

/* Receives on CONTROL how the start of the keeper PID went. 0, or -errno: the keeper has then ended. */
static int await_keeper(pid_t pid, int control)
{
	int error;
	ssize_t length = lc_message_receive(control, &error, sizeof(error), NULL);

	if (length != sizeof(error))
		error = length < 0 ? (int)length : -EPIPE;
	if (!error && fcntl(control, F_SETFL, O_NONBLOCK)) {
		error = -errno;
		kill(pid, SIGKILL);
	}
	if (error)
		waitpid(pid, NULL, 0);
	return error;
}

int lc_keeper_start(const struct lc_worker_life *life, void *context, pid_t *pid, int *control)
{
	pid_t parent = getpid(), child;
	int sockets[2], error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return -errno;
	child = fork();
	if (child == 0) {
		close(sockets[0]);
		become_keeper(life, context, sockets[1], parent);
	}
	error = child < 0 ? -errno : 0;
	close(sockets[1]);
	if (!error)
		error = await_keeper(child, sockets[0]);
	if (error) {
		close(sockets[0]);
		return error;
	}
	*pid = child;
	*control = sockets[0];
	return 0;
}

int lc_keeper_replace(int control, int socket)
{
	char byte = 0;
	struct iovec part = {&byte, sizeof(byte)};

	return lc_message_send(control, &part, 1, socket);
}

void lc_keeper_end(pid_t pid, int control)
{
	close(control);
	if (wait_for(pid, KEEPER_ENDS_MS))
		return;
	/* Its worker is killed with it. */
	kill(pid, SIGKILL);
	wait_for(pid, KEEPER_ENDS_MS);
}
