/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has the engine stop and start the containers that are recorded, so that a start of them, or a second one with the data of the first, is seen. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/escape.h>
#include <leastcap/json.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long one container may take to stop and start (milliseconds); engines wait ten seconds for its end if nobody says more. */
#define RESTART_MS 60000

/* How often it is looked whether the engine has answered (milliseconds). */
#define LOOK_MS 100

/* A container to be restarted, and the process that asks the engine for that. */
struct restart {
	struct lc_recorded_target *recorded;
	pid_t pid;
	int answer; /* a pipe: what the engine says where it can't */
};

/* Whether RECORDED is one that a restart is asked for. */
static bool is_meant(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	return recorded->target.kind == LC_TARGET_CONTAINER && !recorded->target.life.ended_ns &&
	       lc_recording_reports(recording, recorded);
}

/* The process that asks the engine to restart ID, and writes to FD what is in the way. Does not return. */
static void ask(const char *id, int fd)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *answer = NULL;
	const char *why;
	char path[128];
	int r;

	snprintf(path, sizeof(path), "containers/%.64s/restart", id);
	r = lc_engine_post(lc_identity_socket(getenv("DOCKER_HOST")), path, RESTART_MS, &body);
	if (r) {
		answer = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
		why = json_string_value(json_object_get(answer, "message"));
		why = why ? why : strerror(-r);
		(void)!write(fd, why, strlen(why));
	}
	_exit(r ? 1 : 0);
}

/* Forks the process that restarts what RESTART is about. 0 or -errno. */
static int begin(struct restart *restart)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	restart->pid = fork();
	err = restart->pid < 0 ? -errno : 0;
	if (!restart->pid)
		ask(restart->recorded->target.id, ends[1]);
	close(ends[1]);
	restart->answer = ends[0];
	if (err)
		close(ends[0]);
	return err;
}

/* Says why the engine did not restart what RESTART is about. */
static void say_failure(const struct lc_recording *recording, const struct restart *restart)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};
	char text[256];
	ssize_t n = read(restart->answer, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	lc_escape_terminal(&why, n > 0 ? text : "no answer");
	lc_log(recording->log, LC_LOG_ERROR, "cannot restart %s: the engine says: %s",
		restart->recorded->target.name ? restart->recorded->target.name : "?", why.text ? why.text : "");
}

/* Goes on recording until the engine has answered RESTART. 0, -EIO when it can't, which has been said, or another -errno. */
static int await_answer(struct lc_recording *recording, const struct restart *restart)
{
	int status = 0, r = 0;
	pid_t ended;

	for (;;) {
		ended = waitpid(restart->pid, &status, WNOHANG);
		if (ended || lc_recording_is_interrupted(recording))
			break;
		r = lc_loop_wait(recording->loop, LOOK_MS);
		if (r)
			return r;
	}
	if (lc_recording_is_interrupted(recording)) {
		if (!ended) {
			kill(restart->pid, SIGKILL);
			waitpid(restart->pid, &status, 0);
		}
		return -EINTR;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	say_failure(recording, restart);
	return -EIO;
}

/* Restarts RECORDED. As await_answer. */
static int restart_one(struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	struct restart restart = {.recorded = recorded, .answer = -1};
	int r;

	if (!lc_container_id_valid(recorded->target.id)) {
		lc_log(recording->log, LC_LOG_ERROR,
			"--restart: %s has no id by which the Docker Engine knows it; restart it by hand while it is recorded",
			recorded->target.name ? recorded->target.name : "?");
		return -EIO;
	}
	r = begin(&restart);
	if (r)
		return r;
	lc_log(recording->log, LC_LOG_NOTICE, "restarting %s", recorded->target.name ? recorded->target.name : "?");
	r = await_answer(recording, &restart);
	close(restart.answer);
	return r;
}

int lc_recording_restart(struct lc_recording *recording)
{
	int r = 0;

	lc_recording_mark_wanted(recording);
	for (struct lc_recorded_target *recorded = recording->targets.first; !r && recorded;
		recorded = recorded->next) {
		if (is_meant(recording, recorded))
			r = restart_one(recording, recorded);
	}
	if (!r)
		r = lc_recording_await_starts(recording);
	return r;
}
