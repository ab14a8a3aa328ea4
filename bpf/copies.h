/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Copies of a program. While a task is preempted in a program, the kernel skips that program for all other tasks on the same
 * processor, for as long as a time slice (recursion_misses in include/uapi/linux/bpf.h, struct bpf_prog_info). Two busy tasks lost
 * a quarter of their checks that way. So the same program is attached several times. The first copy that runs does the work and
 * leaves a mark, which tells the later copies that nothing is left to do. A run is lost only if as many tasks are preempted in
 * copies as there are copies. Lost runs are counted.
 */
#ifndef LEASTCAP_BPF_COPIES_H
#define LEASTCAP_BPF_COPIES_H

#include "bpf/maps.h"
#include "bpf/mark.h"

/* The program NAME in SECTION, which is COPY: it calls BODY with its context and COPY. */
#define COPY(section, name, body, copy)                                                                                \
	SEC(section)                                                                                                   \
	int name(__u64 *ctx)                                                                                           \
	{                                                                                                              \
		return body(ctx, copy);                                                                                \
	}

/* The copies of program NAME behind the first. User space knows them by their names: src/probe/programs.c, copy_of. */
#define LATER_COPIES(section, name, body)                                                                              \
	COPY(section, name##_2, body, LC_COPY_SECOND)                                                                  \
	COPY(section, name##_3, body, LC_COPY_THIRD)                                                                   \
	COPY(section, name##_4, body, LC_COPY_LAST)

#define COPIES(section, name, body)                                                                                    \
	COPY(section, name, body, LC_COPY_FIRST)                                                                       \
	LATER_COPIES(section, name, body)

#define TWO_COPIES(section, name, body)                                                                                \
	COPY(section, name, body, LC_COPY_FIRST)                                                                       \
	COPY(section, name##_2, body, LC_COPY_SECOND)

/*
 * Whether COPY (a compile-time constant) of PROGRAM has to do the work of the current task's run. Without copies the first always
 * has to. Each task has a mark, which names the copy that the task passed last. If that is an earlier copy, it has done the work of
 * this run. If it is the same copy or a later one, the mark is from the run before, and all earlier copies have been skipped in
 * this run. One case can't be told: the run before ended with an earlier copy, because the later ones were skipped, and in this run
 * the earlier ones are skipped. Then the work is not done, and the run is counted as lost.
 */
static __always_inline bool is_due(enum lc_program_copy copy, enum lc_copied program)
{
	__u32 pid, slot, before, mark, *place;

	if (!config_copies)
		return true;
	pid = bpf_get_current_pid_tgid();
	slot = pid & (config_copy_marks - 1);
	place = bpf_map_lookup_elem(&copy_marks, &slot);
	if (!place)
		return true;
	before = *place;
	mark = lc_mark(pid, program, copy);
	*place = mark;
	if (copy == LC_COPY_FIRST)
		return true;
	if (lc_is_done(before, mark, copy))
		return false;
	__sync_fetch_and_add(&repeated[program], 1);
	return true;
}

#endif
