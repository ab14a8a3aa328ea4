/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives the fuzzer's input to whoever opens a file: parsers of /proc are fuzzed as they are, and need no door for it. */
#include "served.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The linker's names for the functions that are wrapped, and for what stands in their place. */
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_openat(int directory, const char *path, int flags, ...);
int __wrap_openat(int directory, const char *path, int flags, ...);

static struct {
	const char *prefix;
	const uint8_t *input;
	size_t size;
} served;

void fuzz_serve(const char *prefix, const uint8_t *input, size_t size)
{
	served.prefix = prefix;
	served.input = input;
	served.size = size;
}

static bool is_served(const char *path)
{
	return served.prefix && (path[0] != '/' || !strncmp(path, served.prefix, strlen(served.prefix)));
}

/* A descriptor of the input, at its beginning. */
static int open_input(void)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || (served.size && write(fd, served.input, served.size) != (ssize_t)served.size) ||
		lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	if (!is_served(path))
		return __real_fopen(path, mode);
	return fdopen(open_input(), "r");
}

int __wrap_openat(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (!is_served(path) || flags & (O_DIRECTORY | O_PATH))
		return __real_openat(directory, path, flags, mode);
	return open_input();
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	if (!is_served(path) || flags & (O_DIRECTORY | O_PATH))
		return __real_open(path, flags, mode);
	return open_input();
}
