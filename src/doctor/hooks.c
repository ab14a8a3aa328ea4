/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks which hooks this kernel allows, why not the others, and whether a recording begins. */
#include "src/doctor/doctor_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

/* The kernel's own number for an operation that it lacks (include/linux/errno.h), which strerror does not know. */
#define LC_ENOTSUPP 524

static const struct {
	int error;
	const char *reason;
} reasons[] = {
	{ENOENT, "this kernel lacks it"},
	{LC_ENOTSUPP, "not on this architecture"},
	{EOPNOTSUPP, "not on this architecture"},
};

static const char *reason_for(const struct lc_doctor_host *host, int error)
{
	/* Without CAP_SYS_ADMIN the reason may be a privilege that is missing. */
	if (error == -EPERM || error == -EACCES)
		return lc_doctor_effective(host) & LC_CAP_BIT(CAP_SYS_ADMIN) ? "this kernel forbids it"
									     : "not permitted";
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].error == -error)
			return reasons[i].reason;
	}
	return strerror(-error);
}

/* Names the hooks that work, the one that will be used first, then the others with their reasons. */
static void list_hooks(const struct lc_doctor_host *host, struct lc_doctor_finding *finding, size_t n_working)
{
	const char *separator = "";

	for (size_t i = 0; i < LC_HOOK_KINDS; i++) {
		if (host->hooks[i].error)
			continue;
		lc_strbuf_addf(&finding->found, "%s%s", separator, host->hooks[i].name);
		separator = ", ";
	}
	if (!n_working)
		lc_strbuf_adds(&finding->found, "none");
	separator = "; not here: ";
	for (size_t i = 0; i < LC_HOOK_KINDS; i++) {
		if (!host->hooks[i].error)
			continue;
		lc_strbuf_addf(&finding->found, "%s%s (%s)", separator, host->hooks[i].name,
			reason_for(host, host->hooks[i].error));
		separator = ", ";
	}
}

/* Whether we have a seccomp filter, as engines set one, which may refuse bpf(2). */
static bool is_filtered(const struct lc_doctor_host *host)
{
	char text[16];

	if (lc_doctor_read_field(host, "/proc/self/status", "Seccomp:", text, sizeof(text)))
		return false;
	return strtol(text, NULL, 10) == SECCOMP_MODE_FILTER;
}

void lc_doctor_hooks(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	size_t n_working = 0;

	for (size_t i = 0; i < LC_HOOK_KINDS; i++)
		n_working += !host->hooks[i].error;
	if (host->trial_error && !lc_doctor_may_load(host)) {
		lc_strbuf_adds(&finding->found, "can't be told without CAP_BPF and CAP_PERFMON");
		lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, "run leastcap doctor as root");
		return;
	}
	list_hooks(host, finding, n_working);
	if (n_working)
		return;
	if (is_filtered(host)) {
		lc_strbuf_adds(&finding->found, "; a seccomp filter is in force on us");
		lc_doctor_set(finding, LC_DOCTOR_MISSING, "the kernel's capability checks can't be seen",
			"run leastcap without that filter (--security-opt seccomp=unconfined), or on the host");
		return;
	}
	lc_doctor_set(finding, LC_DOCTOR_MISSING, "the kernel's capability checks can't be seen",
		"boot a kernel that allows one: CONFIG_FTRACE for fexit, 6.14 or later for tp_btf, CONFIG_KPROBES for kprobe");
}

/* Appends MESSAGE without the part that recommends leastcap doctor. */
static void add_reason(struct lc_strbuf *out, const char *message)
{
	const char *separator = "";

	while (*message) {
		size_t length = strcspn(message, ";");
		const char *word = strstr(message, "leastcap doctor");

		if (!word || word >= message + length) {
			lc_strbuf_adds(out, separator);
			lc_strbuf_add(out, message, length);
			separator = ";";
		}
		message += length + (message[length] == ';');
	}
}

void lc_doctor_trial(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	if (!host->trial_error) {
		lc_strbuf_adds(&finding->found, "tried: the programs load and attach");
		return;
	}
	if (host->hierarchy_error || !lc_doctor_may_load(host)) {
		lc_strbuf_addf(&finding->found, "can't be tried without %s",
			host->hierarchy_error ? "cgroups" : "CAP_BPF and CAP_PERFMON");
		lc_doctor_set(
			finding, LC_DOCTOR_UNKNOWN, NULL, host->hierarchy_error ? NULL : "run leastcap doctor as root");
		return;
	}
	lc_strbuf_adds(&finding->found, "tried: ");
	add_reason(&finding->found, host->trial_message ? host->trial_message : strerror(-host->trial_error));
	lc_doctor_set(finding, LC_DOCTOR_MISSING, "nothing can be recorded", NULL);
}

void lc_doctor_outcomes(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	if (host->trial_error) {
		lc_strbuf_adds(&finding->found, "nothing is recorded here");
		lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, NULL);
	} else if (host->resumes) {
		lc_strbuf_adds(
			&finding->found, "by the return of every system call; with --refusals=checked by task work");
	} else {
		lc_strbuf_adds(&finding->found, "by the return of every system call, also with --refusals=checked");
	}
}

/* Where the kernel refuses to nobody, nothing is lost for a recording, and containers that are created can be tried. */
void lc_doctor_trials(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	if (host->trial_error) {
		lc_strbuf_adds(&finding->found, "nothing is recorded here");
		lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, NULL);
	} else if (host->refusal_error) {
		add_reason(&finding->found,
			host->refusal_message ? host->refusal_message : strerror(-host->refusal_error));
	} else {
		lc_strbuf_adds(
			&finding->found, "by the engine, and by the kernel in what already runs (record --refuse)");
	}
}
