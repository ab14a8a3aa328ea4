/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the program that an execve runs in the end, through "#!" lines as fs/binfmt_script.c reads them (binfmt_misc is ignored). */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>

/* The kernel's BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h. */
#define FIRST_LINE_MAX 256

/* How many interpreters in a row may be scripts themselves: exec_binprm in fs/exec.c. */
#define SCRIPTS_MAX 4

/* Whether execve takes the file FD from any caller: somebody may execute it, and its file system allows that. 0 or -errno. */
static int check_executable(int fd)
{
	struct statvfs file_system;
	struct stat status;

	if (fstat(fd, &status) < 0 || fstatvfs(fd, &file_system) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111) || file_system.f_flag & ST_NOEXEC)
		return -EACCES;
	return 0;
}

/* Reads the beginning of what FD (O_PATH) is, padded with NULs. */
static int read_first_line(int fd, char line[FIRST_LINE_MAX + 1])
{
	_cleanup_fd_ int file = -1;

	memset(line, 0, FIRST_LINE_MAX + 1);
	file = lc_rootfs_reopen(fd);
	if (file < 0)
		return file == -EINVAL ? -ENOEXEC : file;
	return read(file, line, FIRST_LINE_MAX) < 0 ? -errno : 0;
}

/*
 * Points *NAME to the interpreter in LINE, which is cut behind it. A name that goes on past what the kernel reads does not count. 0 or -ENOEXEC.
 */
static int parse_interpreter(char line[FIRST_LINE_MAX + 1], const char **name)
{
	char *start = line + 2 + strspn(line + 2, " \t");
	char *end = start + strcspn(start, " \t\n");

	if (*start == '\n' || end == line + FIRST_LINE_MAX)
		return -ENOEXEC;
	*end = '\0';
	*name = start;
	return 0;
}

/*
 * Sets *INTERPRETER (caller frees) to what the script FD names, NULL when FD is no script. A path that is not absolute depends on the working
 * directory of the process, which is not known here; lc_rootfs_open refuses it. 0 or -errno.
 */
static int find_interpreter(int fd, char **interpreter)
{
	char line[FIRST_LINE_MAX + 1];
	const char *name;
	int ret;

	*interpreter = NULL;
	ret = read_first_line(fd, line);
	if (ret < 0)
		return ret;
	if (strncmp(line, "#!", 2) != 0)
		return 0;
	ret = parse_interpreter(line, &name);
	if (ret < 0)
		return ret;
	*interpreter = strdup(name);
	return *interpreter ? 0 : -ENOMEM;
}

/* Opens PATH, and sets *INTERPRETER as find_interpreter does. */
static int open_executable(int root, const char *path, char **interpreter)
{
	_cleanup_fd_ int fd = -1;
	int ret;

	fd = lc_rootfs_open(root, path);
	if (fd < 0)
		return fd;
	ret = check_executable(fd);
	if (ret == 0)
		ret = find_interpreter(fd, interpreter);
	return ret < 0 ? ret : lc_take_fd(&fd);
}

int lc_rootfs_open_program(int root, const char *path, char **name)
{
	_cleanup_free_ char *current = strdup(path);
	char *interpreter = NULL;
	int fd, depth;

	for (depth = 0; current; depth++) {
		fd = open_executable(root, current, &interpreter);
		if (fd < 0)
			return fd;
		if (!interpreter) {
			*name = current;
			current = NULL;
			return fd;
		}
		close(fd);
		free(current);
		current = interpreter;
		if (depth > SCRIPTS_MAX)
			return -ELOOP;
	}
	return -ENOMEM;
}
