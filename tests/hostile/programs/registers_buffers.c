/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes an io_uring and registers a buffer of so many MiB with it, which locks it: io_uring_register(2). */
#include <errno.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct io_uring_params parameters = {0};
	struct iovec buffer = {.iov_len = (argc > 1 ? strtoul(argv[1], NULL, 10) : 1) << 20};
	int ring = (int)syscall(SYS_io_uring_setup, 8, &parameters);

	if (ring < 0) {
		printf("no ring: %s\n", strerror(errno));
		return 77;
	}
	buffer.iov_base =
		mmap(NULL, buffer.iov_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (buffer.iov_base == MAP_FAILED)
		return 1;
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &buffer, 1)) {
		printf("not registered: %s\n", strerror(errno));
		return 1;
	}
	printf("registered\n");
	return 0;
}
