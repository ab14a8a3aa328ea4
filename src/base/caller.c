/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Acting with the rights of whoever called us, where our program's file gives it more. */
#include <leastcap/caller.h>

#include <errno.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/capability.h>
#include <sys/fsuid.h>
#include <unistd.h>

bool lc_is_secure(void)
{
	return getauxval(AT_SECURE);
}

int lc_as_caller_begin(struct lc_as_caller *saved)
{
	cap_t none;
	int r;

	saved->capabilities = NULL;
	if (!getuid() && !geteuid() && !lc_is_secure())
		return 0;
	saved->capabilities = cap_get_proc();
	if (!saved->capabilities)
		return -errno;
	/* Neither reports an error. Given -1, which is no id, both change nothing and return the current id. */
	setfsgid(getgid());
	setfsuid(getuid());
	if (setfsgid((gid_t)-1) != (int)getgid() || setfsuid((uid_t)-1) != (int)getuid())
		return -EPERM;
	none = cap_dup(saved->capabilities);
	if (!none)
		return -ENOMEM;
	r = cap_clear_flag(none, CAP_EFFECTIVE) || cap_set_proc(none) ? -errno : 0;
	cap_free(none);
	return r;
}

void lc_as_caller_end(struct lc_as_caller *saved)
{
	if (!saved->capabilities)
		return;
	setfsuid(geteuid());
	setfsgid(getegid());
	cap_set_proc(saved->capabilities);
	cap_free(saved->capabilities);
	saved->capabilities = NULL;
}
