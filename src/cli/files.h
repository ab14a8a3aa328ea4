/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of a container say about its checks, looked up while it runs: what they carry, and whom they refuse. */
#ifndef LEASTCAP_CLI_FILES_H
#define LEASTCAP_CLI_FILES_H

#include "src/cli/subjects.h"

#include <leastcap/probe.h>

/*
 * Reads the file capabilities of the program in EXECUTED, which ran in SUBJECT, to CARRIED (zeroed before). 0 (also for a
 * program that carries none), or -errno when the file could not be reached any more.
 */
int files_carried(const struct lc_hierarchy *hierarchy, const struct subject *subject,
	const struct lc_executed *executed, struct lc_carried *carried);

/* Finds whose owner and mode made the kernel ask in TOUCHED, to OBJECT (zeroed before, and left so when that can't be told). */
void files_find_object(const struct lc_hierarchy *hierarchy, const struct subject *subject,
	const struct lc_touched *touched, struct lc_object *object);

#endif
