/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd-machined's record of a machine. */
#ifndef LEASTCAP_IDENTITY_MACHINE_H
#define LEASTCAP_IDENTITY_MACHINE_H

#include <leastcap/model.h>
#include <leastcap/probe.h>

/*
 * Names TARGET as machined's record below ROOT ("" for the host itself) does. The record's unit has to be TARGET's cgroup in HIERARCHY, with the
 * machine's leader in it. 0; -ENOENT when there is no such record, or -ENOMEM: TARGET is then unchanged.
 */
int lc_machine_fill(struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *root);

#endif
