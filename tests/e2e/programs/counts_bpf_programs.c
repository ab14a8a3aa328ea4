/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Prints how many BPF programs the kernel has whose name begins with the argument. bpftool also reads maps for that. Where the kernel
 * preempts, programs on kprobes may be skipped meanwhile.
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Does the program's name begin with PREFIX? One that has ended meanwhile has no name. */
static int is_named(__u32 id, const char *prefix)
{
	struct bpf_prog_info program = {0};
	union bpf_attr attr = {.prog_id = id};
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);

	if (fd < 0)
		return 0;
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (__u32)fd;
	attr.info.info_len = sizeof(program);
	attr.info.info = (uintptr_t)&program;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		program.name[0] = '\0';
	close(fd);
	return !strncmp(program.name, prefix, strlen(prefix));
}

int main(int argc, char **argv)
{
	union bpf_attr attr = {.start_id = 0};
	int count = 0;

	if (argc != 2)
		return 2;
	while (!bpf(BPF_PROG_GET_NEXT_ID, &attr)) {
		count += is_named(attr.next_id, argv[1]);
		attr.start_id = attr.next_id;
	}
	printf("%d\n", count);
	return 0;
}
