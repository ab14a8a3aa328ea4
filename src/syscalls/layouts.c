/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structures that arguments point to, member by member. */
#include "src/syscalls/rows.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <utime.h>

static const struct lc_member timespec_rows[] = {
	MEMBER(struct timespec, tv_sec, LONG),
	MEMBER(struct timespec, tv_nsec, ONE_OF(special_nanoseconds)),
};
LAYOUT(timespec, struct timespec);

static const struct lc_member timeval_rows[] = {
	MEMBER(struct timeval, tv_sec, LONG),
	MEMBER(struct timeval, tv_usec, LONG),
};
LAYOUT(timeval, struct timeval);

static const struct lc_member timezone_rows[] = {
	MEMBER(struct timezone, tz_minuteswest, INT),
	MEMBER(struct timezone, tz_dsttime, INT),
};
LAYOUT(timezone, struct timezone);

static const struct lc_member utimbuf_rows[] = {
	MEMBER(struct utimbuf, actime, LONG),
	MEMBER(struct utimbuf, modtime, LONG),
};
LAYOUT(utimbuf, struct utimbuf);

static const struct lc_member itimerspec_rows[] = {
	MEMBER(struct itimerspec, it_interval, STRUCT(timespec)),
	MEMBER(struct itimerspec, it_value, STRUCT(timespec)),
};
LAYOUT(itimerspec, struct itimerspec);

static const struct lc_member itimerval_rows[] = {
	MEMBER(struct itimerval, it_interval, STRUCT(timeval)),
	MEMBER(struct itimerval, it_value, STRUCT(timeval)),
};
LAYOUT(itimerval, struct itimerval);

static const struct lc_member timex_rows[] = {
	MEMBER(struct timex, modes, FLAGS(clock_adjustments)),
	MEMBER(struct timex, offset, LONG),
	MEMBER(struct timex, freq, LONG),
	MEMBER(struct timex, maxerror, LONG),
	MEMBER(struct timex, esterror, LONG),
	MEMBER(struct timex, status, FLAGS(clock_status)),
	MEMBER(struct timex, constant, LONG),
	MEMBER(struct timex, precision, SIZE),
	MEMBER(struct timex, tolerance, LONG),
	MEMBER(struct timex, time, STRUCT(timeval)),
	MEMBER(struct timex, tick, LONG),
};
LAYOUT_UP_TO(timex, struct timex, tick);

static const struct lc_member rlimit_rows[] = {
	MEMBER(struct rlimit, rlim_cur, KIND(LIMIT)),
	MEMBER(struct rlimit, rlim_max, KIND(LIMIT)),
};
LAYOUT(rlimit, struct rlimit);

static const struct lc_member cap_header_rows[] = {
	MEMBER(struct __user_cap_header_struct, version, ONE_OF(capability_versions)),
	MEMBER(struct __user_cap_header_struct, pid, INT),
};
LAYOUT(cap_header, struct __user_cap_header_struct);

static const struct lc_member clone_args_rows[] = {
	MEMBER(struct clone_args, flags, FLAGS(clone3_flags)),
	MEMBER_IF(struct clone_args, pidfd, ADDRESS),
	MEMBER_IF(struct clone_args, child_tid, ADDRESS),
	MEMBER_IF(struct clone_args, parent_tid, ADDRESS),
	MEMBER(struct clone_args, exit_signal, SIGNAL),
	MEMBER(struct clone_args, stack, ADDRESS),
	MEMBER(struct clone_args, stack_size, HEX),
	MEMBER_IF(struct clone_args, tls, ADDRESS),
	MEMBER_IF(struct clone_args, set_tid, ADDRESS),
	MEMBER_IF(struct clone_args, set_tid_size, SIZE),
	MEMBER_IF(struct clone_args, cgroup, FD),
};
LAYOUT(clone_args, struct clone_args);

static const struct lc_member open_how_rows[] = {
	MEMBER(struct open_how, flags, FLAGS(open_flags)),
	MEMBER_IF(struct open_how, mode, KIND(OCTAL)),
	MEMBER(struct open_how, resolve, FLAGS(resolve_flags)),
};
LAYOUT(open_how, struct open_how);

static const struct lc_member mount_attr_rows[] = {
	MEMBER(struct mount_attr, attr_set, FLAGS(mount_attributes)),
	MEMBER(struct mount_attr, attr_clr, FLAGS(mount_attributes)),
	MEMBER(struct mount_attr, propagation, FLAGS(mount_flags)),
	MEMBER(struct mount_attr, userns_fd, FD),
};
LAYOUT(mount_attr, struct mount_attr);

static const struct lc_member msghdr_rows[] = {
	MEMBER(struct msghdr, msg_name, ADDRESS),
	MEMBER(struct msghdr, msg_namelen, INT),
	MEMBER(struct msghdr, msg_iov, ADDRESS), // NOLINT(bugprone-sizeof-expression)
	MEMBER(struct msghdr, msg_iovlen, SIZE),
	MEMBER(struct msghdr, msg_control, ADDRESS),
	MEMBER(struct msghdr, msg_controllen, SIZE),
	MEMBER(struct msghdr, msg_flags, FLAGS(message_flags)),
};
LAYOUT(msghdr, struct msghdr);

static const struct lc_member flock_rows[] = {
	MEMBER(struct flock, l_type, ONE_OF(lock_types)),
	MEMBER(struct flock, l_whence, ONE_OF(whence)),
	MEMBER(struct flock, l_start, LONG),
	MEMBER(struct flock, l_len, LONG),
};
LAYOUT(flock, struct flock);

static const struct lc_member sched_attr_rows[] = {
	MEMBER(struct sched_attr, size, UINT),
	MEMBER(struct sched_attr, sched_policy, ONE_OF(policies)),
	MEMBER(struct sched_attr, sched_flags, FLAGS(sched_attr_flags)),
	MEMBER(struct sched_attr, sched_nice, INT),
	MEMBER(struct sched_attr, sched_priority, UINT),
	MEMBER(struct sched_attr, sched_runtime, SIZE),
	MEMBER(struct sched_attr, sched_deadline, SIZE),
	MEMBER(struct sched_attr, sched_period, SIZE),
};
LAYOUT_UP_TO(sched_attr, struct sched_attr, sched_period);

static const struct lc_member siginfo_rows[] = {
	MEMBER(siginfo_t, si_signo, SIGNAL),
	MEMBER(siginfo_t, si_code, INT),
	MEMBER(siginfo_t, si_pid, INT),
	MEMBER(siginfo_t, si_uid, UID),
};
LAYOUT_UP_TO(siginfo, siginfo_t, si_uid);

static const struct lc_member sock_fprog_rows[] = {
	MEMBER(struct sock_fprog, len, UINT),
	MEMBER(struct sock_fprog, filter, ADDRESS), // NOLINT(bugprone-sizeof-expression)
};
LAYOUT(sock_fprog, struct sock_fprog);

static const struct lc_member file_handle_rows[] = {
	MEMBER(struct file_handle, handle_bytes, UINT),
	MEMBER(struct file_handle, handle_type, INT),
};
LAYOUT_UP_TO(file_handle, struct file_handle, handle_type);

static const struct lc_member io_uring_params_rows[] = {
	MEMBER(struct io_uring_params, flags, FLAGS(io_uring_setup_flags)),
	MEMBER(struct io_uring_params, sq_thread_cpu, UINT),
	MEMBER(struct io_uring_params, sq_thread_idle, UINT),
};
LAYOUT_UP_TO(io_uring_params, struct io_uring_params, sq_thread_idle);

static const struct lc_member landlock_ruleset_rows[] = {
	MEMBER(struct landlock_ruleset_attr, handled_access_fs, FLAGS(landlock_access)),
};
LAYOUT_UP_TO(landlock_ruleset, struct landlock_ruleset_attr, handled_access_fs);

static const struct lc_member perf_event_rows[] = {
	MEMBER(struct perf_event_attr, type, ONE_OF(perf_types)),
	MEMBER(struct perf_event_attr, size, HEX),
	MEMBER(struct perf_event_attr, config, HEX),
};
LAYOUT_UP_TO(perf_event, struct perf_event_attr, config);

static const struct lc_member bpf_map_rows[] = {
	MEMBER(union bpf_attr, map_type, ONE_OF(bpf_map_types)),
	MEMBER(union bpf_attr, key_size, UINT),
	MEMBER(union bpf_attr, value_size, UINT),
	MEMBER(union bpf_attr, max_entries, UINT),
	MEMBER(union bpf_attr, map_flags, FLAGS(bpf_map_flags)),
	MEMBER(union bpf_attr, inner_map_fd, FD),
	MEMBER_IF(union bpf_attr, numa_node, UINT),
	MEMBER(union bpf_attr, map_name, KIND(TEXT)),
	MEMBER(union bpf_attr, map_ifindex, UINT),
	MEMBER(union bpf_attr, btf_fd, FD),
	MEMBER(union bpf_attr, btf_key_type_id, UINT),
	MEMBER(union bpf_attr, btf_value_type_id, UINT),
	MEMBER(union bpf_attr, btf_vmlinux_value_type_id, UINT),
	MEMBER(union bpf_attr, map_extra, SIZE),
};
LAYOUT(bpf_map, union bpf_attr);

static const struct lc_member bpf_program_rows[] = {
	MEMBER(union bpf_attr, prog_type, ONE_OF(bpf_program_types)),
	MEMBER(union bpf_attr, insn_cnt, UINT),
	MEMBER(union bpf_attr, insns, ADDRESS),
	MEMBER(union bpf_attr, license, ADDRESS),
	MEMBER(union bpf_attr, log_level, UINT),
	MEMBER(union bpf_attr, log_size, UINT),
	MEMBER(union bpf_attr, log_buf, ADDRESS),
	MEMBER(union bpf_attr, prog_flags, HEX),
	MEMBER(union bpf_attr, prog_name, KIND(TEXT)),
};
LAYOUT_UP_TO(bpf_program, union bpf_attr, prog_name);

static const struct lc_member bpf_file_rows[] = {
	MEMBER(union bpf_attr, pathname, ADDRESS),
	MEMBER(union bpf_attr, bpf_fd, FD),
	MEMBER(union bpf_attr, file_flags, FLAGS(bpf_map_flags)),
};
LAYOUT_UP_TO(bpf_file, union bpf_attr, file_flags);

static const struct lc_member netlink_rows[] = {
	{"sa_family", ONE_OF(address_families), offsetof(struct sockaddr_nl, nl_family), sizeof(sa_family_t), false},
	MEMBER(struct sockaddr_nl, nl_pid, UINT),
	MEMBER(struct sockaddr_nl, nl_groups, KIND(MASK)),
};
LAYOUT(netlink, struct sockaddr_nl);

static const struct lc_member packet_rows[] = {
	{"sa_family", ONE_OF(address_families), offsetof(struct sockaddr_ll, sll_family), sizeof(sa_family_t), false},
	MEMBER(struct sockaddr_ll, sll_protocol, KIND(ETHERNET)),
	MEMBER(struct sockaddr_ll, sll_ifindex, INT),
	MEMBER(struct sockaddr_ll, sll_hatype, ONE_OF(hardware_types)),
	MEMBER(struct sockaddr_ll, sll_pkttype, ONE_OF(packet_types)),
	MEMBER(struct sockaddr_ll, sll_halen, UINT),
};
LAYOUT(packet, struct sockaddr_ll);

/* Requests about an interface: its name, and one member of the union behind it. */
static const struct lc_member ifreq_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
};
LAYOUT(ifreq, struct ifreq);

static const struct lc_member ifreq_address_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_addr, KIND(SOCKADDR)),
};
LAYOUT(ifreq_address, struct ifreq);

static const struct lc_member ifreq_flags_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_flags, FLAGS(interface_flags)),
};
LAYOUT(ifreq_flags, struct ifreq);

static const struct lc_member ifreq_tun_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_flags, FLAGS(tun_flags)),
};
LAYOUT(ifreq_tun, struct ifreq);

static const struct lc_member ifreq_hardware_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_hwaddr.sa_family, ONE_OF(hardware_types)),
};
LAYOUT_UP_TO(ifreq_hardware, struct ifreq, ifr_hwaddr);

static const struct lc_member ifreq_index_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_ifindex, INT),
};
LAYOUT(ifreq_index, struct ifreq);

static const struct lc_member ifreq_mtu_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_mtu, INT),
};
LAYOUT(ifreq_mtu, struct ifreq);

static const struct lc_member ifreq_name_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_newname, KIND(TEXT)),
};
LAYOUT(ifreq_name, struct ifreq);

static const struct lc_member ifreq_queue_rows[] = {
	MEMBER(struct ifreq, ifr_name, KIND(TEXT)),
	MEMBER(struct ifreq, ifr_qlen, INT),
};
LAYOUT(ifreq_queue, struct ifreq);
