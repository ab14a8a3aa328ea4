/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Set-up and workload: which processes a runtime is still preparing, told by cgroups, mount namespaces and exec. The states of a
 * process (a thread group), and the functions that lead from one to the next:
 *
 *                              elsewhere
 *                                │    │
 *     put into a target's cgroup │    │ forked by a process of the target,
 *     by somebody outside of it: │    │ or put there by one: settle
 *     begin_setup                ▼    ▼
 *                     ┌──▶ in set-up ──▶ workload ◀──▶ strayed
 *     forked in time: │      │        │             │
 *     inherit_setup   └──────┘        │             └ moved out of the target's cgroup: strayed; back: placed
 *                                     └ its first program in the target (executed), or LC_SETUP_LIMIT is over
 *                                       (prepared_for): end_setup
 *
 * From each of them exit leads back to elsewhere (exited). A process in set-up has an entry in the map setup, which names one in
 * arrivals, made for all that came by one move. A process that belongs to a target has an entry in homes. If all of an arrival have
 * left set-up and none has run a program in its target, user space is told (tell_stayed), because what they asked for was the workload's.
 */
#ifndef LEASTCAP_BPF_PHASE_H
#define LEASTCAP_BPF_PHASE_H

#include "bpf/room.h"
#include "bpf/task.h"

/* Whether mount namespace MNTNS is still the one that the processes of ARRIVAL came from, or the host's. */
static __always_inline bool outside(const struct lc_arrival *arrival, __u32 mntns)
{
	return mntns == arrival->outside_mntns || mntns == config_host_mntns;
}

/* The target that CGROUP belongs to; 0 when it is not recorded. */
static __always_inline __u64 target_of(__u64 cgroup)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &cgroup);

	return entry ? entry->target : 0;
}

/* Whether TARGET is OUTER or lies in it. Not static: see bpf/maps.h. */
__noinline int is_within(__u64 target, __u64 outer)
{
	for (int i = 0; i < LC_NESTING; i++) {
		struct lc_cgroup *entry;

		if (target == outer)
			return true;
		entry = bpf_map_lookup_elem(&cgroups, &target);
		if (!entry || !entry->outer)
			return false;
		target = entry->outer;
	}
	return false;
}

/* Tells user space that nobody of ARRIVAL, to which thread group TGID belongs, has run a program in its target. */
static __noinline void tell_stayed(const struct lc_arrival *arrival, __u32 tgid)
{
	struct lc_event_stayed *event = NULL;

	if (!arrival)
		return;
	if (may_tell(false))
		event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		lose(bpf_map_lookup_elem(&cgroups, &arrival->target), LC_ROOM_LIVES, 1);
		return;
	}
	event->type = LC_EVENT_STAYED;
	event->tgid = tgid;
	event->target = arrival->target;
	event->expired = bpf_ktime_get_ns() > arrival->deadline;
	event->unused = 0;
	for (__u32 i = 0; i < LC_CAPS; i++)
		event->asked[i] = arrival->asked[i];
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
}

/*
 * Begins the set-up of TGID, which somebody in the mount namespace OUTSIDE_MNTNS has put into TARGET. WITHIN: the target whose own
 * work that is; 0: none.
 */
__noinline int begin_setup(__u32 tgid, __u64 target, __u64 within, __u32 outside_mntns)
{
	__u64 now = bpf_ktime_get_ns(), id = LC_ARRIVAL(now, tgid);
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &target);
	struct lc_setup member = {.arrival = id, .share = share_id(entry)};
	struct lc_arrival *arrival;

	if (keep(&arrivals, LC_ROOM_ARRIVALS, entry, &id, (void *)&no_arrival))
		return 0;
	arrival = bpf_map_lookup_elem(&arrivals, &id);
	if (!arrival)
		return 0;
	arrival->target = target;
	arrival->within = within;
	arrival->share = member.share;
	arrival->deadline = now + LC_SETUP_LIMIT;
	arrival->outside_mntns = outside_mntns;
	arrival->members = 1;
	if (keep(&setup, LC_ROOM_SETUP, entry, &tgid, &member))
		release(&arrivals, LC_ROOM_ARRIVALS, member.share, &id);
	else
		__sync_fetch_and_add(&setup_count, 1);
	return 0;
}

/* CHILD, which PARENT has forked, is in set-up if PARENT is and has time left, for a few generations. */
static __always_inline void inherit_setup(__u32 parent, __u32 child)
{
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &parent);
	struct lc_setup member = {};
	struct lc_arrival *arrival;
	struct lc_cgroup *recorded;

	if (!entry || entry->generation >= LC_SETUP_GENERATIONS)
		return;
	member.arrival = entry->arrival;
	member.generation = entry->generation + 1;
	arrival = bpf_map_lookup_elem(&arrivals, &member.arrival);
	if (!arrival || bpf_ktime_get_ns() > arrival->deadline)
		return;
	recorded = bpf_map_lookup_elem(&cgroups, &arrival->target);
	member.share = share_id(recorded);
	__sync_fetch_and_add(&arrival->members, 1);
	if (keep(&setup, LC_ROOM_SETUP, recorded, &child, &member))
		__sync_fetch_and_add(&arrival->members, -1);
	else
		__sync_fetch_and_add(&setup_count, 1);
}

/*
 * Ends the set-up of TGID. PROVEN: it ran a program, or is known to have been about to. If that is proven of nobody in its arrival,
 * all of them were the workload.
 */
__noinline int end_setup(__u32 tgid, __u32 proven)
{
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);
	__u64 id = entry ? entry->arrival : 0, share = entry ? entry->share : 0;
	struct lc_arrival *arrival = entry ? bpf_map_lookup_elem(&arrivals, &id) : NULL;

	if (!entry)
		return 0;
	if (entry->met ? bpf_map_delete_elem(&setup, &tgid) : release(&setup, LC_ROOM_SETUP, share, &tgid))
		return 0;
	__sync_fetch_and_add(&setup_count, -1);
	if (!arrival)
		return 0;
	if (proven)
		arrival->proven = 1;
	__sync_fetch_and_add(&arrival->members, -1);
	if (arrival->members > 0)
		return 0;
	if (!arrival->proven && !arrival->told)
		tell_stayed(arrival, tgid);
	share = arrival->share;
	if (arrival->met)
		bpf_map_delete_elem(&arrivals, &id);
	else
		release(&arrivals, LC_ROOM_ARRIVALS, share, &id);
	return 0;
}

/* prepared_for's answer for a runtime's own work. */
#define LC_NOBODY (~0ULL)

/*
 * For whom the current task works in syscall NUMBER. 0: for the target that it is in. LC_NOBODY: for somebody outside of all
 * targets, who prepares it. Else a target's cgroup: for that, which prepares it. What execve asks inside the target's own mount
 * namespace is the target's, because it is asked with the workload's credentials and decides whether its program may start. After
 * LC_SETUP_LIMIT the task is the workload. CAP, which is being granted to it (LC_CAPS: none is), is noted in case that it runs no
 * program there.
 */
__noinline __u64 prepared_for(__u32 number, __u32 cap)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);
	struct lc_arrival *arrival;
	__u64 id;

	if (!entry)
		return 0;
	id = entry->arrival;
	arrival = bpf_map_lookup_elem(&arrivals, &id);
	if (!arrival)
		return 0;
	if (is_exec(number) && !outside(arrival, mount_namespace(task)))
		return 0;
	if (bpf_ktime_get_ns() > arrival->deadline) {
		if (!arrival->told)
			tell_stayed(arrival, tgid);
		arrival->told = 1;
		end_setup(tgid, false);
		return 0;
	}
	if (cap < LC_CAPS)
		arrival->asked[cap] = 1;
	return arrival->within ?: LC_NOBODY;
}

/* TASK, the current one, was refused a program. If it wanted to run that inside its target, it is proven to be a runtime's all the same. */
static __always_inline void tried_program(struct task_struct *task)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);
	__u64 id = entry ? entry->arrival : 0;
	struct lc_arrival *arrival = entry ? bpf_map_lookup_elem(&arrivals, &id) : NULL;

	if (arrival && !outside(arrival, mount_namespace(task)))
		arrival->proven = 1;
}

/*
 * Tells user space that cgroup ID has been removed, so that it collects the counters. If there is no room for the event, ENTRY is
 * marked, and user space looks for it.
 */
static __always_inline void tell_gone(__u64 id, struct lc_cgroup *entry)
{
	struct lc_event_cgroup_gone *event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);

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

/* TGID belongs nowhere any more. */
__noinline int forget_home(__u32 tgid)
{
	struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);
	struct lc_cgroup *entry;
	__u64 target, share;
	bool strayed;

	if (!home)
		return 0;
	target = home->target;
	strayed = home->strayed;
	share = home->share;
	entry = bpf_map_lookup_elem(&cgroups, &target);
	if (home->met ? bpf_map_delete_elem(&homes, &tgid) : release(&homes, LC_ROOM_HOMES, share, &tgid))
		return 0;
	if (!strayed)
		return 0;
	__sync_fetch_and_add(&stray_slots[tgid & (STRAY_SLOTS - 1)], -1);
	if (!entry)
		return 0;
	__sync_fetch_and_add(&entry->strays, -1);
	if (!entry->strays && entry->flags & LC_CGROUP_REMOVED)
		tell_gone(target, entry);
	return 0;
}

/* TGID belongs to TARGET from now on. STRAYED: it stands elsewhere. */
__noinline int settle(__u32 tgid, __u64 target, __u32 strayed)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &target);
	struct lc_home home = {.target = target, .strayed = strayed, .share = share_id(entry)};

	if (keep(&homes, LC_ROOM_HOMES, entry, &tgid, &home) || !strayed)
		return 0;
	__sync_fetch_and_add(&stray_slots[tgid & (STRAY_SLOTS - 1)], 1);
	if (entry)
		__sync_fetch_and_add(&entry->strays, 1);
	return 0;
}

/* TGID, which belongs to TARGET, was moved elsewhere: to PATH. User space is told of the first ones, and then ever more rarely. */
static __always_inline void strayed(__u32 tgid, __u64 target, const char *path)
{
	struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &target);
	struct lc_event_left *event = NULL;
	__u32 count;
	long length;

	if (!home || !entry || home->strayed)
		return;
	home->strayed = 1;
	__sync_fetch_and_add(&stray_slots[tgid & (STRAY_SLOTS - 1)], 1);
	__sync_fetch_and_add(&entry->strays, 1);
	__sync_fetch_and_add(&entry->left, 1);
	count = entry->left;
	if (count > 16 && count & (count - 1))
		return;
	if (may_tell(false))
		event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		lose(entry, LC_ROOM_LIVES, 1);
		return;
	}
	event->type = LC_EVENT_LEFT;
	event->tgid = tgid;
	event->target = target;
	event->count = count;
	length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->path_length = length > 0 ? length - 1 : 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
}

/* The target that TASK of thread group TGID belongs to; if it belongs to none, that in whose cgroup it is; 0: none. */
static __always_inline __u64 home_of(struct task_struct *task, __u32 tgid)
{
	struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);

	return home ? home->target : target_of(cgroup_id(false, task_cgroup(false, task)));
}

/* Whether TASK, which belongs to HOME (0: nowhere), is one of TARGET's own processes. Then it can't be the runtime that prepares TARGET. */
static __always_inline bool is_inside(struct task_struct *task, __u64 home, __u64 target)
{
	struct lc_cgroup *entry;

	if (home && is_within(home, target))
		return true;
	entry = bpf_map_lookup_elem(&cgroups, &target);
	return entry && entry->pidns && entry->pidns != config_host_pidns && entry->pidns == pid_namespace(task);
}

/*
 * Whether a process that belongs to FROM becomes TARGET's by being moved there. It does if TARGET lies within FROM. A container's
 * process that is moved anywhere else stays the container's, because its processes could put themselves on others' lists otherwise.
 * Processes of the host's own cgroups are a service manager's or an engine's, and become TARGET's.
 */
static __always_inline bool may_pass(__u64 from, __u64 target)
{
	struct lc_cgroup *entry;

	if (is_within(target, from))
		return true;
	entry = bpf_map_lookup_elem(&cgroups, &from);
	return entry && !(entry->flags & LC_CGROUP_STARTED);
}

/* The current task has moved TGID, TASK's thread group, from FROM (0: nowhere) to TARGET. */
static __always_inline void comes(struct task_struct *task, __u32 tgid, __u64 from, __u64 target)
{
	struct task_struct *mover = (struct task_struct *)bpf_get_current_task();
	__u32 mover_tgid = bpf_get_current_pid_tgid() >> 32;
	bool by_itself = mover_tgid == tgid;
	__u64 home = by_itself ? from : home_of(mover, mover_tgid);
	struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);

	if (from)
		forget_home(tgid);
	settle(tgid, target, false);
	if (entry) {
		/* It was in set-up already, and its time goes on. */
		__u64 id = entry->arrival;
		struct lc_arrival *arrival = bpf_map_lookup_elem(&arrivals, &id);

		if (arrival)
			arrival->target = target;
		return;
	}
	if (is_inside(mover, home, target))
		return;
	begin_setup(tgid, target, home && is_within(target, home) ? home : 0,
		mount_namespace(by_itself ? BPF_CORE_READ(task, real_parent) : mover));
}

/*
 * The current task has put TASK, of thread group TGID, into a cgroup of TARGET (0: into one that is not recorded), at PATH. WHOLE:
 * with all its threads.
 */
static __always_inline void placed(struct task_struct *task, __u32 tgid, bool whole, __u64 target, const char *path)
{
	struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);
	__u64 from = home ? home->target : 0;
	bool was_strayed = home && home->strayed;

	/* FROM is not recorded any more. */
	if (from && !bpf_map_lookup_elem(&cgroups, &from)) {
		forget_home(tgid);
		from = 0;
	}
	if (!from && (!target || !whole))
		return;
	if (from && from == target) {
		if (was_strayed && whole) {
			forget_home(tgid);
			settle(tgid, target, false);
		}
		return;
	}
	if (!from || (whole && target && (bpf_map_lookup_elem(&setup, &tgid) || may_pass(from, target))))
		comes(task, tgid, from, target);
	else
		strayed(tgid, from, path);
}

/* TASK has been moved to CGROUP at PATH by the current task; ALL_THREADS: with its thread group. */
static __always_inline void attached(
	struct task_struct *task, bool all_threads, struct cgroup *cgroup, const char *path)
{
	if (config_follow)
		return;
	placed(task, BPF_CORE_READ(task, tgid), all_threads || BPF_CORE_READ(task, signal, live.counter) == 1,
		target_of(cgroup_id(false, cgroup)), path);
}

/* include/linux/sched.h: has run no program since it was forked */
#define PF_FORKNOEXEC 0x40

/* Whether TASK has run no program since PARENT forked it, and is in another pid namespace. */
static __always_inline bool is_forked_apart(struct task_struct *task, struct task_struct *parent)
{
	return BPF_CORE_READ(task, flags) & PF_FORKNOEXEC && pid_namespace(task) != pid_namespace(parent);
}

/*
 * Whether the current task, which belongs nowhere, is on its way into the target in whose cgroup it stands. If so, its set-up
 * begins. The kernel moves a process first and tells of the move (cgroup_attach_task) a moment later. In between a runtime's
 * process may already ask (runc binds a copy of itself). Nor is told what was there when the recording began, until user space meets
 * it. Such a process was made a moment ago by somebody outside. It still shares the mount namespace with him, or has run no program
 * since it was forked into a pid namespace of its own.
 */
__noinline int meet_arriving(void)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	__u32 tgid = bpf_get_current_pid_tgid() >> 32, parent_tgid = BPF_CORE_READ(parent, tgid);
	__u64 target, maker;
	struct lc_cgroup *entry;

	if (config_follow || bpf_map_lookup_elem(&homes, &tgid))
		return false;
	target = target_of(cgroup_id(false, task_cgroup(false, task)));
	entry = target ? bpf_map_lookup_elem(&cgroups, &target) : NULL;
	/* A process whose home found no room belongs nowhere either. */
	if (!entry || entry->flags & LC_CGROUP_HOST || entry->lost[LC_ROOM_HOMES])
		return false;
	if (bpf_ktime_get_ns() - BPF_CORE_READ(task, start_time) > LC_SETUP_LIMIT ||
		(mount_namespace(task) != mount_namespace(parent) && !is_forked_apart(task, parent)))
		return false;
	maker = home_of(parent, parent_tgid);
	if (is_inside(parent, maker, target))
		return false;
	settle(tgid, target, false);
	begin_setup(tgid, target, maker && is_within(target, maker) ? maker : 0, mount_namespace(parent));
	return true;
}

/* PARENT, which is followed, has forked CHILD. */
static __always_inline void follow_child(__u32 parent, __u32 child)
{
	__u64 *stand_in = bpf_map_lookup_elem(&followed, &parent);
	__u64 same;

	if (!stand_in)
		return;
	same = *stand_in;
	keep(&followed, LC_ROOM_FOLLOWED, bpf_map_lookup_elem(&cgroups, &same), &child, &same);
}

/*
 * CHILD was forked by PARENT, the current task. It belongs where PARENT does, and is in set-up if PARENT is. It may have been
 * cloned straight into another cgroup.
 */
static __always_inline void forked(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 child_tgid = BPF_CORE_READ(child, tgid);
	struct cgroup *into = task_cgroup(false, child);
	__u64 from = cgroup_id(false, task_cgroup(false, parent)), into_id = cgroup_id(false, into), target;
	struct lc_home *home;

	if (parent_tgid == child_tgid)
		return;
	if (config_follow) {
		follow_child(parent_tgid, child_tgid);
		return;
	}
	/* Forgets who had this number before, in case that the kernel skipped us at its end. */
	forget_home(child_tgid);
	if (setup_count > 0)
		end_setup(child_tgid, true);
	target = recorded_slots[from & (LC_RECORDED_SLOTS - 1)] ? target_of(from) : 0;
	if (target)
		meet_arriving();
	home = bpf_map_lookup_elem(&homes, &parent_tgid);
	if (home)
		settle(child_tgid, home->target, home->strayed);
	else if (target)
		settle(child_tgid, target, false);
	if (setup_count > 0)
		inherit_setup(parent_tgid, child_tgid);
	if (from != into_id)
		placed(child, child_tgid, true, target_of(into_id), BPF_CORE_READ(into, kn, name));
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

/* Tells user space that a target's first program runs, and what it was granted. */
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
	event->userns_level = BPF_CORE_READ(cred, user_ns, level);
	bpf_ringbuf_submit(event, 0);
}

/* Notes what the target of RECORDED was given, told by TASK, a program that a runtime has started there: its namespaces, its set, its root. */
static __always_inline void meet_target(struct task_struct *task, struct lc_cgroup *recorded, bool in_host)
{
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	__u64 id = recorded->target;
	struct lc_cgroup *target = bpf_map_lookup_elem(&cgroups, &id);

	if (!recorded->userns)
		recorded->userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	if (target && !in_host) {
		target->flags |= LC_CGROUP_STARTED;
		if (!target->pidns)
			target->pidns = pid_namespace(task);
	}
	if (!target || !(target->flags & LC_CGROUP_NEW))
		return;
	if (!(target->flags & LC_CGROUP_BOUNDED)) {
		target->root = BPF_CORE_READ(task, fs, root.mnt, mnt_sb, s_dev);
		target->flags |= LC_CGROUP_BOUNDED;
	}
	target->bounding |= CAPABILITIES(false, cred, cap_bset);
	if (!target->first)
		target->first = BPF_CORE_READ(task, tgid);
}

/* TASK has begun to run PROGRAM. */
static __always_inline void executed(struct task_struct *task, struct linux_binprm *program)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);
	__u64 cgroup = counted_under(false, task), id;
	struct lc_setup *entry = setup_count > 0 ? bpf_map_lookup_elem(&setup, &tgid) : NULL;
	struct lc_arrival *arrival;
	struct lc_cgroup *recorded;
	bool in_host;

	if (!entry)
		return;
	id = entry->arrival;
	arrival = bpf_map_lookup_elem(&arrivals, &id);
	recorded = bpf_map_lookup_elem(&cgroups, &cgroup);
	if (!arrival || !recorded)
		return;
	in_host = outside(arrival, mount_namespace(task));
	if (in_host && (!(recorded->flags & LC_CGROUP_HOST) || is_service_executor(task, program)))
		return;
	end_setup(tgid, true);
	meet_target(task, recorded, in_host);
	report_started(task, cgroup, recorded, in_host);
}

/* The last thread of TGID, TASK, is gone. */
static __always_inline void exited(struct task_struct *task, __u32 tgid)
{
	if (config_follow) {
		__u64 *stand_in = bpf_map_lookup_elem(&followed, &tgid);
		/* The stand-in of a tree is its own share. */
		__u64 id = stand_in ? *stand_in : 0;

		if (id)
			release(&followed, LC_ROOM_FOLLOWED, id, &tgid);
		return;
	}
	if (setup_count > 0) {
		struct lc_setup *entry = bpf_map_lookup_elem(&setup, &tgid);
		__u64 id = entry ? entry->arrival : 0;
		struct lc_arrival *arrival = entry ? bpf_map_lookup_elem(&arrivals, &id) : NULL;

		if (arrival)
			end_setup(tgid, !outside(arrival, mount_namespace(task)));
	}
	forget_home(tgid);
}

static const volatile __u8 is_hex_digit[256] = {['0' ... '9'] = 1, ['a' ... 'f'] = 1};

/*
 * Whether CGROUP's own name looks like a container's: 32 hexadecimal digits in a row somewhere, as in docker-<64 digits>.scope or
 * <64 digits>. Without branches, so that the verifier walks the loop once. Not static: see bpf/maps.h.
 */
__noinline int names_container(__u64 number)
{
	struct cgroup *cgroup = (struct cgroup *)number;
	char name[LC_NAME_SIZE] = {};
	__u32 digits = 0; /* bit N: the character N before this one was a digit */
	__u64 found = 0;

	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(cgroup, kn, name));
	for (__u32 i = 0; i < sizeof(name); i++) {
		digits = digits << 1 | is_hex_digit[(__u8)name[i]];
		found |= ((__u64)digits + 1) >> 32;
	}
	return found != 0;
}

/* The share of cgroup ID, which the current task makes. PARENT is the cgroup above it (NULL: that is not recorded). */
static __always_inline __u64 share_of_new(const struct lc_cgroup *parent, __u64 id)
{
	__u32 user = bpf_get_current_uid_gid();

	if (parent)
		return parent->share;
	return user ? LC_SHARE_OF_USERS | (user & (LC_USER_SHARES - 1)) : id;
}

/* The target that a new one lies in: that of PARENT, the cgroup above (NULL: that is not recorded); or the container whose process makes it. */
static __always_inline __u64 outer_of_new(const struct lc_cgroup *parent)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);
	__u64 target = home ? home->target : 0;
	struct lc_cgroup *entry = home ? bpf_map_lookup_elem(&cgroups, &target) : NULL;

	if (parent)
		return parent->target;
	return entry && entry->flags & LC_CGROUP_STARTED ? target : 0;
}

/*
 * Records cgroup ID, which is new and below PARENT, on behalf of SHARE (NULL: its own). Returns whether it is recorded. Not
 * inlined, so that its stack is not in use while names_container runs.
 */
static __noinline bool record_cgroup(__u64 id, bool container, const struct lc_cgroup *parent, struct lc_cgroup *share)
{
	struct lc_cgroup entry = {.target = id, .share = share_of_new(parent, id), .flags = LC_CGROUP_NEW};
	struct lc_cgroup *above;
	long r;

	if (parent && !container)
		entry.target = parent->target;
	above = entry.target != id ? bpf_map_lookup_elem(&cgroups, &entry.target) : NULL;
	if (above) {
		entry.userns = above->userns;
		entry.flags = above->flags & (LC_CGROUP_HOST | LC_CGROUP_NEW | LC_CGROUP_STARTED);
	} else {
		entry.outer = outer_of_new(parent);
	}
	entry.held[LC_ROOM_CGROUPS] = entry.share == id;
	r = keep(&cgroups, LC_ROOM_CGROUPS, share, &id, &entry);
	if (r && r != -EEXIST)
		return false;
	recorded_slots[id & (LC_RECORDED_SLOTS - 1)] = 1;
	return true;
}

/* Reserves an event for the cgroup made at PATH, with PATH in it: a short event if PATH is short. NULL: there is no room. */
static __always_inline struct lc_event_cgroup *reserve_made(const char *path)
{
	struct lc_event_cgroup *event = bpf_ringbuf_reserve(&lives, LC_EVENT_CGROUP_SHORT, 0);
	long length;

	if (!event)
		return NULL;
	length = bpf_probe_read_kernel_str(event->path, LC_CGROUP_SHORT_PATH, path);
	if (length < LC_CGROUP_SHORT_PATH) {
		event->path_length = length > 0 ? length - 1 : 0;
		return event;
	}
	bpf_ringbuf_discard(event, 0);
	event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event)
		return NULL;
	length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->path_length = length > 0 ? length - 1 : 0;
	return event;
}

/* CGROUP has been made. It is recorded if its parent is, or if every new one is, and if user space can be told. */
static __always_inline void made_cgroup(struct cgroup *cgroup, const char *path)
{
	__u64 above = cgroup_id(false, BPF_CORE_READ(cgroup, self.parent, cgroup));
	struct lc_cgroup *parent = bpf_map_lookup_elem(&cgroups, &above), *share;
	__u64 id = cgroup_id(false, cgroup), share_id;
	struct lc_event_cgroup *event = NULL;
	bool container;

	if (!config_new_cgroups && !parent)
		return;
	container = names_container(as_number(cgroup));
	share_id = share_of_new(parent, id);
	share = bpf_map_lookup_elem(&cgroups, &share_id);
	if (may_tell(share_id == id))
		event = reserve_made(path);
	if (!event) {
		lose(share, LC_ROOM_LIVES, 1);
		return;
	}
	event->type = LC_EVENT_CGROUP;
	event->cgroup = id;
	event->outer = outer_of_new(parent);
	event->share = share_id;
	if (record_cgroup(id, container, parent, share))
		bpf_ringbuf_submit(event, 0);
	else
		bpf_ringbuf_discard(event, 0);
}

/* CGROUP has been removed. As long as it has strays user space is not told. */
static __always_inline void removed_cgroup(struct cgroup *cgroup)
{
	__u64 id = cgroup_id(false, cgroup);
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &id);

	if (!entry)
		return;
	if (entry->strays)
		entry->flags |= LC_CGROUP_REMOVED;
	else
		tell_gone(id, entry);
}

#endif
