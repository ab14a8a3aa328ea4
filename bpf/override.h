/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether a credential that a task works with, and that is not its own, is one that its target can have made. */
#ifndef LEASTCAP_BPF_OVERRIDE_H
#define LEASTCAP_BPF_OVERRIDE_H

#include "bpf/room.h"
#include "bpf/task.h"

/*
 * For some work the kernel uses another credential than the task's own: for overlayfs (its mounter's), for io_uring (whoever
 * submitted, or registered a personality), for files of NFS and cachefiles, for access(2). It is the target's own doing if somebody
 * in it can have made that credential: if it lies in the target's user namespace or below, and within the target's bounding set.
 * The credential of the engine, which mounted the container's root, has more than most containers. If a container has as much, the
 * engine's credential is known by the superblock of the container's root, which keeps the one that it was mounted with
 * (fs/overlayfs/super.c, creator_cred).
 */

/* What a credential and its copies have in common. */
struct lc_origin {
	struct user_namespace *user_ns;
	void *session_keyring;
	void *group_info;
	__u64 permitted;
	__u64 bounding;
};

static __always_inline void read_origin(bool direct, struct cred *cred, struct lc_origin *origin)
{
	origin->user_ns = LOAD(direct, cred, user_ns);
	origin->session_keyring = LOAD(direct, cred, session_keyring);
	origin->group_info = LOAD(direct, cred, group_info);
	origin->permitted = CAPABILITIES(direct, cred, cap_permitted);
	origin->bounding = CAPABILITIES(direct, cred, cap_bset);
}

static __always_inline bool is_same_origin(const struct lc_origin *a, const struct lc_origin *b)
{
	return a->user_ns == b->user_ns && a->session_keyring == b->session_keyring && a->group_info == b->group_info &&
	       a->permitted == b->permitted && a->bounding == b->bounding;
}

/* How many levels above NS the user namespace with inode number INUM is; -1 when it is not there. */
static __always_inline int levels_above(struct user_namespace *ns, __u32 inum)
{
	for (int depth = 0; depth < USER_NAMESPACES && ns; depth++) {
		if (BPF_CORE_READ(ns, ns.inum) == inum)
			return depth;
		ns = BPF_CORE_READ(ns, parent);
	}
	return -1;
}

/* How many words of a file system's own part of a superblock are searched. overlayfs's credential is among the first twenty. */
#define SUPERBLOCK_WORDS 32

/* include/uapi/linux/magic.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630

/* Whether the credentials at A and B are one, or copies of one. Not static: see bpf/maps.h. */
__noinline int is_copy(__u64 a, __u64 b)
{
	struct lc_origin left = {}, right = {};

	read_origin(false, (struct cred *)a, &left);
	read_origin(false, (struct cred *)b, &right);
	return is_same_origin(&left, &right);
}

/* Whether the file system at SUPERBLOCK keeps the credential CRED, or one that it is a copy of. */
__noinline int keeps_credential(__u64 superblock, __u64 cred)
{
	struct super_block *from = (struct super_block *)superblock;
	__u64 kept = (__u64)BPF_CORE_READ(from, s_fs_info);
	struct user_namespace *user_ns = LOAD(false, (struct cred *)cred, user_ns);

	if (BPF_CORE_READ(from, s_magic) != OVERLAYFS_SUPER_MAGIC)
		return false;
	for (int i = 0; i < SUPERBLOCK_WORDS; i++) {
		struct cred *word = NULL;

		bpf_probe_read_kernel(&word, sizeof(word), (void *)(kept + i * sizeof(word)));
		if (word && LOAD(false, word, user_ns) == user_ns && is_copy((__u64)word, cred))
			return true;
	}
	return false;
}

/*
 * Whether SUPERBLOCK is the engine's: the target's first program had its root there, on device ROOT. If that is not known (0),
 * because the target was running before us, it is the engine's if the host sees it: the host does not see what somebody in a
 * container mounts.
 */
static __always_inline bool is_engines(struct super_block *superblock, __u32 root)
{
	__u32 device = BPF_CORE_READ(superblock, s_dev);

	if (root)
		return device == root;
	return bpf_map_lookup_elem(&host_overlays, &device);
}

/* Whether CRED has mounted the target's root, on device ROOT: TASK's own root, or that of its mount namespace. */
static __always_inline bool mounted_root(struct task_struct *task, __u32 root, __u64 cred)
{
	struct super_block *own = BPF_CORE_READ(task, fs, root.mnt, mnt_sb);
	struct super_block *top = BPF_CORE_READ(task, nsproxy, mnt_ns, root, mnt.mnt_sb);

	if (is_engines(own, root) && keeps_credential((__u64)own, cred))
		return true;
	return top != own && is_engines(top, root) && keeps_credential((__u64)top, cred);
}

/* The target's first program has not started yet: the answer may change. */
#define FOREIGN_SO_FAR 2

/* Whether nobody in target ID can have made the credential NUMBER, which the current task works with instead of its own. */
__noinline int is_foreign_to(__u64 id, __u64 number)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cred *cred = (struct cred *)number, *real = (struct cred *)BPF_CORE_READ(task, real_cred);
	struct lc_cgroup *target = bpf_map_lookup_elem(&cgroups, &id);
	__u32 userns;
	int above;

	if (!target)
		return true;
	if (target->flags & LC_CGROUP_NEW && !(target->flags & LC_CGROUP_BOUNDED))
		return FOREIGN_SO_FAR;
	userns = target->userns ? target->userns : BPF_CORE_READ(real, user_ns, ns.inum);
	above = levels_above(BPF_CORE_READ(cred, user_ns), userns);
	/* Whatever lies in a user namespace that was made in the target was made there. */
	if (above)
		return above < 0;
	if (target->flags & LC_CGROUP_BOUNDED && CAPABILITIES(false, cred, cap_bset) & ~target->bounding)
		return true;
	/* A command shares the host's mounts, whoever made them. Those are mostly services, which have keyrings of their own. */
	if (target->flags & LC_CGROUP_HOST &&
		BPF_CORE_READ(cred, session_keyring) != BPF_CORE_READ(real, session_keyring))
		return true;
	return mounted_root(task, target->root, number);
}

/*
 * The lower half of POINTER as a number. Verifiers forbid arithmetic with pointers that they know, but for a 32-bit subtraction,
 * whose result they take for a number.
 */
static __always_inline __u64 low_half(const void *pointer)
{
	__u32 nothing = 0;

	barrier_var(nothing);
	return (__u32)(__u64)pointer - nothing;
}

/*
 * The facts of the credential NUMBER, which the current task, counted under CGROUP, uses instead of its own. LC_FACT_OVERRIDDEN:
 * nobody in its target can have made it. With LC_FACT_OUTER: somebody in the target around that can (an engine in a container,
 * which mounts the roots of its own). With SO_FAR: the answer may change.
 */
#define SO_FAR 0x100
__noinline int judge_credential(__u64 number, __u64 cgroup)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &cgroup), *around;
	int facts = LC_FACT_OVERRIDDEN, foreign;
	__u64 target, outer;

	if (!entry)
		return facts;
	target = entry->target;
	around = share_of(entry);
	outer = around ? around->target : 0;
	foreign = is_foreign_to(target, number);
	if (!foreign)
		return 0;
	if (foreign == FOREIGN_SO_FAR)
		facts |= SO_FAR;
	if (!outer || outer == target)
		return facts;
	foreign = is_foreign_to(outer, number);
	if (foreign == FOREIGN_SO_FAR)
		facts |= SO_FAR;
	return foreign ? facts : facts | LC_FACT_OUTER;
}

/* A step of a hash: its high bits become low ones. */
static __always_inline __u64 mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

/*
 * As judge_credential; 0 if the credential is a copy of the task's own, which access(2) puts in its place (fs/open.c,
 * access_override_creds). The answer is kept, because each operation on an overlay asks. It depends on what is hashed here, and
 * stands in the lowest two bits of a word that has the hash in all others. CAST (a compile-time constant): as for word_at.
 */
static __always_inline int remembered_facts(bool cast, __u64 number, __u64 cgroup)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cred *cred = (struct cred *)number, *real = (struct cred *)BPF_CORE_READ(task, real_cred);
	struct lc_origin origin, own;
	__u64 hash = cgroup, *place, known;

	if (cast) {
		cred = bpf_rdonly_cast(cred, bpf_core_type_id_kernel(struct cred));
		real = bpf_rdonly_cast(real, bpf_core_type_id_kernel(struct cred));
	}
	read_origin(cast, cred, &origin);
	read_origin(cast, real, &own);
	if (is_same_origin(&origin, &own))
		return 0;
	hash = mix(hash, low_half(origin.user_ns) | low_half(origin.session_keyring) << 32);
	hash = mix(hash, low_half(origin.group_info) | low_half(own.session_keyring) << 32);
	hash = mix(hash, origin.permitted);
	hash = mix(hash, origin.bounding) & ~3ULL;
	place = &overrides[hash >> 2 & (OVERRIDES - 1)];
	known = *place;
	if ((known & ~3ULL) != hash) {
		int facts = judge_credential(number, cgroup);

		if (facts & SO_FAR)
			return facts & ~SO_FAR;
		known = hash | (facts & LC_FACT_OVERRIDDEN ? 1 : 0) | (facts & LC_FACT_OUTER ? 2 : 0);
		*place = known;
	}
	return (known & 1 ? LC_FACT_OVERRIDDEN : 0) | (known & 2 ? LC_FACT_OUTER : 0);
}

/*
 * As remembered_facts. Not static: see bpf/maps.h. Without types of the kernel's own it must not name bpf_rdonly_cast, because libbpf
 * looks a kernel function up in those, and refuses the whole object if there are none.
 */
__noinline int facts_by_cast(__u64 cred, __u64 cgroup)
{
	return remembered_facts(TYPED, cred, cgroup);
}

__noinline int facts_by_copy(__u64 cred, __u64 cgroup)
{
	return remembered_facts(false, cred, cgroup);
}

/* The facts of CRED, which the current task, whose own is REAL, uses in CGROUP; 0 if it is its own. */
static __always_inline __u8 override_facts(bool cast, const struct cred *real, const struct cred *cred, __u64 cgroup)
{
	__u8 facts = 0;

	if (real != cred)
		facts = cast ? facts_by_cast(as_number(cred), cgroup) : facts_by_copy(as_number(cred), cgroup);
	return forgotten(facts, cgroup);
}

#endif
