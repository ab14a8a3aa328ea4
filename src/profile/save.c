/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles in files: read whole, and replaced whole, so that a reader never sees half a profile. */
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define LC_MAX_FILE_SIZE   ((size_t)256 << 20)
#define LC_READ_SIZE       ((size_t)64 << 10)
#define LC_NEW_FILE_MODE   0666
#define LC_TEMPORARY_INFIX ".leastcap-"
/* So that the temporary file's name, with two dots, infix and process id, fits into NAME_MAX as well. */
#define LC_MAX_NAME_PART 200

/* Sets *MESSAGE to the formatted text as one line. Returns ERR, for the caller to return. */
__attribute__((format(printf, 3, 4))) static int complain(char **message, int err, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	va_list args;

	va_start(args, format);
	lc_escape_terminal_format(&line, format, args);
	va_end(args);
	free(*message);
	*message = lc_strbuf_steal(&line);
	return err;
}

/* Reads FD to its end. 0 or -errno; -EFBIG beyond LC_MAX_FILE_SIZE. */
static int read_all(int fd, struct lc_strbuf *text)
{
	_cleanup_free_ char *chunk = malloc(LC_READ_SIZE);

	if (!chunk)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, chunk, LC_READ_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return text->failed ? -ENOMEM : 0;
		if ((size_t)n > LC_MAX_FILE_SIZE - text->length)
			return -EFBIG;
		lc_strbuf_add(text, chunk, (size_t)n);
	}
}

int lc_profile_load(struct lc_profile *profile, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *reason = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	const char *shown = is_stdin ? "standard input" : path;
	_cleanup_fd_ int fd = -1;
	int err;

	*profile = (struct lc_profile){0};
	*message = NULL;
	if (!is_stdin) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return complain(message, -errno, "cannot open %s: %s", shown, strerror(errno));
	}
	err = read_all(is_stdin ? STDIN_FILENO : fd, &text);
	if (err == -EFBIG)
		return complain(
			message, err, "%s: bigger than %zu MiB: too big for a profile", shown, LC_MAX_FILE_SIZE >> 20);
	if (err)
		return complain(message, err, "cannot read %s: %s", shown, strerror(-err));
	if (!text.length)
		return complain(message, -EINVAL, "%s: the file is empty", shown);
	err = lc_profile_from_json(profile, text.text, text.length, &reason);
	if (err)
		complain(message, err, "%s: %s", shown, reason ? reason : "out of memory");
	return err;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* A file that is being replaced: its directory, its name there, and what it was like. */
struct replacement {
	int directory;
	char name[NAME_MAX + 1];
	char temporary[NAME_MAX + 1]; /* ".NAME.leastcap-PID" */
	bool exists;
	struct stat old; /* when it exists */
};

static void cleanup_replacement(const struct replacement *file)
{
	if (file->directory >= 0)
		close(file->directory);
}

/* Removes the temporary files that earlier writers of the same file left behind when they were killed. */
static void remove_abandoned(const struct replacement *file)
{
	size_t stem = strrchr(file->temporary, '-') + 1 - file->temporary;
	int fd = openat(file->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory))) {
		const char *digits = entry->d_name + stem;
		char *end;
		long pid;

		if (strncmp(entry->d_name, file->temporary, stem) != 0 || *digits < '1' || *digits > '9')
			continue;
		pid = strtol(digits, &end, 10);
		if (*end || pid > INT_MAX)
			continue;
		/* A file of our own number is a dead process's too: numbers are used again. */
		if (pid == getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH))
			unlinkat(file->directory, entry->d_name, 0);
	}
	closedir(directory);
}

/* Splits PATH, which has no symbolic link at its end, and opens its directory. */
static int open_place(struct replacement *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char directory[PATH_MAX] = ".";
	size_t directory_length = (size_t)(name - path);
	int length;

	if (!*name)
		return -EISDIR;
	if (directory_length >= sizeof(directory) || strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	if (slash) {
		memcpy(directory, path, directory_length);
		directory[directory_length] = '\0';
	}
	snprintf(file->name, sizeof(file->name), "%s", name);
	length = snprintf(file->temporary, sizeof(file->temporary), ".%.*s%s%d", LC_MAX_NAME_PART, name,
		LC_TEMPORARY_INFIX, (int)getpid());
	if (length < 0 || (size_t)length >= sizeof(file->temporary))
		return -ENAMETOOLONG;
	file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file->directory < 0 ? -errno : 0;
}

/* Gives the new file what the old one had. Only the owner may fail: not everybody may give files away. */
static int copy_attributes(int fd, const struct stat *old)
{
	if (fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM)
		return -errno;
	return fchmod(fd, old->st_mode & 0777) == 0 ? 0 : -errno;
}

/* Writes TEXT to the temporary file and has it on the disk. */
static int write_temporary(const struct replacement *file, const char *text, size_t length)
{
	_cleanup_fd_ int fd = openat(file->directory, file->temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->exists ? 0600 : LC_NEW_FILE_MODE);
	int err;

	if (fd < 0)
		return -errno;
	err = file->exists ? copy_attributes(fd, &file->old) : 0;
	if (!err)
		err = write_all(fd, text, length);
	if (!err && fsync(fd) != 0)
		err = -errno;
	return err;
}

/* Writes TEXT beside PATH and renames it over PATH. */
static int replace(const char *path, const struct stat *old, const char *text, size_t length)
{
	_cleanup_(cleanup_replacement) struct replacement file = {.directory = -1};
	int err = open_place(&file, path);

	if (err)
		return err;
	if (old) {
		file.exists = true;
		file.old = *old;
	}
	remove_abandoned(&file);
	err = write_temporary(&file, text, length);
	if (!err && renameat(file.directory, file.temporary, file.directory, file.name) != 0)
		err = -errno;
	if (err) {
		/* EEXIST: the file is somebody else's. */
		if (err != -EEXIST)
			unlinkat(file.directory, file.temporary, 0);
		return err;
	}
	/* The name is on the disk as well once the directory is; some file systems cannot do that. */
	fsync(file.directory);
	return 0;
}

static int write_in_place(const char *path, const char *text, size_t length)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	return write_all(fd, text, length);
}

/*
 * The path of the file behind FD. The kernel has followed the symbolic links when FD was opened, with its protection
 * against those that others plant in /tmp; following them by hand would go without.
 */
static int resolve(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, PATH_MAX - 1);
	if (length < 0)
		return -errno;
	path[length] = '\0';
	return 0;
}

/* Writes to what PATH already is, behind a symbolic link if it is one. FD is open on it. */
static int write_existing(int fd, const char *path, const char *text, size_t length)
{
	char resolved[PATH_MAX];
	struct stat status;
	int err;

	if (fstat(fd, &status) != 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return write_in_place(path, text, length);
	err = resolve(fd, resolved);
	return err ? err : replace(resolved, &status, text, length);
}

/* Writes to PATH, which names nothing or is a symbolic link to nothing. */
static int write_new(const char *path, const char *text, size_t length)
{
	_cleanup_fd_ int fd = -1;
	char created[PATH_MAX];
	struct stat status;
	int err;

	if (lstat(path, &status) != 0)
		return errno == ENOENT ? replace(path, NULL, text, length) : -errno;
	/* A dangling link: the kernel knows where it leads once something is there. */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, LC_NEW_FILE_MODE);
	if (fd < 0)
		return -errno;
	err = write_existing(fd, path, text, length);
	if (err && resolve(fd, created) == 0)
		unlink(created);
	return err;
}

static int write_path(const char *path, const char *text, size_t length)
{
	_cleanup_fd_ int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd >= 0)
		return write_existing(fd, path, text, length);
	return errno == ENOENT ? write_new(path, text, length) : -errno;
}

int lc_profile_save(const struct lc_profile *profile, const char *path, char **message)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);
	bool is_stdout = strcmp(path, "-") == 0;
	int err;

	*message = NULL;
	if (!text)
		return complain(message, -ENOMEM, "cannot write the profile: out of memory");
	err = is_stdout ? write_all(STDOUT_FILENO, text, strlen(text)) : write_path(path, text, strlen(text));
	if (err)
		complain(message, err, "cannot write %s: %s", is_stdout ? "standard output" : path, strerror(-err));
	return err;
}
