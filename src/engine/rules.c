/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engines' default lists and rules, read in moby's oci/caps, containers/common's pkg/capabilities and podman's
 * pkg/specgen, containerd's CRI plug-in and pkg/oci, and CRI-O's internal/factory/container.
 */
#include "engine_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <strings.h>

/* What CRI-O grants; the other lists have more. */
#define LC_NINE                                                                                                        \
	(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_FSETID) | LC_CAP_BIT(CAP_FOWNER) |      \
		LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETPCAP) |                            \
		LC_CAP_BIT(CAP_NET_BIND_SERVICE) | LC_CAP_BIT(CAP_KILL))
#define LC_ELEVEN   (LC_NINE | LC_CAP_BIT(CAP_SETFCAP) | LC_CAP_BIT(CAP_SYS_CHROOT))
#define LC_FOURTEEN (LC_ELEVEN | LC_CAP_BIT(CAP_AUDIT_WRITE) | LC_CAP_BIT(CAP_MKNOD) | LC_CAP_BIT(CAP_NET_RAW))

static const struct lc_engine_rules engines[LC_ENGINE_N] =
	{
		[LC_ENGINE_DOCKER] =
			{
				.name = "docker",
				.defaults = {{LC_ENGINE_NEWEST, LC_FOURTEEN}},
				.fills_inheritable = {{0, LC_ENGINE_VERSION(20, 10, 14)}},
				.knows_to_audit_read = {0, LC_ENGINE_VERSION(23, 0, 0)},
				.refuses_prefix = {0, LC_ENGINE_VERSION(19, 3, 0)},
				.drop_all_wins = {0, LC_ENGINE_VERSION(19, 3, 0)},
			},
		[LC_ENGINE_PODMAN] =
			{
				.name = "podman",
				.defaults = {{LC_ENGINE_VERSION(4, 4, 0), LC_FOURTEEN}, {LC_ENGINE_NEWEST, LC_ELEVEN}},
				.fills_inheritable = {{0, LC_ENGINE_VERSION(4, 0, 3)}},
				.refuses_contradiction = true,
				.adds_are_ambient = true,
				.leaves_out_unavailable = true,
			},
		[LC_ENGINE_CONTAINERD] =
			{
				.name = "containerd",
				.defaults = {{LC_ENGINE_NEWEST, LC_FOURTEEN}},
				.fills_inheritable = {{0, LC_ENGINE_VERSION(1, 5, 11)},
					{LC_ENGINE_VERSION(1, 6, 0), LC_ENGINE_VERSION(1, 6, 2)}},
				.doubles_prefix = true,
				.drops_last = true,
			},
		[LC_ENGINE_CRIO] =
			{
				.name = "cri-o",
				.defaults = {{LC_ENGINE_VERSION(1, 18, 0),
						     LC_NINE | LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SYS_CHROOT)},
					{LC_ENGINE_NEWEST, LC_NINE}},
				.fills_inheritable = {{0, LC_ENGINE_VERSION(1, 24, 0)}},
				.drops_last = true,
				.privileged_is_ambient = true,
			},
};

const struct lc_engine_rules *lc_engine_rules(enum lc_engine engine)
{
	return (unsigned int)engine < LC_ENGINE_N ? &engines[engine] : NULL;
}

const char *lc_engine_name(enum lc_engine engine)
{
	return (unsigned int)engine < LC_ENGINE_N ? engines[engine].name : NULL;
}

int lc_engine_from_name(const char *name)
{
	for (int i = 0; i < LC_ENGINE_N; i++) {
		if (strcasecmp(engines[i].name, name) == 0)
			return i;
	}
	return strcasecmp(name, "crio") == 0 ? LC_ENGINE_CRIO : -EINVAL;
}

const char *const *lc_engine_names(void)
{
	static const char *const names[LC_ENGINE_N] = {
		[LC_ENGINE_DOCKER] = "docker",
		[LC_ENGINE_PODMAN] = "podman",
		[LC_ENGINE_CONTAINERD] = "containerd",
		[LC_ENGINE_CRIO] = "cri-o",
	};

	return names;
}

uint64_t lc_engine_default_list(const struct lc_engine_rules *rules, uint64_t version)
{
	for (size_t i = 0; i < LC_ENGINE_LISTS; i++) {
		if (version < rules->defaults[i].before || rules->defaults[i].before == LC_ENGINE_NEWEST)
			return rules->defaults[i].caps;
	}
	return 0;
}

uint64_t lc_engine_defaults(enum lc_engine engine, const char *version)
{
	const struct lc_engine_rules *rules = lc_engine_rules(engine);
	uint64_t number = LC_ENGINE_NEWEST;

	lc_version_read(version, &number);
	return rules ? lc_engine_default_list(rules, number) : 0;
}

uint64_t lc_engine_known(enum lc_engine engine, const char *version)
{
	const struct lc_engine_rules *rules = lc_engine_rules(engine);
	uint64_t number = LC_ENGINE_NEWEST;

	lc_version_read(version, &number);
	if (!rules)
		return 0;
	return lc_version_in(&rules->knows_to_audit_read, number) ? LC_CAP_BIT(CAP_AUDIT_READ + 1) - 1 : UINT64_MAX;
}
