/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls whose arguments mean what another of them says: prctl's by its option, ioctl's by its request. What the call itself lacks is not shown. */
#include "src/trace/looks.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/loop.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/reboot.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define VARIANTS(of, selector, first)                                                                                  \
	const struct lc_variants lc_##of##_variants = {                                                                \
		selector, first, of##_rows, sizeof(of##_rows) / sizeof((of##_rows)[0])}

static const struct lc_variant prctl_rows[] = {
	{PR_SET_PDEATHSIG, {LOOK(SIGNAL)}},
	{PR_GET_PDEATHSIG, {LOOK(ADDRESS)}},
	{PR_GET_DUMPABLE, {{0}}},
	{PR_SET_DUMPABLE, {LOOK(INT)}},
	{PR_GET_KEEPCAPS, {{0}}},
	{PR_SET_KEEPCAPS, {LOOK(SIZE)}},
	{PR_SET_NAME, {LOOK(STRING)}},
	{PR_GET_NAME, {LOOK(ADDRESS)}},
	{PR_GET_SECCOMP, {{0}}},
	{PR_SET_SECCOMP, {ONE_OF(seccomp_modes), LOOK(ADDRESS)}},
	{PR_CAPBSET_READ, {ONE_OF(capabilities)}},
	{PR_CAPBSET_DROP, {ONE_OF(capabilities)}},
	{PR_GET_SECUREBITS, {{0}}},
	{PR_SET_SECUREBITS, {FLAGS(securebits)}},
	{PR_SET_TIMERSLACK, {LOOK(LONG)}},
	{PR_GET_TIMERSLACK, {{0}}},
	{PR_TASK_PERF_EVENTS_DISABLE, {{0}}},
	{PR_TASK_PERF_EVENTS_ENABLE, {{0}}},
	{PR_SET_MM, {ONE_OF(mm_options), LOOK(HEX), LOOK(SIZE), LOOK(SIZE)}},
	{PR_SET_PTRACER, {LOOK(INT)}},
	{PR_SET_CHILD_SUBREAPER, {LOOK(SIZE)}},
	{PR_GET_CHILD_SUBREAPER, {LOOK(ADDRESS)}},
	{PR_SET_NO_NEW_PRIVS, {LOOK(SIZE), LOOK(SIZE), LOOK(SIZE), LOOK(SIZE)}},
	{PR_GET_NO_NEW_PRIVS, {LOOK(SIZE), LOOK(SIZE), LOOK(SIZE), LOOK(SIZE)}},
	{PR_SET_THP_DISABLE, {LOOK(SIZE), LOOK(SIZE), LOOK(SIZE), LOOK(SIZE)}},
	{PR_CAP_AMBIENT, {ONE_OF(ambient_options), ONE_OF(capabilities), LOOK(SIZE), LOOK(SIZE)}},
	{PR_SET_IO_FLUSHER, {LOOK(SIZE), LOOK(SIZE), LOOK(SIZE), LOOK(SIZE)}},
};
VARIANTS(prctl, 0, 1);

static const struct lc_variant fcntl_rows[] = {
	{F_GETFD, {{0}}},
	{F_GETFL, {{0}}},
	{F_GETOWN, {{0}}},
	{F_GETSIG, {{0}}},
	{F_GETLEASE, {{0}}},
	{F_GETPIPE_SZ, {{0}}},
	{F_GET_SEALS, {{0}}},
	{F_DUPFD, {LOOK(INT)}},
	{F_DUPFD_CLOEXEC, {LOOK(INT)}},
	{F_SETFD, {FLAGS(fd_flags)}},
	{F_SETFL, {FLAGS(open_flags)}},
	{F_SETOWN, {LOOK(INT)}},
	{F_SETSIG, {LOOK(SIGNAL)}},
	{F_SETLEASE, {ONE_OF(lock_types)}},
	{F_SETPIPE_SZ, {LOOK(SIZE)}},
	{F_ADD_SEALS, {FLAGS(seals)}},
	{F_SETLK, {STRUCT(flock)}},
	{F_SETLKW, {STRUCT(flock)}},
	{F_OFD_SETLK, {STRUCT(flock)}},
	{F_OFD_SETLKW, {STRUCT(flock)}},
};
VARIANTS(fcntl, 1, 2);

static const struct lc_variant ioctl_rows[] = {
	{SIOCGIFFLAGS, {STRUCT(ifreq)}},
	{SIOCSIFFLAGS, {STRUCT(ifreq_flags)}},
	{SIOCSIFADDR, {STRUCT(ifreq_address)}},
	{SIOCSIFDSTADDR, {STRUCT(ifreq_address)}},
	{SIOCSIFBRDADDR, {STRUCT(ifreq_address)}},
	{SIOCSIFNETMASK, {STRUCT(ifreq_address)}},
	{SIOCSIFHWADDR, {STRUCT(ifreq_hardware)}},
	{SIOCADDMULTI, {STRUCT(ifreq_hardware)}},
	{SIOCDELMULTI, {STRUCT(ifreq_hardware)}},
	{SIOCSIFMTU, {STRUCT(ifreq_mtu)}},
	{SIOCSIFNAME, {STRUCT(ifreq_name)}},
	{SIOCSIFTXQLEN, {STRUCT(ifreq_queue)}},
	{SIOCETHTOOL, {STRUCT(ifreq)}},
	{SIOCGMIIPHY, {STRUCT(ifreq)}},
	{SIOCGMIIREG, {STRUCT(ifreq)}},
	{SIOCSMIIREG, {STRUCT(ifreq)}},
	{SIOCBONDENSLAVE, {STRUCT(ifreq)}},
	{SIOCBONDRELEASE, {STRUCT(ifreq)}},
	{SIOCBRADDIF, {STRUCT(ifreq_index)}},
	{SIOCBRDELIF, {STRUCT(ifreq_index)}},
	{TUNSETIFF, {STRUCT(ifreq_tun)}},
	{TUNSETPERSIST, {LOOK(INT)}},
	{TUNSETOWNER, {LOOK(ID)}},
	{TUNSETGROUP, {LOOK(ID)}},
	{TIOCSCTTY, {LOOK(INT)}},
	{TIOCVHANGUP, {{0}}},
	{TIOCNOTTY, {{0}}},
	{TIOCEXCL, {{0}}},
	{TIOCNXCL, {{0}}},
	{LOOP_SET_FD, {LOOK(FD)}},
	{LOOP_CHANGE_FD, {LOOK(FD)}},
	{LOOP_CLR_FD, {{0}}},
	{LOOP_CTL_ADD, {LOOK(INT)}},
	{LOOP_CTL_REMOVE, {LOOK(INT)}},
	{LOOP_CTL_GET_FREE, {{0}}},
	{BLKRRPART, {{0}}},
	{BLKFLSBUF, {{0}}},
};
VARIANTS(ioctl, 1, 2);

static const struct lc_variant keyctl_rows[] = {
	{KEYCTL_GET_KEYRING_ID, {ONE_OF(keyrings), LOOK(INT)}},
	{KEYCTL_JOIN_SESSION_KEYRING, {LOOK(STRING)}},
	{KEYCTL_UPDATE, {ONE_OF(keyrings), LOOK(ADDRESS), LOOK(SIZE)}},
	{KEYCTL_REVOKE, {ONE_OF(keyrings)}},
	{KEYCTL_CHOWN, {ONE_OF(keyrings), LOOK(ID), LOOK(ID)}},
	{KEYCTL_SETPERM, {ONE_OF(keyrings), LOOK(HEX)}},
	{KEYCTL_DESCRIBE, {ONE_OF(keyrings), LOOK(ADDRESS), LOOK(SIZE)}},
	{KEYCTL_CLEAR, {ONE_OF(keyrings)}},
	{KEYCTL_LINK, {ONE_OF(keyrings), ONE_OF(keyrings)}},
	{KEYCTL_UNLINK, {ONE_OF(keyrings), ONE_OF(keyrings)}},
	{KEYCTL_SEARCH, {ONE_OF(keyrings), LOOK(STRING), LOOK(STRING), ONE_OF(keyrings)}},
	{KEYCTL_READ, {ONE_OF(keyrings), LOOK(ADDRESS), LOOK(SIZE)}},
	{KEYCTL_SET_TIMEOUT, {ONE_OF(keyrings), LOOK(UINT)}},
	{KEYCTL_SESSION_TO_PARENT, {{0}}},
	{KEYCTL_INVALIDATE, {ONE_OF(keyrings)}},
	{KEYCTL_GET_PERSISTENT, {LOOK(ID), ONE_OF(keyrings)}},
};
VARIANTS(keyctl, 0, 1);

static const struct lc_variant ptrace_rows[] = {
	{PTRACE_TRACEME, {{0}}},
	{PTRACE_ATTACH, {LOOK(INT)}},
	{PTRACE_INTERRUPT, {LOOK(INT)}},
	{PTRACE_KILL, {LOOK(INT)}},
	{PTRACE_LISTEN, {LOOK(INT)}},
	{PTRACE_DETACH, {LOOK(INT), LOOK(ADDRESS), LOOK(SIGNAL)}},
	{PTRACE_CONT, {LOOK(INT), LOOK(HEX), LOOK(SIGNAL)}},
	{PTRACE_SYSCALL, {LOOK(INT), LOOK(HEX), LOOK(SIGNAL)}},
	{PTRACE_SINGLESTEP, {LOOK(INT), LOOK(HEX), LOOK(SIGNAL)}},
	{PTRACE_SEIZE, {LOOK(INT), LOOK(ADDRESS), FLAGS(ptrace_options)}},
	{PTRACE_SETOPTIONS, {LOOK(INT), LOOK(ADDRESS), FLAGS(ptrace_options)}},
};
VARIANTS(ptrace, 0, 1);

static const struct lc_variant bpf_rows[] = {
	{BPF_MAP_CREATE, {PIECE_OF(bpf_map, 3), LOOK(UINT)}},
	{BPF_PROG_LOAD, {PIECE_OF(bpf_program, 3), LOOK(UINT)}},
	{BPF_OBJ_PIN, {PIECE_OF(bpf_file, 3), LOOK(UINT)}},
	{BPF_OBJ_GET, {PIECE_OF(bpf_file, 3), LOOK(UINT)}},
};
VARIANTS(bpf, 0, 1);

static const struct lc_variant seccomp_rows[] = {
	{SECCOMP_SET_MODE_STRICT, {LOOK(HEX), LOOK(ADDRESS)}},
	{SECCOMP_SET_MODE_FILTER, {FLAGS(seccomp_flags), STRUCT(sock_fprog)}},
};
VARIANTS(seccomp, 0, 1);

static const struct lc_variant landlock_rows[] = {
	{LANDLOCK_RULE_PATH_BENEATH, {LOOK(ADDRESS), LOOK(HEX)}},
};
VARIANTS(landlock, 1, 2);

static const struct lc_variant setsockopt_rows[] = {
	{SOL_SOCKET, {ONE_OF(socket_options), SIZED(OPTION, 5), LOOK(INT)}},
	{IPPROTO_IP, {ONE_OF(ip_options), SIZED(OPTION, 5), LOOK(INT)}},
	{IPPROTO_IPV6, {ONE_OF(ipv6_options), SIZED(OPTION, 5), LOOK(INT)}},
	{IPPROTO_TCP, {ONE_OF(tcp_options), SIZED(OPTION, 5), LOOK(INT)}},
	{IPPROTO_UDP, {ONE_OF(udp_options), SIZED(OPTION, 5), LOOK(INT)}},
	{SOL_RAW, {ONE_OF(raw_options), SIZED(OPTION, 5), LOOK(INT)}},
	{SOL_PACKET, {ONE_OF(packet_options), SIZED(OPTION, 5), LOOK(INT)}},
	{SOL_NETLINK, {ONE_OF(netlink_options), SIZED(OPTION, 5), LOOK(INT)}},
};
VARIANTS(setsockopt, 1, 2);

static const struct lc_variant getsockopt_rows[] = {
	{SOL_SOCKET, {ONE_OF(socket_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{IPPROTO_IP, {ONE_OF(ip_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{IPPROTO_IPV6, {ONE_OF(ipv6_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{IPPROTO_TCP, {ONE_OF(tcp_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{IPPROTO_UDP, {ONE_OF(udp_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{SOL_RAW, {ONE_OF(raw_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{SOL_PACKET, {ONE_OF(packet_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
	{SOL_NETLINK, {ONE_OF(netlink_options), LOOK(ADDRESS), LOOK(ADDRESS)}},
};
VARIANTS(getsockopt, 1, 2);

static const struct lc_variant kcmp_rows[] = {
	{KCMP_VM, {{0}}},
	{KCMP_FILES, {{0}}},
	{KCMP_FS, {{0}}},
	{KCMP_SIGHAND, {{0}}},
	{KCMP_IO, {{0}}},
	{KCMP_SYSVSEM, {{0}}},
	{KCMP_FILE, {LOOK(INT), LOOK(INT)}},
};
VARIANTS(kcmp, 2, 3);

static const struct lc_variant reboot_rows[] = {
	{LINUX_REBOOT_CMD_RESTART, {{0}}},
	{LINUX_REBOOT_CMD_HALT, {{0}}},
	{LINUX_REBOOT_CMD_CAD_ON, {{0}}},
	{LINUX_REBOOT_CMD_CAD_OFF, {{0}}},
	{LINUX_REBOOT_CMD_POWER_OFF, {{0}}},
	{LINUX_REBOOT_CMD_RESTART2, {LOOK(STRING)}},
	{LINUX_REBOOT_CMD_SW_SUSPEND, {{0}}},
	{LINUX_REBOOT_CMD_KEXEC, {{0}}},
};
VARIANTS(reboot, 2, 3);

static const struct lc_variant socket_rows[] = {
	{AF_INET, {ONE_OF(internet_protocols), LOOK(ADDRESS)}},
	{AF_INET6, {ONE_OF(internet_protocols), LOOK(ADDRESS)}},
	{AF_NETLINK, {ONE_OF(netlink_protocols), LOOK(ADDRESS)}},
	{AF_PACKET, {LOOK(ETHERNET), LOOK(ADDRESS)}},
};
VARIANTS(socket, 0, 2);
