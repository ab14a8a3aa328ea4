/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the object's programs are loaded, in which order they are attached, and how often the kernel skipped them. */
#ifndef LEASTCAP_PROBE_PROGRAMS_H
#define LEASTCAP_PROBE_PROGRAMS_H

#include "src/probe/hooks.h"
#include "src/probe/probe_private.h"

/*
 * Chooses the programs of PROBE's opened object that HOOK and OPTIONS ask for on a kernel with FACTS, and sets what they must know
 * of each other. PROBE's RESUMED says whether the returns of calls are looked at by task work. 0 or -errno.
 */
int lc_programs_choose(struct lc_probe *probe, const struct lc_hook_program *hook,
	const struct lc_probe_options *options, const struct lc_kernel_facts *facts);

/* Attaches what looks at the returns of calls by task work, where that was chosen. 0 or -errno: it is not possible here. */
int lc_programs_attach_resumed(struct lc_probe *probe, const struct lc_resumed *resumed);

/* Attaches what was loaded. 0, or -errno with *MESSAGE (caller frees). */
int lc_programs_attach(struct lc_probe *probe, char **message);

/* Detaches everything; the maps stay readable. */
void lc_programs_detach(struct lc_probe *probe);

/*
 * How many runs the kernel skipped that would have counted a check or placed one, and whose work no later copy did. To be called
 * while all programs are attached, because detaching takes the copies away one by one.
 */
uint64_t lc_programs_lost(const struct lc_probe *probe);

#endif
