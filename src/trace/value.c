/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single values of a call, by what they mean. */
#include "src/trace/decode.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <leastcap/capset.h>
#include <leastcap/constants.h>
#include <limits.h>
#include <linux/ioctl.h>
#include <linux/ioprio.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/quota.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Appends where the link PATH leads, as -y does: </etc/passwd>. */
static void put_link(struct lc_strbuf *out, const char *path)
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target));

	if (length < 0)
		return;
	lc_strbuf_add(out, "<", 1);
	lc_put_escaped(out, (const unsigned char *)target, (size_t)length, "<>");
	lc_strbuf_add(out, ">", 1);
}

static void put_fd(struct lc_strbuf *out, const struct lc_call_made *call, int fd, bool directory)
{
	char path[64];
	bool current = directory && fd == AT_FDCWD;

	if (current)
		lc_strbuf_adds(out, "AT_FDCWD");
	else
		lc_put_signed(out, fd);
	if (!call->descriptor_paths || call->pid <= 0 || (fd < 0 && !current))
		return;
	if (current)
		snprintf(path, sizeof(path), "/proc/%d/cwd", call->pid);
	else
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", call->pid, fd);
	put_link(out, path);
}

static void put_signal(struct lc_strbuf *out, int number)
{
	/* The kernel's first. SIGRTMIN is larger, because the C library keeps two real-time signals for itself. */
	const int first_realtime = 32;

	if (number <= 0 || number >= _NSIG) {
		lc_put_signed(out, number);
	} else if (number > first_realtime) {
		lc_strbuf_adds(out, "SIGRT_");
		lc_put_signed(out, number - first_realtime);
	} else if (number == first_realtime) {
		lc_strbuf_adds(out, "SIGRTMIN");
	} else {
		lc_put_word(out, &lc_signals, (uint64_t)number);
	}
}

static void put_mode(struct lc_strbuf *out, uint32_t mode)
{
	uint32_t permissions = mode & (uint32_t) ~(S_IFMT | S_ISUID | S_ISGID | S_ISVTX);

	if (mode & S_IFMT) {
		lc_put_flags(out, &lc_modes, mode & ~permissions);
		lc_strbuf_add(out, "|", 1);
		mode = permissions;
	}
	lc_put_octal(out, mode);
}

static void put_device(struct lc_strbuf *out, uint64_t device)
{
	lc_strbuf_adds(out, "makedev(");
	lc_put_hex(out, major(device));
	lc_strbuf_adds(out, ", ");
	lc_put_hex(out, minor(device));
	lc_strbuf_adds(out, ")");
}

static void put_ethernet(struct lc_strbuf *out, uint16_t protocol)
{
	lc_strbuf_adds(out, "htons(");
	lc_put_word(out, &lc_ethernet_protocols, ntohs(protocol));
	lc_strbuf_adds(out, ")");
}

static void put_io_priority(struct lc_strbuf *out, uint32_t priority)
{
	lc_strbuf_adds(out, "IOPRIO_PRIO_VALUE(");
	lc_put_word(out, &lc_io_priority_classes, priority >> IOPRIO_CLASS_SHIFT);
	lc_strbuf_adds(out, ", ");
	lc_put_unsigned(out, priority & IOPRIO_PRIO_MASK);
	lc_strbuf_adds(out, ")");
}

static void put_limit(struct lc_strbuf *out, uint64_t limit)
{
	bool kibi = limit > 1024 && limit % 1024 == 0;

	if (limit == UINT64_MAX) {
		lc_strbuf_adds(out, "RLIM64_INFINITY");
		return;
	}
	lc_put_unsigned(out, kibi ? limit / 1024 : limit);
	lc_strbuf_adds(out, kibi ? "*1024" : "");
}

/* Appends a set of an enumeration's values: 1<<CAP_CHOWN|1<<CAP_KILL. */
static void put_bits(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t bits)
{
	size_t before = out->length;

	for (size_t i = 0; i < constants->n && bits; i++) {
		uint64_t bit = LC_CAP_BIT(constants->rows[i].value);

		if (!(bits & bit))
			continue;
		lc_strbuf_adds(out, out->length > before ? "|1<<" : "1<<");
		lc_strbuf_adds(out, constants->rows[i].name);
		bits &= ~bit;
	}
	if (bits && out->length > before)
		lc_strbuf_add(out, "|", 1);
	if (bits || out->length == before)
		lc_put_hex(out, bits);
}

/* Appends an ioctl's request; a nameless one in its parts: _IOC(_IOC_READ, 0x54, 0x1, 0x8). */
static void put_ioctl(struct lc_strbuf *out, uint32_t request)
{
	const unsigned parts[] = {_IOC_TYPE(request), _IOC_NR(request), _IOC_SIZE(request)};

	for (size_t i = 0; i < lc_ioctl_requests.n; i++) {
		if (lc_ioctl_requests.rows[i].value == request) {
			lc_strbuf_adds(out, lc_ioctl_requests.rows[i].name);
			return;
		}
	}
	lc_strbuf_adds(out, "_IOC(");
	lc_put_flags(out, &lc_ioctl_directions, _IOC_DIR(request));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		lc_strbuf_adds(out, ", ");
		lc_put_hex(out, parts[i]);
	}
	lc_strbuf_adds(out, ")");
}

static void put_quota(struct lc_strbuf *out, uint32_t command)
{
	lc_strbuf_adds(out, "QCMD(");
	lc_put_word(out, &lc_quota_commands, command >> SUBCMDSHIFT);
	lc_strbuf_adds(out, ", ");
	lc_put_word(out, &lc_quota_types, command & SUBCMDMASK);
	lc_strbuf_adds(out, ")");
}

static void put_clone(struct lc_strbuf *out, uint32_t flags)
{
	if (flags & ~(uint32_t)CSIGNAL || !flags)
		lc_put_flags(out, &lc_clone_flags, flags & ~(uint32_t)CSIGNAL);
	if (!(flags & CSIGNAL))
		return;
	if (flags & ~(uint32_t)CSIGNAL)
		lc_strbuf_add(out, "|", 1);
	put_signal(out, (int)(flags & CSIGNAL));
}

/* The kinds that are only numbers. */
static void put_number(struct lc_strbuf *out, enum lc_kind kind, uint64_t value)
{
	switch (kind) {
	case LC_KIND_UINT:
		lc_put_unsigned(out, (uint32_t)value);
		break;
	case LC_KIND_LONG:
		lc_put_signed(out, (int64_t)value);
		break;
	case LC_KIND_SIZE:
		lc_put_unsigned(out, value);
		break;
	case LC_KIND_HEX:
		lc_put_hex(out, value);
		break;
	case LC_KIND_ADDRESS:
	case LC_KIND_MESSAGES:
		if (value)
			lc_put_hex(out, value);
		else
			lc_strbuf_adds(out, "NULL");
		break;
	case LC_KIND_UID:
	case LC_KIND_GID:
		lc_put_signed(out, (uint32_t)value == UINT32_MAX ? -1 : (int64_t)(uint32_t)value);
		break;
	case LC_KIND_OCTAL:
		lc_put_octal(out, (uint32_t)value);
		break;
	default:
		lc_put_signed(out, (int32_t)value);
	}
}

/* The kinds whose values have names, and numbers. */
static void put_named(struct lc_strbuf *out, const struct lc_type *type, uint64_t value)
{
	switch ((enum lc_kind)type->kind) {
	case LC_KIND_FLAGS:
		lc_put_flags(out, type->constants, value);
		break;
	case LC_KIND_CLONE:
		put_clone(out, (uint32_t)value);
		break;
	case LC_KIND_WORD:
		lc_put_word(out, type->constants, value);
		break;
	case LC_KIND_BITS:
		put_bits(out, type->constants, value);
		break;
	case LC_KIND_IOCTL:
		put_ioctl(out, (uint32_t)value);
		break;
	case LC_KIND_QUOTA:
		put_quota(out, (uint32_t)value);
		break;
	case LC_KIND_ETHERNET:
		put_ethernet(out, (uint16_t)value);
		break;
	case LC_KIND_IO_PRIORITY:
		put_io_priority(out, (uint32_t)value);
		break;
	default:
		put_number(out, type->kind, value);
	}
}

void lc_put_value(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type, uint64_t value)
{
	switch ((enum lc_kind)type->kind) {
	case LC_KIND_MASK:
		lc_strbuf_addf(out, "%#08" PRIx32, (uint32_t)value);
		break;
	case LC_KIND_MODE:
		put_mode(out, (uint32_t)value);
		break;
	case LC_KIND_DEVICE:
		put_device(out, (uint32_t)value);
		break;
	case LC_KIND_FD:
	case LC_KIND_FILE:
	case LC_KIND_DIRFD:
		put_fd(out, call, (int)value, type->kind == LC_KIND_DIRFD);
		break;
	case LC_KIND_SIGNAL:
		put_signal(out, (int)value);
		break;
	case LC_KIND_LIMIT:
		put_limit(out, value);
		break;
	default:
		put_named(out, type, value);
	}
}
