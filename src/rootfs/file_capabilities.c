/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the capabilities that a file carries, as get_vfs_caps_from_disk in security/commoncap.c does. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/capset.h>

#include <endian.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

/* The layouts of struct vfs_cap_data: how many pairs of 32-bit words, and how long it all is. */
static const struct revision {
	uint32_t number;
	size_t pairs;
	size_t size;
} revisions[] = {
	{VFS_CAP_REVISION_1, VFS_CAP_U32_1, XATTR_CAPS_SZ_1},
	{VFS_CAP_REVISION_2, VFS_CAP_U32_2, XATTR_CAPS_SZ_2},
	/* Behind it stands the uid of the root of the user namespace that the capabilities are for. It is ignored. */
	{VFS_CAP_REVISION_3, VFS_CAP_U32_3, XATTR_CAPS_SZ_3},
};

static const struct revision *find_revision(uint32_t number)
{
	size_t i;

	for (i = 0; i < sizeof(revisions) / sizeof(revisions[0]); i++) {
		if (revisions[i].number == number)
			return &revisions[i];
	}
	return NULL;
}

int lc_file_capabilities_parse(const void *attribute, size_t size, struct lc_file_capabilities *capabilities)
{
	const struct revision *revision;
	struct vfs_ns_cap_data data = {0};
	uint32_t magic;
	size_t i;

	if (size < sizeof(data.magic_etc) || size > sizeof(data))
		return -EINVAL;
	memcpy(&data, attribute, size);
	magic = le32toh(data.magic_etc);
	revision = find_revision(magic & VFS_CAP_REVISION_MASK);
	if (!revision || size != revision->size)
		return -EINVAL;
	*capabilities = (struct lc_file_capabilities){.effective = magic & VFS_CAP_FLAGS_EFFECTIVE};
	for (i = 0; i < revision->pairs; i++) {
		capabilities->permitted |= (uint64_t)le32toh(data.data[i].permitted) << (32 * i);
		capabilities->inheritable |= (uint64_t)le32toh(data.data[i].inheritable) << (32 * i);
	}
	/* The kernel ignores bits that it has no capability for. */
	capabilities->permitted &= lc_cap_all();
	capabilities->inheritable &= lc_cap_all();
	return 0;
}

/* Reads the attribute of FD into BUFFER. Its size, -ENODATA when there is none, or -errno. */
static ssize_t read_attribute(int fd, void *buffer, size_t size)
{
	char path[32];
	ssize_t length;

	/* An O_PATH descriptor refuses fgetxattr. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = getxattr(path, "security.capability", buffer, size);
	if (length >= 0)
		return length;
	switch (errno) {
	case ENOTSUP: /* a file system without attributes */
		return -ENODATA;
	case ERANGE: /* longer than any layout */
		return -EINVAL;
	default:
		return -errno;
	}
}

int lc_file_capabilities(int fd, struct lc_file_capabilities *capabilities)
{
	struct vfs_ns_cap_data data;
	struct statvfs file_system;
	ssize_t length;

	if (fstatvfs(fd, &file_system) < 0)
		return -errno;
	if (file_system.f_flag & ST_NOSUID)
		return -ENODATA;
	length = read_attribute(fd, &data, sizeof(data));
	if (length < 0)
		return (int)length;
	return lc_file_capabilities_parse(&data, (size_t)length, capabilities);
}
