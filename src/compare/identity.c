/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes two pieces of evidence, or two refused calls, of different recordings one. */
#include "identity.h"

#include <leastcap/merge.h>
#include <leastcap/workload.h>

#include <stdlib.h>
#include <string.h>

bool lc_check_is_own(const struct lc_check *check)
{
	return check->phase == LC_PHASE_WORKLOAD && check->credential == LC_CREDENTIAL_OWN &&
	       check->userns == LC_USERNS_TARGET;
}

const char *lc_lasting_about(const char *about)
{
	static const char *const processes[] = {"pid ", "SIG", "signal "};

	for (size_t i = 0; about && i < sizeof(processes) / sizeof(processes[0]); i++) {
		if (strncmp(about, processes[i], strlen(processes[i])) == 0)
			return NULL;
	}
	return about;
}

struct lc_check lc_check_identity(const struct lc_check *check)
{
	struct lc_check identity = *check;
	bool is_own = lc_check_is_own(check);

	identity.class = LC_CLASS_REQUIRED;
	identity.survivable = false;
	identity.at_start = identity.while_serving = identity.at_stop = false;
	identity.count = 0;
	identity.first_ns = identity.last_ns = 0;
	identity.why = NULL;
	identity.kernel_stack = identity.user_stack = NULL;
	identity.about = is_own ? (char *)lc_lasting_about(check->about) : NULL;
	identity.object = is_own ? check->object : (struct lc_object){0};
	identity.user = is_own ? check->user : NULL;
	identity.comm = is_own && !check->exe ? check->comm : NULL;
	return identity;
}

struct lc_failure lc_failure_identity(const struct lc_failure *failure)
{
	return (struct lc_failure){
		.syscall = failure->syscall,
		.result = failure->result,
		.exe = failure->exe,
		.about = (char *)lc_lasting_about(failure->about),
		.user = failure->user,
		.argument = failure->argument,
		.denied = failure->denied,
		.asked = failure->asked,
		.no_new_privs = failure->no_new_privs,
		.void_file = failure->void_file,
		.filter = failure->filter,
	};
}

void lc_target_add_identity(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *const names[] = {target->project, target->service, target->service ? NULL : target->name,
		target->service ? NULL : target->image, target->namespace};

	char *workload = NULL;

	lc_strbuf_adds(out, lc_target_kind_name(target->kind));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		lc_strbuf_addf(out, " %zu:%s", names[i] ? strlen(names[i]) : 0, names[i] ? names[i] : "");
	if (target->pod) {
		out->failed |= !lc_workload_of(target, &workload);
		lc_strbuf_addf(out, " %s", workload);
		free(workload);
	}
}
