/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `leastcap top` of what others have seen: looks at it again and again. */
#include "src/cli/showing.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/log.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

/* What is new stays so long (nanoseconds) where nothing new comes. */
#define STALE_NS (30 * LC_NS_PER_S)

/* Says that a look has failed, where others have not. */
static void say_failed(struct lc_showing *showing, const char *message)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};

	if (showing->screen) {
		lc_top_say(&showing->view, message);
		lc_top_screen_draw(showing->screen, &showing->top, &showing->view);
	} else {
		lc_log(&log, LC_LOG_WARN, "%s", message);
	}
}

/* Shows what SOURCE has, if it is another than before or lines are printed. 1: go on; 0: that was all; or a negative errno with *MESSAGE. */
static int look(struct lc_showing *showing, const struct lc_showing_source *source, char **message)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	int64_t taken = showing->top.taken_ns;
	bool all = !showing->screen || !taken || lc_clock_ns(CLOCK_MONOTONIC) - taken >= STALE_NS;
	int r = source->read(source->context, all, &profile, message);

	if (r > 0)
		return lc_showing_take(showing, &profile);
	if (r < 0 && taken && source->may_fail) {
		say_failed(showing, *message ? *message : strerror(-r));
		free(*message);
		*message = NULL;
		return 1;
	}
	return r < 0 ? r : 1;
}

/* A descriptor of the signals that end the program, which are blocked; or -errno. */
static int catch_signals(void)
{
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &signals, NULL))
		return -errno;
	return fd;
}

/* Waits for a key, a signal or the time UNTIL (CLOCK_MONOTONIC). False: to leave. */
static bool wait_until(struct lc_showing *showing, int signals, int64_t until)
{
	for (;;) {
		struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
			{.fd = showing->screen ? STDIN_FILENO : -1, .events = POLLIN}};
		int64_t left = until - lc_clock_ns(CLOCK_MONOTONIC);

		if (left <= 0)
			return true;
		/* A signal that says that the screen has another size ends it too. */
		poll(fds, 2, (int)(left / LC_NS_PER_MS) + 1);
		if (fds[0].revents || !lc_showing_keys(showing))
			return false;
	}
}

/* Shows SOURCE until somebody has seen enough. 0 or a negative errno with *MESSAGE. */
static int follow(struct lc_showing *showing, const struct lc_showing_source *source, char **message)
{
	_cleanup_fd_ int signals = catch_signals();
	int r = signals < 0 ? signals : 1;

	while (r > 0) {
		int64_t began = lc_clock_ns(CLOCK_MONOTONIC);

		r = look(showing, source, message);
		if (r > 0 && !wait_until(showing, signals, began + showing->delay_ns))
			return 0;
	}
	return r;
}

int lc_showing_follow(struct lc_showing *showing, const struct lc_showing_source *source)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_free_ char *message = NULL;
	int r;

	lc_showing_begin(showing);
	r = follow(showing, source, &message);
	lc_showing_end(showing);
	if (!r)
		return 0;
	lc_log(&log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r;
}
