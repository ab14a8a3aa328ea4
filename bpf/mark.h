/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The marks by which the copies of a program know what is done: the same for the kernel side and for its tests. */
#ifndef LEASTCAP_BPF_MARK_H
#define LEASTCAP_BPF_MARK_H

#include "bpf/record.h"

#include <stdbool.h>

/* The mark that task PID leaves when it comes by COPY of PROGRAM. Marks of one task and program follow each other by copy. */
static inline __u32 lc_mark(__u32 pid, enum lc_copied program, enum lc_program_copy copy)
{
	return (pid << 4 | program) * LC_COPIES + copy;
}

/* Whether the task that leaves MARK at COPY has left BEFORE at an earlier copy of the same program. */
static inline bool lc_is_done(__u32 before, __u32 mark, enum lc_program_copy copy)
{
	return before < mark && before >= mark - copy;
}

#endif
