/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is to say about a grant: one row is one sentence and when it holds. */
#include "engine_private.h"

#include <leastcap/capset.h>

#include <linux/capability.h>

/* What a row can ask about a request and its grant. */
enum {
	IS_PRIVILEGED = 1 << 0,
	HAS_LISTS = 1 << 1,     /* something is added or dropped */
	ALL_ADDED = 1 << 2,     /* by name, or by privileged */
	ALL_TWICE = 1 << 3,     /* both added and dropped */
	USES_DEFAULTS = 1 << 4, /* neither privileged nor ALL on either side */
	CONTRADICTS = 1 << 5,
	IGNORES = 1 << 6,
	IS_ORDINARY = 1 << 7, /* the user is not root */
	IS_AMBIENT = 1 << 8,
	HOLDS_NOTHING = 1 << 9, /* although the bounding set is not empty */
	NO_NEW = 1 << 10,       /* no_new_privs */
	FILLS_INHERITABLE = 1 << 11,
};

#define DOCKER     (1U << LC_ENGINE_DOCKER)
#define PODMAN     (1U << LC_ENGINE_PODMAN)
#define CONTAINERD (1U << LC_ENGINE_CONTAINERD)
#define CRIO       (1U << LC_ENGINE_CRIO)
#define EVERY      (DOCKER | PODMAN | CONTAINERD | CRIO)

static const struct {
	unsigned int engines;
	unsigned int when;               /* all of these hold */
	unsigned int unless;             /* and none of these */
	struct lc_version_span versions; /* BEFORE 0: every version */
	const char *text;
} rows[] = {
	{EVERY, IS_PRIVILEGED, 0, {0, 0},
		"Privileged is more than every capability: all devices, no seccomp filter, no AppArmor or SELinux confinement, and nothing of /proc and /sys masked."},
	{DOCKER | CONTAINERD | CRIO, IS_PRIVILEGED | HAS_LISTS, 0, {0, 0},
		"A privileged container has all of them, whatever is added or dropped."},
	{PODMAN, IS_PRIVILEGED | HAS_LISTS, IS_AMBIENT, {0, 0},
		"A privileged container has all of them, whatever is added or dropped."},
	{CRIO, IS_PRIVILEGED, 0, {0, 0},
		"CRI-O fills the ambient set of a privileged container too: a user other than root holds everything."},
	{DOCKER, CONTRADICTS, IS_PRIVILEGED, {0, 0}, "What is both added and dropped is added: Docker adds last."},
	{CONTAINERD | CRIO, CONTRADICTS, IS_PRIVILEGED, {0, 0},
		"What is both added and dropped is dropped: Kubernetes' runtimes drop last."},
	{DOCKER, ALL_TWICE, IS_PRIVILEGED, {LC_ENGINE_VERSION(19, 3, 0), LC_ENGINE_NEWEST},
		"ALL is both added and dropped: Docker then grants all."},
	{DOCKER, ALL_TWICE, IS_PRIVILEGED, {0, LC_ENGINE_VERSION(19, 3, 0)},
		"ALL is both added and dropped: Docker before 19.03 leaves what is added by name."},
	{CONTAINERD | CRIO, ALL_TWICE, IS_PRIVILEGED, {0, 0},
		"ALL is both added and dropped: only what is added by name remains."},
	{CONTAINERD, IGNORES, IS_PRIVILEGED, {0, 0},
		"A name with CAP_ has no effect here: containerd puts another CAP_ before it, and the runtime passes over what it does not know. Write it without."},
	{DOCKER, ALL_ADDED, 0, {0, LC_ENGINE_VERSION(23, 0, 0)},
		"Docker before 23.0 knows the capabilities up to AUDIT_READ: ALL is without PERFMON, BPF and CHECKPOINT_RESTORE."},
	{EVERY, HOLDS_NOTHING, NO_NEW, {0, 0},
		"A user other than root holds none of them. A program with file capabilities still gets those of its own that are in the bounding set, and one that is set-user-ID root gets all of it."},
	{EVERY, HOLDS_NOTHING | NO_NEW, 0, {0, 0},
		"A user other than root holds none of them, and with no_new_privs no program that it starts gets any."},
	{PODMAN, IS_AMBIENT, 0, {0, 0},
		"Podman gives a user other than root what is added, as ambient capabilities: it and every program that it starts hold them. Docker and Kubernetes do not."},
	{PODMAN, IS_ORDINARY, 0, {0, LC_ENGINE_VERSION(3, 0, 0)},
		"What Podman before 3.0 gives a user other than root changed between versions, and may be something else."},
	{CONTAINERD | CRIO, IS_PRIVILEGED | NO_NEW, 0, {0, 0},
		"Kubernetes refuses a privileged container with allowPrivilegeEscalation: false."},
	{DOCKER | CONTAINERD, FILLS_INHERITABLE, 0, {0, 0},
		"This version fills the inheritable set too (CVE-2022-24769): a program whose file has inheritable capabilities gets those, whoever starts it."},
	{PODMAN, FILLS_INHERITABLE, 0, {0, 0},
		"This version fills the inheritable set too (CVE-2022-27649): a program whose file has inheritable capabilities gets those, whoever starts it."},
	{CRIO, FILLS_INHERITABLE, 0, {0, 0},
		"This version fills the inheritable set too (CVE-2022-27652): a program whose file has inheritable capabilities gets those, whoever starts it."},
	{PODMAN, USES_DEFAULTS, 0, {0, LC_ENGINE_VERSION(4, 4, 0)},
		"Podman before 4.4 had Docker's 14 built in, but the containers.conf of Debian, Fedora and Red Hat had the newer 11 already."},
	{PODMAN, USES_DEFAULTS, 0, {0, 0},
		"default_capabilities in containers.conf changes the list, and an image's label io.containers.capabilities narrows it."},
	{CRIO, USES_DEFAULTS, 0, {0, 0}, "default_capabilities in crio.conf changes the list."},
	{CRIO, 0, IS_PRIVILEGED, {LC_ENGINE_VERSION(1, 24, 0), LC_ENGINE_VERSION(1, 25, 0)},
		"add_inheritable_capabilities in crio.conf, on by default in late versions of 1.24, fills the inheritable set as well."},
	{CONTAINERD, 0, IS_PRIVILEGED, {0, 0},
		"This is containerd as Kubernetes uses it (CRI). ctr has the same defaults and also drops last, but wants CAP_ before each name and knows no ALL."},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static unsigned int flag(bool holds, unsigned int value)
{
	return holds ? value : 0;
}

static unsigned int find_facts(const struct lc_engine_grant *grant, const struct lc_engine_request *request,
	const struct lc_engine_lists *lists)
{
	return flag(request->privileged, IS_PRIVILEGED) | flag(request->n_add || request->n_drop, HAS_LISTS) |
	       flag(request->privileged || lists->add_all, ALL_ADDED) |
	       flag(lists->add_all && lists->drop_all, ALL_TWICE) |
	       flag(!request->privileged && !lists->add_all && !lists->drop_all, USES_DEFAULTS) |
	       flag(grant->contradicted, CONTRADICTS) | flag(grant->ignored, IGNORES) |
	       flag(grant->ambient, IS_AMBIENT) | flag(request->ordinary_user, IS_ORDINARY) |
	       flag(!grant->permitted && grant->bounding, HOLDS_NOTHING) | flag(request->no_new_privileges, NO_NEW) |
	       flag(grant->inheritable & ~grant->ambient, FILLS_INHERITABLE);
}

void lc_engine_add_notes(struct lc_engine_grant *grant, const struct lc_engine_request *request,
	const struct lc_engine_lists *lists, uint64_t version)
{
	unsigned int facts = find_facts(grant, request, lists);
	size_t n = 0;

	for (size_t i = 0; i < ROWS && n < LC_ENGINE_NOTES; i++) {
		if (!(rows[i].engines & 1U << request->engine))
			continue;
		if ((facts & rows[i].when) != rows[i].when || facts & rows[i].unless)
			continue;
		if (rows[i].versions.before && !lc_version_in(&rows[i].versions, version))
			continue;
		grant->notes[n++] = rows[i].text;
	}
}
