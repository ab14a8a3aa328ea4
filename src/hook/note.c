/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Notes of who is recorded: files that their recorders hold locked, which the kernel undoes however these end. */
#include <leastcap/oci_hook.h>

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Root's own, and gone with the next start of the host. */
#define PARENT "/run/leastcap"
#define PLACE  PARENT "/hook"

/* How often it is looked whether a recorder has ended (milliseconds). */
#define LOOK_MS 20

/* How much of what a recorder has said is passed on. */
#define SAID_MAX 4096

/* Opens the notes' directory, which is made if MAKE. A descriptor, or -errno. */
static int open_notes(bool make)
{
	struct stat status;
	int fd;

	if (make && ((mkdir(PARENT, 0700) && errno != EEXIST) || (mkdir(PLACE, 0700) && errno != EEXIST)))
		return -errno;
	fd = open(PLACE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &status) && status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	close(fd);
	return -EPERM;
}

/* Opens the note NAME in NOTES and locks it, if it is to be had at once. A descriptor, or -errno: -EWOULDBLOCK when its recorder lives. */
static int open_locked(int notes, const char *name, int flags)
{
	int fd = openat(notes, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0600), err;

	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Removes from NOTES those whose recorders are gone. */
static void sweep(int notes)
{
	int copy = openat(notes, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	for (struct dirent *entry; stream && (entry = readdir(stream));) {
		int fd = *entry->d_name == '.' ? -1 : open_locked(notes, entry->d_name, 0);

		if (fd < 0)
			continue;
		unlinkat(notes, entry->d_name, 0);
		close(fd);
	}
	if (stream)
		closedir(stream);
	else if (copy >= 0)
		close(copy);
}

int lc_oci_note_make(const char *id)
{
	_cleanup_fd_ int notes = open_notes(true);
	int fd;

	if (notes < 0)
		return notes;
	sweep(notes);
	fd = open_locked(notes, id, O_CREAT | O_TRUNC);
	return fd == -EWOULDBLOCK ? -EEXIST : fd;
}

void lc_oci_note_remove(const char *id)
{
	_cleanup_fd_ int notes = open_notes(false);

	if (notes >= 0)
		unlinkat(notes, id, 0);
}

int lc_oci_note_await(const char *id, int timeout_ms, struct lc_strbuf *said)
{
	_cleanup_fd_ int notes = open_notes(false), fd = -1;
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + timeout_ms;
	char text[SAID_MAX];
	ssize_t n;

	fd = notes < 0 ? -1 : openat(notes, id, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (notes < 0 || fd < 0)
		return errno == ENOENT ? 0 : -errno;
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (lc_clock_ms(CLOCK_MONOTONIC) > ends)
			return -ETIMEDOUT;
		usleep(LOOK_MS * 1000);
	}
	n = pread(fd, text, sizeof(text), 0);
	if (n > 0)
		lc_strbuf_add(said, text, (size_t)n);
	unlinkat(notes, id, 0);
	return 0;
}
