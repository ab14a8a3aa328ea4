/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a process that was there before a recording is still being prepared by its container's runtime. */
#include "src/identity/bundle.h"
#include "src/identity/identity.h"

#include <leastcap/clock.h>
#include <leastcap/host.h>
#include <leastcap/identity.h>
#include <leastcap/path.h>
#include <leastcap/probe.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* 1 when process PID lies in the cgroup at PATH of HIERARCHY or below, 0 when not, or -errno. */
static int lies_in(const struct lc_hierarchy *hierarchy, pid_t pid, const char *path)
{
	char own[PATH_MAX];
	int r = lc_cgroup_of_pid(hierarchy, pid, own, sizeof(own));

	return r ? r : lc_path_lies_in(own, path);
}

/* 1 when processes A and B are in different pid namespaces, 0 when not, or -errno. */
static int are_apart(pid_t a, pid_t b)
{
	uint32_t left, right;
	int r = lc_process_namespace(a, "pid", &left);

	if (!r)
		r = lc_process_namespace(b, "pid", &right);
	return r ? r : left != right;
}

/* Whether process PID is known to be in the mount namespace of process 1, or in ours, and so in no container's own. */
static bool is_in_host(pid_t pid)
{
	uint32_t its, hosts;

	if (lc_process_namespace(pid, "mnt", &its))
		return false;
	return (!lc_process_namespace(1, "mnt", &hosts) && its == hosts) ||
	       (!lc_process_namespace(0, "mnt", &hosts) && its == hosts);
}

/*
 * Whether process PID is root's, and in no container. It is in no directory that does not answer, as far as anybody else could have
 * chosen it. Only of others is the directory left to the reader, which may be late where much is going on: what its runtime asks
 * would then be the container's.
 */
static bool is_roots(pid_t pid)
{
	struct lc_process process;

	return is_in_host(pid) && !lc_process_read(pid, &process) && process.uid == 0 && process.userns_depth == 0;
}

/* What TARGET was granted. Where that is unknown, the bundle says it that its runtime PARENT works in. */
static uint64_t granted_to(struct lc_claims *claims, const struct lc_target *target, pid_t parent)
{
	struct lc_target asked = {.kind = target->kind};
	uint64_t granted = target->granted;
	char directory[64];

	if (granted)
		return granted;
	snprintf(directory, sizeof(directory), "/proc/%d/cwd", (int)parent);
	if (!lc_bundle_fill_from(&asked, directory, 0, is_roots(parent) ? NULL : &claims->reader))
		granted = asked.granted;
	lc_target_clear(&asked);
	return granted;
}

/* Milliseconds since PROCESS was started. */
static int64_t age_of(const struct lc_process *process)
{
	int64_t ticks = sysconf(_SC_CLK_TCK);

	return lc_clock_ms(CLOCK_BOOTTIME) - (int64_t)process->started * 1000 / ticks;
}

/*
 * Whether PROCESS, whose parent is not in TARGET's cgroup, is no workload. APART: they are in different pid namespaces. A process of the
 * workload is in the container's own mount namespace and has run a program there, or descends from one that has. What a runtime forks there
 * gives up capabilities first and changes its user then, so that it may hold no more than the workload before it runs the first program.
 * Only where the pid namespace is the host's can the workload's own process have such a parent, as an orphan: then what it may hold tells.
 */
static bool is_in_setup(
	struct lc_claims *claims, const struct lc_target *target, const struct lc_process *process, bool apart)
{
	uint64_t granted;

	if (is_in_host((pid_t)process->init.pid))
		return true;
	if (!process->forked || apart)
		return process->forked;
	granted = granted_to(claims, target, process->parent);
	return granted && process->init.sets.bounding & ~granted;
}

/* How often a process whose parent has ended meanwhile is looked at again: its new parent may be another runtime's process that ends. */
#define LOOKS 8

unsigned int lc_identity_setup_left(struct lc_identity *identity, const struct lc_target *target, pid_t pid)
{
	struct lc_claims *claims = lc_identity_claims(identity);

	for (int i = 0; i < LOOKS; i++) {
		struct lc_process process;
		int inside, apart;
		int64_t age;

		if (!claims->hierarchy || !target->cgroup || lc_process_read(pid, &process) ||
			process.started == UINT64_MAX)
			return 0;
		age = age_of(&process);
		if (age < 0 || age >= LC_SETUP_MS || process.parent <= 0)
			return 0;
		inside = lies_in(claims->hierarchy, process.parent, target->cgroup);
		apart = are_apart(pid, process.parent);
		if (inside > 0)
			return 0;
		if (inside < 0 || apart < 0)
			continue;
		return is_in_setup(claims, target, &process, apart) ? (unsigned int)(LC_SETUP_MS - age) : 0;
	}
	return 0;
}
