/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the limits on locked memory and open files. */
#include "src/doctor/doctor_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

/* A recording has some 40 files open, and one more for each level of cgroups and each question to an engine. */
#define FILES_ENOUGH 128

#define UNLIMITED "unlimited"

/* The soft limit called NAME of /proc/self/limits, a word, to LIMIT. */
static int read_limit(const struct lc_doctor_host *host, const char *name, char *limit, size_t size)
{
	int r = lc_doctor_read_field(host, "/proc/self/limits", name, limit, size);

	if (!r)
		limit[strcspn(limit, " ")] = '\0';
	return r;
}

void lc_doctor_memlock(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	uint64_t effective = lc_doctor_effective(host);
	char limit[64];

	if (lc_doctor_kernel_since(host, 5, 11)) {
		lc_strbuf_adds(&finding->found, "does not matter since 5.11");
		return;
	}
	if (effective & LC_CAP_BIT(CAP_SYS_RESOURCE)) {
		lc_strbuf_adds(&finding->found, "leastcap raises the limit itself (CAP_SYS_RESOURCE)");
		return;
	}
	if (read_limit(host, "Max locked memory", limit, sizeof(limit))) {
		lc_strbuf_adds(&finding->found, "/proc/self/limits does not tell the limit");
		lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, NULL);
		return;
	}
	lc_strbuf_addf(&finding->found, "%s%s may be locked", limit, !strcmp(limit, UNLIMITED) ? "" : " bytes");
	if (!strcmp(limit, UNLIMITED) || !host->trial_error)
		return;
	lc_doctor_set(finding, lc_doctor_may_load(host) ? LC_DOCTOR_MISSING : LC_DOCTOR_DEGRADED,
		"before 5.11 the programs' tables count as locked memory: there may be no room for them",
		"ulimit -l unlimited, or record with CAP_SYS_RESOURCE");
}

void lc_doctor_files(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	char limit[64];

	if (read_limit(host, "Max open files", limit, sizeof(limit))) {
		lc_strbuf_adds(&finding->found, "/proc/self/limits does not tell how many may be open");
		lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, NULL);
		return;
	}
	lc_strbuf_addf(&finding->found, "%s may be open at once", limit);
	if (strcmp(limit, UNLIMITED) != 0 && strtoul(limit, NULL, 10) < FILES_ENOUGH)
		lc_doctor_set(finding, host->trial_error == -EMFILE ? LC_DOCTOR_MISSING : LC_DOCTOR_DEGRADED,
			"a recording needs about 40, and more for many containers", "ulimit -n 1024");
}
