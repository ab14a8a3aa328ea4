/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the cgroup hierarchy, and whether we are in a container ourselves. */
#include "src/doctor/doctor_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

void lc_doctor_cgroups(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	const struct lc_hierarchy *hierarchy = &host->hierarchy;
	_cleanup_free_ char *mount = lc_doctor_path(host, hierarchy->mount);

	if (host->hierarchy_error) {
		lc_strbuf_addf(&finding->found, "%s",
			host->hierarchy_error == -ENOENT ? "no hierarchy is mounted"
							 : strerror(-host->hierarchy_error));
		lc_doctor_set(finding, LC_DOCTOR_MISSING, "containers can't be told from one another",
			"as root: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
		return;
	}
	lc_strbuf_addf(&finding->found, "%s, containers told apart ", hierarchy->mode);
	if (hierarchy->controller[0])
		lc_strbuf_addf(&finding->found, "by the %s controller ", hierarchy->controller);
	lc_strbuf_addf(&finding->found, "at %s", hierarchy->mount);
	if (hierarchy->beside[0])
		lc_strbuf_addf(&finding->found, ", as engines do, and not by the v1 %s controller that is mounted too",
			hierarchy->beside);
	if (!mount || !access(mount, W_OK) || errno != EROFS)
		return;
	lc_strbuf_adds(&finding->found, ", read-only");
	lc_doctor_set(finding, LC_DOCTOR_DEGRADED, "leastcap run can't make a cgroup for its command",
		"mount it read-write, or use leastcap record");
}

void lc_doctor_place(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	bool pids = lc_doctor_is_initial(host, "pid");
	bool cgroups = (lc_doctor_is_initial(host, "cgroup") &&
			       (host->hierarchy_error || !strcmp(host->hierarchy.root, "/"))) ||
		       host->hierarchy.own[0];

	if (pids && cgroups) {
		lc_strbuf_adds(&finding->found, "on the host, in no container");
		return;
	}
	lc_strbuf_addf(&finding->found, "in a container: %s%s%s", pids ? "" : "a pid namespace of our own",
		pids || cgroups ? "" : ", and ", cgroups ? "" : "not the host's view of its cgroups");
	if (!cgroups)
		lc_strbuf_adds(&finding->cost, "only what runs in our own container and below it is found");
	if (!pids)
		lc_strbuf_addf(&finding->cost,
			"%swhat processes outside execute and whose files they touch is unknown, and -p does not work",
			cgroups ? "" : "; ");
	lc_doctor_set(finding, LC_DOCTOR_DEGRADED, NULL,
		"run leastcap on the host, or in a container with --privileged --pid=host --cgroupns=host");
}
