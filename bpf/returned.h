/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls that were refused, or that an engine's filter guards, counted when they return. */
#ifndef LEASTCAP_BPF_RETURNED_H
#define LEASTCAP_BPF_RETURNED_H

#include "bpf/actor.h"
#include "bpf/filters.h"
#include "bpf/refusal.h"
#include "bpf/request.h"
#include "bpf/stack.h"
#include "bpf/trace.h"

#include <linux/stat.h>

/* How much of a socket's address is hashed: an IPv4 address with its port. */
#define ADDRESS_HASHED 8

/* A number that tells FILE (NULL: none) from other ones. */
static __always_inline __u32 mark_file(struct file *file)
{
	return file ? (__u32)BPF_CORE_READ(file, f_inode, i_ino) * 0x01000193 ^
			       BPF_CORE_READ(file, f_inode, i_sb, s_dev)
		    : 0;
}

/* How many bytes of a path are looked at, to tell it from other ones. */
#define PATH_HASHED LC_NAME_SIZE

/* In mark_path's answer, above a hash of 32 bits: the path is an absolute one. */
#define IS_ABSOLUTE (1ULL << 32)

/* A number that tells the path at ADDRESS, in user memory, from other ones. Not static: see bpf/maps.h. */
__noinline __u64 mark_path(__u64 address)
{
	__u64 words[PATH_HASHED / sizeof(__u64)] = {};
	__u64 hash = 0;

	bpf_probe_read_user_str(words, sizeof(words), (void *)address);
	for (__u32 i = 0; i < PATH_HASHED / sizeof(__u64); i++)
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15;
	return hash >> 32 | ((words[0] & 0xff) == '/' ? IS_ABSOLUTE : 0);
}

/* The same for one that starts at DIRECTORY (NULL: the working one) unless it is absolute. */
static __always_inline __u32 mark_path_from(struct task_struct *task, __u64 address, struct file *directory)
{
	__u64 mark = mark_path(address);

	if (mark & IS_ABSOLUTE)
		return mark;
	if (directory)
		return mark ^ mark_file(directory);
	return mark ^ BPF_CORE_READ(task, fs, pwd.dentry, d_inode, i_ino);
}

/*
 * A number that tells what the current task's syscall NUMBER is about from what others are about; 0 where that is no path, open file
 * or address, and where there is no ERROR. These functions are not static: see bpf/maps.h. Nor does the verifier then follow each of their answers on its own.
 */
__noinline int mark_subject(__u32 number, __u32 error)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 place = lc_place_of(number);
	struct lc_shape *shape = bpf_map_lookup_elem(&shapes, &place);
	__u64 argument, address = 0;

	if (!shape || !error)
		return 0;
	argument = syscall_argument(number, shape->argument);
	if (shape->kind == LC_SHAPE_FD)
		return mark_file(open_file(task, argument));
	if (shape->kind == LC_SHAPE_PATH)
		return mark_path_from(task, argument,
			shape->has_directory ? open_file(task, syscall_argument(number, shape->argument - 1)) : NULL);
	if (shape->kind == LC_SHAPE_SOCKADDR)
		bpf_probe_read_user(&address, ADDRESS_HASHED, (void *)argument);
	return (__u32)address * 0x01000193 ^ (__u32)(address >> 32);
}

/* include/linux/socket.h */
#define AF_INET  2
#define AF_INET6 10

/* Ports from here on are given out by the kernel (net.ipv4.ip_local_port_range): there may be a new one for every transfer. */
#define FIRST_TRANSIENT_PORT 32768

/* Ports below are for CAP_NET_BIND_SERVICE where nobody says otherwise (net.ipv4.ip_unprivileged_port_start). */
#define FIRST_UNPRIVILEGED_PORT 1024

/* The port that the current task's open file FD is bound to; 0 where it is no socket of the Internet, or the port a transient one. */
__noinline int port_of(__u32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file *file = open_file(task, fd);
	struct socket *socket;
	struct sock *sock;
	__u16 family, port;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sock = BPF_CORE_READ(socket, sk);
	family = BPF_CORE_READ(sock, __sk_common.skc_family);
	port = BPF_CORE_READ(sock, __sk_common.skc_num);
	return (family == AF_INET || family == AF_INET6) && port < FIRST_TRANSIENT_PORT ? port : 0;
}

/* Argument SELECTOR - 1 of the current task's syscall NUMBER; 0 where SELECTOR is 0. */
__noinline __u64 selected_argument(__u32 number, __u32 selector)
{
	return selector ? syscall_argument(number, selector - 1) : 0;
}

/* Tells user space of the first return of KEY, and of the task's filters. Whether there was room. */
static __noinline bool tell_call(const struct lc_call_key *key)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct lc_event_call *event = NULL;
	struct pt_regs *registers;

	if (!key)
		return false;
	if (key->filters && !send_filters(key->cgroup, key->filters))
		return false;
	if (may_send(bpf_map_lookup_elem(&cgroups, &key->cgroup), sizeof(*event)))
		event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return false;
	event->type = LC_EVENT_CALL;
	event->key = *key;
	registers = user_registers(false, task);
	event->pointer = BPF_CORE_READ(registers, INSTRUCTION_POINTER);
	event->number = BPF_CORE_READ(registers, SYSCALL_NUMBER);
	event->unused = 0;
	take_actor(&event->actor, task);
	take_program(task, event->exe, &event->exe_bytes);
	take_subject(&event->subject, task, key->syscall);
	bpf_ringbuf_submit(event, 0);
	return true;
}

/* The counter of KEY, which was made when there was none and room for one; KEY may have become a coarse one. NULL: it was lost. */
static __noinline struct lc_counter *counter_of_call(struct lc_call_key *key)
{
	struct lc_counter none = {}, *counter;
	struct lc_cgroup *entry;

	if (!key)
		return NULL;
	entry = bpf_map_lookup_elem(&cgroups, &key->cgroup);
	if (!entry)
		return NULL;
	keep(&call_counts, LC_ROOM_CALLS, entry, key, &none);
	counter = bpf_map_lookup_elem(&call_counts, key);
	if (counter)
		return counter;
	key->exe = 0;
	key->subject = 0;
	key->facts |= LC_CALL_COARSE;
	if (entry->userns && entry->userns != key->userns)
		key->userns = LC_USERNS_ANY_OTHER;
	counter = bpf_map_lookup_elem(&coarse_calls, key);
	if (counter)
		return counter;
	keep(&coarse_calls, LC_ROOM_KINDS, entry, key, &none);
	return bpf_map_lookup_elem(&coarse_calls, key);
}

/* What count_call says of a return. */
enum { RETURN_NOT_RECORDED, RETURN_COUNTED, RETURN_TO_BE_TOLD };

/* Counts KEY, the return of the current task's syscall, unless that turns out to be the runtime's. */
static __noinline int count_call(struct lc_call_key *key)
{
	struct lc_counter *counter;
	__u64 now = bpf_jiffies64();

	if (!key)
		return RETURN_NOT_RECORDED;
	counter = bpf_map_lookup_elem(&call_counts, key);
	if (!counter) {
		if (meet_arriving())
			return RETURN_NOT_RECORDED;
		counter = counter_of_call(key);
	}
	if (!counter)
		return RETURN_COUNTED;
	if (!counter->count)
		counter->first = now;
	__sync_fetch_and_add(&counter->count, 1);
	counter->last = now;
	return counter->sampled ? RETURN_COUNTED : RETURN_TO_BE_TOLD;
}

/* User space has been told of KEY. */
static __noinline void note_told(const struct lc_call_key *key)
{
	struct lc_counter *counter;

	if (!key)
		return;
	counter = bpf_map_lookup_elem(&call_counts, key) ?: bpf_map_lookup_elem(&coarse_calls, key);
	if (counter)
		counter->sampled = 1;
}

/* Whether a CALL that returned RESULT, which is no refusal, is counted where all of its kind are. */
static __always_inline bool is_counted(enum lc_call call, __s64 result)
{
	/* Of a call that makes a process only the parent's return counts. */
	if (call == LC_CALL_CLONE)
		return result;
	return (call != LC_CALL_ACCEPT && call != LC_CALL_LISTEN && call != LC_CALL_BIND) || result >= 0;
}

/* What of the current task's syscall NUMBER, which returned RESULT, goes into its key as the argument: its SELECTOR's, or a port. */
__noinline __u64 told_argument(__u32 number, __u32 selector, __s64 result)
{
	enum lc_call call = call_of(number);

	if (call == LC_CALL_ACCEPT && result >= 0)
		return port_of(result);
	if ((call == LC_CALL_LISTEN || call == LC_CALL_BIND) && result >= 0)
		return port_of(syscall_argument(number, 0));
	return selected_argument(number, selector);
}

/*
 * Fills KEY for TASK, the current one, whose syscall returned RESULT. False when that is not to be counted: it was not refused and no
 * engine's filter guards it, or the task is not recorded. PENDING: as for count_return. DIRECT: as for LOAD.
 */
static __always_inline bool fill_call(
	bool direct, struct task_struct *task, __s64 result, __u32 pending, struct lc_call_key *key)
{
	__u16 number = syscall_number(direct, false, task);
	__u64 flags = LOAD(direct, task, atomic_flags);
	bool filtered = LOAD(direct, task, seccomp.mode) == SECCOMP_MODE_FILTER, guarded;
	struct cred *cred = (struct cred *)LOAD(direct, task, cred);
	struct user_namespace *own = LOAD(direct, cred, user_ns);
	__u64 place = lc_place_of(number);
	__u32 selector, error = 0;

	barrier_var(place); /* as in call_of */
	if (!lc_is_syscall(number) || place >= LC_CALL_TABLE)
		return false;
	guarded = config_calls[place] & LC_CALL_GUARDED;
	selector = config_selectors[place];
	if (lc_is_refusal(result, filtered))
		error = -result;
	else if (!guarded || !is_counted(call_of(number), result))
		return false;
	key->cgroup = recorded_under(direct, task, number);
	if (!key->cgroup)
		return false;
	key->syscall = number;
	key->exe = executable_inode(direct, task);
	key->userns = LOAD(direct, own, ns.inum);
	key->error = forgotten(error, flags);
	key->argument = told_argument(number, selector, result);
	/* Most sockets are bound to a name or to a port that anybody may have. */
	if (!error && call_of(number) == LC_CALL_BIND && (__u32)(key->argument - 1) >= FIRST_UNPRIVILEGED_PORT - 1)
		return false;
	key->subject = mark_subject(number, error);
	key->filters = filters_mark(error && filtered);
	/* Without a branch, because the verifier would follow both sides of each. */
	key->facts = (error ? pending : 0) | (flags >> PFA_NO_NEW_PRIVS & 1) * LC_CALL_NO_NEW_PRIVS |
		     filtered * LC_CALL_FILTERED;
	return true;
}

/*
 * The current task's syscall returned RESULT. It is counted if it was refused, or if an engine's filter guards it. PENDING:
 * LC_CALL_DENIED and LC_CALL_ASKED, as they are known. SCRATCH: as for trace_refused. Not static: see bpf/maps.h.
 */
__noinline int count_return(__u64 result, __u32 pending, __u32 scratch)
{
	struct lc_call_key key = {};
	bool counts;
	int counted;

	barrier_var(scratch); /* or else the compiler may not pass it, which the verifier asks for, used or not */
	if (has_typed_task())
		counts = fill_call(true, current_task(true), result, pending, &key);
	else
		counts = fill_call(false, current_task(false), result, pending, &key);
	if (!counts)
		return 0;
	counted = count_call(&key);
	if (counted == RETURN_TO_BE_TOLD) {
		if (tell_call(&key))
			note_told(&key);
		else
			__sync_fetch_and_add(&samples_dropped, 1);
	}
	if (counted == RETURN_NOT_RECORDED || !key.error || !config_trace)
		return 0;
	if (config_stacks) {
		struct lc_key stack = lc_stack_key(&key);

		take_stack(&stack);
	}
	trace_refused(&key, scratch);
	return 0;
}

#endif
