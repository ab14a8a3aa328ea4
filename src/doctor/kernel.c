/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the kernel: its version, its types, no lockdown, readable symbols, the JIT. */
#include "src/doctor/doctor_private.h"

#include <leastcap/caller.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>

#define OLDEST_MAJOR 5
#define OLDEST_MINOR 10

#define BTF_FILE "/sys/kernel/btf/vmlinux"

#define SECURITY_DIRECTORY "/sys/kernel/security"
#define CONFIDENTIALITY    "[confidentiality]"

void lc_doctor_kernel(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	char release[128] = "?";

	lc_doctor_read_line(host, "/proc/sys/kernel/osrelease", release, sizeof(release));
	lc_strbuf_addf(&finding->found, "%s, %s", release, host->machine);
	if (!lc_doctor_kernel_since(host, OLDEST_MAJOR, OLDEST_MINOR))
		lc_doctor_set(finding, LC_DOCTOR_MISSING, "older kernels lack what the programs in the kernel need",
			"boot a kernel from 5.10 on");
}

void lc_doctor_btf(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	_cleanup_free_ char *own = host->btf ? NULL : lc_doctor_path(host, BTF_FILE);
	const char *path = host->btf ? host->btf : own;
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	struct stat status;

	/* With our user's rights, because the capabilities that our own program may carry are for recording. */
	if (lc_as_caller_begin(&caller) || !path || access(path, R_OK) || stat(path, &status)) {
		lc_strbuf_addf(&finding->found, "%s: %s", host->btf ? host->btf : BTF_FILE, strerror(errno));
		lc_doctor_set(finding, LC_DOCTOR_MISSING,
			"without the kernel's type information its structures can't be read",
			"boot a kernel with CONFIG_DEBUG_INFO_BTF, or give this kernel's types with --btf FILE (from BTFHub, or pahole --btf_encode_detached)");
		return;
	}
	if (host->btf && host->trial_error == -ENOEXEC) {
		lc_strbuf_adds(&finding->found, host->trial_message ? host->trial_message : host->btf);
		lc_doctor_set(finding, LC_DOCTOR_MISSING,
			"without the kernel's type information its structures can't be read",
			"give the file of exactly this kernel");
		return;
	}
	lc_strbuf_addf(&finding->found, "%s, %lld kB", host->btf ? host->btf : BTF_FILE,
		(long long)(status.st_size + 1023) / 1024);
}

/* Fills FINDING where the file about lockdown can't be read (ERROR). There is no lockdown, or securityfs is not mounted. */
static void no_lockdown_file(const struct lc_doctor_host *host, struct lc_doctor_finding *finding, int error)
{
	_cleanup_free_ char *directory = lc_doctor_path(host, SECURITY_DIRECTORY "/lsm");
	bool is_mounted = directory && !access(directory, F_OK);

	if (is_mounted && error == -ENOENT) {
		lc_strbuf_adds(&finding->found, "none: not part of this kernel");
		return;
	}
	/* The programs were loaded, so that nothing is in their way. */
	if (!host->trial_error) {
		lc_strbuf_adds(&finding->found, "nothing is in the way (securityfs is not mounted)");
		return;
	}
	lc_strbuf_addf(&finding->found, "%s/lockdown: %s", SECURITY_DIRECTORY, strerror(-error));
	lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, "as root: mount -t securityfs securityfs " SECURITY_DIRECTORY);
}

void lc_doctor_lockdown(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	char levels[128];
	const char *level;
	int r = lc_doctor_read_line(host, SECURITY_DIRECTORY "/lockdown", levels, sizeof(levels));

	if (r) {
		no_lockdown_file(host, finding, r);
		return;
	}
	/* "none [integrity] confidentiality" */
	level = strchr(levels, '[');
	lc_strbuf_add(&finding->found, level ? level + 1 : levels, level ? strcspn(level + 1, "]") : strlen(levels));
	if (!strstr(levels, CONFIDENTIALITY))
		return;
	lc_strbuf_adds(&finding->found, ": no BPF program may read the kernel's memory");
	lc_doctor_set(finding, LC_DOCTOR_MISSING, "no hook can be used, by anybody, until the next boot",
		"boot with lockdown=integrity or without lockdown= on the kernel's command line");
}

/* Whether /proc/kallsyms shows where cap_capable is. 0, -EPERM when addresses are hidden, or -errno. */
static int find_symbol(const struct lc_doctor_host *host)
{
	_cleanup_file_ FILE *file = lc_doctor_open(host, "/proc/kallsyms");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		const char *name = strstr(line, " cap_capable");

		if (name && strchr("\n\t.", name[strlen(" cap_capable")]))
			return strtoull(line, NULL, 16) ? 0 : -EPERM;
	}
	return -ENOENT;
}

void lc_doctor_symbols(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	bool has_syslog = lc_doctor_effective(host) & LC_CAP_BIT(CAP_SYSLOG);
	const char *cost = "call sites can't be told: all that was asked for counts as required";
	long restriction = -1;
	int r = find_symbol(host);

	if (!r) {
		lc_strbuf_adds(&finding->found, "/proc/kallsyms shows the kernel's addresses");
		return;
	}
	if (r != -EPERM) {
		lc_strbuf_addf(&finding->found, "/proc/kallsyms: %s",
			r == -ENOENT ? "cap_capable is not in it" : strerror(-r));
		lc_doctor_set(finding, LC_DOCTOR_DEGRADED, cost, "boot a kernel with CONFIG_KALLSYMS");
		return;
	}
	if (!lc_doctor_read_number(host, "/proc/sys/kernel/kptr_restrict", &restriction))
		lc_strbuf_addf(&finding->found, "hidden from us (kernel.kptr_restrict is %ld%s)", restriction,
			has_syslog ? "" : ", and CAP_SYSLOG is missing");
	else
		lc_strbuf_adds(&finding->found, "hidden from us");
	lc_doctor_set(finding, LC_DOCTOR_DEGRADED, cost,
		restriction == 2 ? "as root: sysctl kernel.kptr_restrict=1" : "record as root, or with CAP_SYSLOG");
}

void lc_doctor_jit(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	long enabled;
	int r = lc_doctor_read_number(host, "/proc/sys/net/core/bpf_jit_enable", &enabled);

	if (!r && enabled) {
		lc_strbuf_addf(&finding->found, "on (net.core.bpf_jit_enable is %ld)", enabled);
		return;
	}
	if (!r) {
		lc_strbuf_adds(&finding->found, "off (net.core.bpf_jit_enable is 0)");
		lc_doctor_set(finding, LC_DOCTOR_DEGRADED,
			"programs are interpreted: each check costs several times as much",
			"as root: sysctl net.core.bpf_jit_enable=1");
		return;
	}
	/* Only the first network namespace has it. */
	lc_strbuf_adds(&finding->found, "can't be told: net.core.bpf_jit_enable is not to be seen here");
	lc_doctor_set(finding, LC_DOCTOR_UNKNOWN, NULL, "look at it on the host, outside of network namespaces");
}
