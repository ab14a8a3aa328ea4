/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving up the privileges that a recording no longer needs once it is attached. */
#include "src/cli/privileges.h"

#include <errno.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/prctl.h>

/* What is still needed after attaching. */
static const cap_value_t kept[] = {
	CAP_BPF,             /* bpf(2) on our own maps, where it is not for everybody */
	CAP_SYSLOG,          /* addresses in /proc/kallsyms */
	CAP_SYS_PTRACE,      /* /proc/PID/ns of containers */
	CAP_DAC_READ_SEARCH, /* OCI bundles */
	CAP_DAC_OVERRIDE,    /* the profile, in a directory of the user who called sudo */
	CAP_KILL,            /* passing a signal on to a command that has changed its user */
};

int privileges_drop(void)
{
	cap_t now = cap_get_proc();
	cap_t then = cap_init();
	int r = 0;

	if (!now || !then)
		r = -ENOMEM;
	for (size_t i = 0; !r && i < sizeof(kept) / sizeof(kept[0]); i++) {
		cap_flag_value_t have = CAP_CLEAR;

		cap_get_flag(now, kept[i], CAP_PERMITTED, &have);
		if (have == CAP_SET && (cap_set_flag(then, CAP_PERMITTED, 1, &kept[i], CAP_SET) ||
					       cap_set_flag(then, CAP_EFFECTIVE, 1, &kept[i], CAP_SET)))
			r = -errno;
	}
	if (!r && (cap_set_proc(then) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)))
		r = -errno;
	cap_free(now);
	cap_free(then);
	return r;
}
