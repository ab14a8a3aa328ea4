/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The caller's side: makes the socket, starts and ends the process that serves it, reads what that says. */
#include "src/proxy/events.h"
#include "src/proxy/serve.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

/* How long (milliseconds) the process is waited for, which waits itself for containers that are being made, and how often it is looked at. */
#define ENDS_MS      7000
#define LOOK_EACH_MS 2

struct lc_proxy {
	struct lc_place place;
	const struct lc_log *log;
	char *engine;
	pid_t pid; /* 0: no process */
	struct lc_event_reader events;
	int go_on;       /* to the process; -1: none */
	bool has_failed; /* the process has ended by itself */
};

int lc_proxy_open(struct lc_proxy **proxy, const char *engine, const struct lc_log *log, char **message)
{
	struct lc_proxy *made = calloc(1, sizeof(*made));
	int ret;

	*proxy = NULL;
	if (!made)
		return lc_complain(message, -ENOMEM, "out of memory");
	made->place = LC_PLACE_NONE;
	made->log = log;
	made->events.fd = -1;
	made->go_on = -1;
	made->engine = strdup(engine);
	ret = made->engine ? lc_place_make(&made->place, engine, message)
			   : lc_complain(message, -ENOMEM, "out of memory");
	if (ret < 0)
		lc_proxy_close(made);
	else
		*proxy = made;
	return ret;
}

const char *lc_proxy_address(const struct lc_proxy *proxy)
{
	return proxy->place.address.text;
}

static void forget_events(struct lc_proxy *proxy)
{
	json_decref(proxy->events.current);
	if (proxy->events.fd >= 0)
		close(proxy->events.fd);
	proxy->events = (struct lc_event_reader){.fd = -1};
	if (proxy->go_on >= 0)
		close(proxy->go_on);
	proxy->go_on = -1;
}

/* Closes all descriptors but the standard ones and the N in KEPT. */
static void close_others(const int *kept, size_t n)
{
	unsigned from = STDERR_FILENO + 1;

	for (;;) {
		unsigned next = ~0U;

		for (size_t i = 0; i < n; i++) {
			if ((unsigned)kept[i] >= from && (unsigned)kept[i] < next)
				next = (unsigned)kept[i];
		}
		if (next > from)
			close_range(from, next == ~0U ? next : next - 1, 0);
		if (next == ~0U)
			return;
		from = next + 1;
	}
}

/* Standard input and output are the command's, unless it is there that messages go. */
static void give_up_streams(int log)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDOUT_FILENO; fd++) {
		if (fd != log)
			dup2(null, fd);
	}
}

static void reset_signals(void)
{
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
}

/* The process's life. SIGTERM is blocked. */
static void live(const struct lc_proxy *proxy, const struct lc_proxy_calls *calls, int go_on, pid_t parent)
{
	const struct lc_serve serve = {
		.place = &proxy->place,
		.engine = proxy->engine,
		.calls = calls,
		.log = proxy->log,
		.go_on = go_on,
		.events = proxy->events.fd,
		.parent = parent,
	};
	int log = proxy->log && proxy->log->stream ? fileno(proxy->log->stream) : -1;
	const int kept[] = {proxy->place.directory, proxy->place.listener, proxy->events.fd, go_on, log};

	/* Ctrl-C at the terminal is for the caller, who then ends us. */
	setsid();
	reset_signals();
	if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0))
		_exit(1);
	/* From here on a SIGTERM comes when the parent ends. It may have ended before. */
	if (getppid() != parent)
		raise(SIGTERM);
	give_up_streams(log);
	close_others(kept, sizeof(kept) / sizeof(kept[0]) - (log < 0));
	_exit(lc_serve(&serve));
}

int lc_proxy_start(struct lc_proxy *proxy, const struct lc_proxy_calls *calls, char **message)
{
	_cleanup_fd_ int go_on = -1;
	pid_t parent = getpid();
	int ends[2];
	sigset_t term, before;
	int err;

	lc_proxy_stop(proxy);
	forget_events(proxy);
	proxy->has_failed = false;
	proxy->events.fd = memfd_create("leastcap-events", MFD_CLOEXEC);
	if (proxy->events.fd < 0)
		return lc_complain(message, -errno, "can't keep the proxy's events: %m");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return lc_complain(message, -errno, "can't talk to the proxy's process: %m");
	proxy->go_on = ends[0];
	go_on = ends[1];
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	proxy->pid = fork();
	if (proxy->pid == 0) {
		sigprocmask(SIG_SETMASK, &term, NULL);
		live(proxy, calls, go_on, parent);
	}
	err = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (proxy->pid > 0)
		return 0;
	proxy->pid = 0;
	return lc_complain(message, -err, "can't start the proxy's process: %s", strerror(err));
}

/* Whether the process has ended, or is nobody's child any more. */
static bool has_ended(const struct lc_proxy *proxy)
{
	return waitpid(proxy->pid, NULL, WNOHANG) != 0;
}

int lc_proxy_next(struct lc_proxy *proxy, struct lc_proxy_event *event)
{
	int ret;

	if (proxy->events.fd < 0)
		return 0;
	if (proxy->pid && has_ended(proxy)) {
		proxy->pid = 0;
		proxy->has_failed = true;
	}
	ret = lc_event_read(&proxy->events, event);
	return ret == 0 && proxy->has_failed ? -EPIPE : ret;
}

void lc_proxy_go_on(const struct lc_proxy *proxy, uint64_t number)
{
	/* Where that fails nobody is there who could wait. */
	if (proxy->go_on >= 0)
		send(proxy->go_on, &number, sizeof(number), MSG_NOSIGNAL);
}

void lc_proxy_stop(struct lc_proxy *proxy)
{
	const struct timespec pause = {.tv_nsec = LOOK_EACH_MS * 1000000L};

	if (!proxy->pid)
		return;
	kill(proxy->pid, SIGTERM);
	for (int ms = ENDS_MS; ms > 0; ms -= LOOK_EACH_MS) {
		if (has_ended(proxy)) {
			proxy->pid = 0;
			return;
		}
		nanosleep(&pause, NULL);
	}
	kill(proxy->pid, SIGKILL);
	waitpid(proxy->pid, NULL, 0);
	proxy->pid = 0;
}

void lc_proxy_close(struct lc_proxy *proxy)
{
	if (!proxy)
		return;
	lc_proxy_stop(proxy);
	forget_events(proxy);
	lc_place_remove(&proxy->place);
	lc_place_clear(&proxy->place);
	free(proxy->engine);
	free(proxy);
}
