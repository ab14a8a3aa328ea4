/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls whose arguments mean what another of them says: prctl's by its option, ioctl's by its request. What the call itself lacks is not shown. */
#include "src/syscalls/rows.h"

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
	{PR_SET_PDEATHSIG, {SIGNAL}},
	{PR_GET_PDEATHSIG, {ADDRESS}},
	{PR_GET_DUMPABLE, {NOTHING}},
	{PR_SET_DUMPABLE, {INT}},
	{PR_GET_KEEPCAPS, {NOTHING}},
	{PR_SET_KEEPCAPS, {SIZE}},
	{PR_SET_NAME, {STRING}},
	{PR_GET_NAME, {ADDRESS}},
	{PR_GET_SECCOMP, {NOTHING}},
	{PR_SET_SECCOMP, {ONE_OF(seccomp_modes), ADDRESS}},
	{PR_CAPBSET_READ, {ONE_OF(capabilities)}},
	{PR_CAPBSET_DROP, {ONE_OF(capabilities)}},
	{PR_GET_SECUREBITS, {NOTHING}},
	{PR_SET_SECUREBITS, {FLAGS(securebits)}},
	{PR_SET_TIMERSLACK, {LONG}},
	{PR_GET_TIMERSLACK, {NOTHING}},
	{PR_TASK_PERF_EVENTS_DISABLE, {NOTHING}},
	{PR_TASK_PERF_EVENTS_ENABLE, {NOTHING}},
	{PR_SET_MM, {ONE_OF(mm_options), HEX, SIZE, SIZE}},
	{PR_SET_PTRACER, {INT}},
	{PR_SET_CHILD_SUBREAPER, {SIZE}},
	{PR_GET_CHILD_SUBREAPER, {ADDRESS}},
	{PR_SET_NO_NEW_PRIVS, {SIZE, SIZE, SIZE, SIZE}},
	{PR_GET_NO_NEW_PRIVS, {SIZE, SIZE, SIZE, SIZE}},
	{PR_SET_THP_DISABLE, {SIZE, SIZE, SIZE, SIZE}},
	{PR_CAP_AMBIENT, {ONE_OF(ambient_options), ONE_OF(capabilities), SIZE, SIZE}},
	{PR_SET_IO_FLUSHER, {SIZE, SIZE, SIZE, SIZE}},
};
VARIANTS(prctl, 0, 1);

static const struct lc_variant fcntl_rows[] = {
	{F_GETFD, {NOTHING}},
	{F_GETFL, {NOTHING}},
	{F_GETOWN, {NOTHING}},
	{F_GETSIG, {NOTHING}},
	{F_GETLEASE, {NOTHING}},
	{F_GETPIPE_SZ, {NOTHING}},
	{F_GET_SEALS, {NOTHING}},
	{F_DUPFD, {INT}},
	{F_DUPFD_CLOEXEC, {INT}},
	{F_SETFD, {FLAGS(fd_flags)}},
	{F_SETFL, {FLAGS(open_flags)}},
	{F_SETOWN, {INT}},
	{F_SETSIG, {SIGNAL}},
	{F_SETLEASE, {ONE_OF(lock_types)}},
	{F_SETPIPE_SZ, {SIZE}},
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
	{TUNSETPERSIST, {INT}},
	{TUNSETOWNER, {UID}},
	{TUNSETGROUP, {GID}},
	{TIOCSCTTY, {INT}},
	{TIOCVHANGUP, {NOTHING}},
	{TIOCNOTTY, {NOTHING}},
	{TIOCEXCL, {NOTHING}},
	{TIOCNXCL, {NOTHING}},
	{LOOP_SET_FD, {FILE_FD}},
	{LOOP_CHANGE_FD, {FILE_FD}},
	{LOOP_CLR_FD, {NOTHING}},
	{LOOP_CTL_ADD, {INT}},
	{LOOP_CTL_REMOVE, {INT}},
	{LOOP_CTL_GET_FREE, {NOTHING}},
	{BLKRRPART, {NOTHING}},
	{BLKFLSBUF, {NOTHING}},
};
VARIANTS(ioctl, 1, 2);

static const struct lc_variant keyctl_rows[] = {
	{KEYCTL_GET_KEYRING_ID, {ONE_OF(keyrings), INT}},
	{KEYCTL_JOIN_SESSION_KEYRING, {STRING}},
	{KEYCTL_UPDATE, {ONE_OF(keyrings), ADDRESS, SIZE}},
	{KEYCTL_REVOKE, {ONE_OF(keyrings)}},
	{KEYCTL_CHOWN, {ONE_OF(keyrings), UID, GID}},
	{KEYCTL_SETPERM, {ONE_OF(keyrings), HEX}},
	{KEYCTL_DESCRIBE, {ONE_OF(keyrings), ADDRESS, SIZE}},
	{KEYCTL_CLEAR, {ONE_OF(keyrings)}},
	{KEYCTL_LINK, {ONE_OF(keyrings), ONE_OF(keyrings)}},
	{KEYCTL_UNLINK, {ONE_OF(keyrings), ONE_OF(keyrings)}},
	{KEYCTL_SEARCH, {ONE_OF(keyrings), STRING, STRING, ONE_OF(keyrings)}},
	{KEYCTL_READ, {ONE_OF(keyrings), ADDRESS, SIZE}},
	{KEYCTL_SET_TIMEOUT, {ONE_OF(keyrings), UINT}},
	{KEYCTL_SESSION_TO_PARENT, {NOTHING}},
	{KEYCTL_INVALIDATE, {ONE_OF(keyrings)}},
	{KEYCTL_GET_PERSISTENT, {UID, ONE_OF(keyrings)}},
};
VARIANTS(keyctl, 0, 1);

static const struct lc_variant ptrace_rows[] = {
	{PTRACE_TRACEME, {NOTHING}},
	{PTRACE_ATTACH, {INT}},
	{PTRACE_INTERRUPT, {INT}},
	{PTRACE_KILL, {INT}},
	{PTRACE_LISTEN, {INT}},
	{PTRACE_DETACH, {INT, ADDRESS, SIGNAL}},
	{PTRACE_CONT, {INT, HEX, SIGNAL}},
	{PTRACE_SYSCALL, {INT, HEX, SIGNAL}},
	{PTRACE_SINGLESTEP, {INT, HEX, SIGNAL}},
	{PTRACE_SEIZE, {INT, ADDRESS, FLAGS(ptrace_options)}},
	{PTRACE_SETOPTIONS, {INT, ADDRESS, FLAGS(ptrace_options)}},
};
VARIANTS(ptrace, 0, 1);

static const struct lc_variant bpf_rows[] = {
	{BPF_MAP_CREATE, {PIECE_OF(bpf_map, 3), UINT}},
	{BPF_PROG_LOAD, {PIECE_OF(bpf_program, 3), UINT}},
	{BPF_OBJ_PIN, {PIECE_OF(bpf_file, 3), UINT}},
	{BPF_OBJ_GET, {PIECE_OF(bpf_file, 3), UINT}},
};
VARIANTS(bpf, 0, 1);

static const struct lc_variant seccomp_rows[] = {
	{SECCOMP_SET_MODE_STRICT, {HEX, ADDRESS}},
	{SECCOMP_SET_MODE_FILTER, {FLAGS(seccomp_flags), STRUCT(sock_fprog)}},
};
VARIANTS(seccomp, 0, 1);

static const struct lc_variant landlock_rows[] = {
	{LANDLOCK_RULE_PATH_BENEATH, {ADDRESS, HEX}},
};
VARIANTS(landlock, 1, 2);

static const struct lc_variant setsockopt_rows[] = {
	{SOL_SOCKET, {ONE_OF(socket_options), SIZED(OPTION, 5), INT}},
	{IPPROTO_IP, {ONE_OF(ip_options), SIZED(OPTION, 5), INT}},
	{IPPROTO_IPV6, {ONE_OF(ipv6_options), SIZED(OPTION, 5), INT}},
	{IPPROTO_TCP, {ONE_OF(tcp_options), SIZED(OPTION, 5), INT}},
	{IPPROTO_UDP, {ONE_OF(udp_options), SIZED(OPTION, 5), INT}},
	{SOL_RAW, {ONE_OF(raw_options), SIZED(OPTION, 5), INT}},
	{SOL_PACKET, {ONE_OF(packet_options), SIZED(OPTION, 5), INT}},
	{SOL_NETLINK, {ONE_OF(netlink_options), SIZED(OPTION, 5), INT}},
};
VARIANTS(setsockopt, 1, 2);

static const struct lc_variant getsockopt_rows[] = {
	{SOL_SOCKET, {ONE_OF(socket_options), ADDRESS, ADDRESS}},
	{IPPROTO_IP, {ONE_OF(ip_options), ADDRESS, ADDRESS}},
	{IPPROTO_IPV6, {ONE_OF(ipv6_options), ADDRESS, ADDRESS}},
	{IPPROTO_TCP, {ONE_OF(tcp_options), ADDRESS, ADDRESS}},
	{IPPROTO_UDP, {ONE_OF(udp_options), ADDRESS, ADDRESS}},
	{SOL_RAW, {ONE_OF(raw_options), ADDRESS, ADDRESS}},
	{SOL_PACKET, {ONE_OF(packet_options), ADDRESS, ADDRESS}},
	{SOL_NETLINK, {ONE_OF(netlink_options), ADDRESS, ADDRESS}},
};
VARIANTS(getsockopt, 1, 2);

static const struct lc_variant kcmp_rows[] = {
	{KCMP_VM, {NOTHING}},
	{KCMP_FILES, {NOTHING}},
	{KCMP_FS, {NOTHING}},
	{KCMP_SIGHAND, {NOTHING}},
	{KCMP_IO, {NOTHING}},
	{KCMP_SYSVSEM, {NOTHING}},
	{KCMP_FILE, {INT, INT}},
};
VARIANTS(kcmp, 2, 3);

static const struct lc_variant reboot_rows[] = {
	{LINUX_REBOOT_CMD_RESTART, {NOTHING}},
	{LINUX_REBOOT_CMD_HALT, {NOTHING}},
	{LINUX_REBOOT_CMD_CAD_ON, {NOTHING}},
	{LINUX_REBOOT_CMD_CAD_OFF, {NOTHING}},
	{LINUX_REBOOT_CMD_POWER_OFF, {NOTHING}},
	{LINUX_REBOOT_CMD_RESTART2, {STRING}},
	{LINUX_REBOOT_CMD_SW_SUSPEND, {NOTHING}},
	{LINUX_REBOOT_CMD_KEXEC, {NOTHING}},
};
VARIANTS(reboot, 2, 3);

static const struct lc_variant socket_rows[] = {
	{AF_INET, {ONE_OF(internet_protocols), ADDRESS}},
	{AF_INET6, {ONE_OF(internet_protocols), ADDRESS}},
	{AF_NETLINK, {ONE_OF(netlink_protocols), ADDRESS}},
	{AF_PACKET, {KIND(ETHERNET), ADDRESS}},
};
VARIANTS(socket, 0, 2);
