/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the files of cron, supervisord, s6 and runit in a container, and looks whether what they name is a program. */
#include "src/lookup/named.h"

#include "src/lookup/schedule.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest file that is read. */
#define FILE_MAX (64 << 10)

/* How many entries of a directory are looked at, and how many files of one daemon. */
#define ENTRIES_MAX 256
#define FILES_MAX   128

/* What a program begins with: include/uapi/linux/elf.h. Anything else a shell may run, which the kernel then tells of instead. */
static const char magic[4] = {'\177', 'E', 'L', 'F'};

/* How deep in directories a program may lie for the kernel side to tell its whole path. */
#define DEPTH_MAX 12

/* Where a daemon's files are. */
struct source {
	const char *path;   /* the file; or the directory that they lie in */
	const char *ending; /* in a directory: of the names of those that are read; NULL: PATH is a file */
	const char *below;  /* each entry is a directory that has a file of this name; else NULL */
	enum lc_schedule kind;
};

static const struct source cron[] = {
	{"/etc/crontab", NULL, NULL, SCHEDULE_SYSTEM},
	{"/etc/cron.d", "", NULL, SCHEDULE_SYSTEM},
	{"/var/spool/cron/crontabs", "", NULL, SCHEDULE_USER},
	{"/etc/anacrontab", NULL, NULL, SCHEDULE_ANACRON},
	{0},
};

static const struct source supervisor[] = {
	{"/etc/supervisor/supervisord.conf", NULL, NULL, SCHEDULE_SUPERVISOR},
	{"/etc/supervisor/conf.d", ".conf", NULL, SCHEDULE_SUPERVISOR},
	{"/etc/supervisord.conf", NULL, NULL, SCHEDULE_SUPERVISOR},
	{0},
};

static const struct source services[] = {
	{"/etc/service", "", "run", SCHEDULE_RUN},
	{"/etc/services.d", "", "run", SCHEDULE_RUN},
	{"/service", "", "run", SCHEDULE_RUN},
	{0},
};

static const struct {
	const char *name;
	const struct source *sources;
} daemons[] = {
	{"cron", cron},
	{"crond", cron},
	{"anacron", cron},
	{"supervisord", supervisor},
	{"s6-svscan", services},
	{"runsvdir", services},
};

/* A look under way. */
struct look {
	int root;
	char file[PATH_MAX]; /* that is read */
	size_t n_files;
	struct lc_named_list list;
	bool failed; /* out of memory */
};

int lc_named_daemon(const struct lc_executed *executed)
{
	const char *slash = strrchr(executed->path, '/');
	const char *name = slash ? slash + 1 : executed->path;

	for (size_t i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++) {
		if (strcmp(name, daemons[i].name) == 0 ||
			(executed->comm && strcmp(executed->comm, daemons[i].name) == 0))
			return (int)i;
	}
	return -1;
}

bool lc_named_is_plain(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	return length && length <= LC_NAMED_PATH_MAX;
}

/* Reads what FD (O_PATH) is to BUFFER of SIZE bytes, up to its first NUL. How many bytes are there, or -errno. */
static ssize_t read_file(int fd, char *buffer, size_t size)
{
	_cleanup_fd_ int file = lc_rootfs_reopen(fd);
	size_t n = 0;

	while (file >= 0 && n < size - 1) {
		ssize_t got = read(file, buffer + n, size - 1 - n);

		if (got < 0)
			return -errno;
		if (!got)
			break;
		n += (size_t)got;
	}
	buffer[n] = '\0';
	return file < 0 ? file : (ssize_t)n;
}

/* Whether FD (O_PATH) is a program of machine code, which it is if it can be executed and begins as one. 1, 0 or -errno. */
static int is_program(int fd, uint64_t *inode)
{
	char start[sizeof(magic) + 1];
	struct stat status;
	ssize_t n;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		return 0;
	*inode = status.st_ino;
	n = read_file(fd, start, sizeof(start));
	if (n < 0)
		return n == -EINVAL ? 0 : (int)n;
	return n == sizeof(magic) && memcmp(start, magic, sizeof(magic)) == 0;
}

/* The path that FD (O_PATH) has below ROOT, without symbolic links, which the kernel side tells too. Caller frees; NULL: it can't be told. */
static char *real_path(int root, int fd)
{
	char link[32], top[PATH_MAX], path[PATH_MAX];
	const char *below;
	int depth = 0;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", root);
	n = readlink(link, top, sizeof(top) - 1);
	if (n <= 0)
		return NULL;
	top[n == 1 ? 0 : n] = '\0';
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return NULL;
	path[n] = '\0';
	if (strncmp(path, top, strlen(top)) != 0)
		return NULL;
	below = path + strlen(top);
	for (const char *at = below; *at; at++)
		depth += *at == '/';
	return *below == '/' && depth <= DEPTH_MAX && lc_named_is_plain(below) ? strdup(below) : NULL;
}

static bool is_known(const struct lc_named_list *list, const char *path)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->programs[i].path, path) == 0)
			return true;
	}
	return false;
}

/* Adds the program at PATH, which is known as REAL and INODE. */
static void add(struct look *look, const char *path, const char *real, uint64_t inode)
{
	struct lc_named_list *list = &look->list;
	struct lc_named named = {strdup(path), strdup(look->file), strdup(real), inode};
	struct lc_named *programs = lc_array_grow(list->programs, list->n, sizeof(*programs));

	if (programs)
		list->programs = programs;
	if (programs && named.path && named.file && named.real) {
		programs[list->n++] = named;
		return;
	}
	look->failed = true;
	free(named.path);
	free(named.file);
	free(named.real);
}

/* The file that is read names the LENGTH bytes at TEXT. */
static void on_path(void *context, const char *text, size_t length)
{
	struct look *look = context;
	char path[LC_NAMED_PATH_MAX + 1];
	_cleanup_free_ char *real = NULL;
	_cleanup_fd_ int fd = -1;
	uint64_t inode = 0;
	int r = -EINVAL;

	snprintf(path, sizeof(path), "%.*s", (int)(length < sizeof(path) ? length : 0), text);
	/* A shell would make something else of these. */
	if (lc_named_is_plain(path) && !strpbrk(path, "$*?[]`\\~%\"'"))
		fd = lc_rootfs_open(look->root, path);
	else
		fd = -EINVAL;
	if (fd == -ENOENT || fd == -ENOTDIR || (fd >= 0 && is_known(&look->list, path)))
		return;
	if (fd >= 0)
		r = is_program(fd, &inode);
	if (!r)
		return;
	if (r > 0 && look->list.n < LC_NAMED_MAX)
		real = real_path(look->root, fd);
	if (real)
		add(look, path, real, inode);
	else
		look->list.left_out++;
}

/* Reads LOOK's file, of KIND. One that can't be read whole counts as a program that is not known. */
static void read_schedule(struct look *look, enum lc_schedule kind)
{
	_cleanup_fd_ int fd = lc_rootfs_open(look->root, look->file);
	_cleanup_free_ char *text = NULL;
	ssize_t n;

	if (fd == -ENOENT || fd == -ENOTDIR)
		return;
	text = malloc(FILE_MAX + 2);
	n = fd < 0 ? fd : text ? read_file(fd, text, FILE_MAX + 2) : -ENOMEM;
	/* It is empty, or no file. */
	if (n == -EINVAL)
		return;
	if (n < 0 || n > FILE_MAX || look->n_files >= FILES_MAX || !lc_named_is_plain(look->file)) {
		look->list.left_out++;
		return;
	}
	look->n_files++;
	lc_schedule_each(text, kind, on_path, look);
}

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), wanted = strlen(ending);

	return length >= wanted && strcmp(name + length - wanted, ending) == 0;
}

/* Reads the files in SOURCE's directory. */
static void read_directory(struct look *look, const struct source *source)
{
	_cleanup_fd_ int location = lc_rootfs_open(look->root, source->path);
	int fd = location < 0 ? -1 : openat(location, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t n = 0;

	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.' || !ends_with(entry->d_name, source->ending))
			continue;
		if (n++ == ENTRIES_MAX) {
			look->list.left_out++;
			break;
		}
		snprintf(look->file, sizeof(look->file), "%s/%s%s%s", source->path, entry->d_name,
			source->below ? "/" : "", source->below ? source->below : "");
		read_schedule(look, source->kind);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
}

int lc_named_read(int root, uint32_t daemon, struct lc_named_list *list)
{
	struct look look = {.root = root};

	if (daemon >= sizeof(daemons) / sizeof(daemons[0]))
		return -EINVAL;
	for (const struct source *source = daemons[daemon].sources; source->path; source++) {
		if (source->ending) {
			read_directory(&look, source);
			continue;
		}
		snprintf(look.file, sizeof(look.file), "%s", source->path);
		read_schedule(&look, source->kind);
	}
	if (look.failed) {
		lc_named_clear(&look.list);
		return -ENOMEM;
	}
	*list = look.list;
	return 0;
}

void lc_named_clear(struct lc_named_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->programs[i].path);
		free(list->programs[i].file);
		free(list->programs[i].real);
	}
	free(list->programs);
	*list = (struct lc_named_list){0};
}
