/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths by walking dentries, because these programs can't call d_path. */
#ifndef LEASTCAP_BPF_PATH_H
#define LEASTCAP_BPF_PATH_H

#include "bpf/maps.h"

#define PATH_COMPONENTS 16

/*
 * Writes the components of PATH to OUT (LC_PATH_SIZE bytes), leaf first and each with its NUL, up to TASK's root directory, across
 * mounts; and to *LENGTH how many bytes these are. A path that is too long loses its beginning. *LENGTH lies in the event's memory,
 * because the verifier would follow each of its values through the loop.
 */
static __noinline void take_path(struct task_struct *task, struct path *path, char *out, __u32 *length)
{
	struct dentry *dentry = BPF_CORE_READ(path, dentry);
	struct vfsmount *mount = BPF_CORE_READ(path, mnt);
	struct dentry *root = BPF_CORE_READ(task, fs, root.dentry);
	struct vfsmount *root_mount = BPF_CORE_READ(task, fs, root.mnt);
	struct dentry *parent;

	if (!out || !length)
		return;
	*length = 0;
	for (int i = 0; i < PATH_COMPONENTS; i++) {
		__u32 used = *length;
		long n;

		if (used > LC_PATH_SIZE - LC_NAME_SIZE || (dentry == root && mount == root_mount))
			return;
		if (dentry == BPF_CORE_READ(mount, mnt_root)) {
			struct mount *real = (void *)mount - bpf_core_field_offset(struct mount, mnt);
			struct mount *parent = BPF_CORE_READ(real, mnt_parent);

			if (parent == real || !parent)
				return;
			dentry = BPF_CORE_READ(real, mnt_mountpoint);
			mount = (void *)parent + bpf_core_field_offset(struct mount, mnt);
			continue;
		}
		n = bpf_probe_read_kernel_str(out + used, LC_NAME_SIZE, BPF_CORE_READ(dentry, d_name.name));
		parent = BPF_CORE_READ(dentry, d_parent);
		/* What lies in no directory (a namespace, a socket) is its own parent. It may be called "/", which says nothing. */
		if (n <= 1 || (parent == dentry && out[used] == '/'))
			return;
		*length = used + n;
		if (parent == dentry)
			return;
		dentry = parent;
	}
}

/* The root directory of TASK: its file system's device and its inode number, by which user space knows it again. */
static __always_inline void take_root(struct task_struct *task, __u32 *device, __u64 *inode)
{
	*device = BPF_CORE_READ(task, fs, root.mnt, mnt_sb, s_dev);
	*inode = BPF_CORE_READ(task, fs, root.dentry, d_inode, i_ino);
}

#endif
