/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of refused calls that programs get over, and of what usually follows a capability. */
#include <leastcap/causes.h>

#include <leastcap/capset.h>

#include <linux/capability.h>

static const struct lc_expected expected[] = {
	{
		.results = {"ENOSYS"},
		.why = "programs take it for an older kernel and go on with an older call",
	},
	{
		.sign = LC_EXPECTED_LATER,
		.why = "the program made the same call successfully afterwards",
	},
	{
		.calls = {"execve", "execveat"},
		.results = {"EACCES"},
		.sign = LC_EXPECTED_ELSEWHERE,
		.why = "a program is looked for in one directory after another, and it was found in another one",
	},
	{
		.calls = {"access", "faccessat", "faccessat2"},
		.why = "the program only asked what it may do",
	},
	{
		.calls = {"stat", "stat64", "lstat", "lstat64", "fstatat64", "newfstatat", "statx", "readlink",
			"readlinkat", "statfs"},
		.results = {"EACCES"},
		.why = "the program only looked whether there is something, as searches and lists of files do",
	},
	{
		.calls = {"getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr"},
		.results = {"EACCES", "EPERM"},
		.why = "the program only looked for attributes, which files need not have",
	},
	{
		.calls = {"open", "openat", "openat2", "readlink", "readlinkat", "newfstatat", "statx", "stat"},
		.results = {"EACCES", "EPERM"},
		.sign = LC_EXPECTED_PROC,
		.why = "programs that list processes skip what they may not see",
	},
	{
		.calls = {"kill", "tkill", "tgkill", "pidfd_send_signal"},
		.results = {"EPERM"},
		.sign = LC_EXPECTED_PROBE,
		.why = "signal 0 only asks whether the process is there, and it is",
	},
};

static const struct lc_fruitless fruitless[] = {
	{"open_by_handle_at", CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH,
		"since Linux 6.11 asked after DAC_READ_SEARCH, and then for directories alone, so that it would not help"},
};

static const struct lc_sequel sequels[] = {
	{CAP_SYS_CHROOT, true, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID),
		"whoever changes its root changes its groups and its user after that"},
	{CAP_SETGID, true, LC_CAP_BIT(CAP_SETUID), "setgroups and setgid come before setuid"},
	{CAP_SETUID, true, LC_CAP_BIT(CAP_SETGID), "setgid comes with setuid"},
	{CAP_CHOWN, true, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID),
		"whoever gives files to another user becomes that user after that"},
	{CAP_CHOWN, false, LC_CAP_BIT(CAP_FOWNER), "chmod of another user's file comes after chown"},
};

const struct lc_expected *lc_expected(size_t *n)
{
	*n = sizeof(expected) / sizeof(expected[0]);
	return expected;
}

const struct lc_fruitless *lc_fruitless(size_t *n)
{
	*n = sizeof(fruitless) / sizeof(fruitless[0]);
	return fruitless;
}

const struct lc_sequel *lc_sequels(size_t *n)
{
	*n = sizeof(sequels) / sizeof(sequels[0]);
	return sequels;
}
