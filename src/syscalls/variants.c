/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments that depend on another argument, as those of prctl on its option and that of ioctl on its request. */
#include "src/syscalls/rows.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/loop.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/reboot.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The arguments of a call when its selector is one of the values. */
#define VALUES(...) .values = (const uint32_t[]){__VA_ARGS__}, .n_values = COUNT(((const uint32_t[]){__VA_ARGS__}))
#define ARE(...)    .types = TYPES(__VA_ARGS__), .n = COUNT((TYPES(__VA_ARGS__)))

/* The variants of OF_rows, by the argument SELECTOR; COUNT_OF arguments from FIRST on depend on it. */
#define VARIANTS(of, selector, first, count_of)                                                                        \
	const struct lc_variants lc_##of##_variants = {selector, first, count_of, of##_rows, COUNT(of##_rows)}

static const struct lc_variant prctl_rows[] = {
	{VALUES(PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_SECCOMP, PR_GET_SECUREBITS, PR_GET_TIMERSLACK,
		PR_TASK_PERF_EVENTS_DISABLE, PR_TASK_PERF_EVENTS_ENABLE)},
	{VALUES(PR_GET_PDEATHSIG, PR_GET_NAME, PR_GET_CHILD_SUBREAPER), ARE(ADDRESS)},
	{VALUES(PR_SET_KEEPCAPS, PR_SET_CHILD_SUBREAPER), ARE(SIZE)},
	{VALUES(PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_THP_DISABLE, PR_SET_IO_FLUSHER),
		ARE(SIZE, SIZE, SIZE, SIZE)},
	{VALUES(PR_CAPBSET_READ, PR_CAPBSET_DROP), ARE(ONE_OF(capabilities))},
	{VALUES(PR_SET_PDEATHSIG), ARE(SIGNAL)},
	{VALUES(PR_SET_DUMPABLE, PR_SET_PTRACER), ARE(INT)},
	{VALUES(PR_SET_NAME), ARE(STRING)},
	{VALUES(PR_SET_SECCOMP), ARE(ONE_OF(seccomp_modes), ADDRESS)},
	{VALUES(PR_SET_SECUREBITS), ARE(FLAGS(securebits))},
	{VALUES(PR_SET_TIMERSLACK), ARE(LONG)},
	{VALUES(PR_SET_MM), ARE(ONE_OF(mm_options), HEX, SIZE, SIZE)},
	{VALUES(PR_CAP_AMBIENT), ARE(ONE_OF(ambient_options), ONE_OF(capabilities), SIZE, SIZE)},
};
VARIANTS(prctl, 0, 1, 4);

static const struct lc_variant fcntl_rows[] = {
	{VALUES(F_GETFD, F_GETFL, F_GETOWN, F_GETSIG, F_GETLEASE, F_GETPIPE_SZ, F_GET_SEALS)},
	{VALUES(F_DUPFD, F_DUPFD_CLOEXEC, F_SETOWN), ARE(INT)},
	{VALUES(F_SETFD), ARE(FLAGS(fd_flags))},
	{VALUES(F_SETFL), ARE(FLAGS(open_flags))},
	{VALUES(F_SETSIG), ARE(SIGNAL)},
	{VALUES(F_SETLEASE), ARE(ONE_OF(lock_types))},
	{VALUES(F_SETPIPE_SZ), ARE(SIZE)},
	{VALUES(F_ADD_SEALS), ARE(FLAGS(seals))},
	{VALUES(F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW), ARE(STRUCT(flock))},
};
VARIANTS(fcntl, 1, 2, 1);

static const struct lc_variant ioctl_rows[] = {
	{VALUES(TIOCVHANGUP, TIOCNOTTY, TIOCEXCL, TIOCNXCL, LOOP_CLR_FD, LOOP_CTL_GET_FREE, BLKRRPART, BLKFLSBUF)},
	{VALUES(TUNSETPERSIST, TIOCSCTTY, LOOP_CTL_ADD, LOOP_CTL_REMOVE), ARE(INT)},
	{VALUES(TUNSETOWNER), ARE(UID)},
	{VALUES(TUNSETGROUP), ARE(GID)},
	{VALUES(LOOP_SET_FD, LOOP_CHANGE_FD), ARE(FILE_FD)},
	{VALUES(SIOCGIFFLAGS, SIOCETHTOOL, SIOCGMIIPHY, SIOCGMIIREG, SIOCSMIIREG, SIOCBONDENSLAVE, SIOCBONDRELEASE),
		ARE(STRUCT(ifreq))},
	{VALUES(SIOCSIFADDR, SIOCSIFDSTADDR, SIOCSIFBRDADDR, SIOCSIFNETMASK), ARE(STRUCT(ifreq_address))},
	{VALUES(SIOCSIFHWADDR, SIOCADDMULTI, SIOCDELMULTI), ARE(STRUCT(ifreq_hardware))},
	{VALUES(SIOCBRADDIF, SIOCBRDELIF), ARE(STRUCT(ifreq_index))},
	{VALUES(SIOCSIFFLAGS), ARE(STRUCT(ifreq_flags))},
	{VALUES(SIOCSIFMTU), ARE(STRUCT(ifreq_mtu))},
	{VALUES(SIOCSIFNAME), ARE(STRUCT(ifreq_name))},
	{VALUES(SIOCSIFTXQLEN), ARE(STRUCT(ifreq_queue))},
	{VALUES(TUNSETIFF), ARE(STRUCT(ifreq_tun))},
};
VARIANTS(ioctl, 1, 2, 1);

static const struct lc_variant keyctl_rows[] = {
	{VALUES(KEYCTL_SESSION_TO_PARENT)},
	{VALUES(KEYCTL_REVOKE, KEYCTL_CLEAR, KEYCTL_INVALIDATE), ARE(ONE_OF(keyrings))},
	{VALUES(KEYCTL_LINK, KEYCTL_UNLINK), ARE(ONE_OF(keyrings), ONE_OF(keyrings))},
	{VALUES(KEYCTL_UPDATE, KEYCTL_DESCRIBE, KEYCTL_READ), ARE(ONE_OF(keyrings), ADDRESS, SIZE)},
	{VALUES(KEYCTL_GET_KEYRING_ID), ARE(ONE_OF(keyrings), INT)},
	{VALUES(KEYCTL_JOIN_SESSION_KEYRING), ARE(STRING)},
	{VALUES(KEYCTL_CHOWN), ARE(ONE_OF(keyrings), UID, GID)},
	{VALUES(KEYCTL_SETPERM), ARE(ONE_OF(keyrings), HEX)},
	{VALUES(KEYCTL_SEARCH), ARE(ONE_OF(keyrings), STRING, STRING, ONE_OF(keyrings))},
	{VALUES(KEYCTL_SET_TIMEOUT), ARE(ONE_OF(keyrings), UINT)},
	{VALUES(KEYCTL_GET_PERSISTENT), ARE(UID, ONE_OF(keyrings))},
};
VARIANTS(keyctl, 0, 1, 4);

static const struct lc_variant ptrace_rows[] = {
	{VALUES(PTRACE_TRACEME)},
	{VALUES(PTRACE_ATTACH, PTRACE_INTERRUPT, PTRACE_KILL, PTRACE_LISTEN), ARE(PID)},
	{VALUES(PTRACE_DETACH), ARE(PID, ADDRESS, SIGNAL)},
	{VALUES(PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP), ARE(PID, HEX, SIGNAL)},
	{VALUES(PTRACE_SEIZE, PTRACE_SETOPTIONS), ARE(PID, ADDRESS, FLAGS(ptrace_options))},
};
VARIANTS(ptrace, 0, 1, 3);

static const struct lc_variant bpf_rows[] = {
	{VALUES(BPF_MAP_CREATE), ARE(PIECE_OF(bpf_map, 3))},
	{VALUES(BPF_PROG_LOAD), ARE(PIECE_OF(bpf_program, 3))},
	{VALUES(BPF_OBJ_PIN, BPF_OBJ_GET), ARE(PIECE_OF(bpf_file, 3))},
};
VARIANTS(bpf, 0, 1, 1);

static const struct lc_variant seccomp_rows[] = {
	{VALUES(SECCOMP_SET_MODE_STRICT), ARE(HEX, ADDRESS)},
	{VALUES(SECCOMP_SET_MODE_FILTER), ARE(FLAGS(seccomp_flags), STRUCT(sock_fprog))},
};
VARIANTS(seccomp, 0, 1, 2);

static const struct lc_variant socket_option_rows[] = {
	{VALUES(SOL_SOCKET), ARE(ONE_OF(socket_options))},
	{VALUES(IPPROTO_IP), ARE(ONE_OF(ip_options))},
	{VALUES(IPPROTO_IPV6), ARE(ONE_OF(ipv6_options))},
	{VALUES(IPPROTO_TCP), ARE(ONE_OF(tcp_options))},
	{VALUES(IPPROTO_UDP), ARE(ONE_OF(udp_options))},
	{VALUES(SOL_RAW), ARE(ONE_OF(raw_options))},
	{VALUES(SOL_PACKET), ARE(ONE_OF(packet_options))},
	{VALUES(SOL_NETLINK), ARE(ONE_OF(netlink_options))},
};
VARIANTS(socket_option, 1, 2, 1);

static const struct lc_variant kcmp_rows[] = {
	{VALUES(KCMP_VM, KCMP_FILES, KCMP_FS, KCMP_SIGHAND, KCMP_IO, KCMP_SYSVSEM)},
	{VALUES(KCMP_FILE), ARE(INT, INT)},
};
VARIANTS(kcmp, 2, 3, 2);

static const struct lc_variant reboot_rows[] = {
	{VALUES(LINUX_REBOOT_CMD_RESTART, LINUX_REBOOT_CMD_HALT, LINUX_REBOOT_CMD_CAD_ON, LINUX_REBOOT_CMD_CAD_OFF,
		LINUX_REBOOT_CMD_POWER_OFF, LINUX_REBOOT_CMD_SW_SUSPEND, LINUX_REBOOT_CMD_KEXEC)},
	{VALUES(LINUX_REBOOT_CMD_RESTART2), ARE(STRING)},
};
VARIANTS(reboot, 2, 3, 1);

static const struct lc_variant socket_rows[] = {
	{VALUES(AF_INET, AF_INET6), ARE(ONE_OF(internet_protocols))},
	{VALUES(AF_NETLINK), ARE(ONE_OF(netlink_protocols))},
	{VALUES(AF_PACKET), ARE(KIND(ETHERNET))},
};
VARIANTS(socket, 0, 2, 1);
