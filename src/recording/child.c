/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command that is recorded or that a recording lasts for: started, held back, released, waited for. */
#include "src/recording/child.h"
#include "src/recording/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Becomes the user NAME, groups and all. 0 or -errno: -EINVAL when there is no such user. */
static int become_user(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user)
		return -EINVAL;
	if (initgroups(user->pw_name, user->pw_gid) || setgid(user->pw_gid) || setuid(user->pw_uid))
		return -errno;
	return 0;
}

/* Tells our parent of ERROR, an errno; a negative one: of the changed files. Ends the child. */
static void __attribute__((noreturn)) fail(int failure, int error)
{
	while (write(failure, &error, sizeof(error)) < 0 && errno == EINTR)
		continue;
	_exit(EXIT_FAILURE);
}

/* The child's side: waits at GATE, then becomes FUTURE. If that fails, says so at FAILURE. */
static void become(const struct lc_future *future, int gate, int failure)
{
	sigset_t none;
	char go;
	int error;

	/* A gate that closes without a word means that the recording came to nothing. */
	if (read(gate, &go, 1) != 1)
		_exit(EXIT_FAILURE);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Before anything is given up that narrowing takes. The program is looked for with the caller's rights, not with those of our own file. */
	error = future->n_replaced ? lc_replace(future->replaced, future->n_replaced) : 0;
	if (error)
		fail(failure, error);
	error = future->bounding ? -lc_privileges_narrow(*future->bounding) : 0;
	if (!error)
		error = -lc_privileges_become_caller();
	if (!error && future->user)
		error = -become_user(future->user);
	if (!error) {
		execvpe(future->command[0], future->command, future->environment ? future->environment : environ);
		error = errno;
	}
	fail(failure, error);
}

static void close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

int lc_child_fork(struct lc_child *child, const struct lc_future *future)
{
	int gate[2], failure[2], error;
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	if (pipe2(failure, O_CLOEXEC)) {
		error = -errno;
		close_both(gate);
		return error;
	}
	pid = fork();
	if (pid < 0) {
		error = -errno;
		close_both(gate);
		close_both(failure);
		return error;
	}
	if (!pid) {
		close(gate[1]);
		close(failure[0]);
		become(future, gate[0], failure[1]);
	}
	close(gate[0]);
	close(failure[1]);
	*child = (struct lc_child){.pid = pid, .gate = gate[1], .failure = failure[0]};
	return 0;
}

int lc_child_release(struct lc_child *child)
{
	int error = 0;
	ssize_t n;

	if (write(child->gate, "", 1) != 1)
		return -errno;
	close(child->gate);
	child->gate = -1;
	/* The child's end closes by itself when the execution succeeds. */
	do
		n = read(child->failure, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	close(child->failure);
	child->failure = -1;
	if (n != sizeof(error))
		return 0;
	waitpid(child->pid, &child->status, 0);
	child->ended = true;
	child->unreplaced = error < 0;
	return error < 0 ? error : -error;
}

void lc_child_poll(struct lc_child *child)
{
	if (child->pid && !child->ended && waitpid(child->pid, &child->status, WNOHANG) == child->pid)
		child->ended = true;
}

void lc_child_discard(struct lc_child *child)
{
	if (child->gate >= 0)
		close(child->gate);
	if (child->failure >= 0)
		close(child->failure);
	if (child->pid && !child->ended && child->gate >= 0)
		waitpid(child->pid, &child->status, 0);
	*child = LC_CHILD_NONE;
}
