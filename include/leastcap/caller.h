/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Acting with the rights of whoever called us, where our program's file gives it more. */
#ifndef LEASTCAP_CALLER_H
#define LEASTCAP_CALLER_H

#include <stdbool.h>

/* The capabilities that are put aside while we act as the caller. */
struct lc_as_caller {
	void *capabilities; /* libcap's cap_t: ours as they were; NULL: none are put aside */
};

/*
 * Between these two, files, directories and sockets are opened with the rights of whoever called us, and without those that our
 * program's file gives to everybody (setcap(8), set-user-ID). So the caller is shown nothing that is closed to the caller. No
 * capability is effective meanwhile, and the real user's and group's ids count for files (setfsuid(2)). For root, called as root,
 * nothing changes. Both hold for the calling thread. 0 or -errno. SAVED (zeroed before) is given to lc_as_caller_end also after an
 * error; that function may be called twice.
 */
int lc_as_caller_begin(struct lc_as_caller *saved);
void lc_as_caller_end(struct lc_as_caller *saved);

/* Whether our program's file gives rights to whoever calls it: the kernel's word at exec (AT_SECURE, getauxval(3)). */
bool lc_is_secure(void);

#endif
