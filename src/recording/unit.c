/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recording of a unit: its cgroup, which comes and goes as systemd starts and stops it, and having that done. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/path.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often it is looked whether systemd has done it (milliseconds). */
#define LOOK_MS 20

/* How long a unit may take to stop in the end; systemd kills it after 90 s if nobody says more. */
#define STOP_MS 100000

bool lc_recording_is_units(const struct lc_recording *recording, const char *path)
{
	return lc_unit_has_cgroup(recording->options->unit, path);
}

/* The kernel's id of the innermost cgroup around the service's that is there. 0 or -errno. */
static int find_slice(const struct lc_recording *recording, uint64_t *id)
{
	char path[PATH_MAX];
	int r = -ENOENT;

	snprintf(path, sizeof(path), "%s", recording->cgroup);
	while (r == -ENOENT && *path) {
		char directory[2 * PATH_MAX];
		const char *below;

		*strrchr(path, '/') = '\0';
		below = lc_hierarchy_below(&recording->hierarchy, *path ? path : "/");
		if (!below)
			return -ENOENT;
		snprintf(directory, sizeof(directory), "%s%s", recording->hierarchy.mount, below);
		r = lc_cgroup_id(directory, id);
	}
	return r;
}

/* What is made below a recorded cgroup is recorded from its first moment on, and as what that is: in the host's mount namespace. */
int lc_recording_await_unit(struct lc_recording *recording)
{
	struct lc_recorded around = {.in_host = true};
	int r = find_slice(recording, &around.id);

	if (r)
		return lc_recording_fail(
			recording, "--unit: systemd's cgroups are not in the hierarchy that is recorded", r);
	around.target = around.share = recording->slice = around.id;
	r = lc_probe_record(recording->probe, &around);
	return r ? lc_recording_fail(recording, NULL, r) : lc_targets_ignore(&recording->targets, around.id);
}

/* Where processes belong. */
struct rehoming {
	struct lc_probe *probe;
	uint64_t target;
};

static int rehome(void *context, pid_t pid)
{
	const struct rehoming *rehoming = context;

	lc_probe_rehome(rehoming->probe, pid, rehoming->target);
	return 0;
}

void lc_recording_claim_unit(
	const struct lc_recording *recording, const struct lc_recorded_target *recorded, uint64_t id, const char *path)
{
	struct rehoming rehoming = {recording->probe, recorded->last_cgroup};

	/* What ended at once has nothing that could be moved elsewhere. */
	if (!lc_probe_claim(recording->probe, id, recorded->last_cgroup))
		lc_cgroup_each_pid(&recording->hierarchy, path, rehome, &rehoming);
}

/* Has systemd do WHAT, and goes on recording until it has, which takes up to PATIENCE_MS (0: any time, unless there is a signal). As lc_unit_manager_answer. */
static int order(struct lc_recording *recording, enum lc_unit_order what, int64_t patience_ms, struct lc_strbuf *answer)
{
	const struct lc_unit_manager *manager = recording->options->manager;
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + patience_ms;
	int r = lc_unit_manager_begin(manager, what);

	if (r)
		return r;
	for (;;) {
		r = lc_unit_manager_answer(manager, answer);
		if (r != -EAGAIN)
			return r;
		r = lc_loop_wait(recording->loop, LOOK_MS);
		if (r)
			return r;
		if (patience_ms ? lc_clock_ms(CLOCK_MONOTONIC) > ends : lc_recording_is_interrupted(recording))
			return patience_ms ? -ETIMEDOUT : -EINTR;
	}
}

/* Has systemd do WHAT, in words VERB. 0; -EIO when it has not, which has been said; -EINTR; or another -errno. */
static int have_done(struct lc_recording *recording, enum lc_unit_order what, const char *verb, int64_t patience_ms)
{
	const struct lc_unit *unit = recording->options->unit;
	const char *name = what == LC_UNIT_START_SOCKET ? unit->socket : unit->service;
	_cleanup_(lc_strbuf_free) struct lc_strbuf answer = {0};
	int r;

	lc_log(recording->log, LC_LOG_DEBUG, "systemd is to %s %s", verb, name);
	r = order(recording, what, patience_ms, &answer);
	if (!r || r == -EINTR)
		return r;
	lc_log(recording->log, LC_LOG_ERROR, "cannot %s %s: %s", verb, name,
		r == -EIO && answer.text ? answer.text : strerror(-r));
	return -EIO;
}

/* Takes what systemd says of the unit now. What can't be had stays as it was. */
static void look_at_unit(struct lc_recording *recording, int64_t patience_ms)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf answer = {0};

	if (recording->options->unit->instances)
		return;
	if (order(recording, LC_UNIT_SHOW, patience_ms, &answer) || !answer.text ||
		lc_unit_take(&recording->unit, answer.text)) {
		lc_log(recording->log, LC_LOG_WARN, "systemd does not say as which user %s runs",
			recording->options->unit->service);
		return;
	}
	lc_recording_note_commands(recording);
}

/* Has systemd start the unit, or what it is to be started by. As have_done. */
static int start(struct lc_recording *recording)
{
	const struct lc_unit *unit = recording->options->unit;
	bool by_socket = unit->asked_socket || (unit->socket && !unit->active && recording->options->command);
	int r = 0;

	/* What listens for it is to be there before it. */
	if (unit->socket && (unit->asked_socket || (!unit->active && !unit->socket_active)))
		r = have_done(recording, LC_UNIT_START_SOCKET, "start", 0);
	if (r || !by_socket)
		return r ? r : have_done(recording, LC_UNIT_START, "start", 0);
	lc_log(recording->log, LC_LOG_NOTICE, "the first connection to %s starts %s", unit->socket, unit->service);
	return 0;
}

int lc_recording_restart_unit(struct lc_recording *recording)
{
	const struct lc_unit *unit = recording->options->unit;
	int r = 0;

	if (unit->active || unit->asked_socket)
		r = have_done(recording, LC_UNIT_STOP, "stop", 0);
	/* What was asked for until now was for the service's stop. */
	recording->unit_began_ns = lc_recording_now(recording);
	if (!r)
		r = start(recording);
	if (r == -EINTR)
		return r;
	look_at_unit(recording, STOP_MS);
	if (!r && recording->options->command)
		r = lc_recording_await_starts(recording);
	return r;
}

void lc_recording_leave_unit(struct lc_recording *recording)
{
	const struct lc_unit *unit = recording->options->unit;

	/* What ends it now is a second signal, and not that nothing moves here while systemd waits for the unit. */
	lc_interrupt_saving(&recording->interrupt, true);
	if (!(unit->asked_socket ? unit->socket_active : unit->active))
		have_done(recording, LC_UNIT_STOP, "stop", STOP_MS);
	look_at_unit(recording, STOP_MS);
	lc_interrupt_saving(&recording->interrupt, false);
	if (!lc_recording_targets(recording))
		lc_log(recording->log, LC_LOG_WARN, "%s was not started%s%s", unit->service,
			unit->socket ? ": nobody connected to " : "", unit->socket ? unit->socket : "");
}

/* The kernel counts time in ticks; no kernel's are longer (nanoseconds). */
#define TICK_NS 10000000

void lc_recording_place_stop(const struct lc_recording *recording, struct lc_target *target)
{
	for (size_t i = 0; recording->unit_began_ns && i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];

		if (check->first_ns < recording->unit_began_ns - TICK_NS)
			check->at_start = check->while_serving = check->at_stop = false;
	}
}

int lc_recording_fill_unit(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	const struct lc_unit *unit = &recording->unit;
	struct lc_target *target = &recorded->target;
	char *user;

	if (recording->options->scope != LC_SCOPE_UNIT || target->kind != LC_TARGET_SERVICE ||
		recording->options->unit->instances)
		return 0;
	/* The first program may have been one of those that run as root whatever the unit says, and with all capabilities. */
	user = strdup(unit->user ? unit->user : "0:0");
	if (!user)
		return -ENOMEM;
	free(target->user);
	target->user = user;
	target->granted = unit->bounding ? unit->bounding : target->granted;
	return 0;
}
