/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the host's files for the doctor's checks. */
#include "src/doctor/doctor_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

/* The kernel's first namespaces have fixed numbers (include/linux/proc_ns.h). */
static const struct {
	const char *type;
	const char *initial;
} namespaces[] = {
	{"cgroup", "cgroup:[4026531835]"},
	{"pid", "pid:[4026531836]"},
	{"user", "user:[4026531837]"},
};

char *lc_doctor_path(const struct lc_doctor_host *host, const char *path)
{
	char *whole;

	return asprintf(&whole, "%s%s", host->root, path) < 0 ? NULL : whole;
}

FILE *lc_doctor_open(const struct lc_doctor_host *host, const char *path)
{
	_cleanup_free_ char *whole = lc_doctor_path(host, path);

	return whole ? fopen(whole, "re") : NULL;
}

int lc_doctor_read_line(const struct lc_doctor_host *host, const char *path, char *line, size_t size)
{
	_cleanup_file_ FILE *file = lc_doctor_open(host, path);

	if (!file)
		return -errno;
	errno = 0;
	if (!fgets(line, (int)size, file))
		return errno ? -errno : -ENODATA;
	line[strcspn(line, "\n")] = '\0';
	return 0;
}

int lc_doctor_read_number(const struct lc_doctor_host *host, const char *path, long *number)
{
	char line[64];
	char *end;
	int r = lc_doctor_read_line(host, path, line, sizeof(line));

	if (r)
		return r;
	*number = strtol(line, &end, 10);
	return end == line ? -EPROTO : 0;
}

int lc_doctor_read_field(const struct lc_doctor_host *host, const char *path, const char *key, char *value, size_t size)
{
	_cleanup_file_ FILE *file = lc_doctor_open(host, path);
	_cleanup_free_ char *line = NULL;
	size_t length = strlen(key), capacity = 0;

	if (!file)
		return -errno;
	while (getline(&line, &capacity, file) > 0) {
		if (strncmp(line, key, length) != 0)
			continue;
		snprintf(value, size, "%s", line + length + strspn(line + length, " \t"));
		value[strcspn(value, "\n")] = '\0';
		return 0;
	}
	return -ENOENT;
}

uint64_t lc_doctor_effective(const struct lc_doctor_host *host)
{
	char text[32];

	if (lc_doctor_read_field(host, "/proc/self/status", "CapEff:", text, sizeof(text)))
		return 0;
	return strtoull(text, NULL, 16);
}

bool lc_doctor_is_initial(const struct lc_doctor_host *host, const char *type)
{
	_cleanup_free_ char *link = NULL;
	_cleanup_free_ char *whole = NULL;
	char target[64];
	ssize_t length;

	if (asprintf(&link, "/proc/self/ns/%s", type) < 0) {
		link = NULL;
		return true;
	}
	whole = lc_doctor_path(host, link);
	length = whole ? readlink(whole, target, sizeof(target) - 1) : -1;
	if (length < 0)
		return true;
	target[length] = '\0';
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		if (!strcmp(namespaces[i].type, type))
			return !strcmp(namespaces[i].initial, target);
	}
	return true;
}

bool lc_doctor_may_load(const struct lc_doctor_host *host)
{
	const uint64_t both = LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_PERFMON);
	uint64_t effective = lc_doctor_effective(host);

	/* Capabilities in another user namespace than the host's do not count for hooks. */
	if (!lc_doctor_is_initial(host, "user"))
		return false;
	return (effective & both) == both || (effective & LC_CAP_BIT(CAP_SYS_ADMIN));
}

bool lc_doctor_kernel_since(const struct lc_doctor_host *host, unsigned int major, unsigned int minor)
{
	char release[128];

	return !lc_doctor_read_line(host, "/proc/sys/kernel/osrelease", release, sizeof(release)) &&
	       lc_kernel_version(release) >= LC_KERNEL(major, minor);
}
