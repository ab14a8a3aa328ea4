/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets that are there when the recording begins, and their processes. */
#include "src/recording/follow.h"
#include "src/recording/recording_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A target whose processes are met when the recording begins. */
struct meeting {
	struct lc_recording *recording;
	struct lc_recorded_target *recorded;
	int news;   /* how many of them were not known */
	bool again; /* they were all looked at before: only news count */
};

/* Process PID, which is the workload, tells of RECORDED what a target's first program tells. */
static void meet_workload(struct lc_recorded_target *recorded, pid_t pid)
{
	struct lc_namespaces namespaces;

	if (!recorded->started) {
		recorded->started = !lc_process_fill(&recorded->target, pid);
		recorded->first = recorded->started ? pid : 0;
		recorded->born_ns = lc_process_born(pid);
	}
	if (!lc_process_namespaces(pid, &namespaces))
		lc_recorded_target_lives_in(recorded, &namespaces);
}

/* A runtime is still preparing process PID, LEFT milliseconds at most. As lc_probe_in_setup. */
static int meet_in_setup(
	struct lc_recording *recording, struct lc_recorded_target *recorded, pid_t pid, unsigned int left)
{
	int r = lc_probe_in_setup(recording->probe, pid, recorded->cgroup, left), known;
	uint64_t asked;

	lc_log(recording->log, LC_LOG_DEBUG, "process %d of %s is still in set-up (%d)", (int)pid, recorded->key, r);
	/* If it has run its first program in between, the kernel side has not heard of it in time, and does not know. */
	if (r <= 0 || lc_identity_setup_left(recording->identity, &recorded->target, pid))
		return r;
	asked = lc_probe_end_setup(recording->probe, pid);
	meet_workload(recorded, pid);
	known = lc_recording_add_known(recording, recorded, asked, "asked for while the recording began");
	return known ? known : r;
}

/* Process PID was there before us. It is the workload, unless a runtime is still preparing it. */
static int meet_process(void *context, pid_t pid)
{
	struct meeting *meeting = context;
	struct lc_recording *recording = meeting->recording;
	struct lc_recorded_target *recorded = meeting->recorded;
	unsigned int left;
	int r;

	/* There may be any number of processes, too. */
	if (lc_recording_is_interrupted(recording))
		return -ECANCELED;
	if (meeting->again && lc_probe_knows(recording->probe, pid))
		return 0;
	left = recorded->container ? lc_identity_setup_left(recording->identity, &recorded->target, pid) : 0;
	if (left) {
		r = meet_in_setup(recording, recorded, pid, left);
	} else {
		meet_workload(recorded, pid);
		r = lc_probe_belongs(recording->probe, pid, recorded->cgroup);
	}
	meeting->news += r > 0;
	/* A process that finds no room still counts while it is where it is. */
	return r < 0 && r != -E2BIG ? r : 0;
}

/*
 * How often new processes are looked for. Whoever forks faster than that is no runtime, and the kernel side knows all that descend
 * from those that we have met.
 */
#define MEETINGS 100

/*
 * Meets the processes of RECORDED's cgroup, whose directory is open as DIRECTORY, until there are no new ones, because a runtime
 * may be forking there right now. AGAIN: known ones have been looked at before.
 */
static int meet_processes(
	struct lc_recording *recording, struct lc_recorded_target *recorded, int directory, bool again)
{
	struct meeting meeting = {.recording = recording, .recorded = recorded, .news = 1, .again = again};
	int r = 0;

	for (int i = 0; !r && meeting.news && i < MEETINGS; i++) {
		meeting.news = 0;
		r = lc_cgroup_each_pid_in(directory, meet_process, &meeting);
		meeting.again = true;
	}
	return r;
}

/* Begins to record cgroup ID, which was there before us, of RECORDED, as a part of SHARE. */
static int record_cgroup(
	struct lc_recording *recording, uint64_t id, uint64_t share, const struct lc_recorded_target *recorded)
{
	const struct lc_recorded wanted = {
		.id = id,
		.target = recorded->cgroup,
		.outer = recorded->outer ? recorded->outer->cgroup : 0,
		.share = share,
		.userns = recorded->namespaces.userns,
		.pidns = recorded->namespaces.pidns,
		.in_host = !recorded->container,
		.started = recorded->container && recorded->started,
	};

	return lc_probe_record(recording->probe, &wanted);
}

/* Records the existing cgroup MADE, one of many of its share, which becomes a target at its first check. */
static int defer_existing(struct lc_recording *recording, const struct lc_made_cgroup *made)
{
	const struct lc_recorded wanted = {.id = made->id, .target = made->id, .share = made->share};
	int r = lc_probe_record(recording->probe, &wanted);

	if (r == -E2BIG) {
		recording->elsewhere.of[LC_LOSS_CGROUPS]++;
		return 0;
	}
	return r ? r : lc_targets_defer(&recording->targets, made->id, made->outer, made->share, made->path);
}

/* Records an existing cgroup if it is a container's, or lies below the one that was asked for. */
static int visit_existing(void *context, const struct lc_existing_cgroup *existing)
{
	struct lc_recording *recording = context;
	struct lc_made_cgroup made = {.id = existing->id, .outer = existing->parent, .path = existing->path};
	const char *path = existing->path;
	struct lc_cgroup_name name;
	struct lc_recorded_target *recorded;
	int r;

	/* Anybody may have made any number of cgroups. */
	if (lc_recording_is_interrupted(recording))
		return -ECANCELED;
	lc_cgroup_name_parse(path, &name);
	if (recording->options->scope == LC_SCOPE_UNIT) {
		if (!lc_recording_is_units(recording, path))
			return 0;
	} else if (lc_recording_is_one_cgroup(recording)) {
		size_t length = strlen(recording->cgroup);

		if (strncmp(path, recording->cgroup, length) != 0 ||
			(path[length] && path[length] != '/' && length > 1))
			return 0;
	} else if (!lc_recording_wants_kind(recording, name.kind)) {
		return 0;
	}
	made.share = lc_probe_share(recording->probe, made.id, existing->parent, existing->maker);
	if (name.target_length == strlen(path) && lc_targets_are_many(&recording->targets, made.share))
		return defer_existing(recording, &made);
	r = lc_recording_add_cgroup(recording, &made, name, &recorded);
	if (r)
		return r;
	recorded->existed = true;
	if (name.target_length == strlen(path))
		recorded->empty = !lc_cgroup_is_populated_in(existing->directory);
	r = meet_processes(recording, recorded, existing->directory, false);
	if (!r)
		r = record_cgroup(recording, made.id, made.share, recorded);
	/* That there are too many cgroups keeps nobody from recording the others. */
	if (r == -E2BIG) {
		recorded->target.losses.of[LC_LOSS_CGROUPS]++;
		return 0;
	}
	/* A process that came in between was not seen by the kernel side, which did not record the cgroup yet. */
	return r ? r : meet_processes(recording, recorded, existing->directory, true);
}

/* Process PID is one of the tree RECORDED. */
static void meet_followed(void *context, pid_t pid)
{
	struct lc_namespaces namespaces;

	if (!lc_process_namespaces(pid, &namespaces))
		lc_recorded_target_lives_in(context, &namespaces);
}

static int follow_process(struct lc_recording *recording)
{
	pid_t pid = recording->options->pid;
	struct lc_recorded_target *recorded;
	char comm[64] = "";
	uint64_t stand_in;
	bool is_new;
	int r;

	recorded = lc_targets_get(&recording->targets, "process", strlen("process"), 0, &is_new);
	if (!recorded)
		return -ENOMEM;
	recorded->target.kind = LC_TARGET_COMMAND;
	recorded->existed = true;
	recorded->born_ns = lc_process_born(pid);
	r = lc_process_fill(&recorded->target, pid);
	if (r)
		return r;
	recorded->started = true;
	lc_process_comm(pid, comm, sizeof(comm));
	if (asprintf(&recorded->target.name, "%s[%d]", comm, (int)pid) < 0) {
		recorded->target.name = NULL;
		return -ENOMEM;
	}
	r = lc_follow_tree(recording->probe, pid, meet_followed, recorded, &stand_in);
	return r ? r : lc_targets_add_member(&recording->targets, stand_in, recorded);
}

int lc_recording_find_existing(struct lc_recording *recording)
{
	char message[64];
	struct lc_unwalked unwalked = {0};
	int r = 0;

	if (recording->options->scope == LC_SCOPE_PROCESS)
		r = follow_process(recording);
	else if (recording->options->scope == LC_SCOPE_UNIT)
		r = lc_recording_await_unit(recording);
	if (!r && recording->options->scope != LC_SCOPE_PROCESS)
		r = lc_hierarchy_walk(&recording->hierarchy, visit_existing, recording, &unwalked);
	lc_unwalked_warn(&unwalked, recording->log);
	if (r == -ESRCH) {
		snprintf(message, sizeof(message), "no process %d", (int)recording->options->pid);
		return lc_recording_fail(recording, message, r);
	}
	if (r)
		return lc_recording_fail(
			recording, r == -ECANCELED ? "interrupted before all containers were found" : NULL, r);
	return 0;
}
