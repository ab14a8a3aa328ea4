/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out what no file tells: tries each hook, and begins and ends a recording of nothing. */
#include <leastcap/doctor.h>

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>

static void ignore_cgroup(void *context, const struct lc_made_cgroup *made)
{
	(void)context;
	(void)made;
}

/* Loads and attaches everything as a recording does. 0, or -errno: *MESSAGE (the caller frees it) may then say more. */
static int try_recording(const struct lc_doctor_host *host, char **message)
{
	const struct lc_probe_events events = {.cgroup_made = ignore_cgroup};
	const struct lc_probe_options options = {.hierarchy = &host->hierarchy, .events = &events, .btf = host->btf};
	struct lc_probe *probe;
	int r = lc_probe_open(&probe, &options, message);

	if (r)
		return r;
	r = lc_probe_attach(probe, message);
	lc_probe_free(probe);
	return r;
}

/* Whether the returns of calls can be looked at only where something asks for it: tried, too. */
static bool try_resumption(const struct lc_doctor_host *host)
{
	const struct lc_probe_events events = {.cgroup_made = ignore_cgroup};
	const struct lc_probe_options options = {
		.hierarchy = &host->hierarchy, .events = &events, .btf = host->btf, .refusals = LC_REFUSALS_CHECKED};
	_cleanup_free_ char *message = NULL;
	struct lc_probe *probe;
	bool resumes;

	if (lc_probe_open(&probe, &options, &message))
		return false;
	resumes = lc_probe_refusals(probe) == LC_REFUSALS_CHECKED;
	lc_probe_free(probe);
	return resumes;
}

/* Fills in the privileges that a recording of containers needs here, or is poorer without. */
static void find_needs(struct lc_doctor_host *host)
{
	const struct lc_privilege_use use = {0};
	struct lc_privilege_host ours;
	size_t n;
	const struct lc_privilege *table = lc_privileges(&n);

	lc_privilege_host_read(&ours);
	host->n_needs = 0;
	for (size_t i = 0; i < n && host->n_needs < LC_DOCTOR_NEEDS_MAX; i++) {
		if (table[i].without != LC_WITHOUT_SAME && lc_privilege_is_needed(&table[i], &use, &ours))
			host->needs[host->n_needs++] = &table[i];
	}
}

int lc_doctor_try(struct lc_doctor_host *host)
{
	find_needs(host);
	host->hierarchy_error = lc_hierarchy_find(&host->hierarchy);
	lc_probe_try_hooks(host->hooks);
	host->trial_error = host->hierarchy_error;
	if (!host->trial_error)
		host->trial_error = try_recording(host, &host->trial_message);
	host->resumes = !host->trial_error && try_resumption(host);
	host->refusal_error = lc_probe_may_refuse(host->btf, &host->refusal_message);
	return host->trial_error == -ENOMEM || host->refusal_error == -ENOMEM ? -ENOMEM : 0;
}

void lc_doctor_host_clear(struct lc_doctor_host *host)
{
	free(host->trial_message);
	host->trial_message = NULL;
	free(host->refusal_message);
	host->refusal_message = NULL;
}
