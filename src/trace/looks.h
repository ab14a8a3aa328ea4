/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The structures that arguments point to, the variants of calls, and the macros that their tables and that of calls are written with. */
#ifndef LEASTCAP_SRC_TRACE_LOOKS_H
#define LEASTCAP_SRC_TRACE_LOOKS_H

#include "src/trace/constants.h"

/* How a value is shown: plainly, by the table lc_OF, or, where it is an address, what is there. Arguments count from 1. */
#define LOOK(of)                                                                                                       \
	{                                                                                                              \
		.kind = LC_KIND_##of                                                                                   \
	}
#define ONE_OF(of)                                                                                                     \
	{                                                                                                              \
		.kind = LC_KIND_WORD, .constants = &lc_##of                                                            \
	}
#define FLAGS(of)                                                                                                      \
	{                                                                                                              \
		.kind = LC_KIND_FLAGS, .constants = &lc_##of                                                           \
	}
#define SIZED(of, argument)                                                                                            \
	{                                                                                                              \
		.kind = LC_KIND_##of, .size = (argument)                                                               \
	}
#define STRUCT(of)                                                                                                     \
	{                                                                                                              \
		.kind = LC_KIND_STRUCT, .layout = &lc_##of##_layout                                                    \
	}
#define PIECE_OF(of, argument)                                                                                         \
	{                                                                                                              \
		.kind = LC_KIND_STRUCT, .layout = &lc_##of##_layout, .size = (argument)                                \
	}
#define ARRAY(of, size_of, n)                                                                                          \
	{                                                                                                              \
		.kind = LC_KIND_ARRAY, .element = LC_KIND_##of, .unit = (size_of), .bytes = (size_of) * (n)            \
	}
#define STRUCTS(of, type, n)                                                                                           \
	{                                                                                                              \
		.kind = LC_KIND_ARRAY, .element = LC_KIND_STRUCT, .unit = sizeof(type), .bytes = sizeof(type) * (n),   \
		.layout = &lc_##of##_layout                                                                            \
	}

/* A member of TYPE, and one that is left out when it is 0. */
#define MEMBER(type, member, ...)                                                                                      \
	{                                                                                                              \
#member, __VA_ARGS__, offsetof(type, member), sizeof(((type *)0)->member), false                       \
	}
#define MEMBER_IF(type, member, ...)                                                                                   \
	{                                                                                                              \
#member, __VA_ARGS__, offsetof(type, member), sizeof(((type *)0)->member), true                        \
	}

/* The layout of TYPE by OF_rows; the second where it is shown only up to the member LAST. */
#define LAYOUT(of, type)                                                                                               \
	const struct lc_layout lc_##of##_layout = {                                                                    \
		of##_rows, sizeof(of##_rows) / sizeof((of##_rows)[0]), sizeof(type), false}
#define LAYOUT_UP_TO(of, type, last)                                                                                   \
	const struct lc_layout lc_##of##_layout = {of##_rows, sizeof(of##_rows) / sizeof((of##_rows)[0]),              \
		offsetof(type, last) + sizeof(((type *)0)->last), true}

extern const struct lc_layout lc_bpf_map_layout;
extern const struct lc_layout lc_bpf_program_layout;
extern const struct lc_layout lc_bpf_file_layout;
extern const struct lc_layout lc_cap_header_layout;
extern const struct lc_layout lc_clone_args_layout;
extern const struct lc_layout lc_file_handle_layout;
extern const struct lc_layout lc_flock_layout;
extern const struct lc_layout lc_ifreq_layout;
extern const struct lc_layout lc_ifreq_address_layout;
extern const struct lc_layout lc_ifreq_flags_layout;
extern const struct lc_layout lc_ifreq_hardware_layout;
extern const struct lc_layout lc_ifreq_index_layout;
extern const struct lc_layout lc_ifreq_mtu_layout;
extern const struct lc_layout lc_ifreq_name_layout;
extern const struct lc_layout lc_ifreq_queue_layout;
extern const struct lc_layout lc_ifreq_tun_layout;
extern const struct lc_layout lc_io_uring_params_layout;
extern const struct lc_layout lc_itimerspec_layout;
extern const struct lc_layout lc_itimerval_layout;
extern const struct lc_layout lc_landlock_ruleset_layout;
extern const struct lc_layout lc_mount_attr_layout;
extern const struct lc_layout lc_msghdr_layout;
extern const struct lc_layout lc_netlink_layout;
extern const struct lc_layout lc_open_how_layout;
extern const struct lc_layout lc_packet_layout;
extern const struct lc_layout lc_perf_event_layout;
extern const struct lc_layout lc_rlimit_layout;
extern const struct lc_layout lc_sched_attr_layout;
extern const struct lc_layout lc_siginfo_layout;
extern const struct lc_layout lc_sock_fprog_layout;
extern const struct lc_layout lc_timespec_layout;
extern const struct lc_layout lc_timeval_layout;
extern const struct lc_layout lc_timex_layout;
extern const struct lc_layout lc_timezone_layout;
extern const struct lc_layout lc_utimbuf_layout;

extern const struct lc_variants lc_bpf_variants;
extern const struct lc_variants lc_fcntl_variants;
extern const struct lc_variants lc_getsockopt_variants;
extern const struct lc_variants lc_ioctl_variants;
extern const struct lc_variants lc_kcmp_variants;
extern const struct lc_variants lc_keyctl_variants;
extern const struct lc_variants lc_landlock_variants;
extern const struct lc_variants lc_prctl_variants;
extern const struct lc_variants lc_ptrace_variants;
extern const struct lc_variants lc_reboot_variants;
extern const struct lc_variants lc_seccomp_variants;
extern const struct lc_variants lc_setsockopt_variants;
extern const struct lc_variants lc_socket_variants;

#endif
