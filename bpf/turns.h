/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs that take turns. A kernel that can preempt a program skips it for every other task that meets it on that processor
 * meanwhile (recursion_misses), for as long as a time slice: a quarter of the checks of two busy tasks was seen to be lost. So
 * there are several of each program, one behind the other, and the first that comes to run does the work. A run is lost only
 * where as many tasks have been preempted in them, and that is counted.
 */
#ifndef LEASTCAP_BPF_TURNS_H
#define LEASTCAP_BPF_TURNS_H

#include "bpf/maps.h"

/*
 * Whether the work of PROGRAM is left to the one whose TURN (a compile-time constant) it is. Where programs do not take turns
 * there is only the first. A mark tells whose turn the task had last: one with an earlier turn has done the work, one with the
 * same or a later turn was there at the time before. Each task has a mark's place of its own, so that nobody makes up for what was
 * done; where a mark of the time before hides that all earlier turns were skipped, nobody makes up for that either, and it is counted.
 */
static __always_inline bool is_due(enum lc_turn turn, enum lc_in_turns program)
{
	__u32 pid, slot, mark, before, *place;

	if (!config_turns)
		return true;
	pid = bpf_get_current_pid_tgid();
	slot = pid & (config_turn_marks - 1);
	mark = (pid << 3 | program) * LC_TURNS;
	place = bpf_map_lookup_elem(&turn_marks, &slot);
	if (!place)
		return true;
	before = *place;
	*place = mark + turn;
	if (turn == LC_TURN_FIRST)
		return true;
	if (before >= mark && before < mark + turn)
		return false;
	__sync_fetch_and_add(&made_up[program], 1);
	return true;
}

#endif
