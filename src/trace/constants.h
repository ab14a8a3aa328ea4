/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants that arguments are made of, by family of headers, and the macros that their tables are written with. */
#ifndef LEASTCAP_SRC_TRACE_CONSTANTS_H
#define LEASTCAP_SRC_TRACE_CONSTANTS_H

#include "src/trace/decode.h"

/* Rows of a table: a flag; one value of the field MASK of a flag word; a word of an enumeration. */
#define FLAG(constant)                                                                                                 \
	{                                                                                                              \
		(uint32_t)(constant), (uint32_t)(constant), #constant                                                  \
	}
#define FLAG64(constant)                                                                                               \
	{                                                                                                              \
		(uint64_t)(constant), (uint64_t)(constant), #constant                                                  \
	}
#define FIELD(constant, mask)                                                                                          \
	{                                                                                                              \
		(uint32_t)(constant), (uint32_t)(mask), #constant                                                      \
	}
#define WORD(constant)                                                                                                 \
	{                                                                                                              \
		(uint32_t)(constant), UINT32_MAX, #constant                                                            \
	}

/* The table NAME of ROWS. */
#define CONSTANTS_OF(name, family, rows)                                                                               \
	const struct lc_constants name = {family, rows, sizeof(rows) / sizeof((rows)[0])}
/* The table lc_NAME of NAME_rows. */
#define CONSTANTS(name, family) CONSTANTS_OF(lc_##name, family, name##_rows)

extern const struct lc_constants lc_statx_flags;
extern const struct lc_constants lc_statx_mask;
extern const struct lc_constants lc_mount_flags;
extern const struct lc_constants lc_umount_flags;
extern const struct lc_constants lc_fsopen_flags;
extern const struct lc_constants lc_fspick_flags;
extern const struct lc_constants lc_fsmount_flags;
extern const struct lc_constants lc_mount_attributes;
extern const struct lc_constants lc_move_mount_flags;
extern const struct lc_constants lc_open_tree_flags;
extern const struct lc_constants lc_mount_setattr_flags;
extern const struct lc_constants lc_fsconfig_commands;
extern const struct lc_constants lc_rename_flags;
extern const struct lc_constants lc_xattr_flags;
extern const struct lc_constants lc_fallocate_modes;
extern const struct lc_constants lc_whence;
extern const struct lc_constants lc_fanotify_init_flags;
extern const struct lc_constants lc_fanotify_mark_flags;
extern const struct lc_constants lc_fanotify_events;
extern const struct lc_constants lc_inotify_events;
extern const struct lc_constants lc_eventfd_flags;
extern const struct lc_constants lc_inotify_init_flags;
extern const struct lc_constants lc_open_flags;
extern const struct lc_constants lc_pipe_flags;
extern const struct lc_constants lc_access_modes;
extern const struct lc_constants lc_at_flags;
extern const struct lc_constants lc_faccess_flags;
extern const struct lc_constants lc_unlink_flags;
extern const struct lc_constants lc_resolve_flags;
extern const struct lc_constants lc_fcntl_commands;
extern const struct lc_constants lc_fd_flags;
extern const struct lc_constants lc_lock_types;
extern const struct lc_constants lc_seals;
extern const struct lc_constants lc_clone_flags;
extern const struct lc_constants lc_clone3_flags;
extern const struct lc_constants lc_namespace_flags;
extern const struct lc_constants lc_signals;
extern const struct lc_constants lc_capabilities;
extern const struct lc_constants lc_capability_versions;
extern const struct lc_constants lc_securebits;
extern const struct lc_constants lc_prctl_options;
extern const struct lc_constants lc_mm_options;
extern const struct lc_constants lc_ambient_options;
extern const struct lc_constants lc_seccomp_modes;
extern const struct lc_constants lc_seccomp_operations;
extern const struct lc_constants lc_seccomp_flags;
extern const struct lc_constants lc_landlock_create_flags;
extern const struct lc_constants lc_landlock_rules;
extern const struct lc_constants lc_ptrace_requests;
extern const struct lc_constants lc_ptrace_options;
extern const struct lc_constants lc_kcmp_types;
extern const struct lc_constants lc_policies;
extern const struct lc_constants lc_set_policies;
extern const struct lc_constants lc_sched_attr_flags;
extern const struct lc_constants lc_priority_whiches;
extern const struct lc_constants lc_io_priority_whiches;
extern const struct lc_constants lc_io_priority_classes;
extern const struct lc_constants lc_resources;
extern const struct lc_constants lc_wait_options;
extern const struct lc_constants lc_wait_ids;
extern const struct lc_constants lc_sigmask_hows;
extern const struct lc_constants lc_keyctl_operations;
extern const struct lc_constants lc_keyrings;
extern const struct lc_constants lc_protections;
extern const struct lc_constants lc_map_flags;
extern const struct lc_constants lc_mremap_flags;
extern const struct lc_constants lc_mlock_flags;
extern const struct lc_constants lc_mlockall_flags;
extern const struct lc_constants lc_advices;
extern const struct lc_constants lc_sync_flags;
extern const struct lc_constants lc_memfd_flags;
extern const struct lc_constants lc_memory_policies;
extern const struct lc_constants lc_move_policies;
extern const struct lc_constants lc_clocks;
extern const struct lc_constants lc_timer_flags;
extern const struct lc_constants lc_interval_timers;
extern const struct lc_constants lc_timerfd_create_flags;
extern const struct lc_constants lc_timerfd_flags;
extern const struct lc_constants lc_clock_adjustments;
extern const struct lc_constants lc_clock_status;
extern const struct lc_constants lc_module_init_flags;
extern const struct lc_constants lc_module_flags;
extern const struct lc_constants lc_kexec_flags;
extern const struct lc_constants lc_kexec_file_flags;
extern const struct lc_constants lc_reboot_magics_1;
extern const struct lc_constants lc_reboot_magics_2;
extern const struct lc_constants lc_reboot_commands;
extern const struct lc_constants lc_quota_commands;
extern const struct lc_constants lc_swap_flags;
extern const struct lc_constants lc_personalities;
extern const struct lc_constants lc_ipc_commands;
extern const struct lc_constants lc_message_commands;
extern const struct lc_constants lc_semaphore_commands;
extern const struct lc_constants lc_ipc_keys;
extern const struct lc_constants lc_shmat_flags;
extern const struct lc_constants lc_bpf_commands;
extern const struct lc_constants lc_bpf_map_types;
extern const struct lc_constants lc_bpf_program_types;
extern const struct lc_constants lc_bpf_map_flags;
extern const struct lc_constants lc_perf_types;
extern const struct lc_constants lc_perf_flags;
extern const struct lc_constants lc_userfaultfd_flags;
extern const struct lc_constants lc_io_uring_setup_flags;
extern const struct lc_constants lc_io_uring_enter_flags;
extern const struct lc_constants lc_io_uring_operations;
extern const struct lc_constants lc_membarrier_commands;
extern const struct lc_constants lc_random_flags;
extern const struct lc_constants lc_address_families;
extern const struct lc_constants lc_socket_types;
extern const struct lc_constants lc_internet_protocols;
extern const struct lc_constants lc_netlink_protocols;
extern const struct lc_constants lc_ethernet_protocols;
extern const struct lc_constants lc_packet_types;
extern const struct lc_constants lc_hardware_types;
extern const struct lc_constants lc_message_flags;
extern const struct lc_constants lc_shutdown_modes;
extern const struct lc_constants lc_socket_levels;
extern const struct lc_constants lc_socket_options;
extern const struct lc_constants lc_ip_options;
extern const struct lc_constants lc_ipv6_options;
extern const struct lc_constants lc_tcp_options;
extern const struct lc_constants lc_udp_options;
extern const struct lc_constants lc_packet_options;
extern const struct lc_constants lc_netlink_options;
extern const struct lc_constants lc_raw_options;
extern const struct lc_constants lc_ioctl_requests;
extern const struct lc_constants lc_interface_flags;
extern const struct lc_constants lc_tun_flags;
extern const struct lc_constants lc_syslog_actions;

#endif
