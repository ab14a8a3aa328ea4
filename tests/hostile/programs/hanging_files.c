/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Serves files of user 1000 on /m (or argument 2) and, after so many seconds, has the owner of one and the mode of another changed. From then on nothing
 * about them is answered any more: whoever asks waits for ever.
 */
#include "fuse_files.h"

#include <stdbool.h>

#define OWNER 1000

static struct fuse_attr attributes_of(uint64_t inode)
{
	bool is_root = inode == FUSE_ROOT_ID;

	return (struct fuse_attr){
		.ino = inode,
		.nlink = 1,
		.mode = is_root ? S_IFDIR | 0755 : S_IFREG | 0600,
		.uid = is_root ? 0 : OWNER,
		.gid = is_root ? 0 : OWNER,
	};
}

/* Answers one request of the kernel. What is said of a file is not believed longer than the moment. */
static void serve(int fuse)
{
	const struct fuse_in_header *header = (const void *)request;
	struct fuse_attr_out attributes = {
		.attr = attributes_of(header->nodeid),
		.attr_valid = header->nodeid == FUSE_ROOT_ID ? VALID : 0,
	};
	struct fuse_entry_out entry = {.entry_valid = VALID};

	switch (header->opcode) {
	case FUSE_INIT:
		answer_init(fuse);
		break;
	case FUSE_LOOKUP:
		/* "/m/2" has inode number 2. */
		entry.nodeid = (uint64_t)atoi((const char *)(header + 1));
		entry.attr = attributes_of(entry.nodeid);
		answer(fuse, entry.nodeid > FUSE_ROOT_ID ? 0 : -ENOENT, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		answer(fuse, 0, &attributes, sizeof(attributes));
		break;
	case FUSE_SETATTR:
		for (;;)
			pause();
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	default:
		answer(fuse, -ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	const char *directory = argc > 2 ? argv[2] : "/m";
	int fuse = mount_files(directory);
	struct stat status;

	if (!fork()) {
		for (;;) {
			if (read(fuse, request, sizeof(request)) > 0)
				serve(fuse);
		}
	}
	close(fuse);
	if (chdir(directory) || stat(".", &status) || stat("2", &status) || stat("3", &status))
		return 1;
	sleep(argc > 1 ? (unsigned)atoi(argv[1]) : 0);
	if (!fork())
		return chown("2", 1, 1);
	/* chown(2) asks for the file's attributes once more, chmod(2) does not: this is checked before anything is asked for. */
	sleep(1);
	if (!fork())
		return chmod("3", 0644);
	for (;;)
		pause();
}
