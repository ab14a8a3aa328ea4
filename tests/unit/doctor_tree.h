/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of src/doctor: a host made of files in a directory, on which everything is well until a test says otherwise. */
#ifndef LEASTCAP_TESTS_DOCTOR_TREE_H
#define LEASTCAP_TESTS_DOCTOR_TREE_H

#include <leastcap/doctor.h>

#include <ftw.h>
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* *state points to it. */
struct doctored {
	char root[32];
	struct lc_doctor_host host;
	struct lc_diagnosis diagnosis;
};

static const struct lc_privilege doctored_needs[] = {
	{CAP_BPF, CAP_SYS_ADMIN, LC_WITHOUT_REFUSED, LC_WHEN_ALWAYS, LC_UNTIL_READ, "loads", NULL},
	{CAP_PERFMON, CAP_SYS_ADMIN, LC_WITHOUT_REFUSED, LC_WHEN_ALWAYS, LC_UNTIL_ATTACHED, "traces", NULL},
	{CAP_SYSLOG, -1, LC_WITHOUT_POORER, LC_WHEN_ALWAYS, LC_UNTIL_END, "reads symbols", "call sites unknown"},
};

/* What a host with nothing wrong has. */
static const struct {
	const char *path;
	const char *text;
} doctored_files[] = {
	{"/proc/sys/kernel/osrelease", "6.12.30-cloud-amd64\n"},
	{"/proc/sys/kernel/kptr_restrict", "1\n"},
	{"/proc/sys/net/core/bpf_jit_enable", "1\n"},
	{"/proc/kallsyms", "0000000000000000 A fixed_percpu_data\nffffffff81a80900 T cap_capable\n"},
	{"/proc/self/status", "Name:\tleastcap\nCapPrm:\t000001ffffffffff\nCapEff:\t000001ffffffffff\n"},
	{"/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units\n"
			      "Max open files            1024                 524288               files\n"
			      "Max locked memory         8388608              8388608              bytes\n"},
	{"/sys/kernel/btf/vmlinux", "types"},
	{"/sys/kernel/security/lsm", "lockdown,capability"},
	{"/sys/kernel/security/lockdown", "[none] integrity confidentiality\n"},
	{"/sys/fs/cgroup/cgroup.procs", "1\n"},
};

/* Makes the directories above PATH. */
static inline void make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

/* The file at PATH of the host has TEXT from now on; NULL: there is none. */
static inline void put(void **state, const char *path, const char *text)
{
	const struct doctored *doctored = *state;
	char whole[256];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", doctored->root, path);
	if (!text) {
		assert_int_equal(unlink(whole), 0);
		return;
	}
	make_parents(whole);
	file = fopen(whole, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The namespace of TYPE has NUMBER. */
static inline void put_namespace(void **state, const char *type, const char *number)
{
	const struct doctored *doctored = *state;
	char whole[256], target[64];

	snprintf(whole, sizeof(whole), "%s/proc/self/ns/%s", doctored->root, type);
	snprintf(target, sizeof(target), "%s:[%s]", type, number);
	make_parents(whole);
	unlink(whole);
	assert_int_equal(symlink(target, whole), 0);
}

/* Our effective set is CAPS. */
static inline void put_capabilities(void **state, uint64_t caps)
{
	char text[64];

	snprintf(text, sizeof(text), "Name:\tleastcap\nCapEff:\t%016llx\n", (unsigned long long)caps);
	put(state, "/proc/self/status", text);
}

static inline int make_host(void **state)
{
	struct doctored *doctored = calloc(1, sizeof(*doctored));

	if (!doctored)
		return -1;
	*state = doctored;
	snprintf(doctored->root, sizeof(doctored->root), "/tmp/leastcap-doctor-XXXXXX");
	if (!mkdtemp(doctored->root))
		return -1;
	for (size_t i = 0; i < sizeof(doctored_files) / sizeof(doctored_files[0]); i++)
		put(state, doctored_files[i].path, doctored_files[i].text);
	put_namespace(state, "pid", "4026531836");
	put_namespace(state, "cgroup", "4026531835");
	put_namespace(state, "user", "4026531837");
	doctored->host = (struct lc_doctor_host){
		.root = doctored->root,
		.machine = "x86_64",
		.needs = {&doctored_needs[0], &doctored_needs[1], &doctored_needs[2]},
		.n_needs = 3,
		.hierarchy = {.mode = "v2", .mount = "/sys/fs/cgroup", .root = "/"},
		.hooks = {{"fexit", 0}, {"tp_btf", 0}, {"kprobe", 0}},
	};
	return 0;
}

static inline int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int remove_host(void **state)
{
	struct doctored *doctored = *state;
	int r = nftw(doctored->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);

	lc_diagnosis_clear(&doctored->diagnosis);
	free(doctored);
	return r;
}

/* Examines the host. The finding called NAME. */
static inline const struct lc_doctor_finding *examine(void **state, const char *name)
{
	struct doctored *doctored = *state;

	lc_diagnosis_clear(&doctored->diagnosis);
	assert_int_equal(lc_doctor_examine(&doctored->host, &doctored->diagnosis), 0);
	for (size_t i = 0; i < doctored->diagnosis.n; i++) {
		if (!strcmp(doctored->diagnosis.list[i].name, name))
			return &doctored->diagnosis.list[i];
	}
	fail_msg("nothing is called '%s'", name);
	return NULL;
}

/* Asserts that TEXT has PART in it. */
static inline void assert_tells(const struct lc_strbuf *text, const char *part)
{
	if (!text->text || !strstr(text->text, part))
		fail_msg("'%s' is not in: %s", part, text->text ? text->text : "(nothing)");
}

/* Asserts that the finding called NAME has STATE, and says PART. */
static inline const struct lc_doctor_finding *assert_finding(
	void **state, const char *name, enum lc_doctor_state expected, const char *part)
{
	const struct lc_doctor_finding *finding = examine(state, name);

	if (finding->state != expected)
		fail_msg("%s is %s: %s", name, lc_doctor_state_name(finding->state),
			finding->found.text ? finding->found.text : "(nothing)");
	assert_tells(&finding->found, part);
	return finding;
}

#define test_on_host(name) cmocka_unit_test_setup_teardown(name, make_host, remove_host)

#endif
