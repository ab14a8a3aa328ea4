/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the containers and services that run now, and the processes of each. */
#include "src/audit/hazards.h"
#include "src/audit/members.h"

#include <leastcap/audit.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/host.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* A container or service whose cgroups are being walked. */
struct found {
	struct found *next; /* the one that was found before */
	char *path;         /* of its topmost cgroup */
	struct lc_cgroup_name name;
	struct lc_member_list members;
	bool hidden; /* it has processes that have no number in our pid namespace */
	int error;   /* why a process could not be read; 0: all could */
};

struct scan {
	const struct lc_hierarchy *hierarchy;
	bool services;
	struct found *last;
	size_t n;
};

/* The entry of the container or service NAME at PATH, which is made when there is none. NULL when out of memory. */
static struct found *find(struct scan *scan, const char *path, const struct lc_cgroup_name *name)
{
	struct found *found;

	for (found = scan->last; found; found = found->next) {
		if (strlen(found->path) == name->target_length && strncmp(found->path, path, name->target_length) == 0)
			return found;
	}
	found = calloc(1, sizeof(*found));
	if (!found)
		return NULL;
	found->path = strndup(path, name->target_length);
	if (!found->path) {
		free(found);
		return NULL;
	}
	found->name = *name;
	found->next = scan->last;
	scan->last = found;
	scan->n++;
	return found;
}

static int consider(void *context, pid_t pid)
{
	struct found *found = context;
	int r = lc_members_add(&found->members, pid);

	if (r)
		found->error = r;
	return r == -ENOMEM ? r : 0;
}

/* Considers every process of the cgroup whose directory is DIRECTORY, which belongs to FOUND. */
static int consider_all(struct found *found, int directory)
{
	size_t before = found->members.met;
	int r = lc_cgroup_each_pid_in(directory, consider, found);

	if (found->members.met == before && lc_cgroup_is_populated_in(directory))
		found->hidden = true;
	return r;
}

static int visit(void *context, const struct lc_existing_cgroup *cgroup)
{
	struct scan *scan = context;
	struct lc_cgroup_name name;
	struct found *found;
	int r;

	lc_cgroup_name_parse(cgroup->path, &name);
	if (name.kind != LC_TARGET_CONTAINER && !(name.kind == LC_TARGET_SERVICE && scan->services))
		return 0;
	found = find(scan, cgroup->path, &name);
	if (!found)
		return -ENOMEM;
	r = consider_all(found, cgroup->directory);
	/* The walk goes on. The target will say what is known, and why no more. */
	if (r && r != -ENOMEM && !found->error)
		found->error = r;
	return r == -ENOMEM ? r : 0;
}

static int set_string(char **field, const char *text)
{
	if (!text)
		return 0;
	*field = strdup(text);
	return *field ? 0 : -ENOMEM;
}

/* Sets why nothing is known of FOUND's first process, R being what came of reading it. 0 or -ENOMEM. */
static int set_unread(struct lc_target *target, const struct found *found, int r)
{
	const char *why = strerror(r ? -r : EPROTO);

	target->init.ended = r == -ESRCH || (!found->members.met && !found->error && !found->hidden);

	if (!found->members.met && found->error)
		why = strerror(-found->error);
	else if (!found->members.met && !found->hidden)
		why = "it has ended meanwhile";
	else if (!found->members.met)
		why = "it is in another pid namespace than leastcap";
	else if (r == -ESRCH)
		why = "it has ended just now";
	free(target->init.unread);
	target->init.unread = strdup(why);
	return target->init.unread ? 0 : -ENOMEM;
}

/* Fills TARGET's init and hazards from the first process of FOUND, and its members from all of them. 0 or -ENOMEM. */
static int fill_init(struct lc_target *target, const struct found *found, struct lc_host_view *host)
{
	const struct lc_process *first = lc_members_first(&found->members);
	int r = found->error;

	if (first)
		r = lc_process_fill_init(target, (pid_t)first->init.pid);
	if (r == -ENOMEM)
		return r;
	if (!target->init.pid)
		return set_unread(target, found, r);
	r = lc_members_fill(target, &found->members);
	return r ? r : lc_audit_find_hazards(target, host, first);
}

/* Fills TARGET, which is zeroed, with what the cgroup and the process tell. */
static int fill(struct lc_target *target, const struct lc_hierarchy *hierarchy, const struct found *found,
	struct lc_host_view *host)
{
	int r;

	target->kind = found->name.kind;
	r = set_string(&target->cgroup, found->path);
	if (!r && target->kind == LC_TARGET_SERVICE)
		r = lc_identity_name_cgroup(target, hierarchy, found->path, strlen(found->path));
	if (!r && target->kind == LC_TARGET_CONTAINER)
		r = set_string(&target->id, found->name.id);
	if (!r)
		r = set_string(&target->engine, found->name.engine);
	return r ? r : fill_init(target, found, host);
}

/* Adds a target for each that was found and has processes. One without is being made or removed. */
static int add_targets(const struct scan *scan, struct lc_profile *profile)
{
	struct lc_host_view host;
	int r = 0;

	lc_host_view_begin(&host);

	for (const struct found *found = scan->last; !r && found; found = found->next) {
		struct lc_target *target;

		if (!found->members.met && !found->hidden && !found->error)
			continue;
		target = lc_profile_add_target(profile);
		r = target ? fill(target, scan->hierarchy, found, &host) : -ENOMEM;
	}
	lc_host_view_end(&host);
	return r;
}

static void scan_clear(struct scan *scan)
{
	while (scan->last) {
		struct found *found = scan->last;

		scan->last = found->next;
		lc_members_clear(&found->members);
		free(found->path);
		free(found);
	}
}

/* The processes of TARGET are those of the kernel that it runs in. 0 or -ENOMEM. */
static int forget_sandboxs_own(struct lc_target *target)
{
	lc_target_clear_audit(target);
	target->granted = 0;
	target->init.unread = strdup("it runs in a kernel of its own");
	return target->init.unread ? 0 : -ENOMEM;
}

/* What identifying TARGET has changed of what it is. 0 or -ENOMEM. */
static int reconsider(struct lc_target *target)
{
	/* What sees the host's files, and turned out to be no container, is a part of the host, as a service is. */
	if (target->kind != LC_TARGET_CONTAINER && lc_target_hazard(target, LC_HAZARD_MOUNTS))
		lc_target_clear_hazards(target);
	return target->sandbox ? forget_sandboxs_own(target) : 0;
}

int lc_audit_scan(struct lc_profile *profile, const struct lc_audit_scope *scope, struct lc_unwalked *unwalked)
{
	struct scan scan = {.hierarchy = scope->hierarchy, .services = scope->services};
	int r = lc_hierarchy_walk(scope->hierarchy, visit, &scan, unwalked);

	if (!r)
		r = add_targets(&scan, profile);
	scan_clear(&scan);
	lc_identity_in(scope->identity, scope->hierarchy);
	/* Only now, because engines are asked in the background and targets must not move any more. */
	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		if (profile->targets[i].kind == LC_TARGET_CONTAINER)
			r = lc_identity_resolve(scope->identity, &profile->targets[i]);
	}
	lc_identity_settle(scope->identity, scope->settle_ms);
	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = reconsider(&profile->targets[i]);
	return r;
}

int lc_audit_read(struct lc_target *target, const struct lc_hierarchy *hierarchy)
{
	_cleanup_fd_ int directory = target->cgroup ? lc_cgroup_open(hierarchy, target->cgroup) : -ENOENT;
	struct found found = {0};
	struct lc_host_view host;
	int r = directory < 0 ? directory : consider_all(&found, directory);

	/* A cgroup that is gone has no processes. */
	if (r == -ENOENT || r == -ENODEV)
		r = 0;
	if (r && !found.error)
		found.error = r;
	lc_host_view_begin(&host);
	r = r == -ENOMEM ? r : fill_init(target, &found, &host);
	lc_host_view_end(&host);
	lc_members_clear(&found.members);
	return r;
}

void lc_audit_take_recording(struct lc_target *target, struct lc_target *recorded)
{
	target->evidence = recorded->evidence;
	target->n_evidence = recorded->n_evidence;
	target->failures = recorded->failures;
	target->n_failures = recorded->n_failures;
	target->advice = recorded->advice;
	target->n_advice = recorded->n_advice;
	target->cap_add = recorded->cap_add;
	target->verify = recorded->verify;
	target->unused = recorded->unused;
	target->wanted = recorded->wanted;
	recorded->evidence = NULL;
	recorded->n_evidence = 0;
	recorded->failures = NULL;
	recorded->n_failures = 0;
	recorded->advice = NULL;
	recorded->n_advice = 0;
}

bool lc_audit_is_blind(void)
{
	struct lc_process process;

	return !lc_process_read(0, &process) && !(process.init.sets.effective & LC_CAP_BIT(CAP_SYS_PTRACE));
}

uint64_t lc_audit_host(void)
{
	struct lc_process process;

	return lc_process_read(1, &process) ? lc_cap_all() : process.init.sets.bounding;
}
