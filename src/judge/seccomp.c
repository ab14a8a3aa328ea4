/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an engine's filter of system calls asks of the list: calls that it lets through only with a capability. */
#include "judge_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/*
 * Docker and containerd open some system calls in their default filter by the capabilities that a container is given, when
 * it is made, whatever the kernel would ask (moby/profiles/seccomp/default.json). Inside a user namespace of one's own the
 * kernel asks there, and no list would have the capability: without it the filter gives EPERM. Podman's filter lets them
 * through. SYS_ADMIN stands for all the calls that it opens, clone and unshare with CLONE_NEWUSER among them: where there
 * is a user namespace, one of these has made it.
 */
static const struct {
	int cap;
	const char *syscall; /* NULL: any */
} gates[] = {
	{CAP_SYS_ADMIN, NULL},
	{CAP_SYS_CHROOT, "chroot"},
};

static const char *const engines[] = {"docker", "containerd"};

static bool is_gated(const struct lc_check *check)
{
	for (size_t i = 0; i < sizeof(gates) / sizeof(gates[0]); i++) {
		if (gates[i].cap == check->cap &&
			(!gates[i].syscall || (check->syscall && !strcmp(gates[i].syscall, check->syscall))))
			return true;
	}
	return false;
}

/* Whether an engine's own filter was in force. */
static bool has_filter(const struct lc_target *target)
{
	for (size_t i = 0; target->engine && i < sizeof(engines) / sizeof(engines[0]); i++) {
		if (!strcmp(target->engine, engines[i]))
			return target->seccomp && target->kind == LC_TARGET_CONTAINER;
	}
	return false;
}

int lc_judge_seccomp(struct lc_target *target)
{
	static const char why[] =
		"the kernel asks in the workload's own user namespace only, but the engine's default filter allows it to have one only with this: a seccomp profile that allows it would do";

	if (!has_filter(target))
		return 0;
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		bool own = check->class == LC_CLASS_OWNER || check->class == LC_CLASS_NESTED;
		char *sentence;

		if (!own || check->verdict != LC_VERDICT_GRANTED || !(target->granted & LC_CAP_BIT(check->cap)) ||
			!is_gated(check))
			continue;
		sentence = strdup(why);
		if (!sentence)
			return -ENOMEM;
		free(check->why);
		check->why = sentence;
		check->class = LC_CLASS_IMPLIED;
	}
	return 0;
}
