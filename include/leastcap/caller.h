/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Acting with the rights of whoever called us, where our program's file gives it more. */
#ifndef LEASTCAP_CALLER_H
#define LEASTCAP_CALLER_H

#include <stdbool.h>

/* What has been put aside for a while. */
struct lc_as_caller {
	void *capabilities; /* libcap's cap_t, ours as they were; NULL: nothing is put aside */
};

/*
 * What is named by whoever called us (a file, a directory, a socket) is opened between these two with the caller's rights alone, and
 * without those that our program's file gives to everybody (setcap(8), set-user-ID). So nothing is opened that is closed to the
 * caller, and nobody is told what is in there. Meanwhile no capability is in effect, and the real user's and group's ids are what
 * counts for files (setfsuid(2)). For root, called as root, nothing changes. Both hold for the calling thread. 0 or -errno. After an
 * error, too, SAVED (zeroed before) is given to lc_as_caller_end, which may be called twice.
 */
int lc_as_caller_begin(struct lc_as_caller *saved);
void lc_as_caller_end(struct lc_as_caller *saved);

/* Whether our program's file gives rights to whoever calls it: the kernel's word at exec (AT_SECURE, getauxval(3)). */
bool lc_is_secure(void);

#endif
