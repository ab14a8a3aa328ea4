/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes calls that a security module refuses, one after the other, and says how each ended: is_confined WORD... "mount EACCES", "attach 0".
 * The process that is looked into is the one whose number is in the environment as VICTIM. "landlock" takes all that Landlock may handle
 * away from what comes after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t victim(void)
{
	const char *number = getenv("VICTIM");

	return number ? (pid_t)strtol(number, NULL, 10) : getppid();
}

static long mount_tmpfs(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL);
}

static long open_for_writing(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static long write_sysctl(void)
{
	return open_for_writing("/proc/sys/kernel/core_pattern");
}

static long write_sysrq(void)
{
	return open_for_writing("/proc/sysrq-trigger");
}

static long attach(void)
{
	if (ptrace(PTRACE_ATTACH, victim(), NULL, NULL))
		return -1;
	waitpid(victim(), NULL, __WALL);
	return ptrace(PTRACE_DETACH, victim(), NULL, NULL);
}

/* Nothing is there, which is only found once it may look. */
static long read_memory(void)
{
	char byte;
	struct iovec local = {&byte, 1}, remote = {(void *)16, 1};

	return process_vm_readv(victim(), &local, 1, &remote, 1, 0) < 0 && errno != EFAULT ? -1 : 0;
}

/* Signal 0: whether one could be sent. */
static long send_signal(void)
{
	return kill(victim(), SIGCONT);
}

static long bind_any(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return bind(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address, sizeof(address));
}

static long read_itself(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

/* Rules that allow nothing: of files, and where the kernel knows those, of TCP ports and signals. */
static long restrict_itself(void)
{
	struct {
		uint64_t files, ports, scopes;
	} rules = {LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE, 1, 2};
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	size_t size = version >= 6   ? sizeof(rules)
		      : version >= 4 ? offsetof(typeof(rules), scopes)
				     : sizeof(rules.files);
	long fd = syscall(SYS_landlock_create_ruleset, &rules, size, 0);

	return fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -1 : syscall(SYS_landlock_restrict_self, (int)fd, 0);
}

static const struct {
	const char *name;
	long (*call)(void);
} calls[] = {
	{"mount", mount_tmpfs},
	{"write_sysctl", write_sysctl},
	{"write_sysrq", write_sysrq},
	{"attach", attach},
	{"read_memory", read_memory},
	{"send_signal", send_signal},
	{"bind", bind_any},
	{"read_itself", read_itself},
	{"landlock", restrict_itself},
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		for (size_t k = 0; k < sizeof(calls) / sizeof(*calls); k++) {
			if (strcmp(calls[k].name, argv[i]) == 0) {
				const char *result = calls[k].call() < 0 ? strerrorname_np(errno) : "0";

				printf("%s %s\n", argv[i], result ?: "?");
			}
		}
	}
	fflush(stdout);
	/* It stays for a moment, in which its label can still be read. */
	sleep(1);
	return EXIT_SUCCESS;
}
