/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command is given to read, taken in whole. */
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define READ_SIZE ((size_t)64 << 10)

const char *lc_input_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Reads FD to its end. 0 or -errno; -EFBIG beyond LIMIT. */
static int read_all(int fd, size_t limit, struct lc_strbuf *text)
{
	_cleanup_free_ char *chunk = malloc(READ_SIZE);

	if (!chunk)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, chunk, READ_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return text->failed ? -ENOMEM : 0;
		if ((size_t)n > limit - text->length)
			return -EFBIG;
		lc_strbuf_add(text, chunk, (size_t)n);
	}
}

int lc_input_read(const char *path, size_t limit, const char *what, struct lc_strbuf *text, char **message)
{
	const char *name = lc_input_name(path);
	_cleanup_fd_ int fd = -1;
	int r;

	if (strcmp(path, "-") != 0) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return lc_complain(message, -errno, "cannot open %s: %s", name, strerror(errno));
	}
	r = read_all(fd < 0 ? STDIN_FILENO : fd, limit, text);
	if (r)
		lc_strbuf_free(text);
	if (r == -EFBIG)
		return lc_complain(message, r, "%s: bigger than %zu MiB: too big for %s", name, limit >> 20, what);
	return r ? lc_complain(message, r, "cannot read %s: %s", name, strerror(-r)) : 0;
}
