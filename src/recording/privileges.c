/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether we have the privileges for a recording, and giving up those that are not needed any more. */
#include "src/recording/privileges.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

/* Switches off for good every privilege that user 0 and programs with file capabilities have by themselves. */
#define SECUREBITS ((SECURE_ALL_BITS & ~SECBIT_KEEP_CAPS) | SECURE_ALL_LOCKS)

struct lc_privilege_use lc_privileges_use(const struct lc_recording_options *options)
{
	return (struct lc_privilege_use){
		.hook = options->hook,
		.output = options->output,
		.command = options->command,
	};
}

int lc_recording_check_privileges(const struct lc_recording_options *options)
{
	const struct lc_privilege_use use = lc_privileges_use(options);
	_cleanup_free_ char *refusal = NULL;
	struct lc_privilege_host host;
	char name[LC_CAP_NAME_SIZE];
	size_t n;
	const struct lc_privilege *table = lc_privileges(&n);

	lc_privilege_host_read(&host);
	refusal = lc_privileges_refusal(&use, &host);
	if (refusal) {
		lc_log(options->log, LC_LOG_ERROR, "%s", refusal);
		return -EPERM;
	}
	for (size_t i = 0; i < n; i++) {
		if (table[i].without == LC_WITHOUT_POORER && !lc_privilege_is_held(&table[i], host.effective) &&
			lc_privilege_is_needed(&table[i], &use, &host))
			lc_log(options->log, LC_LOG_WARN, "no CAP_%s: %s", lc_cap_name(table[i].cap, name),
				table[i].cost);
	}
	return 0;
}

/* Puts CAP into CAPS, permitted and effective. 0 or -errno. */
static int add(cap_t caps, cap_value_t cap)
{
	if (cap_set_flag(caps, CAP_PERMITTED, 1, &cap, CAP_SET) || cap_set_flag(caps, CAP_EFFECTIVE, 1, &cap, CAP_SET))
		return -errno;
	return 0;
}

/* From here on nothing gains privileges by what it executes. 0 or -errno. */
static int close_ways_back(uint64_t effective)
{
	if (effective & LC_CAP_BIT(CAP_SETPCAP)) {
		for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
			if (cap_get_bound(cap) > 0 && cap_drop_bound(cap))
				return -errno;
		}
		if (cap_set_secbits(SECUREBITS))
			return -errno;
	}
	if (cap_reset_ambient() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return -errno;
	return 0;
}

int lc_privileges_drop(const struct lc_privilege_use *use)
{
	struct lc_privilege_host host;
	cap_t then = cap_init();
	uint64_t kept;
	int r = then ? 0 : -ENOMEM;

	lc_privilege_host_read(&host);
	kept = lc_privileges_kept(use, &host);
	for (cap_value_t cap = 0; !r && cap < cap_max_bits(); cap++) {
		if (kept & LC_CAP_BIT(cap))
			r = add(then, cap);
	}
	if (!r) {
		/* The capabilities go, even if a way back could not be closed. */
		r = close_ways_back(host.effective);
		if (cap_set_proc(then))
			r = -errno;
	}
	cap_free(then);
	return r;
}

int lc_privileges_give_up(void)
{
	cap_t none;
	int r;

	if (!geteuid())
		return 0;
	none = cap_init();
	r = none ? 0 : -ENOMEM;
	if (!r && cap_set_proc(none))
		r = -errno;
	cap_free(none);
	return r;
}

int lc_privileges_narrow(uint64_t list)
{
	cap_t caps = cap_get_proc();
	int r = caps ? 0 : -ENOMEM;

	for (cap_value_t cap = 0; !r && cap < cap_max_bits(); cap++) {
		if (list & LC_CAP_BIT(cap))
			continue;
		if ((cap_get_bound(cap) > 0 && cap_drop_bound(cap)) ||
			cap_set_flag(caps, CAP_INHERITABLE, 1, &cap, CAP_CLEAR))
			r = -errno;
	}
	/* What is not inheritable any more is no longer ambient either. */
	if (!r && cap_set_proc(caps))
		r = -errno;
	cap_free(caps);
	return r;
}

int lc_privileges_become_caller(void)
{
	cap_t now, then;
	int r;

	if (!geteuid())
		return 0;
	now = cap_get_proc();
	then = now ? cap_dup(now) : NULL;
	r = then ? 0 : -ENOMEM;
	if (!r && (cap_clear_flag(then, CAP_PERMITTED) || cap_clear_flag(then, CAP_EFFECTIVE)))
		r = -errno;
	for (cap_value_t cap = 0; !r && cap < cap_max_bits(); cap++) {
		if (cap_get_ambient(cap) > 0)
			r = add(then, cap);
	}
	if (!r && cap_set_proc(then))
		r = -errno;
	cap_free(now);
	cap_free(then);
	return r;
}
