/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a process that was there before a recording is still being prepared by its container's runtime. */
#include "src/identity/bundle.h"
#include "src/identity/identity.h"

#include <leastcap/clock.h>
#include <leastcap/host.h>
#include <leastcap/identity.h>
#include <leastcap/probe.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether process PID lies in the cgroup at PATH of HIERARCHY or below; true where that can't be told. */
static bool lies_in(const struct lc_hierarchy *hierarchy, pid_t pid, const char *path)
{
	char own[PATH_MAX];
	size_t length = strlen(path);

	if (lc_cgroup_of_pid(hierarchy, pid, own, sizeof(own)))
		return true;
	return !strncmp(own, path, length) && (!own[length] || own[length] == '/');
}

/* Whether processes A and B are known to be in different pid namespaces. */
static bool are_apart(pid_t a, pid_t b)
{
	uint32_t left, right;

	return !lc_process_namespace(a, "pid", &left) && !lc_process_namespace(b, "pid", &right) && left != right;
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

unsigned int lc_identity_setup_left(struct lc_identity *identity, const struct lc_target *target, pid_t pid)
{
	struct lc_claims *claims = lc_identity_claims(identity);
	struct lc_process process;
	uint64_t granted;
	int64_t age;

	if (!claims->hierarchy || !target->cgroup || lc_process_read(pid, &process) || process.started == UINT64_MAX)
		return 0;
	age = age_of(&process);
	if (age < 0 || age >= LC_SETUP_MS || process.parent <= 0)
		return 0;
	/* The parent of a container's own process is in the container too, or in the same pid namespace where that is the host's. */
	if (lies_in(claims->hierarchy, process.parent, target->cgroup) || !are_apart(pid, process.parent))
		return 0;
	/* A process of the workload has no more than the container was granted, and is in the container's own mount namespace. */
	granted = granted_to(claims, target, process.parent);
	if (!(granted && process.init.sets.bounding & ~granted) && !is_in_host(pid))
		return 0;
	return (unsigned int)(LC_SETUP_MS - age);
}
