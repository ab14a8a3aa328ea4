/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container's files, seen from outside. No path leads out of the root, and only names, owners, modes and attributes are read. */
#ifndef LEASTCAP_ROOTFS_H
#define LEASTCAP_ROOTFS_H

#include <leastcap/check.h>
#include <leastcap/snapshot.h>
#include <leastcap/syscalls.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Opens the root directory of process PID (O_PATH), if it is ROOT. The process may have changed its root, or another process may have the number
 * by now (pidfd_open(2)). A descriptor (the caller closes it); -ESRCH when the process is gone, -ESTALE when its root is another, or -errno.
 */
int lc_rootfs_of_pid(pid_t pid, const struct lc_root *root);

/*
 * Opens a mount of ROOT's whole file system in our own mount namespace, if the file system begins at ROOT. An engine keeps a container's root
 * mounted there a moment longer than its processes live. Where a process had changed its root to a directory further below nothing is found,
 * even where that is in the host's own file system. A descriptor (the caller closes it); -ENOENT when there is no such mount, or -errno.
 */
int lc_rootfs_mounted(const struct lc_root *root);

/* Remembers what /etc/passwd and /etc/group of containers said, so that nothing is parsed twice. */
struct lc_names;

/* Makes an empty memory, which the caller frees with lc_names_free. NULL when out of memory. */
struct lc_names *lc_names_new(void);

/* Frees NAMES, which may be NULL. */
void lc_names_free(struct lc_names *names);

/*
 * Opens PATH (absolute) below ROOT with O_PATH; symbolic links are followed as a process with that root would, magic
 * links are not. A descriptor (the caller closes it) or -errno.
 */
int lc_rootfs_open(int root, const char *path);

/*
 * Opens for reading the file FD (O_PATH), if that can neither block nor change anything. It has to be a regular file that is not empty, and not
 * the kernel's own, because /proc/kmsg calls itself regular. A descriptor (the caller closes it), -EINVAL when it is something else, or -errno.
 */
int lc_rootfs_reopen(int fd);

/* What security.capability of a file says (struct vfs_cap_data, include/uapi/linux/capability.h). */
struct lc_file_capabilities {
	uint64_t permitted;
	uint64_t inheritable;
	bool effective; /* execve makes PERMITTED effective, or fails with EPERM: capabilities(7) */
};

/*
 * Reads the file capabilities of FD (may be O_PATH). A file on a file system that is mounted nosuid has none. 0, -ENODATA when it has
 * none, -EINVAL when they are not understood, or -errno: CAPABILITIES is then unchanged.
 */
int lc_file_capabilities(int fd, struct lc_file_capabilities *capabilities);

/*
 * Opens (O_PATH) the program that execve of PATH below ROOT runs in the end: PATH itself, or the interpreter that the first line of a script
 * names (up to 4 deep, fs/exec.c). *NAME (caller frees) becomes its path. A descriptor (the caller closes it), or -errno: *NAME is then
 * unchanged.
 */
int lc_rootfs_open_program(int root, const char *path, char **name);

/*
 * Opens (O_PATH) the program at PATH below ROOT that process PID began to run. Its inode was number INODE then, changed last at CHANGED
 * (nanoseconds since 1970). It is found by its name, or as what the process still runs. A descriptor (the caller closes it), -ESTALE when it
 * is another file now or may carry other capabilities than then, or -errno.
 */
int lc_rootfs_open_running(int root, const char *path, pid_t pid, uint64_t inode, int64_t changed);

/* Whether the file FD (O_PATH will do) was changed after TIME (nanoseconds since 1970), or that can't be told. */
bool lc_rootfs_changed_since(int fd, int64_t time);

/* Who asks for access. */
struct lc_caller {
	uint32_t uid;
	uint32_t gid;
	const gid_t *groups; /* supplementary ones; may be NULL */
	size_t n_groups;
};

/* A file that somebody wants to use. */
struct lc_wanted_file {
	const char *path; /* absolute, below a container's root */
	const struct lc_caller *caller;
	enum lc_access access;
};

/*
 * Finds what refuses the use of the WANTED file below ROOT by owner and mode alone (path_resolution(7)): the first directory that the caller can't
 * search, or the file itself. Fills OBJECT (zeroed before). Owners are named as in the container's own /etc/passwd and /etc/group where these
 * are plain files; NAMES (may be NULL) remembers them. 0; -ENOENT when nothing refuses or the file does not exist, or -errno: OBJECT is then
 * unchanged.
 */
int lc_rootfs_find_refusing(
	int root, const struct lc_wanted_file *wanted, struct lc_names *names, struct lc_object *object);

/* Fills OBJECT (zeroed before) with PATH itself, a symbolic link followed if FOLLOW; NAMES as above. 0, or -errno: OBJECT is then unchanged. */
int lc_rootfs_describe(int root, const char *path, bool follow, struct lc_names *names, struct lc_object *object);

#define LC_SPECIAL_DEVICES 256

/* A device that a container's /dev has. */
struct lc_special_device {
	bool block;
	uint32_t major, minor;
	char path[64]; /* cut to what fits; hostile */
};

/* What a container's files give to whoever uses them. */
struct lc_special_files {
	uint32_t n_programs; /* that change their user, or have file capabilities, where programs usually are */
	char program[64];    /* one of them, cut to what fits; hostile */
	uint32_t n_devices;
	struct lc_special_device devices[LC_SPECIAL_DEVICES];
};

/* Finds them below ROOT. A file system there may be one that never answers. FOUND need not be zeroed. */
void lc_rootfs_find_special(int root, struct lc_special_files *found);

#endif
