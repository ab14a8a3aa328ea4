/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Set-up and workload: which processes a runtime is still preparing, told by cgroups, mount namespaces and exec. */
#ifndef LEASTCAP_BPF_PHASE_H
#define LEASTCAP_BPF_PHASE_H

#include "bpf/room.h"
#include "bpf/task.h"

static __always_inline bool is_exec(__u16 number)
{
	enum lc_call call = call_of(number);

	return call == LC_CALL_EXECVE || call == LC_CALL_EXECVEAT;
}

/* Whether mount namespace MNTNS is still the one that the process of ENTRY came from, or the host's. */
static __always_inline bool outside(const struct lc_setup *entry, __u32 mntns)
{
	return mntns == entry->outside_mntns || mntns == config_host_mntns;
}

/* The target that CGROUP belongs to; 0 when it is not recorded. */
static __always_inline __u64 target_of(__u64 cgroup)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &cgroup);

	return entry ? entry->target : 0;
}

/* A process of TARGET is in set-up. */
static __always_inline void begin_setup(__u64 target, __u32 tgid, __u32 outside_mntns)
{
	struct lc_setup entry = {.outside_mntns = outside_mntns, .target = target};

	if (!keep(&setup, LC_ROOM_SETUP, bpf_map_lookup_elem(&cgroups, &target), &tgid, &entry))
		__sync_fetch_and_add(&setup_count, 1);
}

static __always_inline void end_setup(__u32 tgid)
{
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);
	__u64 target;

	if (!entry)
		return;
	target = entry->target;
	if (!release(&setup, LC_ROOM_SETUP, bpf_map_lookup_elem(&cgroups, &target), &tgid))
		__sync_fetch_and_add(&setup_count, -1);
}

/*
 * LEADER's thread group has been moved to CGROUP. Somebody in another target doing it is a runtime putting it there. A
 * process that moves itself or its like within one target stays what it was: systemd or a nested engine sorting its own
 * processes. The cgroup that a process moved itself out of is no longer known: it counts as entering only while it is
 * still in the host's mount namespace.
 */
static __always_inline void entered_cgroup(struct task_struct *leader, struct cgroup *cgroup)
{
	struct task_struct *mover = (struct task_struct *)bpf_get_current_task();
	__u64 target = target_of(cgroup_id(false, cgroup));
	__u32 tgid = BPF_CORE_READ(leader, tgid);

	if (!target)
		return;
	if ((__u32)BPF_CORE_READ(mover, tgid) == tgid) {
		if (mount_namespace(leader) == config_host_mntns)
			begin_setup(target, tgid, config_host_mntns);
		return;
	}
	if (target_of(cgroup_id(false, task_cgroup(false, mover))) != target)
		begin_setup(target, tgid, mount_namespace(mover));
}

/* CHILD was forked by PARENT: it inherits setup, and enters it when it was cloned straight into another target. */
static __always_inline void forked(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 child_tgid = BPF_CORE_READ(child, tgid);
	__u64 from, into;

	if (parent_tgid == child_tgid)
		return;
	if (config_follow) {
		__u64 *stand_in = bpf_map_lookup_elem(&followed, &parent_tgid);

		if (stand_in) {
			__u64 same = *stand_in;

			keep(&followed, LC_ROOM_FOLLOWED, bpf_map_lookup_elem(&cgroups, &same), &child_tgid, &same);
		}
		return;
	}
	if (setup_count > 0) {
		struct lc_setup *entry = bpf_map_lookup_elem(&setup, &parent_tgid);

		if (entry) {
			begin_setup(entry->target, child_tgid, entry->outside_mntns);
			return;
		}
	}
	from = cgroup_id(false, task_cgroup(false, parent));
	into = cgroup_id(false, task_cgroup(false, child));
	if (from != into) {
		__u64 target = target_of(into);

		if (target && target_of(from) != target)
			begin_setup(target, child_tgid, mount_namespace(parent));
	}
}

/* The service manager's own go-between (systemd 255 and later): a direct child of process 1 on the host. */
static __always_inline bool is_service_executor(struct task_struct *task, struct linux_binprm *program)
{
	static const char executor[] = "systemd-executor";
	char name[sizeof(executor)] = {};

	if (BPF_CORE_READ(task, real_parent, tgid) != 1)
		return false;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(program, file, f_path.dentry, d_name.name));
	for (__u32 i = 0; i < sizeof(executor); i++) {
		if (name[i] != executor[i])
			return false;
	}
	return true;
}

/* Tells user space who runs now, with what it was granted. */
static __always_inline void report_started(
	struct task_struct *task, __u64 cgroup, struct lc_cgroup *recorded, bool in_host)
{
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	struct lc_event_started *event = NULL;

	if (may_tell(recorded->share == cgroup))
		event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		lose(recorded, LC_ROOM_LIVES, 1);
		return;
	}
	event->type = LC_EVENT_STARTED;
	event->tgid = BPF_CORE_READ(task, tgid);
	event->cgroup = cgroup;
	event->bounding = CAPABILITIES(false, cred, cap_bset);
	event->userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	event->uid = BPF_CORE_READ(cred, euid.val);
	event->gid = BPF_CORE_READ(cred, egid.val);
	event->in_host = in_host;
	event->seccomp = BPF_CORE_READ(task, seccomp.mode);
	event->unused = 0;
	bpf_ringbuf_submit(event, 0);
}

/* TASK, a program that a runtime has started in RECORDED, tells what its target was given: its namespace, its set, its root. */
static __always_inline void meet_target(struct task_struct *task, struct lc_cgroup *recorded)
{
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	__u64 id = recorded->target;
	struct lc_cgroup *target = bpf_map_lookup_elem(&cgroups, &id);

	if (!recorded->userns)
		recorded->userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	if (!target || !(target->flags & LC_CGROUP_NEW))
		return;
	if (!(target->flags & LC_CGROUP_BOUNDED)) {
		target->root = BPF_CORE_READ(task, fs, root.mnt, mnt_sb, s_dev);
		target->flags |= LC_CGROUP_BOUNDED;
	}
	target->bounding |= CAPABILITIES(false, cred, cap_bset);
}

/* TASK has begun to run PROGRAM. */
static __always_inline void executed(struct task_struct *task, struct linux_binprm *program)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	__u64 cgroup = cgroup_id(false, task_cgroup(false, task));
	struct lc_setup *entry;
	struct lc_cgroup *recorded;
	bool in_host;
	__u8 yes = 1;

	if (setup_count <= 0)
		return;
	entry = bpf_map_lookup_elem(&setup, &tgid);
	recorded = bpf_map_lookup_elem(&cgroups, &cgroup);
	if (!entry || !recorded)
		return;
	in_host = outside(entry, mount_namespace(task));
	if (in_host && (!(recorded->flags & LC_CGROUP_HOST) || is_service_executor(task, program)))
		return;
	end_setup(tgid);
	bpf_map_update_elem(&arrived, &tgid, &yes, BPF_ANY);
	meet_target(task, recorded);
	report_started(task, cgroup, recorded, in_host);
}

/*
 * Whether the current task is on its way into TARGET, a container: the kernel moves a process first and tells of it
 * (cgroup_attach_task) a moment later, in which a runtime's process may already ask (runc binds a copy of itself while it is
 * moved). It was made by somebody outside, with whom it still shares the mount namespace, and is not known to have arrived. Not
 * static: verified once.
 */
__noinline int is_arriving(__u64 target)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;

	if (config_follow || mount_namespace(task) != mount_namespace(parent))
		return false;
	if (bpf_map_lookup_elem(&setup, &tgid) || bpf_map_lookup_elem(&arrived, &tgid))
		return false;
	return target_of(cgroup_id(false, task_cgroup(false, parent))) != target;
}

/* The last thread of TGID is gone: it leaves setup. */
static __always_inline void exited(__u32 tgid)
{
	if (setup_count > 0)
		end_setup(tgid);
	if (config_follow) {
		__u64 *stand_in = bpf_map_lookup_elem(&followed, &tgid);
		__u64 id = stand_in ? *stand_in : 0;

		if (id)
			release(&followed, LC_ROOM_FOLLOWED, bpf_map_lookup_elem(&cgroups, &id), &tgid);
	}
}

static const volatile __u8 is_hex_digit[256] = {['0' ... '9'] = 1, ['a' ... 'f'] = 1};

/*
 * Whether CGROUP's own name looks like a container's: 32 hexadecimal digits in a row somewhere, as in
 * docker-<64 digits>.scope or <64 digits>. Without branches, so that the verifier walks the loop once.
 */
static __always_inline bool names_container(struct cgroup *cgroup)
{
	char name[LC_NAME_SIZE] = {};
	__u32 digits = 0; /* bit N: the character N before this one was a digit */
	__u64 found = 0;

	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(cgroup, kn, name));
	for (__u32 i = 0; i < sizeof(name); i++) {
		digits = digits << 1 | is_hex_digit[(__u8)name[i]];
		found |= ((__u64)digits + 1) >> 32;
	}
	return found;
}

/* Whose share a cgroup takes whose PARENT is recorded (NULL: is not), and that the current task makes as ID. */
static __always_inline __u64 share_of_new(const struct lc_cgroup *parent, __u64 id)
{
	__u32 user = bpf_get_current_uid_gid();

	if (parent)
		return parent->share;
	return user ? LC_SHARE_OF_USERS | (user & (LC_USER_SHARES - 1)) : id;
}

/* Records cgroup ID, which is new and below PARENT, on behalf of SHARE (NULL: its own). Whether it is recorded now. */
static __always_inline bool record_cgroup(
	struct cgroup *cgroup, __u64 id, const struct lc_cgroup *parent, struct lc_cgroup *share)
{
	struct lc_cgroup entry = {.target = id, .share = share_of_new(parent, id), .flags = LC_CGROUP_NEW};
	struct lc_cgroup *above;
	long r;

	if (parent && !names_container(cgroup))
		entry.target = parent->target;
	above = entry.target != id ? bpf_map_lookup_elem(&cgroups, &entry.target) : NULL;
	if (above) {
		entry.userns = above->userns;
		entry.flags = above->flags;
	}
	entry.held[LC_ROOM_CGROUPS] = entry.share == id;
	r = keep(&cgroups, LC_ROOM_CGROUPS, share, &id, &entry);
	if (r && r != -EEXIST)
		return false;
	recorded_slots[id & (LC_RECORDED_SLOTS - 1)] = 1;
	return true;
}

/* CGROUP has been made. It is recorded as its parent is, or because every new one is; if user space can be told. */
static __always_inline void made_cgroup(struct cgroup *cgroup, const char *path)
{
	__u64 above = cgroup_id(false, BPF_CORE_READ(cgroup, self.parent, cgroup));
	struct lc_cgroup *parent = bpf_map_lookup_elem(&cgroups, &above), *share;
	__u64 id = cgroup_id(false, cgroup), share_id;
	struct lc_event_cgroup *event = NULL;
	long length;

	if (!config_new_cgroups && !parent)
		return;
	share_id = share_of_new(parent, id);
	share = bpf_map_lookup_elem(&cgroups, &share_id);
	if (may_tell(share_id == id))
		event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		lose(share, LC_ROOM_LIVES, 1);
		return;
	}
	event->type = LC_EVENT_CGROUP;
	event->cgroup = id;
	length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->path_length = length > 0 ? length - 1 : 0;
	if (record_cgroup(cgroup, id, parent, share))
		bpf_ringbuf_submit(event, 0);
	else
		bpf_ringbuf_discard(event, 0);
}

/* CGROUP has been removed: user space collects its counters and forgets it. Where it can't be told, it looks for itself. */
static __always_inline void removed_cgroup(struct cgroup *cgroup)
{
	__u64 id = cgroup_id(false, cgroup);
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &id);
	struct lc_event_cgroup_gone *event;

	if (!entry)
		return;
	event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		entry->flags |= LC_CGROUP_GONE;
		__sync_fetch_and_add(&gone_untold, 1);
		return;
	}
	event->type = LC_EVENT_CGROUP_GONE;
	event->unused = 0;
	event->cgroup = id;
	bpf_ringbuf_submit(event, 0);
}

#endif
