/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this directory share: opening below a root, reading what is safe to read, filling an object. */
#ifndef LEASTCAP_ROOTFS_PRIVATE_H
#define LEASTCAP_ROOTFS_PRIVATE_H

#include <leastcap/rootfs.h>

#include <sys/stat.h>

/* Takes the descriptor out of the variable *FD, which a cleanup attribute would close. */
static inline int lc_take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* lc_rootfs_open with more FLAGS of open(2), beside O_PATH and O_CLOEXEC. */
int lc_rootfs_open_flags(int root, const char *path, int flags);

/*
 * Fills OBJECT (zeroed before) with PATH and what STATUS says, the names from the container's files below ROOT, which NAMES
 * (may be NULL) remembers. 0 or -ENOMEM.
 */
int lc_object_fill(
	struct lc_object *object, int root, const char *path, const struct stat *status, struct lc_names *names);

/*
 * "www-data:adm": the owner's names in the container's /etc/passwd and /etc/group, or the numbers; NAMES (may be NULL) remembers
 * what is there. Caller frees; NULL: no memory.
 */
char *lc_owner_name(int root, uid_t uid, gid_t gid, struct lc_names *names);

/* Reads the SIZE bytes of a security.capability attribute. 0, or -EINVAL when the kernel would not understand them. */
int lc_file_capabilities_parse(const void *attribute, size_t size, struct lc_file_capabilities *capabilities);

#endif
