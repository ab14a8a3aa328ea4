/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Feeds broken ELF files to lc_why_unwind_here in this process, with one request for all of them. elfutils may well crash on them: that is
 * why there is a sandbox, and costs a stack. Our own code may not: tests/fuzz/run lets the fuzzer go on after a crash, and tells by the
 * report whose it was. Given files only (FUZZ_REAL_CHILD=1), it has the real child unwind each, which this process has to survive.
 */
#include "served.h"

#include <leastcap/why.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Where the file is mapped, from its beginning, and how much of it. */
#define START 0x400000
#define SIZE  0x10000

#define WORDS 512

/* Return addresses all over the file, most of them where the seeds have their code (from 0x1000 on); and pointers into the stack. */
static void fill(uint64_t stack[WORDS], uint64_t sp)
{
	uint64_t i;

	for (i = 0; i < WORDS; i++) {
		stack[i] = START + 0x1000 + i * 37 % 0x400;
		if (i % 5 == 0)
			stack[i] = START + i * 7919 % SIZE;
		if (i % 3 == 0)
			stack[i] = sp + 8 * (i + 2);
	}
}

static int open_file(void *context, size_t mapping)
{
	(void)mapping;
	return fcntl(*(const int *)context, F_DUPFD_CLOEXEC, 0);
}

/* Any file may say that it is its own debug file. */
static int find_debug(void *context, const struct lc_why_debug_wanted *wanted)
{
	(void)wanted;
	return open_file(context, 0);
}

static void unwind_here(int fd)
{
	static char path[] = "/file";
	struct lc_mapping mapping = {.start = START, .end = START + SIZE, .inode = 1, .path = path};
	uint64_t words[WORDS];
	struct lc_why_request request = {
		.registers = {.pc = START + 0x1010, .sp = 0x7ff000000000},
		.stack = (const unsigned char *)words,
		.stack_size = sizeof(words),
		.mappings = &mapping,
		.n_mappings = 1,
		.open_file = open_file,
		.find_debug = find_debug,
		.context = &fd,
	};
	struct lc_stack stack = {0};

	fill(words, request.registers.sp);
	lc_why_unwind_here(&request, &stack);
	if (stack.n > LC_STACK_DEPTH)
		abort();
	lc_stack_clear(&stack);
}

/* The same by the real child: it is given the file by a path. */
static void unwind_in_child(const uint8_t *input, size_t size)
{
	static struct lc_why *unwinder;
	char path[] = "/tmp/leastcap-fuzz-XXXXXX";
	int fd = mkstemp(path);
	struct lc_mapping mapping = {.start = START, .end = START + SIZE, .path = path};
	uint64_t words[WORDS];
	struct lc_snapshot snapshot = {
		.tgid = getpid(),
		.registers = {.pc = START + 0x1010, .sp = 0x7ff000000000},
		.stack = (const unsigned char *)words,
		.stack_size = sizeof(words),
		.mappings = &mapping,
		.n_mappings = 1,
	};
	struct lc_stack stack = {0};
	struct stat status;

	if (fd < 0 || write(fd, input, size) != (ssize_t)size || fstat(fd, &status) < 0 ||
		(!unwinder && lc_why_new(&unwinder, NULL, NULL)))
		abort();
	mapping.inode = status.st_ino;
	mapping.device = major(status.st_dev) << 20 | minor(status.st_dev);
	fill(words, snapshot.registers.sp);
	printf("%s: %s\n", path, strerror(-lc_why_unwind(unwinder, &snapshot, &stack)));
	lc_stack_clear(&stack);
	close(fd);
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	int fd;

	if (getenv("FUZZ_REAL_CHILD")) {
		unwind_in_child(input, size);
		return 0;
	}
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || (size && write(fd, input, size) != (ssize_t)size))
		abort();
	unwind_here(fd);
	close(fd);
	return 0;
}
