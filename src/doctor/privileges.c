/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks whether we have the privileges that a recording needs. */
#include "src/doctor/doctor_private.h"

#include <leastcap/capset.h>

#include <stdlib.h>

/* What to do about missing capabilities: root has them unless somebody took them away. */
static const char *remedy(const struct lc_doctor_host *host)
{
	char uids[64];

	if (lc_doctor_read_field(host, "/proc/self/status", "Uid:", uids, sizeof(uids)) || strtol(uids, NULL, 10) != 0)
		return "run leastcap as root (sudo leastcap …), or give it these capabilities with setcap";
	return "we are root without them: run leastcap outside of the container or service that takes them away";
}

/* Names what is missing and what that costs. */
static void tell_missing(const struct lc_doctor_host *host, struct lc_doctor_finding *finding, uint64_t effective)
{
	char name[LC_CAP_NAME_SIZE];
	struct lc_strbuf lost = {0};
	size_t n_missing = 0;

	for (size_t i = 0; i < host->n_needs; i++) {
		const struct lc_privilege *need = host->needs[i];

		if (lc_privilege_is_held(need, effective))
			continue;
		n_missing++;
		lc_strbuf_separate(&finding->found, ", ");
		lc_strbuf_addf(&finding->found, "CAP_%s", lc_cap_name(need->cap, name));
		if (need->without == LC_WITHOUT_REFUSED) {
			finding->state = LC_DOCTOR_MISSING;
			continue;
		}
		lc_strbuf_separate(&lost, "; ");
		lc_strbuf_addf(&lost, "without CAP_%s: %s", lc_cap_name(need->cap, name), need->cost);
	}
	lc_strbuf_adds(&finding->found, n_missing == 1 ? " is missing" : " are missing");
	if (finding->state != LC_DOCTOR_MISSING)
		lc_doctor_set(finding, LC_DOCTOR_DEGRADED, lost.text, remedy(host));
	else
		lc_doctor_set(finding, LC_DOCTOR_MISSING, "nothing can be recorded", remedy(host));
	finding->cost.failed |= lost.failed;
	lc_strbuf_free(&lost);
}

void lc_doctor_privileges(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	uint64_t effective = lc_doctor_effective(host);
	bool has_all = true;

	if (!lc_doctor_is_initial(host, "user")) {
		lc_strbuf_adds(&finding->found, "we are in a user namespace: our capabilities count in it alone");
		lc_doctor_set(finding, LC_DOCTOR_MISSING, "nothing can be recorded", "run leastcap outside of it");
		return;
	}
	for (size_t i = 0; i < host->n_needs; i++)
		has_all = has_all && lc_privilege_is_held(host->needs[i], effective);
	if (has_all)
		lc_strbuf_adds(&finding->found, "every capability that a recording needs");
	else
		tell_missing(host, finding, effective);
}
