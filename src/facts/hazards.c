/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables that an audit's score is made of: kinds of hazards, places of the host's files, sockets of engines, devices. */
#include <leastcap/facts.h>
#include <leastcap/path.h>

#include <linux/major.h>
#include <string.h>

/*
 * A hundred points are the host: whoever gets into the target gets it without another mistake of the host's. All else is added up below that.
 */
static const struct lc_hazard_row rows[LC_HAZARD_N] = {
	[LC_HAZARD_SOCKET] = {LC_HAZARD_SOCKET, 100, 15, true, NULL,
		"Whoever may write to an engine's socket has it start a container that is root on the host.",
		"Take the socket out, or let the target have a proxy of it that refuses what it does not need."},
	[LC_HAZARD_FILES] = {LC_HAZARD_FILES, 0, 5, true, NULL, NULL,
		"Mount only the files that it needs, read-only where it only reads."},
	[LC_HAZARD_MOUNTS] = {LC_HAZARD_MOUNTS, 100, 10, true, "host mounts",
		"It is in the host's mount namespace: the host's files are its own.",
		"Give it a root of its own; nsenter and chroot are no containers."},
	[LC_HAZARD_DEVICE] = {LC_HAZARD_DEVICE, 0, 5, true, NULL, NULL,
		"Give it only the devices that it needs, with --device."},
	[LC_HAZARD_PROC] = {LC_HAZARD_PROC, 60, 5, true, "/proc open",
		"What engines keep read-only of /proc can be written: by core_pattern the host's kernel runs a program as root.",
		"Leave out --privileged and systempaths=unconfined."},
	[LC_HAZARD_PID] = {LC_HAZARD_PID, 40, 10, true, "host pid",
		"It is in the host's pid namespace: it sees every process with its command line, and may signal and read those of its own user.",
		"Leave out --pid=host (hostPID)."},
	[LC_HAZARD_NETWORK] = {LC_HAZARD_NETWORK, 20, 10, true, "host network",
		"It is in the host's network namespace: it reaches what listens on localhost or on an abstract socket.",
		"Leave out --network=host (hostNetwork), and publish the ports that it serves."},
	[LC_HAZARD_IPC] = {LC_HAZARD_IPC, 10, 5, true, "host ipc",
		"It is in the host's IPC namespace: the shared memory of the host's programs is open to it.",
		"Leave out --ipc=host (hostIPC)."},
	[LC_HAZARD_SETUID] = {LC_HAZARD_SETUID, 3, 1, true, "set-user-ID",
		"no_new_privs is off, and its image has set-user-ID programs or file capabilities: an ordinary user in it becomes root by a mistake in one of them.",
		"Set no-new-privileges (allowPrivilegeEscalation: false)."},
	[LC_HAZARD_PRIVILEGED] = {LC_HAZARD_PRIVILEGED, 30, 5, true, "privileged",
		"Its engine was told to take no capability, device or system call from it.",
		"Run it unprivileged; --for tells what it uses."},
	[LC_HAZARD_ALL] = {LC_HAZARD_ALL, 150, 15, false, "all capabilities",
		"It holds every capability that the host has: its root is the host's.",
		"Drop all and add what it needs; --for tells what it uses."},
	[LC_HAZARD_CAPABILITY] = {LC_HAZARD_CAPABILITY, 0, 2, false, NULL, NULL,
		"Take away what it can do without; --for tells what it uses."},
	[LC_HAZARD_ORDINARY] = {LC_HAZARD_ORDINARY, 1, 0, false, "capabilities",
		"Each is something that a mistake in its programs can be used for.",
		"Drop all and add what it needs; --for tells what it uses."},
	[LC_HAZARD_ROOT] = {LC_HAZARD_ROOT, 5, 0, false, "root",
		"It runs as root without a user namespace: on a file of the host's it is the host's root.",
		"Run it as another user, or in a user namespace."},
	[LC_HAZARD_SECCOMP] = {LC_HAZARD_SECCOMP, 15, 5, false, "no seccomp",
		"No filter keeps system calls from it: the whole of the kernel can be attacked.",
		"Leave out seccomp=unconfined (seccompProfile: RuntimeDefault)."},
	[LC_HAZARD_CONFINEMENT] = {LC_HAZARD_CONFINEMENT, 10, 5, true, "unconfined",
		"The host has a security module (AppArmor or SELinux), and it does not confine this.",
		"Leave out apparmor=unconfined and label=disable."},
	[LC_HAZARD_UNREAD] = {LC_HAZARD_UNREAD, 20, 20, false, "not known", "What it may do could not be read.",
		"Run leastcap as root, on the host itself."},
};

const struct lc_hazard_row *lc_hazard_row(enum lc_hazard_kind kind)
{
	return &rows[kind];
}

/* Of the rows that a file lies in the most specific counts. */
static const struct lc_host_place places[] = {
	{"/", false, 100, 30, "The whole of the host's files: who writes to them is root on the host."},
	{"/etc", false, 100, 20, "The host's configuration: its users, its services and what cron runs, as root."},
	{"/etc", true, 100, 2, "Configuration of the host's, which programs of root's read."},
	{"/etc/shadow", true, 100, 20, "The passwords of the host's users."},
	{"/etc/kubernetes", true, 100, 30, "The keys to the cluster."},
	{"/etc/hosts", true, 2, 0, "The names that the host's programs find each other by."},
	{"/etc/hostname", true, 2, 0, "The host's name."},
	{"/etc/resolv.conf", true, 2, 0, "The servers that the host's programs ask for names."},
	{"/etc/localtime", true, 2, 0, "The host's time zone."},
	{"/etc/timezone", true, 2, 0, "The host's time zone."},
	{"/etc/machine-id", true, 2, 0, "The host's number."},
	{"/etc/ssl/certs", true, 20, 0, "The authorities that the host's programs believe."},
	{"/root", true, 100, 20, "The home of the host's root: his keys, and what his shell runs."},
	{"/boot", true, 100, 5, "What the host's next kernel is started from."},
	{"/usr", false, 100, 0, "The host's programs, which root runs."},
	{"/bin", true, 100, 0, "The host's programs, which root runs."},
	{"/sbin", true, 100, 0, "The host's programs, which root runs."},
	{"/lib", true, 100, 0, "The host's libraries and kernel modules."},
	{"/usr/bin", true, 100, 0, "The host's programs, which root runs."},
	{"/usr/sbin", true, 100, 0, "The host's programs, which root runs."},
	{"/usr/lib/modules", true, 100, 0, "The modules that the host's kernel loads."},
	{"/usr/lib/systemd", true, 100, 0, "The host's services, which run as root."},
	{"/var/lib/docker", false, 100, 30, "The files of all containers, their secrets and their settings."},
	{"/var/lib/containerd", false, 100, 30, "The files of all containers, their secrets and their settings."},
	{"/var/lib/containers", false, 100, 30, "The files of all containers, their secrets and their settings."},
	{"/var/lib/kubelet", false, 100, 30, "The files and the secrets of all pods of this node."},
	{"/var/spool/cron", true, 100, 5, "What cron runs, as any user."},
	{"/proc", false, 100, 20, "The host's own /proc: by core_pattern the kernel runs a program as root."},
	{"/sys", false, 40, 0, "The kernel's settings and devices, the host's among them."},
	{"/dev", false, 60, 60,
		"The host's devices, which a mount that is read-only does not keep from being written."},
	{"/run", false, 50, 15, "The sockets of the host's services, those that run as root among them."},
	{"/run/dbus", true, 60, 60, "The host's system bus, on which root starts services of the host's."},
	{"/run/systemd/private", true, 100, 100, "The host's systemd, which starts what root tells it to."},
	{"/var/log", false, 20, 10, "The host's logs: what is in them can be read or removed."},
	{"/home", false, 40, 15, "The homes of the host's users: their keys, and what their shells run."},
};

/* Whether PATH is DIRECTORY or lies below it. */
static bool is_within(const char *path, const char *directory)
{
	return strcmp(directory, "/") == 0 || lc_path_lies_in(path, directory);
}

static unsigned int points_of(const struct lc_host_place *place, bool read_only)
{
	return !place ? 0 : read_only ? place->read_only : place->points;
}

/* The most specific row that PATH lies in, PATH's own first. NULL when there is none. */
static const struct lc_host_place *place_around(const char *path)
{
	const struct lc_host_place *around = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct lc_host_place *place = &places[i];

		if (strcmp(path, place->path) == 0)
			return place;
		if (place->below && is_within(path, place->path) &&
			(!around || strlen(place->path) > strlen(around->path)))
			around = place;
	}
	return around;
}

const struct lc_host_place *lc_host_place_find(const char *path, bool read_only)
{
	const struct lc_host_place *worst = place_around(path);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		/* What a place of its own has in it is told of that place. */
		if ((!worst || strcmp(worst->path, path) != 0) && is_within(places[i].path, path) &&
			points_of(&places[i], read_only) > points_of(worst, read_only))
			worst = &places[i];
	}
	return points_of(worst, read_only) ? worst : NULL;
}

static const char *const socket_paths[] = {"/run/docker.sock", "/run/containerd/containerd.sock",
	"/run/docker/containerd/containerd.sock", "/run/podman/podman.sock", "/run/crio/crio.sock",
	"/run/cri-dockerd.sock", "/run/buildkit/buildkitd.sock", NULL};

static const char *const socket_names[] = {"docker.sock", "containerd.sock", "podman.sock", "crio.sock",
	"cri-dockerd.sock", "dockershim.sock", "buildkitd.sock"};

const char *const *lc_engine_sockets(void)
{
	return socket_paths;
}

bool lc_is_engine_socket(const char *path)
{
	const char *slash = strrchr(path, '/');

	for (size_t i = 0; slash && i < sizeof(socket_names) / sizeof(socket_names[0]); i++) {
		if (strcmp(slash + 1, socket_names[i]) == 0)
			return true;
	}
	return false;
}

/* The first row that fits counts. No points: every container has it. The numbers are those of Documentation/admin-guide/devices.txt. */
static const struct lc_device_row devices[] = {
	{false, MEM_MAJOR, 1, 100, "The host's memory."},
	{false, MEM_MAJOR, 2, 100, "The host's memory."},
	{false, MEM_MAJOR, 4, 100, "The host's I/O ports."},
	{false, MEM_MAJOR, 11, 15, "The host's kernel log."},
	{false, MEM_MAJOR, -1, 0, NULL},
	{false, TTYAUX_MAJOR, -1, 0, NULL},
	{false, UNIX98_PTY_MASTER_MAJOR, -1, 0, NULL},
	{false, UNIX98_PTY_SLAVE_MAJOR, -1, 0, NULL},
	{false, MISC_MAJOR, 229, 5, "File systems of its own making (FUSE)."},
	{false, MISC_MAJOR, 200, 5, "Network interfaces of its own making (tun)."},
	{false, MISC_MAJOR, 232, 10, "Virtual machines (kvm), by a large part of the kernel."},
	{false, MISC_MAJOR, -1, 10, "A device of the host's."},
	{false, -1, -1, 10, "A device of the host's."},
	{true, LOOP_MAJOR, -1, 60, "A loop device: with it a file is mounted as a disk, and disks of others are read."},
	{true, RAMDISK_MAJOR, -1, 5, "A disk in memory."},
	{true, -1, -1, 100, "A disk of the host's, below all its files and their owners."},
};

const struct lc_device_row *lc_device_find(bool block, unsigned int major, unsigned int minor)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		const struct lc_device_row *row = &devices[i];

		if (row->block == block && (row->major < 0 || (unsigned int)row->major == major) &&
			(row->minor < 0 || (unsigned int)row->minor == minor))
			return row->points ? row : NULL;
	}
	return NULL;
}
