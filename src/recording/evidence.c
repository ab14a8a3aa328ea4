/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was counted, and what is known of what was lost, becomes the evidence of the targets. */
#include "src/recording/recording_private.h"

#include <leastcap/capset.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int lc_recording_add_known(
	struct lc_recording *recording, struct lc_recorded_target *recorded, uint64_t caps, const char *about)
{
	for (int cap = 0; cap < 64; cap++) {
		struct lc_check check = {.cap = cap, .phase = LC_PHASE_WORKLOAD, .audited = LC_AUDITED_UNKNOWN};
		int r;

		if (!(caps & LC_CAP_BIT(cap)))
			continue;
		check.first_ns = recording->started_ns;
		check.last_ns = lc_recording_now(recording);
		check.about = strdup(about);
		r = check.about ? lc_target_add_evidence(&recorded->target, &check) : -ENOMEM;
		if (r) {
			lc_check_clear(&check);
			return r;
		}
	}
	return 0;
}

/*
 * In which phase a check of RECORDED was made. What execve asks before a command's first program starts is the workload's, because
 * it decides whether that starts. For containers the kernel side, which knows mount namespaces, has seen to that.
 */
static enum lc_phase phase_of(const struct lc_recorded_target *recorded, bool setup, const char *syscall)
{
	if (!setup)
		return LC_PHASE_WORKLOAD;
	if (!recorded->container && syscall && !strncmp(syscall, "execve", 6))
		return LC_PHASE_WORKLOAD;
	return LC_PHASE_SETUP;
}

/* The inode number of the initial user namespace, which no target can have made: include/linux/proc_ns.h, PROC_USER_INIT_INO. */
#define INITIAL_USERNS 0xEFFFFFFDU

void lc_recording_place_check(
	const struct lc_recorded_target *recorded, bool setup, uint32_t userns, struct lc_check *check)
{
	uint32_t own = recorded->namespaces.userns;

	check->phase = phase_of(recorded, setup, check->syscall);
	check->userns = !own || own == userns || userns == INITIAL_USERNS ? LC_USERNS_TARGET : LC_USERNS_OTHER;
}

/* Adds what was COUNTED in RECORDED to the evidence of the targets that it lies in. */
static int add_around(const struct lc_recorded_target *recorded, const struct lc_counted *counted)
{
	for (struct lc_recorded_target *outer = lc_recorded_target_around(recorded); outer;
		outer = lc_recorded_target_around(outer)) {
		struct lc_check copy;
		int r = lc_check_copy(&copy, &counted->check);

		if (r)
			return r;
		lc_recording_place_check(outer, false, counted->userns, &copy);
		if (counted->outers_own && !lc_recorded_target_around(outer))
			copy.credential = LC_CREDENTIAL_OWN;
		r = lc_target_add_evidence(&outer->target, &copy);
		if (r) {
			lc_check_clear(&copy);
			return r;
		}
	}
	return 0;
}

/*
 * Whether COUNTED, of a unit, is what no setting of the unit limits: of its commands with +, or of systemd's own that give it a user namespace. With that
 * none of its others has anything to do with the one that all began with.
 */
static bool is_managers(const struct lc_recording *recording, const struct lc_counted *counted)
{
	const struct lc_unit *unit = recording->options->unit;

	return unit && ((unit->own_users && counted->userns == INITIAL_USERNS) ||
			       lc_recording_was_unlimited(recording, counted));
}

static int add_counted(void *context, struct lc_counted *counted)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, counted->cgroup);
	int r = 0;

	/* The event that should have told of this cgroup found the ring buffer full. */
	if (!lc_targets_member(&recording->targets, counted->cgroup))
		recording->elsewhere.of[LC_LOSS_UNPLACED] += counted->check.count;
	if (!recorded)
		return 0;
	if (!counted->setup)
		r = add_around(recorded, counted);
	if (r)
		return r;
	lc_recording_place_check(recorded, counted->setup, counted->userns, &counted->check);
	if (is_managers(recording, counted))
		counted->check.phase = LC_PHASE_SETUP;
	return lc_target_add_evidence(&recorded->target, &counted->check);
}

/* PROGRAM of TARGET's (NULL: unknown) has restricted itself by Landlock. The first of the alphabet is kept. 0 or -ENOMEM. */
static int note_landlock(struct lc_target *target, const char *program)
{
	char *copy;

	if (!program || (target->landlock && strcmp(target->landlock, program) <= 0))
		return 0;
	copy = strdup(program);
	if (!copy)
		return -ENOMEM;
	free(target->landlock);
	target->landlock = copy;
	return 0;
}

/* Adds CALL to TARGET: as a refused one, or as what it asks of the list where the engine's filter let it through. 0 or -ENOMEM. */
static int add_call(struct lc_target *target, const struct lc_counted_call *counted)
{
	struct lc_failure copy = {0};
	int r;

	if (counted->passed && strcmp(counted->call.syscall, "landlock_restrict_self") == 0)
		return note_landlock(target, counted->call.exe ? counted->call.exe : counted->call.comm);
	if (counted->passed)
		return lc_judge_add_passed(target, &counted->call);
	r = lc_failure_copy(&copy, &counted->call);
	if (!r)
		r = lc_target_add_failure(target, &copy);
	if (r)
		lc_failure_clear(&copy);
	return r;
}

/* Whether COUNTED is of calls by which their target offers a service. */
static bool tells_of_service(const struct lc_counted_call *counted)
{
	const char *name = counted->call.syscall;

	return counted->passed && name &&
	       (strcmp(name, "accept") == 0 || strcmp(name, "accept4") == 0 || strcmp(name, "listen") == 0 ||
		       strcmp(name, "bind") == 0);
}

/* Notes CALL, an accept, a listen or a bind, which says its port, of RECORDED (NULL: of none). 0 or -ENOMEM. */
static int note_service(struct lc_recorded_target *recorded, const struct lc_failure *call)
{
	struct lc_life *life = recorded ? &recorded->target.life : NULL;
	bool accepted = strcmp(call->syscall, "listen") != 0;

	if (!recorded)
		return 0;
	if (strcmp(call->syscall, "bind") == 0) {
		lc_coverage_add_bound(&recorded->target.coverage, (uint16_t)call->argument);
		return 0;
	}
	if (accepted && (!life->accepted_ns || call->first_ns < life->accepted_ns))
		life->accepted_ns = call->first_ns;
	if (!call->argument || call->argument > UINT16_MAX)
		return 0;
	return lc_coverage_add_port(&recorded->target.coverage, (uint16_t)call->argument, accepted ? call->count : 0);
}

static int add_calls(void *context, struct lc_counted_call *counted)
{
	struct lc_recording *recording = context;
	int r = 0;

	/* What a container in a container serves is not the outer one's service. */
	if (tells_of_service(counted))
		return note_service(lc_recording_target_at(recording, counted->cgroup), &counted->call);
	if (!lc_targets_member(&recording->targets, counted->cgroup))
		recording->elsewhere.of[LC_LOSS_UNCOUNTED] += counted->call.count;
	/* What runs in a target runs in those around it, too, and behind their filters. */
	for (struct lc_recorded_target *recorded = lc_recording_target_at(recording, counted->cgroup); !r && recorded;
		recorded = lc_recorded_target_around(recorded))
		r = add_call(&recorded->target, counted);
	return r;
}

/* Adds what was lost of cgroup ID to its target. What belongs to no target that is known is kept apart. */
static int add_missed(void *context, uint64_t id, const struct lc_missed *missed)
{
	struct lc_recording *recording = context;
	const struct lc_member_cgroup *member = lc_targets_member(&recording->targets, id);
	bool is_lossy = missed->granted || lc_losses_total(&missed->losses);

	/* A user who asked for containers by name need not know how many cgroups of others there were. */
	if (!member) {
		if (!missed->users || !recording->options->n_names)
			lc_losses_add(&recording->elsewhere, &missed->losses);
		return 0;
	}
	/* A cgroup without a target is of no interest, nor is one that waits and has lost nothing. */
	if (!member->target && !(member->path && is_lossy))
		return 0;
	for (struct lc_recorded_target *recorded = lc_recording_target_at(recording, id); recorded;
		recorded = lc_recorded_target_around(recorded)) {
		int r = lc_recording_add_known(
			recording, recorded, missed->granted, "found no room in the table of checks: see --keys");

		if (r)
			return r;
		lc_losses_add(&recorded->target.losses, &missed->losses);
	}
	return 0;
}

int lc_recording_add_evidence(struct lc_recording *recording)
{
	int r = lc_probe_each(recording->probe, add_counted, recording);

	if (!r)
		r = lc_probe_each_call(recording->probe, add_calls, recording);
	return r ? r : lc_probe_each_missed(recording->probe, add_missed, recording);
}
