/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this machine is, as its files tell: cgroup hierarchies, the names of cgroups, processes, mounts. */
#ifndef LEASTCAP_HOST_H
#define LEASTCAP_HOST_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/snapshot.h>

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The cgroup hierarchy that identifies containers here: cgroup v2, or on v1 and hybrid hosts that of a v1 controller. */
struct lc_hierarchy {
	char mode[8];         /* "v1", "v2", "hybrid" */
	char controller[16];  /* the v1 controller ("pids"); "" for v2 */
	int id;               /* hierarchy id, 0 for v2 */
	char mount[PATH_MAX]; /* where it is mounted */
	char root[PATH_MAX];  /* which of its directories is mounted there: "/" unless we are in a container */
	bool outer;           /* we have a cgroup namespace of our own, and what is mounted shows more */
	char own[PATH_MAX];   /* where that begins in the whole; "": it is not outer, or that is not known */
	char beside[16];      /* a v1 controller that is mounted too, although engines use v2 here; "" for none */
};

/*
 * Finds the hierarchy in which engines make their containers' cgroups, as they find it themselves: cgroup v2 where it is mounted at
 * /sys/fs/cgroup; else that of the v1 pids, memory, freezer or devices controller, where one is mounted; else cgroup v2. (From
 * /proc/self/cgroup and /proc/self/mountinfo, see cgroups(7).) 0, -ENOENT when there is none, or -errno: HIERARCHY is then unchanged.
 */
int lc_hierarchy_find(struct lc_hierarchy *hierarchy);

/*
 * Finds the hierarchy of the cgroup whose directory is PATH, which may be another than that of lc_hierarchy_find. The cgroup's path in the
 * hierarchy goes to CGROUP (SIZE bytes). 0, -ENOENT when there is no such directory, -ENOTDIR when it is no cgroup, or -errno: both are then
 * unchanged.
 */
int lc_hierarchy_at(const char *path, struct lc_hierarchy *hierarchy, char *cgroup, size_t size);

/* The part of PATH, a cgroup's in HIERARCHY, below the mount point. NULL when the cgroup lies outside of what is mounted. */
const char *lc_hierarchy_below(const struct lc_hierarchy *hierarchy, const char *path);

/* The kernel's id of the cgroup whose directory is DIRECTORY (the inode number, kernfs), to *ID. 0, or -errno: *ID is then unchanged. */
int lc_cgroup_id(const char *directory, uint64_t *id);

/* The kernel tells paths of new cgroups up to this length, and no more (include/trace/events/cgroup.h). */
#define LC_TOLD_PATH 1023

/*
 * Puts into PATH (PATH_MAX bytes) the path of the new cgroup ID of HIERARCHY, which the kernel told as TOLD. 0, or -ENAMETOOLONG when TOLD may
 * be cut and the rest can't be found: PATH is then TOLD without its last component.
 */
int lc_cgroup_whole_path(const struct lc_hierarchy *hierarchy, uint64_t id, const char *told, char *path);

/* A cgroup that a walk comes by. */
struct lc_existing_cgroup {
	uint64_t id;
	uint64_t parent;  /* its id; 0 at the top */
	const char *path; /* in the hierarchy; may be longer than PATH_MAX */
	uid_t maker; /* the owner of the outermost cgroup above it that is not root's, who can have made it; 0: none */
	int directory; /* open for reading; the walk's */
};

/* What a walk did not come to. */
struct lc_unwalked {
	size_t beyond; /* cgroups below which some were left out, because they are nested too deep or too many */
	size_t closed; /* cgroups whose directories may not be read; they and all below them were left out */
	char first_closed[256]; /* the path of one, cut to what fits; "" when there is none */
};

/*
 * Calls VISIT for each cgroup below (and including) the mount point. Parents come before their children, and root's cgroups before those
 * below another user's. A constant number of descriptors is open, however deep the cgroups are nested, and each cgroup is opened once, from
 * its parent. Stops at the first nonzero answer and returns it; -errno when the mount point can't be read. UNWALKED is set in each case.
 */
int lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, const struct lc_existing_cgroup *cgroup), void *context,
	struct lc_unwalked *unwalked);

/* Warns LOG (may be NULL) of what is in UNWALKED, if there is anything. */
void lc_unwalked_warn(const struct lc_unwalked *unwalked, const struct lc_log *log);

/*
 * Calls EACH for every process in the cgroup at PATH of HIERARCHY. Stops at the first nonzero answer and returns it. A
 * cgroup that is gone has none; -errno when it can't be read.
 */
int lc_cgroup_each_pid(
	const struct lc_hierarchy *hierarchy, const char *path, int (*each)(void *context, pid_t pid), void *context);

/* The same for the cgroup whose directory is open as DIRECTORY. */
int lc_cgroup_each_pid_in(int directory, int (*each)(void *context, pid_t pid), void *context);

/*
 * Opens the directory of the cgroup at PATH, of any length, of HIERARCHY, for the caller to close. No links are followed. A descriptor;
 * -ENOENT when it is gone or lies outside of what is mounted, or -errno.
 */
int lc_cgroup_open(const struct lc_hierarchy *hierarchy, const char *path);

/* Whether the cgroup at PATH of HIERARCHY has processes of its own. Those in a pid namespace that we can't see into count too. */
bool lc_cgroup_is_populated(const struct lc_hierarchy *hierarchy, const char *path);

/* The same for the cgroup whose directory is open as DIRECTORY. */
bool lc_cgroup_is_populated_in(int directory);

/* The path of process PID's cgroup in HIERARCHY, to PATH (SIZE bytes). 0, or -errno, and PATH may be changed. */
int lc_cgroup_of_pid(const struct lc_hierarchy *hierarchy, pid_t pid, char *path, size_t size);

/* What a cgroup's path alone tells. */
struct lc_cgroup_name {
	enum lc_target_kind kind; /* LC_TARGET_CONTAINER, _SERVICE or _CGROUP */
	const char *engine;       /* "docker", "podman", "containerd", "cri-o", "lxc", "nspawn"; NULL: not told */
	char id[256];             /* container id (64 hex digits), or machine name; "" for the other kinds */
	size_t target_length;     /* how many bytes of the path name the target: the rest lies inside it */
	size_t outer_length;      /* how many bytes name the container that this one lies in; 0 for none */
};

/*
 * Reads a cgroup PATH ("/docker/0123…", "/system.slice/docker-0123….scope/init.scope", "/kubepods.slice/…"): the innermost
 * component that is a container counts; without one, the innermost systemd .service; else the whole path is a plain cgroup. Components
 * below a container or service belong to it.
 */
void lc_cgroup_name_parse(const char *path, struct lc_cgroup_name *name);

/* What /proc/PID tells about a process. */
struct lc_process {
	struct lc_init init; /* its UNREAD is NULL */
	uint32_t uid;        /* effective, as our user namespace numbers it */
	uint32_t gid;
	uint32_t userns;  /* inode number of its user namespace; 0 when we may not know */
	int userns_depth; /* how deep that lies below ours; 1 where no more is known than that it is another one */
	pid_t parent;
	int depth;        /* how deep its pid namespace lies below ours */
	pid_t inner;      /* its number in its own pid namespace */
	uint64_t started; /* clock ticks since the machine started; UINT64_MAX when that can't be told */
	bool forked;      /* it has run no program since it was forked */
	uint64_t handled; /* 1 << (NUMBER - 1) of each signal that it has a handler for */
};

/* Reads process PID. 0, or -errno, and PROCESS is unchanged: -ESRCH when it is gone, -EPROTO when /proc tells no sets. */
int lc_process_read(pid_t pid, struct lc_process *process);

/*
 * What a security module calls process PID (/proc/PID/attr/current: "docker-default (enforce)"), hostile, to *LABEL (caller frees). 0, -EINVAL
 * where no module calls processes anything, or -errno: -ESRCH when the process is gone. *LABEL is then unchanged.
 */
int lc_process_label(pid_t pid, char **label);

/*
 * Fills TARGET's granted (bounding set), user ("uid:gid", effective) and label where they are unknown, and its seccomp, from process PID. 0, -ESRCH
 * when the process is gone, or -errno: TARGET is then unchanged.
 */
int lc_process_fill(struct lc_target *target, pid_t pid);

/* The name of process PID, hostile and without its line break, to COMM (SIZE bytes). False (COMM is unchanged) when it can't be read. */
bool lc_process_comm(pid_t pid, char *comm, size_t size);

/* When (nanoseconds since 1970, by the clock as it is now) process PID was started; 0 when that can't be told. */
int64_t lc_process_born(pid_t pid);

/* The parent of process PID; 0 when it has none that we see, or is gone. */
pid_t lc_process_parent(pid_t pid);

/* The supplementary groups of process PID, to *GROUPS (caller frees) and *N. 0, or -errno, and they are unchanged: -ESRCH when it is gone. */
int lc_process_groups(pid_t pid, gid_t **groups, size_t *n);

/*
 * The inode number of a namespace of process PID (0: we ourselves), TYPE being its name in /proc/PID/ns, to *INODE. 0, or -errno, and
 * *INODE is unchanged: -ESRCH when the process is gone.
 */
int lc_process_namespace(pid_t pid, const char *type, uint32_t *inode);

/* Namespaces of a process, by their inode numbers. */
struct lc_namespaces {
	uint32_t userns;
	int userns_depth; /* how deep that lies below our own */
	uint32_t pidns;
};

/* Reads those of process PID. 0, or -errno, and NAMESPACES are unchanged: -ESRCH when it is gone, -EACCES when we may not know. */
int lc_process_namespaces(pid_t pid, struct lc_namespaces *namespaces);

/*
 * Fills TARGET's init too, from its first process PID. As lc_process_fill.
 */
int lc_process_fill_init(struct lc_target *target, pid_t pid);

/* What a line of mountinfo says of a mount. The strings lie in the line, without escapes. */
struct lc_mount {
	uint64_t id;     /* as statx(2) tells it */
	uint32_t device; /* of the file system, as the kernel numbers devices: lc_device */
	char *root;      /* which directory of the file system is mounted */
	char *point;     /* where */
	char *type;      /* of the file system */
	char *options;   /* the file system's own: for cgroup v1 its controllers */
	bool read_only;  /* the mount, or the whole file system */
};

/* The kernel's number of a device, which has 20 bits for the minor one (include/linux/kdev_t.h, MINORBITS). */
static inline uint32_t lc_device(uint32_t major, uint32_t minor)
{
	return major << 20 | minor;
}

/* The major number of DEVICE, numbered so. */
static inline uint32_t lc_device_major(uint32_t device)
{
	return device >> 20;
}

/* Takes LINE of mountinfo (proc_pid_mountinfo(5)), which is changed, apart. 0, or -EINVAL when it is none: MOUNT is then unchanged. */
int lc_mount_line_parse(char *line, struct lc_mount *mount);

/*
 * Calls EACH for every mount that process PID (0: we ourselves) sees, in the order in which they were made. Stops at the first nonzero
 * answer and returns it. 0, or -errno when the mounts can't be read.
 */
int lc_mounts_each(pid_t pid, int (*each)(void *context, const struct lc_mount *mount), void *context);

/*
 * Reads the executable mappings of SNAPSHOT's process as they are now, to *MAPPINGS (lc_mappings_free) and *N. The process has to run the
 * same program as in SNAPSHOT, with code at the same place. 0; -ESTALE when it is gone or runs something else, or -errno: both are then
 * unchanged.
 */
int lc_mappings_of_snapshot(const struct lc_snapshot *snapshot, struct lc_mapping **mappings, size_t *n);

/*
 * Reads the executable mappings of process PID (/proc/PID/maps) to *MAPPINGS (lc_mappings_free) and *N. 0, or -errno: both are then unchanged.
 */
int lc_mappings_of_pid(pid_t pid, struct lc_mapping **mappings, size_t *n);

/* Frees the N MAPPINGS, which may be NULL when N is 0. */
void lc_mappings_free(struct lc_mapping *mappings, size_t n);

#endif
