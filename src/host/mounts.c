/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads mountinfo, whose lines are: id parent device root mount options … - type source options. */
#include <leastcap/cleanup.h>
#include <leastcap/host.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* include/linux/kdev_t.h, MINORBITS */
#define LC_MINOR_MAX ((1U << 20) - 1)
#define LC_MAJOR_MAX ((1U << 12) - 1)

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

/* Reads "254:1" to *DEVICE. Whether it is one. */
static bool parse_device(const char *text, uint32_t *device)
{
	unsigned int major, minor;

	if (!text || sscanf(text, "%u:%u", &major, &minor) != 2 || major > LC_MAJOR_MAX || minor > LC_MINOR_MAX)
		return false;
	*device = lc_device(major, minor);
	return true;
}

/* Whether OPTIONS, with commas between, begin with "ro", where the kernel has it (show_mnt_opts, show_sb_opts). */
static bool is_read_only(const char *options)
{
	return options && strncmp(options, "ro", 2) == 0 && (options[2] == ',' || options[2] == '\0');
}

int lc_mount_line_parse(char *line, struct lc_mount *mount)
{
	struct lc_mount parsed = {0};
	const char *id, *device, *field;

	line[strcspn(line, "\n")] = '\0';
	id = strsep(&line, " ");
	strsep(&line, " ");
	device = strsep(&line, " ");
	parsed.root = strsep(&line, " ");
	parsed.point = strsep(&line, " ");
	parsed.read_only = is_read_only(strsep(&line, " "));
	/* Any number of optional fields. */
	do {
		field = strsep(&line, " ");
	} while (field && strcmp(field, "-") != 0);
	parsed.type = strsep(&line, " ");
	strsep(&line, " ");
	parsed.options = strsep(&line, " ");
	if (!parsed.options || !parse_device(device, &parsed.device))
		return -EINVAL;
	parsed.read_only |= is_read_only(parsed.options);
	parsed.id = strtoull(id, NULL, 10);
	unescape(parsed.root);
	unescape(parsed.point);
	*mount = parsed;
	return 0;
}

int lc_mounts_each(pid_t pid, int (*each)(void *context, const struct lc_mount *mount), void *context)
{
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	char path[32] = "/proc/self/mountinfo";
	struct lc_mount mount;
	size_t size = 0;
	int r = 0;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)pid);
	stream = fopen(path, "re");
	if (!stream)
		return -errno;
	while (!r && getline(&line, &size, stream) >= 0) {
		if (!lc_mount_line_parse(line, &mount))
			r = each(context, &mount);
	}
	return r;
}
