/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether a call would have had the same result without the capability that it asks for: by ids and modes alone. */
#ifndef LEASTCAP_BPF_ORDINARY_H
#define LEASTCAP_BPF_ORDINARY_H

#include "bpf/task.h"

#include <linux/capability.h>
#include <linux/net.h>
#include <linux/openat2.h>
#include <linux/stat.h>

#include <asm/socket.h>

/*
 * Some calls ask for their capability before they look whether it is needed. Here is that look, with the same credential and the
 * same arguments. "Same result" is meant strictly: setuid(2) with CAP_SETUID also sets the real and the saved id, so that the call
 * is ordinary only for a process that has these ids already. A call in doubt is not ordinary.
 */
#define ASKED_FIRST                                                                                                    \
	(1ULL << CAP_SETUID | 1ULL << CAP_SETGID | 1ULL << CAP_SETPCAP | 1ULL << CAP_FSETID | 1ULL << CAP_NET_ADMIN |  \
		1ULL << CAP_KILL)

#define NO_ID 0xffffffff

/* The kernel's number for ID in a user namespace whose map is at ADDRESS; NO_ID when the first extents lack it. Not static: see bpf/maps.h. */
__noinline __u32 kernel_id_at(__u64 address, __u32 id)
{
	struct uid_gid_map *map = (struct uid_gid_map *)address;
	__u32 n = BPF_CORE_READ(map, nr_extents);

#pragma unroll
	for (__u32 i = 0; i < 5; i++) {
		__u32 offset = id - BPF_CORE_READ(map, extent[i].first);

		if (i < n && n <= 5 && offset < BPF_CORE_READ(map, extent[i].count))
			return BPF_CORE_READ(map, extent[i].lower_first) + offset;
	}
	return NO_ID;
}

static __always_inline __u32 kernel_id(struct uid_gid_map *map, __u32 id)
{
	return kernel_id_at((__u64)map, id);
}

/* Whether ID, as the user namespace with MAP numbers users, is left alone (-1) or one of A, B and C. */
static __always_inline bool is_one_of(struct uid_gid_map *map, __u64 id, __u32 a, __u32 b, __u32 c)
{
	__u32 kernel;

	if ((__u32)id == NO_ID)
		return true;
	kernel = kernel_id(map, id);
	return kernel != NO_ID && (kernel == a || kernel == b || kernel == c);
}

/*
 * setuid(2), setresuid(2) and their likes for groups by who has the ids REAL, EFFECTIVE and SAVED already: kernel/sys.c,
 * __sys_setuid, __sys_setresuid. ALL: the call names all three.
 */
static __always_inline bool keeps_ids(
	struct uid_gid_map *map, __u32 real, __u32 effective, __u32 saved, bool all, const __u64 arguments[6])
{
	if (!all)
		return (__u32)arguments[0] != NO_ID && real == saved && is_one_of(map, arguments[0], real, real, real);
	return is_one_of(map, arguments[0], real, effective, saved) &&
	       is_one_of(map, arguments[1], real, effective, saved) &&
	       is_one_of(map, arguments[2], real, effective, saved);
}

static __always_inline bool keeps_user(struct cred *cred, bool all, const __u64 arguments[6])
{
	return keeps_ids(&BPF_CORE_READ(cred, user_ns)->uid_map, BPF_CORE_READ(cred, uid.val),
		BPF_CORE_READ(cred, euid.val), BPF_CORE_READ(cred, suid.val), all, arguments);
}

static __always_inline bool keeps_group(struct cred *cred, bool all, const __u64 arguments[6])
{
	return keeps_ids(&BPF_CORE_READ(cred, user_ns)->gid_map, BPF_CORE_READ(cred, gid.val),
		BPF_CORE_READ(cred, egid.val), BPF_CORE_READ(cred, sgid.val), all, arguments);
}

/* The sets that capset(2) was given at HEADER and SETS, in user memory. False when they can't be read. */
static __always_inline bool read_capset(__u64 header, __u64 sets, struct __user_cap_data_struct both[2])
{
	__u32 version;

	if (bpf_probe_read_user(&version, sizeof(version), (void *)header))
		return false;
	/* The first version had 32 bits. */
	if (version == _LINUX_CAPABILITY_VERSION_1) {
		__builtin_memset(&both[1], 0, sizeof(both[1]));
		return !bpf_probe_read_user(both, sizeof(both[0]), (void *)sets);
	}
	return !bpf_probe_read_user(both, 2 * sizeof(both[0]), (void *)sets);
}

/* capset(2) asks for CAP_SETPCAP before it compares: security/commoncap.c, cap_capset. */
static __always_inline bool inherits_what_it_may(struct cred *cred, const __u64 arguments[6])
{
	struct __user_cap_data_struct sets[2];
	__u64 allowed;

	if (!read_capset(arguments[0], arguments[1], sets))
		return false;
	allowed = CAPABILITIES(false, cred, cap_inheritable) | CAPABILITIES(false, cred, cap_permitted);
	return !((sets[0].inheritable | (__u64)sets[1].inheritable << 32) & ~allowed);
}

/* Notes CRED's effective set, which the current task is about to change. */
static __always_inline void note_effective(struct cred *cred)
{
	__u64 effective = CAPABILITIES(false, cred, cap_effective);
	__u32 pid = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&in_capset, &pid, &effective, BPF_ANY);
}

/* Whether CALL asks for a set-group-id bit in so many words. */
static __always_inline bool asks_for_sgid(enum lc_call call, const __u64 arguments[6])
{
	struct open_how how = {};

	if (call == LC_CALL_OPENAT2)
		return bpf_probe_read_user(&how, sizeof(how), (void *)arguments[2]) || how.mode & S_ISGID;
	return (call == LC_CALL_MODE_1 && arguments[1] & S_ISGID) ||
	       (call == LC_CALL_MODE_2 && arguments[2] & S_ISGID) || (call == LC_CALL_MODE_3 && arguments[3] & S_ISGID);
}

/* The call that CALL with 16-bit ids stands for; the ids among its ARGUMENTS are widened, -1 to -1: include/linux/highuid.h, low2highuid. */
static __always_inline enum lc_call widen_ids(enum lc_call call, __u64 arguments[6])
{
	if (call < LC_CALL_SETUID_16 || call > LC_CALL_SETRESGID_16)
		return call;
	for (int i = 0; i < 3; i++)
		arguments[i] = (__u16)arguments[i] == (__u16)-1 ? NO_ID : (__u16)arguments[i];
	return call - LC_CALL_SETUID_16 + LC_CALL_SETUID;
}

/* If socketcall(2) with ARGUMENTS means setsockopt(2), replaces them by the arguments of that. Returns whether it does. */
static __always_inline bool unpack_setsockopt(__u64 arguments[6])
{
	__u32 packed[5];

	if (arguments[0] != SYS_SETSOCKOPT || bpf_probe_read_user(packed, sizeof(packed), (void *)arguments[1]))
		return false;
	for (int i = 0; i < 5; i++)
		arguments[i] = packed[i];
	return true;
}

/* Whether CRED's user is root in its user namespace: net/sysctl_net.c, net_ctl_permissions. */
static __always_inline bool is_root(struct cred *cred)
{
	return BPF_CORE_READ(cred, euid.val) == kernel_id(&BPF_CORE_READ(cred, user_ns)->uid_map, 0);
}

/*
 * Whether setsockopt(2) sets a buffer's size without a limit (SO_SNDBUFFORCE, SO_RCVBUFFORCE) to one within the limit. The plain
 * options, which programs fall back to, would set the same: include/uapi/asm-generic/socket.h, net/core/sock.c.
 */
static __always_inline bool sets_plain_buffer(const __u64 arguments[6])
{
	__u32 size = 0;

	if (arguments[1] != SOL_SOCKET || (arguments[2] != SO_SNDBUFFORCE && arguments[2] != SO_RCVBUFFORCE))
		return false;
	if (bpf_probe_read_user(&size, sizeof(size), (void *)arguments[3]))
		return false;
	return size <= config_largest_buffer[arguments[2] == SO_RCVBUFFORCE];
}

static __always_inline bool is_file_call(enum lc_call call)
{
	return call == LC_CALL_FILE || (call >= LC_CALL_MODE_1 && call <= LC_CALL_OPENAT2);
}

/*
 * LC_FACT_ORDINARY if the current task's SYSCALL, which asks for CAP (one of ASKED_FIRST), is ordinary as said above, else 0. Not
 * static: see bpf/maps.h.
 */
__noinline int is_ordinary(__u32 syscall, __u32 cap)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct cred *cred = (struct cred *)BPF_CORE_READ(task, cred);
	enum lc_call call = call_of(syscall);
	__u64 arguments[6] = {};
	bool ordinary = false;

	if (lc_is_syscall(syscall))
		syscall_arguments(task, syscall & LC_SYSCALL_COMPAT, arguments);
	call = widen_ids(call, arguments);
	if (cap == CAP_SETUID && (call == LC_CALL_SETUID || call == LC_CALL_SETRESUID))
		ordinary = keeps_user(cred, call == LC_CALL_SETRESUID, arguments);
	else if (cap == CAP_SETUID && is_exec(syscall))
		/* The ids and sets that a file gives are taken back under no_new_privs, whatever the answer (cap_bprm_creds_from_file). */
		ordinary = has_no_new_privs(task);
	else if (cap == CAP_SETGID && (call == LC_CALL_SETGID || call == LC_CALL_SETRESGID))
		ordinary = keeps_group(cred, call == LC_CALL_SETRESGID, arguments);
	else if (cap == CAP_SETPCAP && call == LC_CALL_CAPSET) {
		ordinary = inherits_what_it_may(cred, arguments);
		note_effective(cred);
	} else if (cap == CAP_FSETID)
		ordinary = !asks_for_sgid(call, arguments);
	else if (cap == CAP_KILL && call == LC_CALL_KILL)
		/* To a group, or to all. One process that may be signalled is enough (kernel/signal.c, kill_something_info). */
		ordinary = (__s32)arguments[0] < 0;
	else if (cap == CAP_NET_ADMIN &&
		 (call == LC_CALL_SETSOCKOPT || (call == LC_CALL_SOCKETCALL && unpack_setsockopt(arguments))))
		ordinary = sets_plain_buffer(arguments);
	else if (cap == CAP_NET_ADMIN && is_file_call(call))
		ordinary = is_root(cred);
	return ordinary ? LC_FACT_ORDINARY : 0;
}

#endif
