/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fails_in_many_ways DIRECTORY: has the set-group-id bit of DIRECTORY/2 set, which FSETID is denied for, by four syscalls, of which each
 * fails with all errors that there are. fails_in_many_ways serve DIRECTORY: serves that file in the background: its mode can't be
 * changed, and the error is the mode.
 */
#include "fuse_files.h"

#include <sys/syscall.h>

/* A file server's errors go as far (fs/fuse/dev.c, fuse_dev_do_write). */
#define ERRORS 511

/* Nobody here is in this group. */
#define GROUP 4242

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

/* Answers one request of the kernel. */
static void serve(int fuse)
{
	const struct fuse_in_header *header = (const void *)request;
	const struct fuse_setattr_in *change = (const void *)(header + 1);
	struct fuse_attr_out attributes = {.attr_valid = VALID, .attr = {.ino = header->nodeid, .nlink = 1}};
	struct fuse_entry_out entry = {.nodeid = 2, .entry_valid = VALID, .attr_valid = VALID};

	entry.attr = (struct fuse_attr){.ino = 2, .nlink = 1, .mode = S_IFREG | 0600, .gid = GROUP};
	if (header->nodeid == FUSE_ROOT_ID)
		attributes.attr.mode = S_IFDIR | 0755;
	else
		attributes.attr = entry.attr;
	switch (header->opcode) {
	case FUSE_INIT:
		answer_init(fuse);
		break;
	case FUSE_LOOKUP:
		answer(fuse, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		answer(fuse, 0, &attributes, sizeof(attributes));
		break;
	case FUSE_SETATTR:
		answer(fuse, -(int)(change->mode & 0777), NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	case FUSE_OPEN:
		answer(fuse, 0, &(struct fuse_open_out){0}, sizeof(struct fuse_open_out));
		break;
	default:
		answer(fuse, -ENOSYS, NULL, 0);
	}
}

static int start_server(const char *directory)
{
	int fuse = mount_files(directory);

	if (fork())
		return 0;
	/* ENODEV: they are not mounted any more. */
	for (;;) {
		if (read(fuse, request, sizeof(request)) > 0)
			serve(fuse);
		else if (errno == ENODEV)
			return 0;
	}
}

int main(int argc, char **argv)
{
	int file;

	if (argc == 3 && !strcmp(argv[1], "serve"))
		return start_server(argv[2]);
	if (argc != 2 || chdir(argv[1]))
		return 2;
	file = open("2", O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return 1;
	for (mode_t error = 1; error <= ERRORS; error++) {
		const mode_t mode = S_ISGID | error;

		if (!syscall(SYS_chmod, "2", mode) || !fchmod(file, mode) ||
			!syscall(SYS_fchmodat, AT_FDCWD, "2", mode) || !syscall(SYS_fchmodat2, AT_FDCWD, "2", mode, 0))
			return 1;
	}
	return 0;
}
