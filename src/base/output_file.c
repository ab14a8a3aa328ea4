/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command writes for whoever called it. It is opened before the work begins, and has its name once it is whole. */
#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/output_file.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* So that a temporary name, ".NAME.leastcap-" and 16 digits, fits into NAME_MAX as well. */
#define MAX_NAME_PART 200
/* As many symbolic links as the kernel follows (path_resolution(7)). */
#define MAX_LINKS 40
#define MAX_TRIES 16

struct lc_output_file {
	char *path;                   /* as given, for messages */
	int fd;                       /* what is written to */
	int directory;                /* that NAME is in; -1: a descriptor is written directly */
	char name[NAME_MAX + 1];      /* in the directory, behind all symbolic links */
	char temporary[NAME_MAX + 1]; /* the name that the file has so far; empty: none */
	bool is_shared;               /* everybody may write to the directory */
	bool exists;
	struct stat old; /* when it exists */
	mode_t mode;
};

/* Sets *MESSAGE to "cannot write PATH: …" as one line. Returns ERR, for the caller to return. */
__attribute__((format(printf, 4, 5))) static int complain(
	const struct lc_output_file *file, char **message, int err, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	bool is_stdout = strcmp(file->path, "-") == 0;
	va_list args;

	lc_strbuf_addf(&line, "cannot write %s: ", is_stdout ? "standard output" : file->path);
	va_start(args, format);
	lc_complain_at(message, err, line.text, format, args);
	va_end(args);
	return err;
}

/* The descriptor, one that we were given, that PATH stands for; -1 when PATH is a file's. */
static int given_descriptor(const char *path)
{
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		size_t length = strlen(folders[i]);
		char *end;
		long number;

		if (strncmp(path, folders[i], length) != 0)
			continue;
		number = strtol(path + length, &end, 10);
		if (end != path + length && !*end && number >= 0 && number <= INT_MAX)
			return (int)number;
	}
	return -1;
}

/* Splits PATH, which is relative to FILE's directory if there is one, into FILE's new directory and name. */
static int enter_directory(struct lc_output_file *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	_cleanup_free_ char *directory = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup(".");
	size_t length = strlen(name);
	int from = file->directory >= 0 ? file->directory : AT_FDCWD;
	int fd;

	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return -EISDIR;
	if (!directory)
		return -ENOMEM;
	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	fd = openat(from, directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (file->directory >= 0)
		close(file->directory);
	file->directory = fd;
	memcpy(file->name, name, length + 1);
	return 0;
}

/* Whether somebody else may have put what has STATUS into FILE's directory for us to find. */
static bool is_planted(const struct lc_output_file *file, const struct stat *status)
{
	struct stat directory;

	if (!file->is_shared || status->st_uid == getuid())
		return false;
	/* The kernel follows the link of the directory's owner as well (fs/namei.c, may_follow_link). */
	return !S_ISLNK(status->st_mode) || fstat(file->directory, &directory) != 0 ||
	       directory.st_uid != status->st_uid;
}

/* Finds FILE's directory and name and what is there, through symbolic links. 0 or -errno with *MESSAGE. */
static int find_place(struct lc_output_file *file, const char *path, char **message)
{
	char target[PATH_MAX];
	struct stat directory;

	for (size_t i = 0; i < MAX_LINKS; i++) {
		int r = enter_directory(file, path);
		ssize_t length;

		if (!r && fstat(file->directory, &directory) != 0)
			r = -errno;
		if (r)
			return complain(file, message, r, "%s", strerror(-r));
		file->is_shared = directory.st_mode & S_IWOTH;
		if (fstatat(file->directory, file->name, &file->old, AT_SYMLINK_NOFOLLOW) != 0) {
			r = -errno;
			return r == -ENOENT ? 0 : complain(file, message, r, "%s", strerror(-r));
		}
		file->exists = !S_ISLNK(file->old.st_mode);
		if (file->exists)
			return 0;
		if (is_planted(file, &file->old))
			return complain(file, message, -EEXIST,
				"a symbolic link of user %u is in its place, where everybody may write; remove it or choose another directory",
				(unsigned int)file->old.st_uid);
		length = readlinkat(file->directory, file->name, target, sizeof(target) - 1);
		if (length < 0)
			return complain(file, message, -errno, "%s", strerror(errno));
		target[length] = '\0';
		path = target;
	}
	return complain(file, message, -ELOOP, "%s", strerror(ELOOP));
}

/* What kind of file it is that is not a regular one. */
static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFCHR:
	case S_IFBLK:
		return "a device";
	default:
		return "no regular file";
	}
}

/* Refuses what is in FILE's place unless it may be replaced. */
static int check_place(const struct lc_output_file *file, const struct stat *there, char **message)
{
	if (S_ISDIR(there->st_mode))
		return complain(file, message, -EISDIR, "%s", strerror(EISDIR));
	if (!S_ISREG(there->st_mode))
		return complain(file, message, -EEXIST,
			"%s is in its place; remove it or choose another name, '-o -' writes to standard output",
			kind_of(there->st_mode));
	if (is_planted(file, there))
		return complain(file, message, -EEXIST,
			"a file of user %u is in its place, where everybody may write; remove it or choose another directory",
			(unsigned int)there->st_uid);
	return 0;
}

/* The mode of FILE where nobody has chosen one. */
static mode_t default_mode(const struct lc_output_file *file)
{
	mode_t mask = umask(077);
	mode_t mode = geteuid() ? 0666 & ~mask : 0600;

	umask(mask);
	return file->exists ? mode & file->old.st_mode : mode;
}

/* Sets NAME to one that nobody can know before. 0 or -errno. */
static int make_up_name(const struct lc_output_file *file, char name[NAME_MAX + 1])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	snprintf(name, NAME_MAX + 1, ".%.*s.leastcap-%016" PRIx64, MAX_NAME_PART, file->name, random);
	return 0;
}

/* Sets NAME to the link in /proc by which a file without a name can be given one. */
static void name_descriptor(int fd, char name[32])
{
	snprintf(name, 32, "/proc/self/fd/%d", fd);
}

/* Opens a file that has no name and can be given one. 0 or -errno. */
static int open_nameless(struct lc_output_file *file)
{
	char link[32];

	file->fd = openat(file->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (file->fd < 0)
		return -errno;
	name_descriptor(file->fd, link);
	if (access(link, F_OK) == 0)
		return 0;
	close(file->fd);
	file->fd = -1;
	return -EOPNOTSUPP;
}

/* Opens a file with a temporary name, for file systems that have none without. 0 or -errno. */
static int open_named(struct lc_output_file *file)
{
	int r = -EEXIST;

	for (int i = 0; r == -EEXIST && i < MAX_TRIES; i++) {
		r = make_up_name(file, file->temporary);
		if (r)
			break;
		file->fd = openat(
			file->directory, file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		r = file->fd < 0 ? -errno : 0;
	}
	if (r)
		file->temporary[0] = '\0';
	return r;
}

/* Makes FD, or an error of opening it, what FILE writes to directly. */
static int pass_on(struct lc_output_file *file, int fd, char **message)
{
	if (file->directory >= 0)
		close(file->directory);
	file->directory = -1;
	file->fd = fd;
	return fd < 0 ? complain(file, message, -errno, "%s", strerror(errno)) : 0;
}

static int open_file(struct lc_output_file *file, const char *path, const mode_t *mode, char **message)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int given = given_descriptor(path);
	int r = lc_as_caller_begin(&caller);

	if (r)
		return complain(file, message, r, "%s", strerror(-r));
	if (given >= 0)
		return pass_on(file, fcntl(given, F_DUPFD_CLOEXEC, 3), message);
	if (strcmp(path, "/dev/null") == 0)
		return pass_on(file, open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), message);
	r = find_place(file, path, message);
	if (!r && file->exists)
		r = check_place(file, &file->old, message);
	if (r)
		return r;
	file->mode = mode ? *mode : default_mode(file);
	r = open_nameless(file);
	/* What file systems and kernels without O_TMPFILE answer: open(2), BUGS. */
	if (r == -EOPNOTSUPP || r == -EISDIR || r == -ENOENT || r == -EINVAL)
		r = open_named(file);
	return r ? complain(file, message, r, "%s", strerror(-r)) : 0;
}

int lc_output_file_open(struct lc_output_file **result, const char *path, const mode_t *mode, char **message)
{
	struct lc_output_file *file = calloc(1, sizeof(*file));
	int r;

	*message = NULL;
	if (!file)
		return -ENOMEM;
	file->fd = file->directory = -1;
	file->path = strdup(path);
	r = file->path ? open_file(file, path, mode, message) : -ENOMEM;
	if (r)
		lc_output_file_free(file);
	else
		*result = file;
	return r;
}

int lc_output_file_fd(const struct lc_output_file *file)
{
	return file->fd;
}

const char *lc_output_file_temporary(const struct lc_output_file *file, int *directory)
{
	*directory = file->directory;
	return file->temporary[0] ? file->temporary : NULL;
}

int lc_output_file_write(struct lc_output_file *file, const char *text, size_t length, char **message)
{
	while (length) {
		ssize_t n = write(file->fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return complain(file, message, -errno, "%s", strerror(errno));
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Gives the file without a name a temporary one. 0 or -errno. */
static int name_it(struct lc_output_file *file)
{
	char link[32];
	int r = -EEXIST;

	name_descriptor(file->fd, link);
	for (int i = 0; r == -EEXIST && i < MAX_TRIES; i++) {
		r = make_up_name(file, file->temporary);
		if (!r && linkat(AT_FDCWD, link, file->directory, file->temporary, AT_SYMLINK_FOLLOW) != 0)
			r = -errno;
	}
	if (r)
		file->temporary[0] = '\0';
	return r;
}

/* Says that the name cannot be had any more, and leaves what was written under its temporary name. Returns ERR. */
static int leave(struct lc_output_file *file, int err, const char *why, char **message)
{
	_cleanup_free_ char *kept = strdup(file->temporary);
	const char *slash = strrchr(file->path, '/');

	file->temporary[0] = '\0';
	return complain(file, message, err, "%s meanwhile; what was written is in %.*s%s", why,
		slash ? (int)(slash - file->path) + 1 : 0, file->path, kept ? kept : "the same directory");
}

/* Moves the file from its temporary name to its own, after another look at what is there. */
static int move_into_place(struct lc_output_file *file, char **message)
{
	_cleanup_free_ char *refusal = NULL;
	struct stat there;

	if (fstatat(file->directory, file->name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
		check_place(file, &there, &refusal))
		return leave(file, -EEXIST, "somebody has put something else there", message);
	if (renameat(file->directory, file->temporary, file->directory, file->name) != 0)
		return leave(file, -errno, strerror(errno), message);
	file->temporary[0] = '\0';
	return 0;
}

/* Sets the mode, and waits until what was written is on the disk. 0 or -errno. */
static int complete(const struct lc_output_file *file)
{
	if (fchmod(file->fd, file->mode) != 0 && errno != EPERM)
		return -errno;
	return fsync(file->fd) == 0 || errno == EINVAL || errno == EROFS ? 0 : -errno;
}

/* Gives the file without a name its own, which was free. 0, -EEXIST when it is taken meanwhile, or another -errno. */
static int take_free_name(const struct lc_output_file *file)
{
	char link[32];

	name_descriptor(file->fd, link);
	return linkat(AT_FDCWD, link, file->directory, file->name, AT_SYMLINK_FOLLOW) == 0 ? 0 : -errno;
}

/* Replaces the file that has the name. 0 or -errno with *MESSAGE. */
static int replace(struct lc_output_file *file, char **message)
{
	/* The name comes before the owner changes, because the owner decides who may link a file (fs/namei.c, may_linkat). */
	int r = file->temporary[0] ? 0 : name_it(file);

	/* Not everybody may give files away. */
	if (!r && file->exists && !file->is_shared && fchown(file->fd, file->old.st_uid, file->old.st_gid) != 0 &&
		errno != EPERM)
		r = -errno;
	return r ? complain(file, message, r, "%s", strerror(-r)) : move_into_place(file, message);
}

int lc_output_file_place(struct lc_output_file *file, char **message)
{
	_cleanup_fd_ int directory = -1;
	int r;

	if (file->directory < 0)
		return 0;
	r = complete(file);
	if (r)
		return complain(file, message, r, "%s", strerror(-r));
	r = file->exists || file->temporary[0] ? -EEXIST : take_free_name(file);
	if (r == -EEXIST)
		r = replace(file, message);
	else if (r)
		return complain(file, message, r, "%s", strerror(-r));
	if (r)
		return r;
	/* The name is on the disk once the directory is. Some file systems cannot do that. */
	directory = openat(file->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0)
		fsync(directory);
	return 0;
}

void lc_output_file_free(struct lc_output_file *file)
{
	if (!file)
		return;
	if (file->temporary[0])
		unlinkat(file->directory, file->temporary, 0);
	if (file->fd >= 0)
		close(file->fd);
	if (file->directory >= 0)
		close(file->directory);
	free(file->path);
	free(file);
}
