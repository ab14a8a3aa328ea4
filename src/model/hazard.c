/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words for hazards, and what frees one. */
#include <leastcap/hazard.h>
#include <leastcap/words.h>

#include <stdlib.h>

static const char *const names[LC_HAZARD_N] = {
	[LC_HAZARD_SOCKET] = "socket",
	[LC_HAZARD_FILES] = "files",
	[LC_HAZARD_MOUNTS] = "mounts",
	[LC_HAZARD_DEVICE] = "device",
	[LC_HAZARD_PROC] = "proc",
	[LC_HAZARD_PID] = "pid",
	[LC_HAZARD_NETWORK] = "network",
	[LC_HAZARD_IPC] = "ipc",
	[LC_HAZARD_CONFINEMENT] = "confinement",
	[LC_HAZARD_SETUID] = "setuid",
	[LC_HAZARD_PRIVILEGED] = "privileged",
	[LC_HAZARD_ALL] = "all",
	[LC_HAZARD_CAPABILITY] = "capability",
	[LC_HAZARD_ORDINARY] = "ordinary",
	[LC_HAZARD_ROOT] = "root",
	[LC_HAZARD_SECCOMP] = "seccomp",
	[LC_HAZARD_UNREAD] = "unread",
};

const struct lc_vocabulary lc_vocabulary_hazard = {names, LC_HAZARD_N};

const char *lc_hazard_name(enum lc_hazard_kind kind)
{
	return lc_vocabulary_word(&lc_vocabulary_hazard, (int)kind);
}

void lc_hazard_clear(struct lc_hazard *hazard)
{
	free(hazard->about);
	free(hazard->where);
	free(hazard->why);
	*hazard = (struct lc_hazard){0};
}
