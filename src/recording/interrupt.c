/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Catches the signals that end a recording, and watches from a thread of its own that they do end it. */
#include "src/recording/interrupt.h"

#include <leastcap/clock.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

/* How long (milliseconds) after a signal a program that is stuck ends. */
#define STUCK_MS 1700

/* How often (milliseconds) the watch looks, once there is something to look at. */
#define LOOK_MS 50

/* What the watch has seen. */
struct seen {
	int64_t pending_ms; /* since when a signal has waited to be read; 0: none does */
	int64_t moved_ms;   /* when the recording was last found to have computed something … */
	int64_t used_ms;    /* … and how much until then */
};

/* Notes whether the recording has used the processor, and so is not stuck. */
static void see_movement(const struct lc_interrupt *interrupt, int64_t now, struct seen *seen)
{
	struct timespec used;
	int64_t ms;

	if (clock_gettime(interrupt->clock, &used))
		return;
	ms = used.tv_sec * 1000LL + used.tv_nsec / 1000000;
	if (ms > seen->used_ms)
		seen->moved_ms = now;
	seen->used_ms = ms;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/*
 * Whether it is time to end: a signal was not read, or was, and nothing has moved for STUCK_MS since; or there was another one
 * while we save.
 */
static bool is_time(const struct lc_interrupt *interrupt, bool pending, struct seen *seen)
{
	int64_t now = lc_clock_ms(CLOCK_MONOTONIC);

	see_movement(interrupt, now, seen);
	if (!pending)
		seen->pending_ms = 0;
	else if (!seen->pending_ms)
		seen->pending_ms = now;
	if (interrupt->ending && interrupt->saving)
		return pending;
	if (interrupt->ending)
		return now - later(interrupt->since_ms, seen->moved_ms) >= STUCK_MS;
	return pending && now - later(seen->pending_ms, seen->moved_ms) >= STUCK_MS;
}

/* Gives up this thread's privileges. It needs none, and they are not dropped with the other threads'. */
static void give_up(void)
{
	cap_t none = cap_init();

	if (none)
		cap_set_proc(none);
	cap_free(none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void *watch(void *context)
{
	struct lc_interrupt *interrupt = context;
	struct pollfd fds[] = {{.fd = interrupt->wake, .events = POLLIN}, {.fd = interrupt->pending, .events = POLLIN}};
	struct seen seen = {0};
	int timeout = -1;
	uint64_t woken;

	give_up();
	sem_post(&interrupt->at_rest);
	for (;;) {
		/* A pending signal stays readable: there is no use in being woken up by it. */
		poll(fds, seen.pending_ms ? 1 : 2, timeout);
		poll(fds, 2, 0);
		if (interrupt->over)
			return NULL;
		if (read(interrupt->wake, &woken, sizeof(woken)) < 0 && errno != EAGAIN)
			return NULL;
		if (is_time(interrupt, fds[1].revents, &seen)) {
			interrupt->stuck();
			return NULL;
		}
		timeout = seen.pending_ms || interrupt->ending ? LOOK_MS : -1;
	}
}

int lc_interrupt_catch(struct lc_interrupt *interrupt, void (*stuck)(void))
{
	sigset_t caught;

	*interrupt = LC_INTERRUPT_NONE;
	interrupt->stuck = stuck;
	sigemptyset(&caught);
	sigaddset(&caught, SIGINT);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGHUP);
	interrupt->pending = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
	sigaddset(&caught, SIGCHLD);
	if (interrupt->pending < 0 || sigprocmask(SIG_BLOCK, &caught, NULL))
		return -errno;
	interrupt->events = signalfd(-1, &caught, SFD_CLOEXEC | SFD_NONBLOCK);
	interrupt->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (interrupt->events < 0 || interrupt->wake < 0)
		return -errno;
	if (pthread_getcpuclockid(pthread_self(), &interrupt->clock))
		return -EINVAL;
	if (sem_init(&interrupt->at_rest, false, 0))
		return -errno;
	interrupt->watched = !pthread_create(&interrupt->watch, NULL, watch, interrupt);
	if (!interrupt->watched)
		return -EAGAIN;
	/* Whoever forks now must not copy a lock that the watch holds while it begins: nobody would ever release it there. */
	while (sem_wait(&interrupt->at_rest) && errno == EINTR)
		continue;
	return 0;
}

static void wake(const struct lc_interrupt *interrupt)
{
	const uint64_t one = 1;
	ssize_t ignored = write(interrupt->wake, &one, sizeof(one));

	(void)ignored;
}

void lc_interrupt_ending(struct lc_interrupt *interrupt)
{
	if (interrupt->ending)
		return;
	interrupt->since_ms = lc_clock_ms(CLOCK_MONOTONIC);
	interrupt->ending = true;
	wake(interrupt);
}

void lc_interrupt_saving(struct lc_interrupt *interrupt, bool on)
{
	struct signalfd_siginfo info;

	/* A user who pressed Ctrl-C twice did not mean to lose what is saved now. */
	while (on && read(interrupt->events, &info, sizeof(info)) == sizeof(info))
		continue;
	interrupt->saving = on;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void lc_interrupt_release(struct lc_interrupt *interrupt)
{
	if (interrupt->watched) {
		interrupt->over = true;
		wake(interrupt);
		pthread_join(interrupt->watch, NULL);
		sem_destroy(&interrupt->at_rest);
	}
	interrupt->watched = false;
	close_fd(&interrupt->events);
	close_fd(&interrupt->pending);
	close_fd(&interrupt->wake);
}
