/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a process that was there before us is still being prepared by its container's runtime. */
#include <leastcap/cleanup.h>
#include <leastcap/probe.h>

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

/* No runtime takes longer; and a program of the workload whose file has been replaced is usually older. */
#define SETUP_SECONDS 30

/* Whether the files that two /proc paths lead to are the same one. False when one can't be seen. */
static bool same_file(const char *a, const char *b)
{
	struct stat left, right;

	return !stat(a, &left) && !stat(b, &right) && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* Seconds since process PID was started (proc(5): field 22 of stat, in clock ticks since boot); -1 when it is gone. */
static long age_of(pid_t pid)
{
	char name[64], text[1024];
	struct timespec now;
	unsigned long long start;
	const char *at;
	size_t n;
	_cleanup_file_ FILE *file = NULL;

	snprintf(name, sizeof(name), "/proc/%d/stat", (int)pid);
	file = fopen(name, "re");
	n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[n] = '\0';
	/* The command's name, field 2, may hold anything, even parentheses. */
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -1;
	start = strtoull(at, NULL, 10);
	clock_gettime(CLOCK_BOOTTIME, &now);
	return (long)(now.tv_sec - (time_t)(start / (unsigned long long)sysconf(_SC_CLK_TCK)));
}

/*
 * Whether the program that PID runs is the file of that name inside PID's own root: a runtime's is the host's, or a copy in
 * memory. The name is looked up as the container would, links included: openat2(2), RESOLVE_IN_ROOT.
 */
static bool runs_own_file(pid_t pid)
{
	struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	char exe[64], root[64], path[PATH_MAX];
	struct stat own, found;
	_cleanup_fd_ int directory = -1;
	_cleanup_fd_ int file = -1;
	ssize_t n;

	snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
	snprintf(root, sizeof(root), "/proc/%d/root", (int)pid);
	n = readlink(exe, path, sizeof(path) - 1);
	if (n <= 0 || stat(exe, &own))
		return false;
	path[n] = '\0';
	directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return false;
	file = (int)syscall(SYS_openat2, directory, path, &how, sizeof(how));
	return file >= 0 && !fstat(file, &found) && own.st_dev == found.st_dev && own.st_ino == found.st_ino;
}

bool lc_process_in_setup(pid_t pid)
{
	char mntns[64], root[64];
	long age = age_of(pid);

	if (age < 0 || age > SETUP_SECONDS)
		return false;
	snprintf(mntns, sizeof(mntns), "/proc/%d/ns/mnt", (int)pid);
	snprintf(root, sizeof(root), "/proc/%d/root", (int)pid);
	return same_file(mntns, "/proc/1/ns/mnt") || same_file(root, "/proc/1/root") || !runs_own_file(pid);
}
