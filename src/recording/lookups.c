/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and stacks of the targets are looked up here: the probe asks, and is told. */
#include "src/recording/recording_private.h"

#include <leastcap/causes.h>
#include <leastcap/cleanup.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Where to look for what belongs to RECORDED. */
static struct lc_lookup_place lookup_place(const struct lc_recorded_target *recorded)
{
	return (struct lc_lookup_place){recorded->cgroup, recorded->target.cgroup};
}

/*
 * Notes what a security module calls RECORDED by process PID, if that is still one of its own. A container is called so from its first program
 * on. What else is recorded begins unconfined, and gets a label with the program that has a profile.
 */
static void note_label(struct lc_recording *recording, struct lc_recorded_target *recorded, pid_t pid)
{
	struct lc_target *target = &recorded->target;
	char path[PATH_MAX];
	_cleanup_free_ char *label = NULL;

	if (!target->cgroup || lc_module_of(target->label) != LC_MODULE_NONE ||
		(target->kind == LC_TARGET_CONTAINER && target->label) || lc_process_label(pid, &label))
		return;
	if (target->label && lc_module_of(label) == LC_MODULE_NONE)
		return;
	/* The number may be another process's by now. */
	if (lc_cgroup_of_pid(&recording->hierarchy, pid, path, sizeof(path)) ||
		strncmp(path, target->cgroup, strlen(target->cgroup)) != 0)
		return;
	free(target->label);
	target->label = label;
	label = NULL;
}

static void on_executed(void *context, const struct lc_executed *executed)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, executed->cgroup);
	struct lc_lookup_place where;

	if (!recorded)
		return;
	note_label(recording, recorded, (pid_t)executed->tgid);
	where = lookup_place(recorded);
	lc_lookups_ask_carried(recording->lookups, &where, executed);
	lc_lookups_ask_named(recording->lookups, &where, executed);
}

static void on_touched(void *context, const struct lc_touched *touched)
{
	struct lc_recording *recording = context;
	const struct lc_recorded_target *recorded = lc_recording_target_at(recording, touched->cgroup);
	struct lc_lookup_place where;

	if (!recorded)
		return;
	where = lookup_place(recorded);
	lc_lookups_ask_object(recording->lookups, &where, touched);
}

static void on_stack(void *context, const void *key, uint64_t cgroup, const struct lc_snapshot *snapshot)
{
	struct lc_recording *recording = context;
	const struct lc_recorded_target *recorded = lc_recording_target_at(recording, cgroup);
	struct lc_lookup_place where = {0};

	if (recorded)
		where = lookup_place(recorded);
	lc_lookups_ask_stack(recording->lookups, &where, key, snapshot);
}

static void on_carried(void *context, const void *key, int result, struct lc_carried *carried)
{
	lc_probe_tell_carried(((struct lc_recording *)context)->probe, key, result, carried);
}

static void on_object(void *context, const void *key, int result, struct lc_object *object)
{
	lc_probe_tell_object(((struct lc_recording *)context)->probe, key, result, object);
}

static void on_unwound(void *context, const void *key, int result, struct lc_stack *stack)
{
	(void)result;
	lc_probe_tell_stack(((struct lc_recording *)context)->probe, key, stack);
}

/* How RECORDED (NULL: one that is not known) is called in a message. */
static const char *called(const struct lc_recorded_target *recorded)
{
	return !recorded               ? "a container"
	       : recorded->target.name ? recorded->target.name
	       : recorded->target.id   ? recorded->target.id
				       : recorded->key;
}

/* What the files in CGROUP's target name. */
static void on_named(void *context, uint64_t cgroup, int result, struct lc_named_list *list)
{
	struct lc_recording *recording = context;
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, cgroup);

	if (!recorded)
		return;
	if (result)
		lc_log(recording->log, LC_LOG_WARN,
			"%s: the files of its cron or supervisor can't be read, so what they name and never ran is not told: %s",
			called(recorded), strerror(-result));
	lc_recorded_target_add_named(recorded, list);
}

static void on_given_up(void *context, uint64_t group)
{
	struct lc_recording *recording = context;
	const struct lc_recorded_target *recorded = recording->targets.first;

	while (recorded && recorded->cgroup != group)
		recorded = recorded->next;
	lc_log(recording->log, LC_LOG_WARN,
		"%s: its file system does not answer, so its files are not looked at any more", called(recorded));
}

void lc_recording_hear_of_files(struct lc_recording *recording)
{
	recording->events.executed = on_executed;
	recording->events.touched = on_touched;
	recording->events.unwind = recording->options->stacks ? on_stack : NULL;
	recording->found = (struct lc_lookup_events){
		.context = recording,
		.carried = on_carried,
		.object = on_object,
		.stack = on_unwound,
		.named = on_named,
		.given_up = on_given_up,
	};
}
