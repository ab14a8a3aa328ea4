/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The capabilities that a recording itself needs, as a table, and which of them are missing here. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/model.h>
#include <leastcap/privileges.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

/* More than our maps take for each processor. Before 5.11 maps count as locked memory (kernel/bpf/syscall.c, bpf_charge_memlock). */
#define MEMLOCK_ENOUGH ((rlim_t)8 << 20)

/* include/linux/proc_ns.h, PROC_USER_INIT_INO: the inode number of the user namespace that the kernel began with. */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDU

/* In the order in which they are named. */
static const struct lc_privilege privileges[] = {
	/* kernel/bpf/syscall.c, bpf_capable() */
	{CAP_BPF, CAP_SYS_ADMIN, LC_WITHOUT_REFUSED, LC_WHEN_ALWAYS, LC_UNTIL_READ, "loads the BPF programs", NULL},
	/* kernel/bpf/syscall.c and kernel/events/core.c, perfmon_capable() */
	{CAP_PERFMON, CAP_SYS_ADMIN, LC_WITHOUT_REFUSED, LC_WHEN_ALWAYS, LC_UNTIL_ATTACHED, "traces the kernel", NULL},
	/* fs/proc: namespaces, root and program of other users' processes, without which set-up and workload can't be told apart */
	{CAP_SYS_PTRACE, -1, LC_WITHOUT_REFUSED, LC_WHEN_ALWAYS, LC_UNTIL_END, "tells containers apart", NULL},
	{CAP_SYS_RESOURCE, -1, LC_WITHOUT_REFUSED, LC_WHEN_MEMLOCK, LC_UNTIL_ATTACHED, "maps, or ulimit -l unlimited",
		NULL},
	/* kernel/events/core.c as Debian and Ubuntu have it, perf_paranoid_any() */
	{CAP_SYS_ADMIN, -1, LC_WITHOUT_REFUSED, LC_WHEN_KPROBE, LC_UNTIL_ATTACHED, "kprobe, or perf_event_paranoid=2",
		NULL},
	/* OCI bundles, and the files of containers below closed directories */
	{CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE, LC_WITHOUT_POORER, LC_WHEN_ALWAYS, LC_UNTIL_END,
		"reads bundles and containers' files", "some names, file capabilities unknown"},
	/* kernel/ksyms_common.c, kallsyms_show_value() */
	{CAP_SYSLOG, -1, LC_WITHOUT_POORER, LC_WHEN_SYMBOLS, LC_UNTIL_END, "reads the kernel's symbols",
		"call sites unknown, the list may be too long"},
	/* Without it root can't write to a home, or a cgroup, that is closed to all but the user who called sudo. */
	{CAP_DAC_OVERRIDE, -1, LC_WITHOUT_SAME, LC_WHEN_CLOSED, LC_UNTIL_END, "writes the profile", NULL},
	{CAP_KILL, -1, LC_WITHOUT_SAME, LC_WHEN_COMMAND, LC_UNTIL_END,
		"passes signals on to a command that has changed its user", NULL},
};

#define N_PRIVILEGES (sizeof(privileges) / sizeof(privileges[0]))

const struct lc_privilege *lc_privileges(size_t *n)
{
	*n = N_PRIVILEGES;
	return privileges;
}

/* Whether maps count as locked memory, and there is not enough of that. */
static bool memlock_is_low(void)
{
	struct utsname system;
	struct rlimit limit;
	uint32_t kernel;

	uname(&system);
	kernel = lc_kernel_version(system.release);
	if (!kernel || kernel >= LC_KERNEL(5, 11))
		return false;
	return !getrlimit(RLIMIT_MEMLOCK, &limit) &&
	       limit.rlim_max / MEMLOCK_ENOUGH < (rlim_t)sysconf(_SC_NPROCESSORS_CONF);
}

/* The number in the one-line file PATH, or OTHERWISE. */
static int number_in(const char *path, int otherwise)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	int number;

	return file && fscanf(file, "%d", &number) == 1 ? number : otherwise;
}

/* Our effective capabilities; none when they can't be read. */
static uint64_t effective_of(cap_t ours)
{
	uint64_t effective = 0;

	for (int cap = 0; ours && cap < 64; cap++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (!cap_get_flag(ours, cap, CAP_EFFECTIVE, &value) && value == CAP_SET)
			effective |= LC_CAP_BIT(cap);
	}
	return effective;
}

/* Makes OURS our capabilities, those in WITHOUT not effective. 0 or -errno. */
static int give_up(cap_t ours, uint64_t without)
{
	cap_t fewer = cap_dup(ours);
	int r = fewer ? 0 : -ENOMEM;

	for (cap_value_t cap = 0; !r && cap < cap_max_bits(); cap++) {
		if ((without & LC_CAP_BIT(cap)) && cap_set_flag(fewer, CAP_EFFECTIVE, 1, &cap, CAP_CLEAR))
			r = -errno;
	}
	if (!r && cap_set_proc(fewer))
		r = -errno;
	cap_free(fewer);
	return r;
}

static int try_directory(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) ? -errno : 0;
}

/* Whether PATH can be written as lc_profile_save does. A regular file is replaced, so that its directory has to be writable. 0 or -errno. */
static int try_file(const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	_cleanup_free_ char *copy = strdup(real ? real : path);
	struct stat status;

	if (!copy)
		return -ENOMEM;
	if (stat(path, &status) || S_ISREG(status.st_mode))
		return try_directory(dirname(copy));
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) ? -errno : 0;
}

/* Calls TRY for PATH with our capabilities but those in WITHOUT. What TRY returned, or -errno. */
static int try_without(uint64_t without, int (*try)(const char *), const char *path)
{
	cap_t ours = cap_get_proc();
	int r = ours ? give_up(ours, without) : -ENOMEM;

	if (!r) {
		r = try(path);
		if (cap_set_proc(ours))
			r = -errno;
	}
	cap_free(ours);
	return r;
}

int lc_privileges_try_write(const char *path, uint64_t without)
{
	return path && strcmp(path, "-") != 0 ? try_without(without, try_file, path) : 0;
}

/* Whether the profile can't be written, or the cgroup not removed, without CAP_DAC_OVERRIDE. */
static bool is_closed(const struct lc_privilege_use *use)
{
	const uint64_t override = LC_CAP_BIT(CAP_DAC_OVERRIDE);

	return lc_privileges_try_write(use->output, override) ||
	       (use->parent && try_without(override, try_directory, use->parent));
}

/* Reads a map that does not exist. -EPERM when the kernel looks at privileges first, else -EBADF. */
static int try_reading(const char *unused)
{
	int key = 0, value;

	(void)unused;
	return bpf_map_lookup_elem(-1, &key, &value) ? -errno : 0;
}

/*
 * Whether this kernel asks for CAP_BPF when a map is read. Kernels before 5.19 do where kernel.unprivileged_bpf_disabled is set
 * (kernel/bpf/syscall.c). Where it is not set nothing tells whether the kernel would ask, and it may be set later.
 */
static bool reading_is_asked(void)
{
	return !number_in("/proc/sys/kernel/unprivileged_bpf_disabled", 0) ||
	       try_without(LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_SYS_ADMIN), try_reading, NULL) == -EPERM;
}

void lc_privilege_host_read(struct lc_privilege_host *host)
{
	cap_t ours = cap_get_proc();
	struct stat status;

	*host = (struct lc_privilege_host){
		.effective = effective_of(ours),
		.is_root = !geteuid(),
		.in_user_ns = !stat("/proc/self/ns/user", &status) && (uint32_t)status.st_ino != FIRST_USER_NAMESPACE,
		.memlock_is_low = memlock_is_low(),
		.perf_paranoid = number_in("/proc/sys/kernel/perf_event_paranoid", 2),
		.kptr_restrict = number_in("/proc/sys/kernel/kptr_restrict", 1),
		.reading_is_asked = reading_is_asked(),
	};
	cap_free(ours);
}

bool lc_privilege_is_needed(
	const struct lc_privilege *privilege, const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	switch (privilege->when) {
	case LC_WHEN_ALWAYS:
		return true;
	case LC_WHEN_MEMLOCK:
		return host->memlock_is_low;
	case LC_WHEN_KPROBE:
		return use->hook && !strcmp(use->hook, "kprobe") && host->perf_paranoid > 2;
	case LC_WHEN_SYMBOLS:
		/* 0: shown to everybody who may profile the kernel; 1: to CAP_SYSLOG; 2: to nobody. */
		return host->kptr_restrict == 1 || (host->kptr_restrict <= 0 && host->perf_paranoid > 1);
	case LC_WHEN_CLOSED:
		return is_closed(use);
	case LC_WHEN_COMMAND:
		return use->command;
	}
	return true;
}

bool lc_privilege_is_held(const struct lc_privilege *privilege, uint64_t effective)
{
	return (effective & LC_CAP_BIT(privilege->cap)) ||
	       (privilege->instead >= 0 && (effective & LC_CAP_BIT(privilege->instead)));
}

/* Whether PRIVILEGE is to stay for the rest of USE. */
static bool stays(
	const struct lc_privilege *privilege, const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	if (privilege->until == LC_UNTIL_ATTACHED || (privilege->until == LC_UNTIL_READ && !host->reading_is_asked))
		return false;
	/* Root alone keeps what nobody is asked to have. Other users write with their own rights. */
	if (privilege->without == LC_WITHOUT_SAME && !host->is_root)
		return false;
	return lc_privilege_is_needed(privilege, use, host);
}

uint64_t lc_privileges_kept(const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	uint64_t kept = 0;

	for (size_t i = 0; i < N_PRIVILEGES; i++) {
		const struct lc_privilege *privilege = &privileges[i];

		if (!lc_privilege_is_held(privilege, host->effective) || !stays(privilege, use, host))
			continue;
		kept |= host->effective & LC_CAP_BIT(privilege->cap) ? LC_CAP_BIT(privilege->cap)
								     : LC_CAP_BIT(privilege->instead);
	}
	return kept;
}

/* Appends to NAMES what is missing ("CAP_BPF, CAP_PERFMON"). Returns how many; the last one is *ONE. */
static size_t name_missing(const struct lc_privilege_use *use, const struct lc_privilege_host *host,
	struct lc_strbuf *names, const struct lc_privilege **one)
{
	char name[LC_CAP_NAME_SIZE];
	size_t missing = 0;

	for (size_t i = 0; i < N_PRIVILEGES; i++) {
		const struct lc_privilege *privilege = &privileges[i];

		if (privilege->without != LC_WITHOUT_REFUSED || lc_privilege_is_held(privilege, host->effective) ||
			!lc_privilege_is_needed(privilege, use, host))
			continue;
		lc_strbuf_separate(names, ", ");
		lc_strbuf_adds(names, lc_cap_full_name(privilege->cap, name));
		*one = privilege;
		missing++;
	}
	return missing;
}

char *lc_privileges_refusal(const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	struct lc_strbuf text = {0};
	const struct lc_privilege *one = NULL;
	size_t missing = name_missing(use, host, &names, &one);

	if (host->in_user_ns)
		lc_strbuf_adds(&text, "can't record from inside a user namespace: run it on the host");
	else if (missing == 1)
		lc_strbuf_addf(&text, "needs %s (%s): %s", names.text, one->purpose,
			host->is_root ? "root lacks it here" : "sudo or setcap");
	else if (missing)
		lc_strbuf_addf(&text, "needs %s%s%s", host->is_root ? "" : "root, or ", names.text,
			host->is_root ? ": root lacks them here"
			: missing < 4 ? ": sudo or setcap"
				      : "");
	return text.length ? lc_strbuf_steal(&text) : NULL;
}
