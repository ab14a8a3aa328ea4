/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* floods WHAT: makes as many different things of one kind as it can, for ever: whatever a recorder keeps of each, it keeps too much. */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN 4000

/* Questions that no default container is granted, and some that it is: each has a call site of its own. */
static void ask(void)
{
	char host[] = "x";

	if (chroot("/") || sethostname(host, 1) || setdomainname(host, 1) || nice(-5) || chown("/proc/self", 5, 5))
		close(-1);
	close(socket(AF_INET, SOCK_RAW, 1));
	close(socket(AF_PACKET, SOCK_RAW, 0));
	syscall(SYS_acct, "/");
	syscall(SYS_syslog, 3, host, 1);
	syscall(SYS_delete_module, host, 0);
	syscall(SYS_bpf, 0, host, 64);
	syscall(SYS_setpriority, 0, 0, -7);
	syscall(SYS_vhangup);
}

static uint64_t random_number(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Requests for random sets: capset names what it wants. */
static void flood_sets(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[2] = {0};

	for (;;) {
		sets[0].permitted = (uint32_t)random_number();
		sets[1].permitted = (uint32_t)random_number() & 0x1ff;
		syscall(SYS_capset, &header, sets);
	}
}

/* Runs a file in memory that nobody has seen before, which asks and ends. */
static void run_new_file(char *program)
{
	char word[] = "ask";
	char *const arguments[] = {program, word, NULL};
	char *const none[] = {NULL};
	int copy = memfd_create("new", MFD_CLOEXEC), source = open(program, O_RDONLY | O_CLOEXEC);
	char path[32];
	struct stat status;

	if (copy < 0 || source < 0 || fstat(source, &status) ||
		sendfile(copy, source, NULL, (size_t)status.st_size) < 0 || fchmod(copy, 0755))
		exit(EXIT_FAILURE);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
	close(source);
	source = open(path, O_RDONLY | O_CLOEXEC);
	close(copy);
	if (fork() == 0) {
		fexecve(source, arguments, none);
		_exit(EXIT_FAILURE);
	}
	close(source);
	wait(NULL);
}

static void flood_programs(void)
{
	char program[] = "/proc/self/exe";

	for (;;)
		run_new_file(program);
}

/* Processes that live, as many as there may be; then all anew. */
static void flood_processes(void)
{
	for (;;) {
		pid_t parent = fork();

		if (parent == 0) {
			for (int i = 0; i < CHILDREN; i++) {
				if (fork() == 0) {
					prctl(PR_SET_PDEATHSIG, SIGKILL);
					ask();
					pause();
				}
			}
			sleep(3);
			_exit(EXIT_SUCCESS);
		}
		if (parent < 0)
			sleep(1);
		while (wait(NULL) > 0)
			;
	}
}

/* Each question in a user namespace of its own is another one. */
static void flood_namespaces(void)
{
	for (;;) {
		if (fork() == 0) {
			if (unshare(CLONE_NEWUSER))
				sleep(1);
			ask();
			_exit(EXIT_SUCCESS);
		}
		wait(NULL);
	}
}

/* Questions about files, each of which has another name. */
static void flood_files(void)
{
	for (unsigned int i = 0;; i++) {
		char path[64];
		int fd;

		snprintf(path, sizeof(path), "/tmp/%u", i);
		fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
		if (fd < 0)
			sleep(1);
		else if (fchown(fd, i % 60000, 77) || fchmod(fd, 0640))
			sleep(1);
		close(fd);
		unlink(path);
	}
}

static const struct flood {
	const char *name;
	void (*run)(void);
} floods[] = {
	{"ask", ask},
	{"sets", flood_sets},
	{"programs", flood_programs},
	{"processes", flood_processes},
	{"namespaces", flood_namespaces},
	{"files", flood_files},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(floods) / sizeof(floods[0]); i++) {
		if (!strcmp(argv[1], floods[i].name)) {
			floods[i].run();
			return EXIT_SUCCESS;
		}
	}
	fprintf(stderr, "usage: floods sets|programs|processes|namespaces|files\n");
	return EXIT_FAILURE;
}
