/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles in files: read whole, and replaced whole, so that a reader never sees half a profile. */
#include "fields.h"
#include "json_value.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/output_file.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define LC_READ_SIZE ((size_t)64 << 10)

/* Sets *MESSAGE to the formatted text as one line. Returns ERR, for the caller to return. */
__attribute__((format(printf, 3, 4))) static int complain(char **message, int err, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	va_list args;

	va_start(args, format);
	lc_escape_terminal_format(&line, format, args);
	va_end(args);
	free(*message);
	*message = lc_strbuf_steal(&line);
	return err;
}

/* Reads FD to its end. 0 or -errno; -EFBIG beyond LC_PROFILE_MAX_SIZE. */
static int read_all(int fd, struct lc_strbuf *text)
{
	_cleanup_free_ char *chunk = malloc(LC_READ_SIZE);

	if (!chunk)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, chunk, LC_READ_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return text->failed ? -ENOMEM : 0;
		if ((size_t)n > LC_PROFILE_MAX_SIZE - text->length)
			return -EFBIG;
		lc_strbuf_add(text, chunk, (size_t)n);
	}
}

int lc_profile_load(struct lc_profile *profile, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *reason = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	const char *shown = is_stdin ? "standard input" : path;
	_cleanup_fd_ int fd = -1;
	int err;

	*profile = (struct lc_profile){0};
	*message = NULL;
	if (!is_stdin) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return complain(message, -errno, "cannot open %s: %s", shown, strerror(errno));
	}
	err = read_all(is_stdin ? STDIN_FILENO : fd, &text);
	if (err == -EFBIG)
		return complain(message, err, "%s: bigger than %zu MiB: too big for a profile", shown,
			LC_PROFILE_MAX_SIZE >> 20);
	if (err)
		return complain(message, err, "cannot read %s: %s", shown, strerror(-err));
	if (!text.length)
		return complain(message, -EINVAL, "%s: the file is empty", shown);
	err = lc_profile_from_json(profile, text.text, text.length, &reason);
	if (err)
		complain(message, err, "%s: %s", shown, reason ? reason : "out of memory");
	return err;
}

int lc_profile_write(struct lc_profile *profile, struct lc_output_file *file, char **message)
{
	int err = lc_profile_cut(profile);
	_cleanup_free_ char *text = err ? NULL : lc_profile_to_json(profile);
	size_t length = text ? strlen(text) : 0;

	*message = NULL;
	if (!text)
		return complain(message, -ENOMEM, "cannot write the profile: out of memory");
	if (length > LC_PROFILE_MAX_SIZE || lc_json_has_too_many_values(text, length))
		return complain(message, -EFBIG,
			"cannot write the profile: with %zu targets it is too big to be read again",
			profile->n_targets);
	err = lc_output_file_write(file, text, length, message);
	return err ? err : lc_output_file_place(file, message);
}

int lc_profile_save(struct lc_profile *profile, const char *path, char **message)
{
	struct lc_output_file *file;
	int err = lc_output_file_open(&file, path, NULL, message);

	if (err)
		return err;
	err = lc_profile_write(profile, file, message);
	lc_output_file_free(file);
	return err;
}
