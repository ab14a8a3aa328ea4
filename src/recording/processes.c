/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the probe tells of processes: a target's first program, those moved out of a target, and those put in that run nothing there. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <signal.h>
#include <stdio.h>

/*
 * A program of RECORDED's has started that came from outside. It is the first one if none has run before, or if those that have are gone with their
 * cgroup. Others are only put beside it (docker exec).
 */
static void note_start(
	const struct lc_recording *recording, struct lc_recorded_target *recorded, const struct lc_started *started)
{
	struct lc_life *life = &recorded->target.life;

	if (!recorded->started)
		life->began_ns = lc_recording_now(recording);
	if (recorded->started && !life->ended_ns)
		return;
	/* A service that is started again has nothing left of its life before, as a container has its files. */
	if (recording->unit_began_ns && !life->began_ns) {
		recorded->existed = false;
		life->began_ns = recording->unit_began_ns;
	}
	/* Of the life of one that ran before the recording nothing is told. */
	if (recorded->started && !life->began_ns)
		recorded->restarted_ns = lc_recording_now(recording);
	life->starts++;
	life->ended_ns = 0;
	recorded->first = started->pid;
	recorded->terminated_ns = recorded->told_ns = 0;
}

/* The first program of a target: from its credentials follow what it was granted and which user namespace is its own. */
static void on_started(void *context, const struct lc_started *started)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, started->cgroup);
	const struct lc_namespaces namespaces = {started->userns, started->userns_depth, 0};
	bool own_users;

	if (!recorded)
		return;
	/* A service's commands with + stay outside of the user namespace that it is given. */
	own_users = recording->options->unit && recording->options->unit->own_users;
	if (own_users && started->userns_depth > recorded->namespaces.userns_depth)
		recorded->namespaces = namespaces;
	else if (!own_users)
		lc_recorded_target_lives_in(recorded, &namespaces);
	recorded->entered |= recorded->started;
	note_start(recording, recorded, started);
	if (recorded->started)
		return;
	/* A cgroup of an unknown kind whose program runs in a mount namespace of its own is a container, too. */
	if (!started->in_host && recorded->target.kind == LC_TARGET_CGROUP && !recorded->target.claim &&
		recording->options->scope == LC_SCOPE_CONTAINERS) {
		recorded->target.kind = LC_TARGET_CONTAINER;
		recorded->container = true;
	}
	recorded->started = true;
	recorded->target.granted = started->bounding;
	recorded->target.seccomp = started->seccomp;
	if (!recorded->target.user && asprintf(&recorded->target.user, "%u:%u", started->uid, started->gid) < 0)
		recorded->target.user = NULL;
}

/* One of a target's processes was moved elsewhere, where it still counts for the target. */
static void on_left(void *context, const struct lc_left *left)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, left->target);
	struct lc_target *target = recorded ? &recorded->target : NULL;

	if (!target)
		return;
	lc_log(recording->log, LC_LOG_DEBUG, "process %d has left %s for %s, by %s", (int)left->pid, recorded->key,
		left->path, left->comm);
	if (left->count > target->n_left)
		target->n_left = left->count;
	if (!target->left_to && asprintf(&target->left_to, "%s → %s", left->comm, left->path) < 0)
		target->left_to = NULL;
}

/*
 * Whether what those who STAYED in set-up asked for is RECORDED's. It is if they go on. If they have ended, they may be a runtime
 * that failed to start the target's first program. A service manager's own helpers are no part of its services.
 */
static bool is_own(const struct lc_recorded_target *recorded, const struct lc_stayed *stayed)
{
	if (recorded->target.kind == LC_TARGET_SERVICE)
		return false;
	return stayed->expired || recorded->started || recorded->target.kind == LC_TARGET_CGROUP;
}

/* Processes that came into a target have run no program there. They are the workload, with all that they have asked for. */
static void on_stayed(void *context, const struct lc_stayed *stayed)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *target = lc_recording_target_at(recording, stayed->target);
	_cleanup_free_ char *about = NULL;

	if (!target || !stayed->asked || !is_own(target, stayed))
		return;
	lc_log(recording->log, LC_LOG_DEBUG, "process %d (%s), which was put into %s, %s", (int)stayed->pid,
		stayed->comm, target->key, stayed->expired ? "has run no program for long" : "ended without a program");
	if (asprintf(&about, "by %s[%d] or its children; put here from outside, it %s", stayed->comm, (int)stayed->pid,
		    stayed->expired ? "has run no program there" : "ended without running a program") < 0) {
		about = NULL;
		return;
	}
	for (struct lc_recorded_target *recorded = target; recorded; recorded = lc_recorded_target_around(recorded))
		lc_recording_add_known(recording, recorded, stayed->asked, about);
}

/* Whoever stops a container waits at least for so long before he kills it (docker stop: ten seconds). */
#define PATIENCE_NS (9 * LC_NS_PER_S)

/* Whoever is told something and killed soon after was told something else than to stop. */
static void note_killed(struct lc_recorded_target *recorded, int64_t time_ns)
{
	if (time_ns - recorded->told_ns < PATIENCE_NS)
		recorded->told_ns = 0;
}

/* The first process of a target was sent a signal. Who stops a container sends TERM, or what its image names as the signal for that. */
static void on_signalled(void *context, const struct lc_signalled *signalled)
{
	struct lc_recorded_target *recorded = lc_recording_target_at(context, signalled->target);

	if (!recorded || signalled->signal <= 0 || signalled->signal >= 32)
		return;
	recorded->target.coverage.handled |= signalled->handled;
	recorded->target.coverage.sent |= 1U << signalled->signal;
	if (!signalled->outside)
		return;
	if (signalled->signal == SIGKILL)
		note_killed(recorded, signalled->time_ns);
	else if (signalled->signal == SIGTERM)
		recorded->terminated_ns = signalled->time_ns;
	else
		recorded->told_ns = signalled->time_ns;
}

void lc_recording_hear_of_processes(struct lc_recording *recording)
{
	recording->events.started = on_started;
	recording->events.left = on_left;
	recording->events.stayed = on_stayed;
	recording->events.signalled = on_signalled;
}
