/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words in which the rows of the table are written. */
#ifndef LEASTCAP_SYSCALLS_ROWS_H
#define LEASTCAP_SYSCALLS_ROWS_H

#include <leastcap/constants.h>
#include <leastcap/syscalls.h>

#include <fcntl.h>
#include <sys/types.h>

/* The rows of one file. */
struct lc_syscalls {
	const struct lc_syscall *rows;
	size_t n;
};

/* clang-format off */
#define COUNT(rows)    (sizeof(rows) / sizeof((rows)[0]))
#define SYSCALLS(rows) {rows, COUNT(rows)}

/* The types of arguments. */
#define TYPES(...) (const struct lc_type[]){__VA_ARGS__}

/*
 * A row begins with the call's number, its name and its arguments. CALL has the number from libseccomp's header, where it is negative
 * if this machine lacks the call. NEW has the number in AT, because older versions of libseccomp lack the call. From 424 on a number
 * is the same on every architecture (include/uapi/asm-generic/unistd.h).
 */
#define CALL(call, ...)    .number = SCMP_SYS(call), .name = #call, .arguments = TYPES(__VA_ARGS__), .n = COUNT((TYPES(__VA_ARGS__)))
#define NEW(at, call, ...) .number = (at), .name = #call, .arguments = TYPES(__VA_ARGS__), .n = COUNT((TYPES(__VA_ARGS__)))

/* What may follow. See struct lc_syscall. */
#define RETURNS(kind)   .result = LC_KIND_##kind
#define VARIES(of)      .variants = (&lc_##of##_variants)
#define ABOUT(argument) .about = (argument)
#define WANTS(what)     .access = LC_ACCESS_##what
#define VERB(done)      .verb = (done)
#define LOOKS           .looks = true
#define KEEPS_LINKS     .keeps_links = true

/* What a value is: a plain one, one of the constants lc_OF, or the address of something. Arguments count from 1. */
#define KIND(of)                  {.kind = LC_KIND_##of}
#define ONE_OF(of)                {.kind = LC_KIND_WORD, .constants = &lc_##of}
#define FLAGS(of)                 {.kind = LC_KIND_FLAGS, .constants = &lc_##of}
#define SIZED(of, argument)       {.kind = LC_KIND_##of, .size = (argument)}
#define STRUCT(of)                {.kind = LC_KIND_STRUCT, .layout = &lc_##of##_layout}
#define PIECE_OF(of, argument)    {.kind = LC_KIND_STRUCT, .layout = &lc_##of##_layout, .size = (argument)}
#define ARRAY(of, size_of, count) {.kind = LC_KIND_ARRAY, .element = LC_KIND_##of, .unit = (size_of), .bytes = (size_of) * (count)}
#define STRUCTS(of, type, count)                                                                                       \
	{.kind = LC_KIND_ARRAY, .element = LC_KIND_STRUCT, .unit = sizeof(type), .bytes = sizeof(type) * (count), .layout = &lc_##of##_layout}
#define IDS(argument)             {.kind = LC_KIND_ARRAY, .element = LC_KIND_GID, .unit = sizeof(gid_t), .size = (argument)}
/* An argument that is there only if another one has one of BITS. */
#define WHEN(of, argument, bits)  {.kind = LC_KIND_##of, .when = (argument), .mask = (bits)}
/* open(2) makes a file with either of these, and takes a mode then. */
#define MAKES                     ((uint32_t)O_CREAT | ((uint32_t)O_TMPFILE & ~(uint32_t)O_DIRECTORY))

#define INT                KIND(INT)
#define UINT               KIND(UINT)
#define LONG               KIND(LONG)
#define SIZE               KIND(SIZE)
#define HEX                KIND(HEX)
#define ADDRESS            KIND(ADDRESS)
#define PID                KIND(PID)
#define UID                KIND(UID)
#define GID                KIND(GID)
#define MODE               KIND(OCTAL)
#define FD                 KIND(FD)
#define FILE_FD            KIND(FILE)
#define DIRFD              KIND(DIRFD)
#define SIGNAL             KIND(SIGNAL)
#define STRING             KIND(STRING)
#define PATH               KIND(PATH)
#define MESSAGES           KIND(MESSAGES)
#define BUFFER(argument)   SIZED(BUFFER, argument)
#define SOCKADDR(argument) SIZED(SOCKADDR, argument)

/* A member of TYPE, and one that is left out when it is 0. */
#define MEMBER(type, member, ...)    {#member, __VA_ARGS__, offsetof(type, member), sizeof(((type *)0)->member), false}
#define MEMBER_IF(type, member, ...) {#member, __VA_ARGS__, offsetof(type, member), sizeof(((type *)0)->member), true}

/* The layout of TYPE by OF_rows. LAYOUT_UP_TO is for one that is shown only up to the member LAST. */
#define LAYOUT(of, type) const struct lc_layout lc_##of##_layout = {of##_rows, COUNT(of##_rows), sizeof(type), false}
#define LAYOUT_UP_TO(of, type, last)                                                                                   \
	const struct lc_layout lc_##of##_layout = {of##_rows, COUNT(of##_rows), offsetof(type, last) + sizeof(((type *)0)->last), true}
/* clang-format on */

extern const struct lc_syscalls lc_compat_syscalls;
extern const struct lc_syscalls lc_credentials_syscalls;
extern const struct lc_syscalls lc_files_syscalls;
extern const struct lc_syscalls lc_memory_syscalls;
extern const struct lc_syscalls lc_mounts_syscalls;
extern const struct lc_syscalls lc_paths_syscalls;
extern const struct lc_syscalls lc_processes_syscalls;
extern const struct lc_syscalls lc_sockets_syscalls;
extern const struct lc_syscalls lc_system_syscalls;

extern const struct lc_variants lc_bpf_variants;
extern const struct lc_variants lc_fcntl_variants;
extern const struct lc_variants lc_ioctl_variants;
extern const struct lc_variants lc_kcmp_variants;
extern const struct lc_variants lc_keyctl_variants;
extern const struct lc_variants lc_prctl_variants;
extern const struct lc_variants lc_ptrace_variants;
extern const struct lc_variants lc_reboot_variants;
extern const struct lc_variants lc_seccomp_variants;
extern const struct lc_variants lc_socket_option_variants;
extern const struct lc_variants lc_socket_variants;

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
extern const struct lc_layout lc_open_how_layout;
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

#endif
