/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs systemctl(1) and takes what it says. */
#include "src/unit/systemctl.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* How much of it is read. */
#define TEXT_MAX 65536

#define ARGUMENTS_MAX 16

/* The shell's word for a program that is not there, which we say with it. */
#define NOT_FOUND 127

const char lc_unit_properties[] =
	"Id,LoadState,ActiveState,ControlGroup,Slice,User,Group,UID,GID,DynamicUser,PrivateUsers,CapabilityBoundingSet,TriggeredBy,Triggers,Accept,Transient,ExecConditionEx,ExecStartPreEx,ExecStartEx,ExecStartPostEx,ExecReloadEx,ExecStopEx,ExecStopPostEx";

/* Becomes systemctl, which prints to OUT and says to WHY. Does not return. */
static void __attribute__((noreturn)) become(const char *const *arguments, int out, int why)
{
	const char *argv[ARGUMENTS_MAX] = {"systemctl", "--no-pager", "--no-ask-password", "--plain"};
	struct lc_as_caller caller;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	size_t n = 4;
	sigset_t none;

	while (*arguments && n < ARGUMENTS_MAX - 1)
		argv[n++] = *arguments++;
	argv[n] = NULL;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* It gains nothing by our file: what is not ambient goes as it is executed. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || lc_as_caller_begin(&caller) || setenv("LC_ALL", "C.UTF-8", true) ||
		setenv("SYSTEMD_COLORS", "0", true) || dup2(nothing, STDIN_FILENO) < 0 ||
		dup2(out, STDOUT_FILENO) < 0 || dup2(why, STDERR_FILENO) < 0)
		_exit(1);
	execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? NOT_FOUND : 1);
}

/* Appends what was written to FD, from its beginning. 0 or -errno. */
static int take_all(int fd, struct lc_strbuf *text)
{
	char buffer[4096];
	off_t at = 0;
	ssize_t n;

	while (at < TEXT_MAX && (n = pread(fd, buffer, sizeof(buffer), at)) > 0) {
		lc_strbuf_add(text, buffer, (size_t)n);
		at += n;
	}
	return text->failed ? -ENOMEM : 0;
}

/* Leaves in TEXT the line that says what went wrong, and not what is only a warning, or goes on from one. */
static void leave_reason(struct lc_strbuf *text)
{
	static const char *const asides[] = {"Warning:", "Stopping ", " ", "See "};
	char *line = text->text, *next;
	struct lc_strbuf reason = {0};

	for (; line && *line && !reason.length; line = next) {
		bool aside = false;

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		for (size_t i = 0; i < sizeof(asides) / sizeof(asides[0]); i++)
			aside |= strncmp(line, asides[i], strlen(asides[i])) == 0;
		if (!aside)
			lc_strbuf_adds(&reason, line);
	}
	if (!reason.length)
		lc_strbuf_adds(&reason, "systemctl failed");
	lc_strbuf_free(text);
	*text = reason;
}

int lc_systemctl(const char *const *arguments, struct lc_strbuf *text)
{
	_cleanup_fd_ int out = memfd_create("systemctl", MFD_CLOEXEC), why = memfd_create("systemctl", MFD_CLOEXEC);
	int status = 0, r;
	pid_t pid;

	if (out < 0 || why < 0)
		return -errno;
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		become(arguments, out, why);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return -ENOENT;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return take_all(out, text);
	r = take_all(why, text);
	if (r)
		return r;
	leave_reason(text);
	return text->failed ? -ENOMEM : -EIO;
}
