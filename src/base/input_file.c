/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command is given to read, taken in whole or piece by piece. */
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10)

const char *lc_input_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

int lc_input_open(struct lc_input *input, const char *path, size_t limit, const char *what, char **message)
{
	struct stat status;

	*input = (struct lc_input){.path = path, .what = what, .fd = STDIN_FILENO, .limit = limit};
	if (strcmp(path, "-") != 0)
		input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0)
		return lc_complain(message, -errno, "cannot open %s: %s", path, strerror(errno));
	if (fstat(input->fd, &status) || !S_ISREG(status.st_mode) || (uint64_t)status.st_size <= limit)
		return 0;
	lc_input_close(input);
	return lc_input_complain(input, -EFBIG, message);
}

ssize_t lc_input_take(struct lc_input *input, char *buffer, size_t size)
{
	ssize_t n;

	do {
		n = read(input->fd, buffer, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if ((size_t)n > input->limit - input->length)
		return -EFBIG;
	input->length += (size_t)n;
	return n;
}

int lc_input_complain(const struct lc_input *input, int error, char **message)
{
	const char *name = lc_input_name(input->path);

	if (error == -EFBIG)
		return lc_complain(message, error, "%s: bigger than %zu MiB: too big for %s", name, input->limit >> 20,
			input->what);
	return lc_complain(message, error, "cannot read %s: %s", name, strerror(-error));
}

void lc_input_close(struct lc_input *input)
{
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	input->fd = -1;
}

/* Reads INPUT to its end. 0 or -errno. */
static int read_all(struct lc_input *input, struct lc_strbuf *text)
{
	_cleanup_free_ char *chunk = malloc(READ_SIZE);

	if (!chunk)
		return -ENOMEM;
	for (;;) {
		ssize_t n = lc_input_take(input, chunk, READ_SIZE);

		if (n <= 0)
			return n ? (int)n : text->failed ? -ENOMEM : 0;
		lc_strbuf_add(text, chunk, (size_t)n);
	}
}

int lc_input_read(const char *path, size_t limit, const char *what, struct lc_strbuf *text, char **message)
{
	struct lc_input input;
	int r = lc_input_open(&input, path, limit, what, message);

	if (r)
		return r;
	r = read_all(&input, text);
	lc_input_close(&input);
	if (!r)
		return 0;
	lc_strbuf_free(text);
	return lc_input_complain(&input, r, message);
}
