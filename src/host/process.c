/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads /proc/PID: credentials, groups, the five sets, namespaces, parent and age of a process. */
#include <leastcap/host.h>

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

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
/* One more than how deep user namespaces nest (user_namespaces(7)). */
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

/* Reads LINE of /proc/PID/status, if it has one of the sets or another number that is needed. The enum above says which. */
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
		sscanf(line, "CapAmb:%" SCNx64, &init->sets.ambient) == 1)
		return 0;
	if (sscanf(line, "SigCgt:%" SCNx64, &process->handled) == 1)
		return 0;
	if (sscanf(line, "NoNewPrivs:%u", &number) == 1)
		init->no_new_privs = number != 0;
	else if (sscanf(line, "Seccomp:%u", &number) == 1 && number < LC_SECCOMP_N)
		init->seccomp = (enum lc_seccomp)number;
	return 0;
}

/* Reads /proc/PID/status. No process can add a line to it, because the kernel escapes line breaks in its name. */
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

/* include/linux/sched.h, PF_FORKNOEXEC */
#define FORKED 0x40

/* Reads fields 4, 9 and 22 of /proc/PID/stat, from behind the name, which may hold anything. Whether they could be read. */
static bool read_stat(int proc, struct lc_process *process)
{
	_cleanup_file_ FILE *stream = open_file(proc, "stat");
	char text[1024];
	unsigned int flags;
	size_t length;
	const char *end;

	length = stream ? fread(text, 1, sizeof(text) - 1, stream) : 0;
	text[length] = '\0';
	end = strrchr(text, ')');
	if (!end ||
		sscanf(end + 1, " %*c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
			&process->parent, &flags, &process->started) != 3)
		return false;
	process->forked = flags & FORKED;
	return true;
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

	/* From a namespace that is not below ours the way ends at a parent that we may not open. */
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

/*
 * Reads what the user namespace of PROC is. Where we may not, it counts as another than ours if it maps users otherwise, as anybody may read.
 */
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

/* Opens the directory of process PID (0: our own). A descriptor, or -errno: -ESRCH when the process is gone. */
static int open_process(pid_t pid)
{
	char path[32] = "/proc/self";
	int fd;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? gone_error(errno) : fd;
}

/* All files are opened below one descriptor, so that they are of one process, even if another one gets its number. */
int lc_process_read(pid_t pid, struct lc_process *process)
{
	_cleanup_fd_ int proc = open_process(pid);
	struct lc_process found = {.inner = pid};
	int ret;

	if (proc < 0)
		return proc;
	ret = read_status(proc, &found);
	if (!ret)
		ret = read_userns(proc, &found);
	if (ret)
		return ret;
	if (!read_stat(proc, &found))
		found.started = UINT64_MAX;
	found.init.pid = (uint64_t)pid;
	*process = found;
	return 0;
}

bool lc_process_comm(pid_t pid, char *comm, size_t size)
{
	_cleanup_file_ FILE *file = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (!file || !fgets(comm, (int)size, file))
		return false;
	comm[strcspn(comm, "\n")] = '\0';
	return true;
}

int64_t lc_process_born(pid_t pid)
{
	_cleanup_fd_ int proc = open_process(pid);
	struct lc_process process;
	long ticks = sysconf(_SC_CLK_TCK);

	if (proc < 0 || ticks <= 0 || !read_stat(proc, &process))
		return 0;
	return lc_clock_ns(CLOCK_REALTIME) - lc_clock_ns(CLOCK_BOOTTIME) +
	       (int64_t)process.started * (LC_NS_PER_S / ticks);
}

pid_t lc_process_parent(pid_t pid)
{
	_cleanup_fd_ int proc = open_process(pid);
	struct lc_process process;

	return proc >= 0 && read_stat(proc, &process) ? process.parent : 0;
}

/* The numbers in TEXT, to *GROUPS (caller frees) and *N. 0 or -ENOMEM. */
static int parse_groups(const char *text, gid_t **groups, size_t *n)
{
	/* A number and the blank before it take two bytes at least. */
	gid_t *list = calloc(strlen(text) / 2 + 1, sizeof(*list));
	size_t count = 0;
	char *end;

	if (!list)
		return -ENOMEM;
	for (;; text = end) {
		unsigned long group = strtoul(text, &end, 10);

		if (end == text)
			break;
		list[count++] = (gid_t)group;
	}
	*groups = list;
	*n = count;
	return 0;
}

int lc_process_groups(pid_t pid, gid_t **groups, size_t *n)
{
	static const char key[] = "Groups:";
	_cleanup_fd_ int proc = open_process(pid);
	_cleanup_file_ FILE *stream = proc < 0 ? NULL : open_file(proc, "status");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!stream)
		return proc < 0 ? proc : gone_error(errno);
	errno = 0;
	while (getline(&line, &size, stream) >= 0) {
		if (strncmp(line, key, strlen(key)) == 0)
			return parse_groups(line + strlen(key), groups, n);
	}
	return ferror(stream) && errno ? gone_error(errno) : -EPROTO;
}

int lc_process_namespace(pid_t pid, const char *type, uint32_t *inode)
{
	char path[64];
	struct stat st;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, type);
	else
		snprintf(path, sizeof(path), "/proc/self/ns/%s", type);
	if (stat(path, &st))
		return gone_error(errno);
	*inode = (uint32_t)st.st_ino;
	return 0;
}
