/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes a line of mountinfo apart: id parent device root mount options … - type source options. */
#include <leastcap/host.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Turns mountinfo's octal escapes (\040 for a space, proc(5)) back into bytes. */
static void unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (in[0] == '\\' && is_octal(in[1]) && is_octal(in[2]) && is_octal(in[3])) {
			*out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
}

int lc_mount_line_parse(char *line, struct lc_mount_line *mount)
{
	char *field;

	line[strcspn(line, "\n")] = '\0';
	*mount = (struct lc_mount_line){0};
	for (int n = 0; n < 3; n++)
		strsep(&line, " ");
	mount->root = strsep(&line, " ");
	mount->point = strsep(&line, " ");
	/* The options of the mount, and any number of optional fields. */
	do {
		field = strsep(&line, " ");
	} while (field && strcmp(field, "-") != 0);
	mount->type = strsep(&line, " ");
	strsep(&line, " ");
	mount->options = strsep(&line, " ");
	if (!mount->options)
		return -EINVAL;
	unescape(mount->root);
	unescape(mount->point);
	return 0;
}
