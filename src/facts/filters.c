/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of what engines' default filters of system calls let through only with a capability. */
#include <leastcap/facts.h>

#include <linux/capability.h>
#include <string.h>

/*
 * The default filters of Docker and containerd let some system calls through only if the container was made with a capability, whatever
 * the kernel would ask. Podman's filter lets them through. SYS_ADMIN opens many calls, clone and unshare with CLONE_NEWUSER among them. Its
 * row stands for all of them, because where there is a user namespace, one of these two has made it.
 */
static const struct lc_filter_gate gates[] = {
	{
		.engines = {"docker", "containerd"},
		.cap = CAP_SYS_ADMIN,
		.source = "moby/profiles/seccomp/default.json, containerd/contrib/seccomp/seccomp_default.go",
	},
	{
		.engines = {"docker", "containerd"},
		.cap = CAP_SYS_CHROOT,
		.syscall = "chroot",
		.source = "moby/profiles/seccomp/default.json, containerd/contrib/seccomp/seccomp_default.go",
	},
};

static bool has_filter(const struct lc_filter_gate *gate, const char *engine)
{
	for (size_t i = 0; i < LC_FILTER_ENGINES && gate->engines[i]; i++) {
		if (!strcmp(gate->engines[i], engine))
			return true;
	}
	return false;
}

const struct lc_filter_gate *lc_filter_gate_find(const char *engine, int cap, const char *syscall)
{
	for (size_t i = 0; engine && i < sizeof(gates) / sizeof(gates[0]); i++) {
		const struct lc_filter_gate *gate = &gates[i];

		if (gate->cap == cap && has_filter(gate, engine) &&
			(!gate->syscall || (syscall && !strcmp(gate->syscall, syscall))))
			return gate;
	}
	return NULL;
}
