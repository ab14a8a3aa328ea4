/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of explanations, a row for each capability, from capabilities(7) and, where that is vague, the kernel's sources. */
#include <leastcap/explain.h>

#include <linux/capability.h>
#include <stddef.h>

static const struct lc_explanation explanations[LC_EXPLAIN_CAPS] = {
	[CAP_CHOWN] =
		{
			.meaning = "give files to other users and groups",
			.allows =
				"chown of any file to any user and group. Without it an owner can only hand a file to a group that he is in.",
			.danger =
				"Whoever may change a file's owner makes it his own, then reads and writes it: also in the host's directories that are mounted.",
			.instead =
				"Set owners when the image is built (COPY --chown), prepare the volume, and start as the final user.",
			.asked_by =
				"entrypoints that hand the data directory to their service (postgres, redis, mariadb), tar and install as root, package managers.",
		},
	[CAP_DAC_OVERRIDE] =
		{
			.meaning = "read, write, search any file whatever its mode",
			.allows =
				"passes every check of read, write and execute permission, except that a program needs at least one x bit to be executed.",
			.danger = "Every file of every user in the container and in the mounted volumes is open to it.",
			.instead =
				"Run as the files' owner or with their group (--user, --group-add), or fix the one mode that refuses. DAC_READ_SEARCH can't write, but is worse in a container.",
			.asked_by =
				"root processes that write to directories of their service user: logs, data, sockets; nginx, apt, cron.",
		},
	[CAP_DAC_READ_SEARCH] =
		{
			.meaning = "read any file, search any directory",
			.allows =
				"passes the checks of read permission on files and of read and search permission on directories; open_by_handle_at.",
			.danger =
				"open_by_handle_at opens files by their handles on every file system that the container has a part of, also what lies outside of it: one bind mount is enough to read the host's.",
			.instead = "DAC_OVERRIDE where the kernel accepts either, or a group that may read.",
			.asked_by = "backup and log collecting agents, du, find and updatedb as root.",
		},
	[CAP_FOWNER] =
		{
			.meaning = "act as the owner of any file",
			.allows =
				"chmod, times, extended attributes, ACLs and inode flags of other users' files; removal of their entries in sticky directories such as /tmp; O_NOATIME.",
			.danger = "chmod opens any file to everybody, or makes a program of root's set-user-ID.",
			.instead = "Run as the owner, or set modes when the image is built.",
			.asked_by = "entrypoints that chmod, tar, rsync and cp -p as root, dpkg and rpm.",
		},
	[CAP_FSETID] =
		{
			.meaning = "keep set-user-ID and set-group-ID bits",
			.allows =
				"a write or a change of owner leaves these bits on a file; chmod sets the set-group-ID bit for a group that the process is not in.",
			.danger = "Little by itself; with CHOWN and FOWNER it makes set-ID programs.",
			.instead =
				"Nothing: it is asked often and decides next to never, and nothing fails without it; the bit is just gone.",
			.asked_by = "dpkg, rpm and tar as root, chmod g+s.",
		},
	[CAP_KILL] =
		{
			.meaning = "signal other users' processes",
			.allows = "kill, tgkill and pidfd_send_signal to processes with another user id.",
			.danger = "It ends every process that it sees: with the host's pid namespace the host's.",
			.instead = "Run the sender and the receiver as the same user: that needs none.",
			.asked_by =
				"a root process whose workers changed their user: nginx, supervisord, s6, tini and dumb-init that pass on a stop signal.",
		},
	[CAP_SETGID] =
		{
			.meaning = "take any group id and group list",
			.allows =
				"setgid, setresgid, setgroups with any group; other group ids in credentials sent over a UNIX socket; group mappings of user namespaces.",
			.danger = "It joins any group: shadow, disk, or the group that owns a mounted docker.sock.",
			.instead = "Let the engine do it: --user UID:GID and --group-add.",
			.asked_by =
				"everything that starts as root and becomes a service user: gosu, su-exec, setpriv, sshd, nginx, apache, cron; nearly always with SETUID.",
		},
	[CAP_SETUID] =
		{
			.meaning = "become any user",
			.allows =
				"setuid, setreuid, setresuid, setfsuid to any user; other user ids in credentials sent over a UNIX socket; user mappings of user namespaces.",
			.danger = "It becomes root again, with all that root owns in the container and its volumes.",
			.instead = "Start as the final user: --user UID:GID, USER in the Dockerfile, runAsUser.",
			.asked_by =
				"everything that starts as root and becomes a service user: gosu, su-exec, setpriv, sshd, nginx, apache, cron; su and sudo.",
		},
	[CAP_SETPCAP] =
		{
			.meaning = "drop from the bounding set, set securebits",
			.allows =
				"takes capabilities out of the bounding set, adds to the inheritable set what the bounding set has, changes securebits.",
			.danger = "Little: it gives nothing that the bounding set does not have.",
			.instead = "Let the engine drop (--cap-drop); what the engine left out needs no dropping.",
			.asked_by =
				"programs that give up capabilities themselves: capsh, setpriv, systemd, samba, dbus-daemon. capset asks for it by the way.",
		},
	[CAP_LINUX_IMMUTABLE] =
		{
			.meaning = "set the immutable and append-only flags",
			.allows = "chattr +i and +a, and taking them away.",
			.danger =
				"It leaves files in a volume that nobody can remove before the flag is gone, and takes the protection from logs that have it.",
			.instead = "A read-only mount.",
			.asked_by = "chattr, some backup and hardening tools.",
		},
	[CAP_NET_BIND_SERVICE] =
		{
			.meaning = "bind ports below 1024",
			.allows = "bind of TCP, UDP and SCTP ports below net.ipv4.ip_unprivileged_port_start (1024).",
			.danger =
				"Little in a network namespace of its own; in the host's it poses as a service of the host.",
			.instead =
				"A port from 1024 on, published as the low one (-p 80:8080), or --sysctl net.ipv4.ip_unprivileged_port_start=0, which Docker sets by itself since 20.10.",
			.asked_by = "web, DNS, mail and LDAP servers on their usual ports.",
		},
	[CAP_NET_BROADCAST] =
		{
			.meaning = "listen to netlink in all network namespaces",
			.allows =
				"the NETLINK_LISTEN_ALL_NSID option of netlink sockets. The manual calls it unused: broadcasts and multicasts need no capability.",
			.danger = "It hears of changes in other network namespaces that have a number in its own.",
			.instead = "Nothing: leave it out.",
			.asked_by = "next to nothing: ip monitor all-nsid.",
		},
	[CAP_NET_ADMIN] =
		{
			.meaning = "configure the network",
			.allows =
				"interfaces, addresses, routes, firewall, traffic control, tunnels, TUN and TAP devices, network sysctls, SO_MARK and other privileged socket options.",
			.danger =
				"It rules its whole network namespace: with the host's network the host's. It opens nf_tables and traffic control, where bugs in the kernel were found again and again.",
			.instead = "--sysctl for sysctls. NET_RAW marks packets and makes transparent sockets.",
			.asked_by =
				"VPNs (WireGuard, OpenVPN), iptables and nft, keepalived, CNI plug-ins, kube-proxy, service mesh init containers, ip and tc.",
		},
	[CAP_NET_RAW] =
		{
			.meaning = "raw and packet sockets",
			.allows =
				"sockets that send and receive packets of any kind; binding to addresses of others (transparent proxies).",
			.danger =
				"It reads what passes its interface and forges ARP, DNS and router advertisements: it poses as its neighbours on the bridge.",
			.instead =
				"ping needs none where net.ipv4.ping_group_range has its group, which Docker sees to since 20.10.",
			.asked_by =
				"ping (as a file capability in many images), tcpdump, nmap, traceroute, arping, DHCP clients, VRRP.",
		},
	[CAP_IPC_LOCK] =
		{
			.meaning = "lock memory beyond the limit",
			.allows =
				"mlock, mlockall, MAP_LOCKED and SHM_LOCK beyond RLIMIT_MEMLOCK; huge pages for System V shared memory; pinned memory of RDMA and VFIO.",
			.danger =
				"It keeps memory that can't be swapped out, as much as the container's memory limit allows.",
			.instead = "--ulimit memlock=BYTES, or -1 for no limit: no capability is asked then.",
			.asked_by =
				"Vault (a file capability), Elasticsearch (bootstrap.memory_lock), databases with huge pages, DPDK, gpg.",
		},
	[CAP_IPC_OWNER] =
		{
			.meaning = "use any System V IPC object",
			.allows = "passes the permission checks of shared memory, semaphores and message queues.",
			.danger = "It reads and writes other users' shared memory: with --ipc host the host's.",
			.instead = "Run as the object's owner or group, or create it with a wider mode.",
			.asked_by = "old databases and their tools, ipcs.",
		},
	[CAP_SYS_MODULE] =
		{
			.meaning = "load and unload kernel modules",
			.allows = "init_module, finit_module, delete_module.",
			.danger = "It runs code in the host's kernel: as good as root on the host.",
			.instead =
				"Load the module on the host (/etc/modules-load.d). What a socket or a mount needs, the kernel loads by itself.",
			.asked_by = "modprobe in images for iptables, VPNs, storage and GPU drivers.",
		},
	[CAP_SYS_RAWIO] =
		{
			.meaning = "reach hardware directly",
			.allows =
				"I/O ports, /dev/mem, /proc/kcore, PCI configuration space, MSRs, raw SCSI and NVMe commands, FIBMAP, mappings below vm.mmap_min_addr.",
			.danger = "It reaches the host's memory and devices: as good as root on the host.",
			.instead = "The one device with --device; /sys for what is only read.",
			.asked_by = "smartctl, hdparm, rdmsr, turbostat, flashrom, X servers.",
		},
	[CAP_SYS_CHROOT] =
		{
			.meaning = "chroot; enter mount namespaces",
			.allows = "chroot, and with SYS_ADMIN setns to a mount namespace.",
			.danger = "Little in a container by itself: root leaves a chroot by making another one.",
			.instead = "Turn the service's own chroot off: the container is one.",
			.asked_by = "sshd (its unprivileged child), vsftpd, postfix, bind -t, haproxy, debootstrap.",
		},
	[CAP_SYS_PTRACE] =
		{
			.meaning = "trace and inspect any process",
			.allows =
				"ptrace, process_vm_readv and writev, kcmp, and in /proc/PID the mem, maps, environ, fd and exe of other users' and of privileged processes.",
			.danger =
				"It reads the secrets of and runs code in every process that it sees: with --pid host the host's.",
			.instead =
				"Processes of the same user need none (kernel.yama.ptrace_scope=0, or a child). PERFMON is enough for perf.",
			.asked_by = "gdb, strace and lsof on other users' processes, monitoring agents, CRIU.",
		},
	[CAP_SYS_PACCT] =
		{
			.meaning = "switch process accounting on and off",
			.allows = "acct.",
			.danger = "Little: it fills a file.",
			.instead = "Accounting on the host, or the cgroup's own figures.",
			.asked_by = "accton.",
		},
	[CAP_SYS_ADMIN] =
		{
			.meaning = "mount, enter namespaces, and much else",
			.allows =
				"mount, umount, pivot_root, setns, unshare, sethostname, swapon, quotactl, fanotify, trusted.* attributes, seccomp filters without no_new_privs, loop and block devices, ioctls of many drivers; also all that BPF, PERFMON and CHECKPOINT_RESTORE allow.",
			.danger =
				"As good as root on the host: what mounts proc or a cgroup anew can have the host run a program of its choice (core_pattern, release_agent).",
			.instead =
				"Let the engine mount (--mount, --tmpfs) and set the name (--hostname). A user namespace of its own gives a program these rights over what it makes itself.",
			.asked_by =
				"FUSE, NFS and CIFS mounts, CSI drivers, Docker in Docker, systemd, nsenter, sandboxes such as Chromium's where user namespaces are off.",
		},
	[CAP_SYS_BOOT] =
		{
			.meaning = "reboot, and boot another kernel",
			.allows =
				"reboot, kexec_load and kexec_file_load. In a pid namespace of its own reboot only ends the namespace.",
			.danger = "kexec boots the host into another kernel, from any namespace.",
			.instead = "End the container's first process.",
			.asked_by = "reboot and shutdown in system containers, node maintenance agents.",
		},
	[CAP_SYS_NICE] =
		{
			.meaning = "raise priorities, real-time scheduling",
			.allows =
				"nice values below the present one, real-time and deadline scheduling, CPU affinity and I/O priority of any process, moving other processes' pages between NUMA nodes.",
			.danger = "Real-time tasks keep the host's CPUs from everybody else.",
			.instead = "--ulimit rtprio=N and nice=N; --cpuset-cpus and --cpu-shares.",
			.asked_by =
				"chronyd, JACK, PipeWire, DPDK, virtual machines, and databases that place memory: Docker's seccomp filter lets mbind pass only with it (mysqld says so).",
		},
	[CAP_SYS_RESOURCE] =
		{
			.meaning = "go beyond resource limits",
			.allows =
				"higher hard limits (setrlimit), more than quotas and RLIMIT_NPROC allow, blocks reserved for root, larger pipes and message queues, a lower oom_score_adj.",
			.danger =
				"It lifts the container's ulimits and has others killed in its place when memory is short; cgroup limits hold.",
			.instead = "--ulimit, --oom-score-adj and --sysctl: the engine sets them before the start.",
			.asked_by =
				"nginx (worker_rlimit_nofile), haproxy, sshd and cron (pam_limits), postgres and systemd (oom_score_adj).",
		},
	[CAP_SYS_TIME] =
		{
			.meaning = "set the clock",
			.allows = "settimeofday, clock_settime, adjtimex with changes, the hardware clock.",
			.danger =
				"A container has no clock of its own: it sets the host's, with its certificates, logs and tickets.",
			.instead = "Synchronise time on the host. Reading it, also by adjtimex, needs none.",
			.asked_by = "chronyd, ntpd, hwclock, date -s.",
		},
	[CAP_SYS_TTY_CONFIG] =
		{
			.meaning = "configure terminals",
			.allows = "vhangup, and the ioctls of virtual consoles: mode, keyboard, fonts.",
			.danger = "It takes over the host's consoles if it is given them.",
			.instead = "A terminal of the container's own (-t).",
			.asked_by = "agetty and login (vhangup), X servers, loadkeys, setfont.",
		},
	[CAP_MKNOD] =
		{
			.meaning = "make device nodes",
			.allows =
				"mknod of character and block devices; FIFOs, sockets and overlay whiteouts need none.",
			.danger =
				"Which devices open, the device cgroup decides; but a node left in a volume opens for whoever can reach it on the host, unless that is mounted nodev.",
			.instead = "--device makes the node and allows it.",
			.asked_by = "udev, debootstrap, tar and image builders that unpack /dev.",
		},
	[CAP_LEASE] =
		{
			.meaning = "take leases on any file",
			.allows = "fcntl F_SETLEASE on files of other users.",
			.danger = "A lease holds up whoever opens the file, for fs.lease-break-time (45 s).",
			.instead = "Run as the files' owner.",
			.asked_by = "Samba (kernel oplocks), NFS-Ganesha.",
		},
	[CAP_AUDIT_WRITE] =
		{
			.meaning = "write to the audit log",
			.allows =
				"user records over the audit netlink socket; from a user namespace it is refused anyway.",
			.danger = "It forges records in the host's audit log, and floods it.",
			.instead = "Most programs go on without; sshd built with audit support does not.",
			.asked_by = "what uses PAM or changes accounts: sshd, login, su, sudo, cron, passwd, useradd.",
		},
	[CAP_AUDIT_CONTROL] =
		{
			.meaning = "change what is audited",
			.allows = "switching the audit on and off, its rules, and a login uid that is set already. Rules only from the host's pid and user namespaces.",
			.danger = "It blinds the host's audit.",
			.instead = "Make pam_loginuid optional in the image.",
			.asked_by = "auditd, auditctl, pam_loginuid.",
		},
	[CAP_SETFCAP] =
		{
			.meaning = "give files capabilities",
			.allows =
				"setting and removing security.capability on any file that may be written; since 5.12 mapping root into a user namespace.",
			.danger =
				"A file never gets its user more than that user's bounding set; on a volume of the host that is the host's.",
			.instead = "setcap when the image is built.",
			.asked_by =
				"apt and rpm when they install ping or the like, setcap, buildah and rootless engines.",
		},
	[CAP_MAC_OVERRIDE] =
		{
			.meaning = "override mandatory access control (Smack)",
			.allows = "passes Smack's access checks. AppArmor and SELinux do not ask for it.",
			.danger = "Where Smack is in use, its policy does not hold the container back.",
			.instead = "Nothing: leave it out.",
			.asked_by = "system services of Tizen and of cars.",
		},
	[CAP_MAC_ADMIN] =
		{
			.meaning = "change the policy of Smack or AppArmor",
			.allows =
				"loading and removing AppArmor profiles, Smack rules and labels, SELinux labels that the policy does not know.",
			.danger = "It changes the host's security policy, its own confinement included.",
			.instead = "Load profiles on the host.",
			.asked_by = "apparmor_parser: LXD, snapd, profile operators.",
		},
	[CAP_SYSLOG] =
		{
			.meaning = "read and clear the kernel's log",
			.allows =
				"syslog and /dev/kmsg where kernel.dmesg_restrict is 1, clearing the log, kernel addresses where kernel.kptr_restrict is 1.",
			.danger = "There is one log for the whole host: it tells of addresses and of other containers.",
			.instead = "The host's journal.",
			.asked_by =
				"dmesg, rsyslog (imklog), node-problem-detector, perf and BPF tools for kernel symbols.",
		},
	[CAP_WAKE_ALARM] =
		{
			.meaning = "set timers that wake the machine",
			.allows = "timers on CLOCK_REALTIME_ALARM and CLOCK_BOOTTIME_ALARM.",
			.danger = "It keeps a suspended machine from sleeping.",
			.instead = "An ordinary timer: the host does not sleep, as a rule.",
			.asked_by = "systemd timers with WakeSystem=, Android.",
		},
	[CAP_BLOCK_SUSPEND] =
		{
			.meaning = "keep the machine from suspending",
			.allows = "EPOLLWAKEUP in epoll_ctl, /sys/power/wake_lock.",
			.danger = "It keeps the machine awake.",
			.instead = "Nothing: without it EPOLLWAKEUP is silently dropped, and nothing fails.",
			.asked_by = "programs made for Android, some Bluetooth daemons.",
		},
	[CAP_AUDIT_READ] =
		{
			.meaning = "read the audit log as it is written",
			.allows = "the multicast group of the audit netlink socket, from the host's user namespace.",
			.danger = "It reads what the host audits: commands, files, logins.",
			.instead = "The files or the service of the host's auditd.",
			.asked_by = "systemd-journald, Auditbeat, go-audit.",
		},
	[CAP_PERFMON] =
		{
			.meaning = "observe performance: perf and tracing",
			.allows =
				"perf_event_open beyond kernel.perf_event_paranoid; with BPF, tracing programs that read the kernel's memory.",
			.danger =
				"It observes the kernel and other programs, also the host's, down to addresses and side channels.",
			.instead =
				"A process profiles itself in user space without it, where kernel.perf_event_paranoid is at most 2.",
			.asked_by = "perf, async-profiler, Parca, Pyroscope, bpftrace; in older versions as SYS_ADMIN.",
		},
	[CAP_BPF] =
		{
			.meaning = "load BPF programs",
			.allows =
				"BPF programs and maps of every type, and BTF; network programs with NET_ADMIN, tracing with PERFMON.",
			.danger =
				"It loads programs into the host's kernel, which has no namespaces for them: a bug in the verifier is the host.",
			.instead = "Nothing narrower; it is itself the narrow form of SYS_ADMIN.",
			.asked_by =
				"Cilium, Falco, Tetragon, bpftrace, systemd (IPAddressDeny=, DeviceAllow=); in older versions as SYS_ADMIN.",
		},
	[CAP_CHECKPOINT_RESTORE] =
		{
			.meaning = "checkpoint and restore processes",
			.allows =
				"choosing the pid of a new process (clone3 set_tid, ns_last_pid), /proc/PID/map_files of others, PR_SET_MM_MAP with another /proc/self/exe.",
			.danger =
				"It sees which files others have mapped, and makes a process look like another program.",
			.instead = "Nothing narrower; it is itself the narrow form of SYS_ADMIN.",
			.asked_by = "CRIU, Java with checkpoints (CRaC).",
		},
};

const struct lc_explanation *lc_explain(int cap)
{
	return cap >= 0 && cap < LC_EXPLAIN_CAPS ? &explanations[cap] : NULL;
}
