/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the servers of files here share: the mount, and answers. FUSE as in include/uapi/linux/fuse.h, without a library. */
#ifndef LEASTCAP_TESTS_FUSE_FILES_H
#define LEASTCAP_TESTS_FUSE_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is known is believed for so many seconds. */
#define VALID 3600

/* What the kernel asks. */
static _Alignas(8) char request[1 << 17];

/* Answers REQUEST on FUSE with SIZE bytes of BODY (NULL where there are none), or with ERROR (-errno). Ends the program when the files are gone. */
static inline void answer(int fuse, int error, const void *body, size_t size)
{
	const struct fuse_in_header *header = (const void *)request;
	struct fuse_out_header *out;
	char message[512];

	out = (void *)message;
	*out = (struct fuse_out_header){(uint32_t)(sizeof(*out) + size), error, header->unique};
	if (size)
		memcpy(message + sizeof(*out), body, size);
	if (write(fuse, message, out->len) < 0 && errno == ENODEV)
		exit(0);
}

/* Answers the first request. */
static inline void answer_init(int fuse)
{
	const struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};

	answer(fuse, 0, &init, sizeof(init));
}

/* Mounts files at DIRECTORY, made if it is not there, whose modes and owners the kernel goes by. Where to serve them; ends the program if it can't. */
static inline int mount_files(const char *directory)
{
	char options[128];
	int fuse = open("/dev/fuse", O_RDWR);

	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=0,group_id=0,default_permissions,allow_other",
		fuse);
	if (fuse < 0 || (mkdir(directory, 0755) && errno != EEXIST) || mount("files", directory, "fuse", 0, options)) {
		perror(directory);
		exit(1);
	}
	return fuse;
}

#endif
