/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that ask cap_capable themselves, so that a refusal at security_capable does not reach them. */
#include <leastcap/facts.h>

#include <string.h>

/*
 * Those that call cap_capable, and those that a compiler puts them into or leaves in their place. security/commoncap.c,
 * security/security.c; AppArmor, SELinux and Smack each ask for MAC_ADMIN or MAC_OVERRIDE.
 */
static const char *const direct[] = {
	"cap_vm_enough_memory",
	"security_vm_enough_memory_mm",
	"cap_inh_is_capped",
	"cap_capset",
	"security_capset",
	"cap_task_prctl",
	"security_task_prctl",
	"cap_mmap_addr",
	"security_mmap_addr",
	"has_cap_mac_admin",
	"selinux_inode_setxattr",
	"selinux_inode_getsecurity",
	"selinux_lsm_setattr",
	"smack_privileged_cred",
	"smack_privileged",
	"policy_ns_capable",
	"aa_policy_admin_capable",
	"is_profile_priv_restricted_to_stack",
	"aa_change_profile",
};

bool lc_asks_directly(const char *function)
{
	for (size_t i = 0; function && i < sizeof(direct) / sizeof(direct[0]); i++) {
		if (!strcmp(function, direct[i]))
			return true;
	}
	return false;
}
