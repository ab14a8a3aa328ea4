/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files a unified patch changes. patch(1) applies it; what that must not do here is refused before. */
#include <leastcap/patch.h>

#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The reading of one patch. */
struct reader {
	struct lc_patch_files *files;
	const char *at;
	const char *end;
	size_t number; /* of the line at AT, from 1 */
	char **message;
};

/* A line without its end. */
struct line {
	const char *text;
	size_t length;
};

static int refuse(const struct reader *reader, size_t number, const char *what)
{
	lc_complain(reader->message, -EINVAL, "%zu: %s", number, what);
	return -EINVAL;
}

/* Takes the next line. False: there is none. */
static bool next_line(struct reader *reader, struct line *line)
{
	const char *newline;

	if (reader->at == reader->end)
		return false;
	newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	*line = (struct line){reader->at, (size_t)((newline ? newline : reader->end) - reader->at)};
	reader->at = newline ? newline + 1 : reader->end;
	reader->number++;
	return true;
}

static bool begins(const struct line *line, const char *word)
{
	size_t length = strlen(word);

	return line->length >= length && memcmp(line->text, word, length) == 0;
}

/* What git writes between files, and is more than other text in them. */
static const char *const more[] = {"GIT binary patch", "Binary files ", "new file mode ", "deleted file mode ",
	"old mode ", "new mode ", "rename from ", "rename to ", "copy from ", "copy to "};

static bool does_more(const struct line *line)
{
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		if (begins(line, more[i]))
			return true;
	}
	return false;
}

/* Whether PATH's parts are names of files, and none of them leads up or nowhere. */
static bool is_plain(const char *path)
{
	for (;;) {
		size_t length = strcspn(path, "/");

		if (!length || (length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (!path[length])
			return true;
		path += length + 1;
	}
}

/* The name in LINE, "--- a/name", without its first part. 0 with *NAME for the caller to free; or -errno. */
static int read_name(const struct reader *reader, const struct line *line, char **name)
{
	const char *text = line->text + 4;
	const char *end = line->text + line->length;
	const char *tab = memchr(text, '\t', (size_t)(end - text));
	bool quoted = text < end && *text == '"';
	char *whole = strndup(text, (size_t)((tab ? tab : end) - text));
	char *slash;
	int r = 0;

	if (!whole)
		return -ENOMEM;
	slash = strchr(whole, '/');
	if (!strcmp(whole, "/dev/null"))
		r = refuse(reader, reader->number,
			"it makes or removes a file, and only changes can be tried without touching the project");
	else if (quoted || strlen(whole) != (size_t)((tab ? tab : end) - text) || strpbrk(whole, "\r\\"))
		r = refuse(reader, reader->number,
			"the file's name has characters that leastcap does not take in a patch");
	else if (!slash)
		r = refuse(reader, reader->number,
			"the file's name has no folder before it, as in a/compose.yaml (patch -p1)");
	else if (slash == whole || !is_plain(slash + 1))
		r = refuse(reader, reader->number, "the file's name does not lie plainly below the working directory");
	else
		*name = strdup(slash + 1);
	free(whole);
	return r ? r : *name ? 0 : -ENOMEM;
}

/* Adds PATH, which it takes over, to the files. 0 or -errno. */
static int add(const struct reader *reader, char *path)
{
	struct lc_patch_files *files = reader->files;

	for (size_t i = 0; i < files->n; i++) {
		if (!strcmp(files->paths[i], path)) {
			free(path);
			return 0;
		}
	}
	if (files->n == LC_PATCH_FILES) {
		free(path);
		return refuse(reader, reader->number, "it changes more files than leastcap takes");
	}
	files->paths[files->n++] = path;
	return 0;
}

/* Reads the head of a file's changes: OLD is its first line. 0 or -errno. */
static int read_head(struct reader *reader, const struct line *old)
{
	char *before = NULL, *after = NULL;
	struct line line;
	int r = read_name(reader, old, &before);

	if (!r && (!next_line(reader, &line) || !begins(&line, "+++ ")))
		r = refuse(reader, reader->number, "a line with +++ has to follow ---");
	if (!r)
		r = read_name(reader, &line, &after);
	if (!r && strcmp(before, after) != 0)
		r = refuse(reader, reader->number,
			"it renames a file, and only changes can be tried without touching the project");
	free(after);
	if (!r)
		return add(reader, before);
	free(before);
	return r;
}

/* Reads "12,7" at *AT, of which the second number is put to *N. Whether it is that. */
static bool read_range(const char **at, char sign, unsigned long *n)
{
	char *end;

	if (**at != sign)
		return false;
	strtoul(*at + 1, &end, 10);
	*n = 1;
	if (*end == ',')
		*n = strtoul(end + 1, &end, 10);
	*at = end;
	return *end == ' ';
}

/* Passes over the lines of a hunk, whose head HEAD is. 0 or -EINVAL. */
static int skip_hunk(struct reader *reader, const struct line *head)
{
	/* The ranges end in a blank, and the line in what is no digit. */
	const char *at = head->text + strlen("@@ ");
	size_t number = reader->number;
	unsigned long old, new;
	struct line line;
	bool whole = read_range(&at, '-', &old) && *++at == '+' && read_range(&at, '+', &new);

	while (whole && (old || new)) {
		int sign;

		whole = next_line(reader, &line);
		/* An empty line is one of context whose blank was lost. */
		sign = whole && line.length ? *line.text : ' ';
		if (sign == '\\')
			continue;
		whole = whole && strchr(" +-", sign) && (sign == '+' || old) && (sign == '-' || new);
		old -= sign == '+' ? 0 : 1;
		new -= sign == '-' ? 0 : 1;
	}
	return whole ? 0 : refuse(reader, number, "the lines of this part are not as many as it says");
}

int lc_patch_read(struct lc_patch_files *files, const char *text, size_t length, char **message)
{
	struct reader reader = {.files = files, .at = text, .end = text + length, .message = message};
	bool in_file = false;
	struct line line;
	int r = 0;

	while (!r && next_line(&reader, &line)) {
		if (does_more(&line)) {
			r = refuse(&reader, reader.number, "it does more than change the text of a file");
		} else if (begins(&line, "--- ")) {
			r = read_head(&reader, &line);
			in_file = true;
		} else if (begins(&line, "@@ ")) {
			r = in_file ? skip_hunk(&reader, &line)
				    : refuse(&reader, reader.number, "these changes are of no file");
		}
	}
	if (!r && !files->n)
		r = lc_complain(message, -EINVAL, " it is no unified patch, or changes nothing");
	return r;
}

void lc_patch_files_clear(struct lc_patch_files *files)
{
	for (size_t i = 0; i < files->n; i++)
		free(files->paths[i]);
	*files = (struct lc_patch_files){0};
}
