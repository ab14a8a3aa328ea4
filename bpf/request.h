/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Capabilities that are named without a check: by the file that execve runs, by capset, by raising ambient ones. */
#ifndef LEASTCAP_BPF_REQUEST_H
#define LEASTCAP_BPF_REQUEST_H

#include "bpf/actor.h"
#include "bpf/ordinary.h"
#include "bpf/phase.h"
#include "bpf/room.h"
#include "bpf/task.h"

#include <linux/prctl.h>
#include <linux/securebits.h>
#include <linux/stat.h>

/* include/uapi/asm-generic/errno-base.h */
#define EPERM   1
#define ENOENT  2
#define ENOMEM  12
#define EACCES  13
#define ENOTDIR 20

/*
 * What the requests of TASK, the current one, in syscall NUMBER are counted under; 0 when they are not recorded, or while a runtime
 * prepares it. DIRECT: as for LOAD.
 */
static __always_inline __u64 recorded_under(bool direct, struct task_struct *task, __u32 number)
{
	__u64 id = counted_under(direct, task), instead;
	struct lc_cgroup *recorded = id ? bpf_map_lookup_elem(&cgroups, &id) : NULL;

	if (!recorded)
		return 0;
	/* The first program of a target that may not start was asked for with the workload's credentials. */
	if (is_exec(number) && recorded->flags & LC_CGROUP_HOST)
		return id;
	instead = setup_count > 0 ? prepared_for(number, LC_CAPS) : 0;
	return instead == LC_NOBODY ? 0 : instead ?: id;
}

/* The same by copying. Not static: see bpf/maps.h. */
__noinline __u64 requests_under(__u32 number)
{
	return recorded_under(false, (struct task_struct *)bpf_get_current_task(), number);
}

/* Adds one request that names NAMED to COUNT. */
static __noinline void add_request(struct lc_request_count *count, __u64 named)
{
	__u64 now = bpf_jiffies64();

	if (!count)
		return;
	if (!count->counter.count)
		count->counter.first = now;
	__sync_fetch_and_add(&count->counter.count, 1);
	count->counter.last = now;
	/* Without a branch, because the verifier would follow both sides of each. */
	for (__u32 cap = 0; cap < LC_CAPS; cap++)
		__sync_fetch_and_add(&count->named[cap], named >> cap & 1);
}

/* Marks NAMED as granted to CGROUP, for lack of room for more. Not static: see bpf/maps.h. */
__noinline int mark_granted(__u64 cgroup, __u64 named)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &cgroup);

	/* Without a branch, as above. */
	for (__u32 cap = 0; entry && cap < LC_CAPS; cap++)
		entry->granted[cap] |= named >> cap & 1;
	return 0;
}

/*
 * KEY, which names NAMED, found no room and was counted as lost. What the judgement needs is kept instead, as one for all programs
 * and for all user namespaces but the target's own. If that finds no room either, the capabilities alone are kept.
 */
static __noinline void keep_names(struct lc_cgroup *entry, const struct lc_request_key *key, __u64 named)
{
	struct lc_request_key coarse = {};
	struct lc_request_count *count;

	if (!entry || !key)
		return;
	/* It would say nothing without what is left out. */
	if (key->kind == LC_REQUEST_OWN_CHECK)
		return;
	coarse.cgroup = key->cgroup;
	coarse.userns = entry->userns && entry->userns != key->userns ? LC_USERNS_ANY_OTHER : key->userns;
	coarse.kind = key->kind;
	coarse.facts = key->facts;
	count = bpf_map_lookup_elem(&names, &coarse);
	if (!count) {
		keep(&names, LC_ROOM_NAMES, entry, &coarse, (void *)&no_requests);
		count = bpf_map_lookup_elem(&names, &coarse);
	}
	if (count) {
		add_request(count, named);
		return;
	}
	if (!(key->facts & LC_REQUEST_REFUSED) && coarse.userns != LC_USERNS_ANY_OTHER)
		mark_granted(key->cgroup, named);
}

/* Counts KEY, which names NAMED. Returns whether it is new. */
static __noinline bool count_request(const struct lc_request_key *key, __u64 named)
{
	struct lc_request_count *count;
	struct lc_cgroup *entry;
	bool is_new = false;

	if (!key)
		return false;
	count = bpf_map_lookup_elem(&requests, key);
	if (!count) {
		entry = bpf_map_lookup_elem(&cgroups, &key->cgroup);
		is_new = !keep(&requests, LC_ROOM_REQUESTS, entry, key, (void *)&no_requests);
		count = bpf_map_lookup_elem(&requests, key);
		if (!count) {
			keep_names(entry, key, named);
			return false;
		}
	}
	add_request(count, named);
	return is_new;
}

/*
 * Tells user space of the first request of KEY. If execve was refused, TEXT is the path that it was given, in user memory, and BASE
 * the directory that the path starts at. Else TEXT is 0, and BASE is the program's path. INODE: the program's, if it runs.
 */
static __noinline void tell_request(const struct lc_request_key *key, struct path *base, __u64 text, __u64 inode)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct lc_event_request *event = NULL;
	struct lc_cgroup *entry;
	long n;

	if (!key)
		return;
	entry = bpf_map_lookup_elem(&cgroups, &key->cgroup);
	if (may_send(entry, sizeof(*event)))
		event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		lose(entry, LC_ROOM_EVENTS, 1);
		return;
	}
	event->type = LC_EVENT_REQUEST;
	event->unused = 0;
	event->key = *key;
	take_actor(&event->actor, task);
	event->inode = inode;
	event->text_bytes = 0;
	event->base_bytes = 0;
	if (text) {
		n = bpf_probe_read_user_str(event->text, sizeof(event->text), (void *)text);
		event->text_bytes = n > 0 ? n : 0;
	}
	take_path(task, base, event->base, &event->base_bytes);
	bpf_ringbuf_submit(event, 0);
}

/* Process TGID runs another program, or has ended: what it has read does not count any more. */
static __always_inline void forget_reading(__u32 tgid)
{
	struct lc_reading *read = bpf_map_lookup_elem(&readers, &tgid);
	__u64 share;

	if (!read)
		return;
	share = read->share;
	release(&readers, LC_ROOM_READERS, share, &tgid);
}

/* Process TGID has read, or inherits, READING. */
static __always_inline void remember_reading(__u32 tgid, struct lc_reading *reading)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &reading->cgroup);

	forget_reading(tgid);
	reading->share = share_id(entry);
	keep(&readers, LC_ROOM_READERS, entry, &tgid, reading);
}

/*
 * The call of process TGID was refused, or it gave up a part of its sets and went on. What it ends for from here on is not what it
 * read. Not static: see bpf/maps.h.
 */
__noinline int went_on_after_reading(__u32 tgid)
{
	struct lc_reading *read = bpf_map_lookup_elem(&readers, &tgid);

	if (read)
		read->time = 0;
	return 0;
}

/* TASK, the last one of its process, ends. Counts it if the process has only just read its own sets, and ends with an error. */
static __always_inline void ended_after_reading(struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid), code = BPF_CORE_READ(task, exit_code);
	struct lc_reading *read = bpf_map_lookup_elem(&readers, &tgid);
	struct lc_request_key key = {.kind = LC_REQUEST_OWN_CHECK, .program = code >> 8 & 0xff};

	/* The low bits are of a signal that killed it. */
	if (!read || !read->time || !key.program || code & 0x7f)
		return;
	if (bpf_ktime_get_ns() - read->time > LC_OWN_CHECK_LIMIT)
		return;
	key.cgroup = read->cgroup;
	key.version = read->permitted;
	key.userns = read->userns;
	key.exe = read->exe;
	/* The program's path is gone with its memory. */
	if (count_request(&key, 0))
		tell_request(&key, NULL, 0, 0);
}

/* When INODE was changed last: its contents, its mode, its attributes. Nanoseconds. */
static __always_inline __u64 change_time(struct inode *inode)
{
	struct inode___private *private = (void *)inode;
	struct inode___split *split = (void *)inode;

	if (bpf_core_field_exists(split->i_ctime_sec))
		return BPF_CORE_READ(split, i_ctime_sec) * 1000000000ULL +
		       (BPF_CORE_READ(split, i_ctime_nsec) & 0x7fffffff);
	if (bpf_core_field_exists(private->__i_ctime))
		return BPF_CORE_READ(private, __i_ctime.tv_sec) * 1000000000ULL +
		       BPF_CORE_READ(private, __i_ctime.tv_nsec);
	return BPF_CORE_READ(inode, i_ctime.tv_sec) * 1000000000ULL + BPF_CORE_READ(inode, i_ctime.tv_nsec);
}

/* Whether execve gives CRED everything, whatever the program's file carries, because it is root: security/commoncap.c, handle_privileged_root. */
static __always_inline bool is_given_all(struct cred *cred)
{
	__u32 root = kernel_id(&BPF_CORE_READ(cred, user_ns)->uid_map, 0);

	return !(BPF_CORE_READ(cred, securebits) & SECBIT_NOROOT) &&
	       (BPF_CORE_READ(cred, euid.val) == root || BPF_CORE_READ(cred, uid.val) == root);
}

/* LC_REQUEST_NO_NEW_PRIVS if TASK, with CRED, gains nothing by the files that it executes, else 0. */
static __always_inline __u32 void_fact(struct task_struct *task, struct cred *cred)
{
	if (!has_no_new_privs(task) || is_given_all(cred))
		return 0;
	return LC_REQUEST_NO_NEW_PRIVS;
}

/* Whether INODE, on MOUNT, has a bit that would have made CRED another user's or group's: fs/exec.c, bprm_fill_uid. */
static __always_inline bool has_void_id(struct inode *inode, struct vfsmount *mount, struct cred *cred)
{
	__u32 mode = BPF_CORE_READ(inode, i_mode);

	if (BPF_CORE_READ(mount, mnt_flags) & MNT_NOSUID)
		return false;
	return (mode & S_ISUID && BPF_CORE_READ(inode, i_uid.val) != BPF_CORE_READ(cred, euid.val)) ||
	       ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
		       BPF_CORE_READ(inode, i_gid.val) != BPF_CORE_READ(cred, egid.val));
}

/*
 * What CRED, which execve of PROGRAM has just computed, can only have from the program's file: security/commoncap.c,
 * bprm_caps_from_vfs_caps and cap_bprm_creds_from_file. Only effective ones count, because execve fails for no others. *ALL: the file demanded no more than this. With
 * no_new_privs (IS_VOID) it gives nothing and demands all the same; then secureexec tells whether it had any effective ones.
 */
static __always_inline __u64 gained_from_file(struct cred *cred, struct linux_binprm *program, bool is_void, bool *all)
{
	__u64 permitted = CAPABILITIES(false, cred, cap_permitted),
	      effective = CAPABILITIES(false, cred, cap_effective);
	__u64 kept = CAPABILITIES(false, cred, cap_inheritable) | CAPABILITIES(false, cred, cap_ambient);

	*all = false;
	if (is_given_all(cred))
		return 0;
	*all = is_void ? !BPF_CORE_READ_BITFIELD_PROBED(program, secureexec) : !(permitted & kept);
	return permitted & effective & ~kept;
}

/* TASK, which is not in set-up any more, has begun to run PROGRAM. Counts what its file gave. User space looks at what the file carries. */
static __always_inline void ran_program(struct task_struct *task, struct linux_binprm *program)
{
	struct file *file = BPF_CORE_READ(program, file);
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	struct lc_request_key key = {.kind = LC_REQUEST_FILE, .cgroup = requests_under(LC_SYSCALL_NONE)};
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u32 is_void;
	__u64 gained;
	bool all;

	if (has_readers)
		forget_reading(BPF_CORE_READ(task, tgid));
	if (!key.cgroup)
		return;
	is_void = void_fact(task, cred);
	gained = gained_from_file(cred, program, is_void, &all);
	key.program = (__u64)BPF_CORE_READ(inode, i_sb, s_dev) << 32 | (__u32)BPF_CORE_READ(inode, i_ino);
	key.version = change_time(inode);
	key.userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	key.exe = BPF_CORE_READ(inode, i_ino);
	key.facts = is_void | (all ? LC_REQUEST_COMPUTED : 0);
	if (is_void && has_void_id(inode, BPF_CORE_READ(file, f_path.mnt), cred))
		key.facts |= LC_REQUEST_SET_ID;
	if (count_request(&key, gained))
		tell_request(&key, &file->f_path, 0, BPF_CORE_READ(inode, i_ino));
}

/* CHILD inherits what PARENT has read. */
static __always_inline void inherit_reading(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 child_tgid = BPF_CORE_READ(child, tgid);
	struct lc_reading *read, same;

	if (!has_readers || parent_tgid == child_tgid)
		return;
	read = bpf_map_lookup_elem(&readers, &parent_tgid);
	if (!read)
		return;
	same = *read;
	same.time = 0;
	remember_reading(child_tgid, &same);
}

/* What TASK calls itself: its thread id in its own pid namespace. */
static __always_inline int own_thread_id(struct task_struct *task)
{
	return BPF_CORE_READ(innermost_number(task), nr);
}

/* Notes that TASK, by capget(2), has read its own sets. Without a place for the sets capget only tells the version. */
static __always_inline void note_reading(
	struct task_struct *task, struct cred *cred, __u64 cgroup, const __u64 arguments[6])
{
	struct lc_reading reading = {
		.cgroup = cgroup,
		.permitted = CAPABILITIES(false, cred, cap_permitted),
		.time = bpf_ktime_get_ns(),
		.exe = executable_inode(false, task),
		.userns = BPF_CORE_READ(cred, user_ns, ns.inum),
	};
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct __user_cap_header_struct header;

	if (!arguments[1] || bpf_probe_read_user(&header, sizeof(header), (void *)arguments[0]))
		return;
	if (header.pid && header.pid != own_thread_id(task))
		return;
	has_readers = true;
	remember_reading(tgid, &reading);
}

/* How many bits are set in SET. */
static __always_inline __u32 bits_in(__u64 set)
{
	set -= set >> 1 & 0x5555555555555555;
	set = (set & 0x3333333333333333) + (set >> 2 & 0x3333333333333333);
	set = (set + (set >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return set * 0x0101010101010101 >> 56;
}

/* A hash of the path at ADDRESS in user memory, of its first characters, which tell most paths apart. Not static: see bpf/maps.h. */
__noinline int hash_path(__u64 address)
{
	char path[LC_NAME_SIZE] = {};
	__u32 hash = 0;

	bpf_probe_read_user_str(path, sizeof(path), (void *)address);
	for (__u32 i = 0; i < sizeof(path); i++)
		hash = hash * 31 + (__u8)path[i];
	return hash;
}

/* Whether the current task's capset, which was given SETS and is over, made nothing effective that was not so before. */
static __always_inline bool gave_up(const struct __user_cap_data_struct sets[2])
{
	__u64 effective = sets[0].effective | (__u64)sets[1].effective << 32;
	__u32 pid = bpf_get_current_pid_tgid();
	__u64 *before = bpf_map_lookup_elem(&in_capset, &pid);

	return before && !(effective & ~*before);
}

/* What CALL with ARGUMENTS names, whose kind is noted in KEY. 0 when it names nothing. */
static __always_inline __u64 read_request(enum lc_call call, const __u64 arguments[6], struct lc_request_key *key)
{
	struct __user_cap_data_struct sets[2];

	if (call == LC_CALL_RING) {
		key->kind = LC_REQUEST_RING;
		return 1ULL << CAP_IPC_LOCK;
	}
	if (call == LC_CALL_PRCTL) {
		key->kind = LC_REQUEST_AMBIENT;
		if (arguments[0] != PR_CAP_AMBIENT || arguments[1] != PR_CAP_AMBIENT_RAISE)
			return 0;
		return 1ULL << (arguments[2] & 63);
	}
	key->kind = LC_REQUEST_CAPSET;
	if (!read_capset(arguments[0], arguments[1], sets))
		return 0;
	if (gave_up(sets))
		key->facts |= LC_REQUEST_GIVES_UP;
	return sets[0].effective | sets[0].permitted | sets[0].inheritable |
	       (__u64)(sets[1].effective | sets[1].permitted | sets[1].inheritable) << 32;
}

/* Up to so many capabilities, a process that names most of those that it has may as well mean just these. */
#define FEW_HELD 8

/*
 * What KEY, a request of process TGID that names NAMED, asks for. A process that had read its own sets may only keep what it found:
 * all of it, or most of much, because then it took away what it did not want. It asks for nothing so, except for what it adds. One
 * that names few asks for these, and it is noted in KEY that it may only have kept them.
 */
static __always_inline __u64 asked_for(__u32 tgid, __u64 named, struct lc_request_key *key)
{
	struct lc_reading *read;
	__u32 held, kept;

	if (key->kind != LC_REQUEST_CAPSET || !has_readers)
		return named;
	read = bpf_map_lookup_elem(&readers, &tgid);
	if (!read)
		return named;
	held = bits_in(read->permitted);
	kept = bits_in(named & read->permitted);
	if (kept == held || (held > FEW_HELD && kept * 2 > held))
		return named & ~read->permitted;
	key->facts |= LC_REQUEST_DERIVED;
	return named;
}

/* Whether the user namespace NS maps the kernel's user ID. */
static __always_inline bool maps_user(struct user_namespace *ns, __u32 id)
{
	__u32 n = BPF_CORE_READ(ns, uid_map.nr_extents);
	bool found = false;

#pragma unroll
	for (__u32 i = 0; i < 5; i++) {
		__u32 offset = id - BPF_CORE_READ(ns, uid_map.extent[i].lower_first);

		found |= i < n && n <= 5 && offset < BPF_CORE_READ(ns, uid_map.extent[i].count);
	}
	return found;
}

/*
 * The current task, whose checks are counted under CGROUP, may live in a user namespace of its own. If that maps its parent's root,
 * whoever made it had CAP_SETFCAP, without which the map can't be written since 5.12 (kernel/user_namespace.c, verify_root_map). If
 * a namespace maps itself, no check asks for that. Not static: see bpf/maps.h.
 */
__noinline int note_root_map(__u64 cgroup)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct user_namespace *own = BPF_CORE_READ(task, cred, user_ns);
	struct user_namespace *parent = BPF_CORE_READ(own, parent);
	struct lc_request_key key = {
		.cgroup = cgroup,
		.kind = LC_REQUEST_ROOT_MAP,
	};
	__u32 root;

	if (!parent || !bpf_core_field_exists(own->parent_could_setfcap))
		return 0;
	root = kernel_id(&parent->uid_map, 0);
	if (root == NO_ID || !maps_user(own, root))
		return 0;
	key.userns = BPF_CORE_READ(parent, ns.inum);
	/* Counted once. How many namespaces there were is not known, and who made them need not be. */
	if (!bpf_map_lookup_elem(&requests, &key))
		count_request(&key, 1ULL << CAP_SETFCAP);
	return 0;
}

/*
 * The current task's syscall, one of those that are watched, returned RESULT. The sets that it was given are read where the kernel
 * read them, in user memory. A program that changes them meanwhile deceives itself alone, because they only go on its own list.
 */
static __noinline void returned(__s64 result)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	__u16 number = syscall_number(false, false, task);
	enum lc_call call = call_of(number);
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct lc_request_key key = {};
	__u64 arguments[6], named = 0, path = 0;
	struct path *base;

	if (is_exec(number) && result && setup_count > 0)
		tried_program(task);
	if (call < LC_CALL_RETURNS || (is_exec(number) && !result))
		return;
	if (call == LC_CALL_RING ? result != -ENOMEM : result && result != -EPERM)
		return;
	key.cgroup = requests_under(number);
	if (!key.cgroup)
		return;
	syscall_arguments(task, number & LC_SYSCALL_COMPAT, arguments);
	if (call == LC_CALL_CAPGET) {
		note_reading(task, cred, key.cgroup, arguments);
		return;
	}
	key.facts = result ? LC_REQUEST_REFUSED : 0;
	key.userns = BPF_CORE_READ(cred, user_ns, ns.inum);
	key.exe = executable_inode(false, task);
	base = &BPF_CORE_READ(task, mm, exe_file)->f_path;
	if (is_exec(number)) {
		path = arguments[call == LC_CALL_EXECVEAT];
		base = &BPF_CORE_READ(task, fs)->pwd;
		key.kind = LC_REQUEST_FILE;
		key.facts |= void_fact(task, cred);
		key.version = CAPABILITIES(false, cred, cap_bset);
		key.program = (__u64)BPF_CORE_READ(task, fs, root.mnt, mnt_sb, s_dev) << 32 | (__u32)hash_path(path);
	} else {
		named = read_request(call, arguments, &key);
		if (call == LC_CALL_RING && CAPABILITIES(false, cred, cap_permitted) & named)
			return;
		/* What is refused lacks what was not held. */
		if (result)
			named &= ~CAPABILITIES(false, cred, cap_permitted);
		else
			named = asked_for(tgid, named, &key);
		if (call == LC_CALL_CAPSET && has_readers)
			went_on_after_reading(tgid);
		if (!named)
			return;
	}
	if (count_request(&key, named))
		tell_request(&key, base, path, 0);
}

#endif
