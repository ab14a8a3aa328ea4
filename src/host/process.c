/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads /proc/PID: credentials, the five sets, namespaces, parent and age of a process. */
#include <leastcap/host.h>

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* A map has at most 340 lines (user_namespaces(7)). */
#define LC_MAP_SIZE (16 << 10)
/* User namespaces nest so deep, and one more. */
#define LC_USERNS_MAX 33

/* Which lines of /proc/PID/status were there. */
enum { HAS_UID = 1, HAS_GID = 2, HAS_BOUNDING = 4, HAS_ALL = 7 };

/* A process that goes away while its files are read shows as ENOENT or ESRCH. */
static int gone_error(int error)
{
	return error == ENOENT ? -ESRCH : -error;
}

static FILE *open_file(int proc, const char *name)
{
	int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

/* "NSpid:\t4711\t12\t1": one number for each pid namespace from ours down to its own. */
static void read_pids(const char *numbers, struct lc_process *process)
{
	int length, pid;

	process->depth = -1;
	while (sscanf(numbers, "%d%n", &pid, &length) == 1) {
		process->inner = pid;
		process->depth++;
		numbers += length;
	}
}

/* Reads one of the sets, or what else is a number. */
static unsigned int read_number(const char *line, struct lc_process *process)
{
	struct lc_init *init = &process->init;
	unsigned int number;

	if (sscanf(line, "Uid:%*u%" SCNu32, &process->uid) == 1)
		return HAS_UID;
	if (sscanf(line, "Gid:%*u%" SCNu32, &process->gid) == 1)
		return HAS_GID;
	if (sscanf(line, "CapBnd:%" SCNx64, &init->sets.bounding) == 1)
		return HAS_BOUNDING;
	if (sscanf(line, "CapInh:%" SCNx64, &init->sets.inheritable) == 1 ||
		sscanf(line, "CapPrm:%" SCNx64, &init->sets.permitted) == 1 ||
		sscanf(line, "CapEff:%" SCNx64, &init->sets.effective) == 1 ||
		sscanf(line, "CapAmb:%" SCNx64, &init->sets.ambient) == 1 ||
		sscanf(line, "PPid:%d", &process->parent) == 1)
		return 0;
	if (sscanf(line, "NoNewPrivs:%u", &number) == 1)
		init->no_new_privs = number != 0;
	else if (sscanf(line, "Seccomp:%u", &number) == 1 && number < LC_SECCOMP_N)
		init->seccomp = (enum lc_seccomp)number;
	return 0;
}

/* The kernel escapes line breaks in the process's name, so no process can add a line of its own. */
static int read_status(int proc, struct lc_process *process)
{
	_cleanup_file_ FILE *stream = open_file(proc, "status");
	_cleanup_free_ char *line = NULL;
	unsigned int has = 0;
	size_t size = 0;

	if (!stream)
		return gone_error(errno);
	errno = 0;
	while (getline(&line, &size, stream) >= 0) {
		if (strncmp(line, "NSpid:", strlen("NSpid:")) == 0)
			read_pids(line + strlen("NSpid:"), process);
		else
			has |= read_number(line, process);
	}
	if (ferror(stream))
		return gone_error(errno ? errno : EIO);
	return has == HAS_ALL ? 0 : -EPROTO;
}

/* Field 22 of /proc/PID/stat, counted from behind the name, which may hold anything. */
static void read_age(int proc, struct lc_process *process)
{
	_cleanup_file_ FILE *stream = open_file(proc, "stat");
	char text[1024];
	size_t length;
	const char *end;

	length = stream ? fread(text, 1, sizeof(text) - 1, stream) : 0;
	text[length] = '\0';
	end = strrchr(text, ')');
	if (!end ||
		sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
			&process->started) != 1)
		process->started = UINT64_MAX;
}

static void read_map(int proc, char map[LC_MAP_SIZE])
{
	_cleanup_file_ FILE *stream = open_file(proc, "uid_map");
	size_t length = stream ? fread(map, 1, LC_MAP_SIZE - 1, stream) : 0;

	map[length] = '\0';
}

/* Whether FD and the inode OWN are the same namespace. */
static bool is_namespace(int fd, const struct stat *own)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == own->st_dev && st.st_ino == own->st_ino;
}

/* How deep the user namespace of PROC lies below OWN, which it is not: ioctl_ns(2). At least 1. */
static int userns_depth(int proc, const struct stat *own)
{
	int fd = openat(proc, "ns/user", O_RDONLY | O_CLOEXEC);
	int depth = 0;

	/* There are no more than 32, one below the other (user_namespaces(7)); that of a stranger is below ours nowhere. */
	while (fd >= 0 && depth < LC_USERNS_MAX && !is_namespace(fd, own)) {
		int parent = ioctl(fd, NS_GET_PARENT);

		close(fd);
		fd = parent;
		depth++;
	}
	if (fd >= 0)
		close(fd);
	return depth ? depth : 1;
}

/* Another user namespace maps users otherwise, or it would be of no use; this can be read without any privilege. */
static int read_userns(int proc, struct lc_process *process)
{
	_cleanup_fd_ int self = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char map[LC_MAP_SIZE], own_map[LC_MAP_SIZE];
	struct stat st, own;

	if (self < 0)
		return -errno;
	if (fstatat(proc, "ns/user", &st, 0) == 0 && fstatat(self, "ns/user", &own, 0) == 0) {
		process->userns = (uint32_t)st.st_ino;
		process->init.own_userns = st.st_ino != own.st_ino;
		process->userns_depth = process->init.own_userns ? userns_depth(proc, &own) : 0;
		return 0;
	}
	if (errno != EACCES && errno != EPERM)
		return gone_error(errno);
	read_map(proc, map);
	read_map(self, own_map);
	process->init.own_userns = strcmp(map, own_map) != 0;
	process->userns_depth = process->init.own_userns;
	return 0;
}

/* All files are opened below one descriptor: a pid that is taken over by another process cannot mix the two. */
int lc_process_read(pid_t pid, struct lc_process *process)
{
	_cleanup_fd_ int proc = -1;
	char path[32];
	int ret;

	*process = (struct lc_process){.inner = pid};
	snprintf(path, sizeof(path), "/proc/%d", pid);
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return gone_error(errno);
	ret = read_status(proc, process);
	if (!ret)
		ret = read_userns(proc, process);
	if (ret)
		return ret;
	read_age(proc, process);
	process->init.pid = (uint64_t)pid;
	return 0;
}
