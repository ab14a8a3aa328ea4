/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cgroups that come and go, and the targets that they belong to. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/path.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether the target at LENGTH bytes of PATH is the container whose runtime has told of it. */
static bool is_hooked(const struct lc_recording *recording, const char *path, size_t length)
{
	return recording->options->container && strlen(recording->cgroup) == length &&
	       strncmp(path, recording->cgroup, length) == 0;
}

/* Fills RECORDED from what CONTAINER's runtime has told. 0 or -ENOMEM. */
static int describe_hooked(struct lc_recorded_target *recorded, const struct lc_recorded_container *container)
{
	struct lc_target *target = &recorded->target;
	int r = lc_copy_to(&target->id, container->id);

	target->kind = LC_TARGET_CONTAINER;
	recorded->container = true;
	if (!r && container->bundle)
		r = lc_identity_fill_from_bundle(target, container->bundle);
	if (r == -ENOMEM || lc_container_id_valid(target->id))
		return r == -ENOMEM ? r : 0;
	/* What no engine has chosen is a name. */
	if (target->name)
		free(target->id);
	else
		target->name = target->id;
	target->id = NULL;
	return 0;
}

/* Fills a new RECORDED, the target that NAME describes at PATH; asks the engines when it is a container. */
static int describe(struct lc_recording *recording, struct lc_recorded_target *recorded, const char *path,
	const struct lc_cgroup_name *name)
{
	struct lc_target *target = &recorded->target;

	target->kind = name->kind;
	target->cgroup = strndup(path, name->target_length);
	/* A command that is run in a container shares its mount namespace with us. */
	recorded->container = name->kind == LC_TARGET_CONTAINER && !recording->command_name;
	if (!target->cgroup)
		return -ENOMEM;
	if (is_hooked(recording, path, name->target_length)) {
		int r = describe_hooked(recorded, recording->options->container);

		if (r || name->kind != LC_TARGET_CONTAINER)
			return r;
	}
	if (recording->command_name) {
		target->kind = LC_TARGET_COMMAND;
		target->name = strdup(recording->command_name);
		return target->name ? 0 : -ENOMEM;
	}
	if (recording->options->scope == LC_SCOPE_UNIT && name->kind != LC_TARGET_CONTAINER) {
		target->kind = LC_TARGET_SERVICE;
		return lc_copy_to(&target->name, recording->options->unit->service);
	}
	if (name->kind != LC_TARGET_CONTAINER) {
		return lc_identity_name_cgroup(target, &recording->hierarchy, path, name->target_length);
	}
	free(target->id);
	target->id = strdup(name->id);
	free(target->engine);
	target->engine = lc_copy(name->engine);
	if (!target->id || (name->engine && !target->engine))
		return -ENOMEM;
	recorded->asked = true;
	return lc_identity_resolve(recording->identity, target);
}

bool lc_recording_is_one_cgroup(const struct lc_recording *recording)
{
	return recording->options->scope != LC_SCOPE_CONTAINERS && recording->options->scope != LC_SCOPE_PROCESS;
}

int lc_recording_add_cgroup(struct lc_recording *recording, const struct lc_made_cgroup *made,
	struct lc_cgroup_name name, struct lc_recorded_target **result)
{
	const char *path = made->path;
	bool is_inside = recording->options->scope == LC_SCOPE_UNIT && path[name.target_length];
	struct lc_recorded_target *recorded;
	bool is_new;
	int r;

	/* A container at or below the cgroup that was asked for is a target of its own. Everything else there belongs to that cgroup. */
	if (lc_recording_is_one_cgroup(recording) &&
		(name.kind != LC_TARGET_CONTAINER || name.target_length < strlen(recording->cgroup))) {
		path = recording->cgroup;
		name.target_length = strlen(path);
	}
	recorded = lc_targets_get(&recording->targets, path, name.target_length, made->share, &is_new);
	if (!recorded)
		return -ENOMEM;
	if (is_new) {
		recorded->cgroup = made->id;
		r = describe(recording, recorded, path, &name);
		if (r)
			return r;
		lc_recorded_target_lies_in(
			recorded, made->outer ? lc_recording_target_at(recording, made->outer) : NULL);
		lc_log(recording->log, LC_LOG_DEBUG, "new target: %s", path);
	}
	if (!path[name.target_length] && !is_inside)
		recorded->last_cgroup = made->id;
	r = lc_targets_add_member(&recording->targets, made->id, recorded);
	if (!r)
		*result = recorded;
	return r;
}

struct lc_recorded_target *lc_recording_target_at(struct lc_recording *recording, uint64_t id)
{
	struct lc_member_cgroup *member = lc_targets_member(&recording->targets, id);
	_cleanup_free_ char *path = member && member->path ? strdup(member->path) : NULL;
	struct lc_cgroup_name name;
	struct lc_recorded_target *recorded;

	if (!path)
		return member ? member->target : NULL;
	lc_cgroup_name_parse(path, &name);
	return lc_recording_add_cgroup(
		       recording, &(struct lc_made_cgroup){id, member->outer, member->share, path}, name, &recorded)
		       ? NULL
		       : recorded;
}

static void on_cgroup_made(void *context, const struct lc_made_cgroup *told)
{
	struct lc_recording *recording = context;
	struct lc_made_cgroup made = *told;
	struct lc_cgroup_name name;
	struct lc_recorded_target *recorded = NULL;
	char path[PATH_MAX];
	int r;

	/* A path that lacks its end still lies in the same container. */
	lc_cgroup_whole_path(&recording->hierarchy, told->id, told->path, path);
	made.path = path;
	lc_cgroup_name_parse(path, &name);
	if (recording->options->scope == LC_SCOPE_CONTAINERS && name.kind == LC_TARGET_SERVICE &&
		!recording->options->services) {
		lc_probe_ignore(recording->probe, made.id);
		lc_targets_ignore(&recording->targets, made.id);
		return;
	}
	if (recording->options->scope == LC_SCOPE_UNIT && !lc_recording_is_units(recording, path)) {
		/* What is made in a slice around the service may be around it, too. */
		if (!lc_path_lies_in(recording->cgroup, path))
			lc_probe_ignore(recording->probe, made.id);
		lc_targets_ignore(&recording->targets, made.id);
		return;
	}
	if (lc_targets_are_many(&recording->targets, made.share))
		r = lc_targets_defer(&recording->targets, made.id, made.outer, made.share, path);
	else
		r = lc_recording_add_cgroup(recording, &made, name, &recorded);
	if (!r && recorded && recording->options->scope == LC_SCOPE_UNIT && name.kind != LC_TARGET_CONTAINER)
		lc_recording_claim_unit(recording, recorded, made.id, path);
	if (r)
		lc_log(recording->log, LC_LOG_WARN, "out of memory: %s is not recorded", path);
}

static void on_cgroup_was_quiet(void *context, uint64_t id)
{
	lc_targets_forget(&((struct lc_recording *)context)->targets, id);
}

static void on_cgroup_gone(void *context, uint64_t id)
{
	struct lc_recording *recording = context;
	const struct lc_member_cgroup *member = lc_targets_member(&recording->targets, id);

	if (member && member->target && member->target->last_cgroup == id)
		member->target->target.life.ended_ns = lc_recording_now(recording);
	if (lc_probe_collect(recording->probe, id))
		lc_log(recording->log, LC_LOG_WARN, "the counters of a removed container could not be read");
}

void lc_recording_hear_of_cgroups(struct lc_recording *recording)
{
	recording->events.cgroup_made = on_cgroup_made;
	recording->events.cgroup_was_quiet = on_cgroup_was_quiet;
	recording->events.cgroup_forgotten = on_cgroup_was_quiet;
	recording->events.cgroup_gone = on_cgroup_gone;
}
