/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See preemption.h. */
#include "src/probe/preemption.h"

#include <leastcap/cleanup.h>
#include <leastcap/model.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* kernel/sched/debug.c, sched_dynamic_show */
#define MODES "/sys/kernel/debug/sched/preempt"

struct lc_preemption lc_preemption_of(const char *version, const char *release, const char *modes)
{
	struct lc_preemption none = {0};

	/* scripts/mkcompile_h: PREEMPT, PREEMPT_DYNAMIC, PREEMPT_RT, … are part of it. */
	if (!strstr(version, "PREEMPT"))
		return none;
	if (modes && (strstr(modes, "(none)") || strstr(modes, "(voluntary)")))
		return none;
	/* include/linux/tracepoint.h: before 7.0 preemption was off while the programs of a tracepoint ran. */
	return (struct lc_preemption){.functions = true, .tracepoints = lc_kernel_version(release) >= LC_KERNEL(7, 0)};
}

struct lc_preemption lc_preemption_here(void)
{
	_cleanup_file_ FILE *file = fopen(MODES, "re");
	char modes[128];
	struct utsname kernel = {0};

	uname(&kernel);
	return lc_preemption_of(kernel.version, kernel.release, file ? fgets(modes, sizeof(modes), file) : NULL);
}

int lc_preemption_prevent(struct lc_scheduling *before)
{
	const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_FIFO)};

	*before = (struct lc_scheduling){.policy = sched_getscheduler(0)};
	if (before->policy < 0 || sched_getparam(0, &before->parameters))
		return -errno;
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest))
		return -errno;
	before->changed = true;
	return 0;
}

int lc_preemption_allow(struct lc_scheduling *before)
{
	/* Only a privileged thread may take the flag back, and we have given up what is no longer needed. */
	if (before->changed && sched_setscheduler(0, before->policy | SCHED_RESET_ON_FORK, &before->parameters))
		return -errno;
	before->changed = false;
	return 0;
}
