/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording under way, and what its parts do for each other. */
#ifndef LEASTCAP_RECORDING_PRIVATE_H
#define LEASTCAP_RECORDING_PRIVATE_H

#include "src/recording/child.h"
#include "src/recording/interrupt.h"
#include "src/recording/loop.h"
#include "src/recording/run_cgroup.h"
#include "src/recording/targets.h"

#include <leastcap/identity.h>
#include <leastcap/lookup.h>
#include <leastcap/recording.h>

#include <limits.h>

/* How often (milliseconds) it is looked whether something is still waited for. */
#define LC_SETTLE_LOOK_MS 50

struct lc_recording {
	const struct lc_recording_options *options;
	const struct lc_log *log;
	struct lc_loop *loop;
	struct lc_interrupt interrupt;
	struct lc_child child;
	struct lc_run_cgroup run_cgroup; /* LC_SCOPE_COMMAND: the command's own */
	const char *command_name;        /* LC_SCOPE_COMMAND: how the target is called; else NULL */
	struct lc_hierarchy hierarchy;
	char cgroup[PATH_MAX];    /* the path of the one cgroup that is recorded */
	char directory[PATH_MAX]; /* where we were started; "": that is not known */
	struct lc_probe *probe;
	struct lc_probe_events events;
	struct lc_identity *identity;
	struct lc_why *unwinder;    /* NULL: no stacks are taken */
	struct lc_lookups *lookups; /* in what containers control */
	struct lc_lookup_events found;
	struct lc_recorded_targets targets;
	struct lc_losses elsewhere;      /* what was lost and belongs to no target … */
	struct lc_losses elsewhere_told; /* … and what of that has been taken */
	int64_t taken_ns;                /* when it was, the last time; 0: never */
	int64_t started_ns;              /* since 1970 */
	int64_t started_monotonic_ns;
	int64_t stopping_ns;   /* when a signal to end has come; 0: none */
	int64_t ended_ns;      /* when the recording's end began */
	int64_t settles_until; /* its command has ended, and what that has started is waited for; 0: not so */
	bool running;          /* lc_recording_run goes on */
	bool interrupted;      /* a signal has asked us to end */
	bool over;             /* the recording has to end now */
	int64_t trial_until;   /* CLOCK_MONOTONIC */
	bool trial_over;       /* its time is */
	bool trial_leaky;      /* something was granted that was to be refused */
	struct lc_unit unit;   /* LC_SCOPE_UNIT: what systemd says of it now */
	uint64_t slice;        /* likewise: the cgroup around it that is recorded so that its own is, when it is made */
	int64_t unit_began_ns; /* likewise: when systemd was told to start it; 0: it was not */
	struct lc_moments *moments; /* likewise: when each of its checks was made; NULL: that does not matter */
	int until;                  /* a descriptor of the process that it lasts as long as; -1: none */
	bool until_ended;
	bool told_left; /* that the command has left something running has been said */
};

/* Says MESSAGE (NULL or "": what ERROR means) as an error and returns ERROR. */
int lc_recording_fail(const struct lc_recording *recording, const char *message, int error);

/* Whether a signal has asked us to end, read or not. */
bool lc_recording_is_interrupted(const struct lc_recording *recording);

/* Nanoseconds since 1970, by what the clock said when the recording began: it may have been set since. */
int64_t lc_recording_now(const struct lc_recording *recording);

/* Each sets those of the recording's events that are about one thing. */
void lc_recording_hear_of_cgroups(struct lc_recording *recording);
void lc_recording_hear_of_processes(struct lc_recording *recording);
void lc_recording_hear_of_files(struct lc_recording *recording);
void lc_recording_hear_of_checks(struct lc_recording *recording);

/* Whether what is recorded is one cgroup, whose whole subtree is one target. */
bool lc_recording_is_one_cgroup(const struct lc_recording *recording);

/* Finds or makes the target of cgroup MADE, whose path says NAME, and puts it to *RESULT. 0 or -errno (*RESULT is unchanged). */
int lc_recording_add_cgroup(struct lc_recording *recording, const struct lc_made_cgroup *made,
	struct lc_cgroup_name name, struct lc_recorded_target **result);

/* The target of cgroup ID; NULL when there is none. One that has waited for its first check becomes one now. */
struct lc_recorded_target *lc_recording_target_at(struct lc_recording *recording, uint64_t id);

/* Finds the targets that are there already, and begins to record them. 0, or -errno, which has been said. */
int lc_recording_find_existing(struct lc_recording *recording);

/* Waits for the names of the containers that were asked for by name. 0, or -ENXIO, which has been said, when one is not there. */
int lc_recording_find_names(struct lc_recording *recording);

/* Marks the targets that were asked for by name. Returns the first name that nobody answers to, or NULL. */
const char *lc_recording_mark_wanted(struct lc_recording *recording);

/* Where containers were asked for by name and RECORDED has none yet, waits for a moment until the engine has told it, once. */
void lc_recording_await_name(const struct lc_recording *recording, struct lc_recorded_target *recorded);

/* Whether RECORDED is one of those that were asked for, or all were. */
bool lc_recording_wants(const struct lc_recording *recording, const struct lc_recorded_target *recorded);

/* LC_SCOPE_UNIT: begins to record what is made around the service's cgroup. 0, or -errno, which has been said. */
int lc_recording_await_unit(struct lc_recording *recording);

/* LC_SCOPE_UNIT: whether the cgroup at PATH is the service's, or lies in it. */
bool lc_recording_is_units(const struct lc_recording *recording, const char *path);

/* LC_SCOPE_UNIT: cgroup ID at PATH, which is new, is RECORDED's, and those that are in it already are. */
void lc_recording_claim_unit(
	const struct lc_recording *recording, const struct lc_recorded_target *recorded, uint64_t id, const char *path);

/* LC_SCOPE_UNIT: what of the checks is to be told one by one; NULL: nothing. */
const struct lc_trace_wanted *lc_recording_moments_wanted(const struct lc_recording *recording);

/* LC_SCOPE_UNIT: notes that the check TRACED was made. False: no more of its kind have to be told. */
bool lc_recording_note_moment(struct lc_recording *recording, const struct lc_traced_check *traced);

/* Whether all checks of COUNTED were made by commands of the unit's that no setting limits. */
bool lc_recording_was_unlimited(const struct lc_recording *recording, const struct lc_counted *counted);

/* LC_SCOPE_UNIT: RECORDED is what systemd says of the service, as which user it runs and what it may have. 0 or -ENOMEM. */
int lc_recording_fill_unit(const struct lc_recording *recording, struct lc_recorded_target *recorded);

/* LC_SCOPE_UNIT: takes from what systemd says of the unit when its commands with + ran. */
void lc_recording_note_commands(struct lc_recording *recording);

/* LC_SCOPE_UNIT: when in its life TARGET, the service, asked for what it asked for before it was started is not known. */
void lc_recording_place_stop(const struct lc_recording *recording, struct lc_target *target);

/* Frees what is known of the unit. */
void lc_recording_forget_unit(struct lc_recording *recording);

/* Whether every target of KIND is recorded. */
bool lc_recording_wants_kind(const struct lc_recording *recording, enum lc_target_kind kind);

/* Marks those of the programs that files name that were seen to run. All evidence has to have been added. */
void lc_recording_mark_run(struct lc_recording *recording);

/* Fills in the programs that RECORDED's files name, of which all that ran are marked. 0 or -ENOMEM. */
int lc_recording_fill_named(const struct lc_recording *recording, struct lc_recorded_target *recorded);

/* Whether RECORDED has its place in the profile. */
bool lc_recording_reports(const struct lc_recording *recording, const struct lc_recorded_target *recorded);

/* Fills in the phase and the user namespace of CHECK, which is RECORDED's and was made in set-up or not, with a credential of USERNS. */
void lc_recording_place_check(
	const struct lc_recorded_target *recorded, bool setup, uint32_t userns, struct lc_check *check);

/*
 * Adds the capabilities CAPS to RECORDED's evidence, so that its list has them. Nothing else is known of their checks than ABOUT
 * (copied). 0 or -ENOMEM.
 */
int lc_recording_add_known(
	struct lc_recording *recording, struct lc_recorded_target *recorded, uint64_t caps, const char *about);

/* What the trial refuses to TARGET, if that is asked for; 0: nothing. */
uint64_t lc_recording_refuses(const struct lc_recording *recording, const struct lc_target *target);

/* Begins the trial's time, and refuses to the targets that are there. 0 or -errno, which has been said. */
int lc_recording_begin_trial(struct lc_recording *recording);

/* Whether the trial's time is over by now is whether it was over in the recording, which ends. */
void lc_recording_end_trial(struct lc_recording *recording);

/* Refuses to the targets asked for that it was not refused to yet. 0 or -errno, which has been said. */
int lc_recording_refuse(struct lc_recording *recording);

/* Says what the trial did not reach, by PROFILE, which is judged. */
void lc_recording_tell_trial(struct lc_recording *recording, const struct lc_profile *profile);

/* The command has ended. Ends the recording now, or when the containers that the command has started have settled. 0 or -errno. */
int lc_recording_settle(struct lc_recording *recording);

/* Goes on recording while what is to be in the profile is still starting, ten seconds at most. 0 or -errno. */
int lc_recording_await_starts(struct lc_recording *recording);

/* How the recording of RECORDED ends, if it ends at NOW. */
enum lc_seen_until lc_recording_until(const struct lc_recorded_target *recorded, int64_t now);

/* Fills PROFILE with what is known of the host and the recording, and with what was lost elsewhere and has not been told. 0 or -ENOMEM. */
int lc_recording_fill_host(struct lc_recording *recording, struct lc_profile *profile);

/*
 * Makes of RECORDED's target, which has the evidence that has not been told, what a profile has of it: judged, with what else was not told of it. 0 or
 * -ENOMEM.
 */
int lc_recording_fill_target(const struct lc_recording *recording, struct lc_recorded_target *recorded);

/* Fills in how much of RECORDED's life was seen. The recording has ended, and its evidence and life are filled in. */
void lc_recording_fill_seen(const struct lc_recording *recording, struct lc_recorded_target *recorded);

/* Adds all that was counted and lost to the evidence of its targets. 0 or -errno. */
int lc_recording_add_evidence(struct lc_recording *recording);

#endif
