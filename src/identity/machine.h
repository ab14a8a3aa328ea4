/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-machined's record of a machine. */
#ifndef LEASTCAP_IDENTITY_MACHINE_H
#define LEASTCAP_IDENTITY_MACHINE_H

#include <leastcap/model.h>
#include <leastcap/probe.h>

/*
 * Names TARGET, whose cgroup is that of a unit that machined may know, as machined's record below ROOT ("" for the host itself) does:
 * the machine's unit is that cgroup, and its leader is in it. 0, -ENOENT when there is no such record, -ENOMEM.
 */
int lc_machine_fill(struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *root);

#endif
