/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * opens_by_uring WAY FILE: opens FILE for writing by io_uring, which works with a credential that is not the task's:
 *   personality   one that was registered before the process dropped all its capabilities
 *   poller        the same by the kernel's polling thread
 *   worker        that of the submitter, in a worker that was made while the process had other groups
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8

struct ring {
	int fd;
	unsigned int *submission_tail, *submission_mask, *submission_array;
	unsigned int *completion_head, *completion_tail, *completion_mask;
	struct io_uring_sqe *submissions;
	struct io_uring_cqe *completions;
};

static void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static char *map(int fd, size_t size, off_t offset)
{
	char *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	if (address == MAP_FAILED)
		give_up("mmap");
	return address;
}

static void set_up(struct ring *ring, unsigned int flags)
{
	struct io_uring_params params = {.flags = flags, .sq_thread_idle = 1000};
	char *submission, *completion;

	ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
	if (ring->fd < 0)
		give_up("io_uring_setup");
	submission = map(ring->fd, params.sq_off.array + params.sq_entries * sizeof(unsigned int), IORING_OFF_SQ_RING);
	completion =
		map(ring->fd, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	ring->submissions = (void *)map(ring->fd, params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	ring->submission_tail = (void *)(submission + params.sq_off.tail);
	ring->submission_mask = (void *)(submission + params.sq_off.ring_mask);
	ring->submission_array = (void *)(submission + params.sq_off.array);
	ring->completion_head = (void *)(completion + params.cq_off.head);
	ring->completion_tail = (void *)(completion + params.cq_off.tail);
	ring->completion_mask = (void *)(completion + params.cq_off.ring_mask);
	ring->completions = (void *)(completion + params.cq_off.cqes);
}

/* Submits SUBMISSION and waits for it. Returns its result. */
static int submit(struct ring *ring, const struct io_uring_sqe *submission)
{
	unsigned int tail = *ring->submission_tail, i = tail & *ring->submission_mask;
	int result;

	ring->submissions[i] = *submission;
	ring->submission_array[i] = i;
	__atomic_store_n(ring->submission_tail, tail + 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(ring->completion_tail, __ATOMIC_ACQUIRE) == *ring->completion_head) {
		if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_SQ_WAKEUP, NULL,
			    0) < 0 &&
			errno != EINTR)
			give_up("io_uring_enter");
	}
	result = ring->completions[*ring->completion_head & *ring->completion_mask].res;
	__atomic_store_n(ring->completion_head, *ring->completion_head + 1, __ATOMIC_RELEASE);
	return result;
}

static void drop_everything(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {0};

	if (syscall(SYS_capset, &header, none))
		give_up("capset");
}

static void change_groups(void)
{
	const gid_t group = 5;

	if (setgroups(1, &group))
		give_up("setgroups");
}

int main(int argc, char **argv)
{
	struct io_uring_sqe open_it = {.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .open_flags = O_RDWR};
	const struct io_uring_sqe nothing = {.opcode = IORING_OP_NOP, .flags = IOSQE_ASYNC};
	struct ring ring;
	bool worker, poller;
	int result;

	if (argc != 3)
		return 2;
	worker = !strcmp(argv[1], "worker");
	poller = !strcmp(argv[1], "poller");
	open_it.addr = (uintptr_t)argv[2];
	set_up(&ring, poller ? IORING_SETUP_SQPOLL : 0);
	if (worker) {
		if (submit(&ring, &nothing))
			return 1;
		change_groups();
		open_it.flags = IOSQE_ASYNC;
	} else {
		if (poller)
			change_groups();
		result = (int)syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PERSONALITY, NULL, 0);
		if (result < 0)
			give_up("io_uring_register");
		open_it.personality = (uint16_t)result;
		drop_everything();
	}
	result = submit(&ring, &open_it);
	if (result < 0)
		fprintf(stderr, "%s: %s\n", argv[2], strerror(-result));
	return result < 0;
}
