/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the host's files a target has mounted. */
#ifndef LEASTCAP_AUDIT_MOUNTS_H
#define LEASTCAP_AUDIT_MOUNTS_H

#include "src/audit/host.h"

#include <leastcap/model.h>

/* Whether PROCESS is root to the host's files. */
bool lc_audit_is_root(const struct lc_process *process);

/* Adds to TARGET the hazards of what its process PROCESS has mounted. 0 or -ENOMEM. */
int lc_audit_add_mounts(struct lc_target *target, const struct lc_host_view *host, const struct lc_process *process);

#endif
