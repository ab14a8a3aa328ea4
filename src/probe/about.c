/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a syscall is about, from its arguments: a path, an address, a process, an id. */
#include "src/probe/about.h"

#include "bpf/record.h"
#include "src/probe/calls.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>
#include <leastcap/syscalls.h>

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* How the kernel side reads the subject of a call when that is of KIND. */
static enum lc_shape_kind shape_of(enum lc_kind kind)
{
	switch (kind) {
	case LC_KIND_STRING:
	case LC_KIND_PATH:
		return LC_SHAPE_PATH;
	case LC_KIND_SOCKADDR:
		return LC_SHAPE_SOCKADDR;
	case LC_KIND_STRUCT: /* struct msghdr */
	case LC_KIND_MESSAGES:
		return LC_SHAPE_MESSAGE;
	case LC_KIND_FILE:
	case LC_KIND_DIRFD:
		return LC_SHAPE_FD;
	default:
		return LC_SHAPE_NONE;
	}
}

/* Puts the shape of CALL, whose subject is its argument SUBJECT, into the map FD. 0 or -errno. */
static int install(int fd, const struct lc_syscall *call, int subject)
{
	struct lc_shape shape = {
		.kind = shape_of(call->arguments[subject].kind),
		.argument = (uint8_t)subject,
		.has_directory = subject > 0 && call->arguments[subject - 1].kind == LC_KIND_DIRFD,
	};

	for (enum lc_abi abi = LC_ABI_NATIVE; shape.kind != LC_SHAPE_NONE && abi < LC_ABIS; abi++) {
		int place = lc_call_place(call->name, abi);
		uint32_t key = (uint32_t)place;

		if (place >= 0 && bpf_map_update_elem(fd, &key, &shape, BPF_ANY))
			return -errno;
	}
	return 0;
}

int lc_about_install(int fd)
{
	const struct lc_syscall *call;
	size_t cursor = 0;
	int r = 0;

	while (!r && (call = lc_syscall_next(&cursor))) {
		int subject = lc_syscall_subject(call);

		if (subject >= 0)
			r = install(fd, call, subject);
	}
	return r;
}

/* BYTES, or the room that there is for a text or a path if that is less. */
static uint32_t text_length(uint32_t bytes)
{
	return bytes < LC_PATH_SIZE ? bytes : LC_PATH_SIZE;
}

char *lc_about_path(const char *components, uint32_t bytes)
{
	struct lc_strbuf path = {0};
	uint32_t end = text_length(bytes);

	/* The leaf comes first: walk the components from the back. */
	while (end > 0) {
		uint32_t start = end - 1;

		while (start > 0 && components[start - 1])
			start--;
		lc_strbuf_adds(&path, "/");
		lc_strbuf_add(&path, components + start, strnlen(components + start, end - start));
		end = start;
	}
	return path.length ? lc_strbuf_steal(&path) : NULL;
}

char *lc_about_absolute(const char *text, uint32_t text_bytes, const char *base, uint32_t base_bytes)
{
	size_t length = strnlen(text, text_length(text_bytes));
	_cleanup_free_ char *directory = length && text[0] == '/' ? NULL : lc_about_path(base, base_bytes);
	struct lc_strbuf path = {0};

	lc_strbuf_adds(&path, directory);
	while (length > 1 && text[0] == '.' && text[1] == '/') {
		text += 2;
		length -= 2;
	}
	if (length && text[0] != '/')
		lc_strbuf_adds(&path, "/");
	lc_strbuf_add(&path, text, length);
	return path.length ? lc_strbuf_steal(&path) : NULL;
}

/* A socket address as a person writes it: 0.0.0.0:80, [::]:80, /run/x.sock, @abstract. */
static void describe_address(struct lc_strbuf *out, const char *bytes, uint32_t length)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
		char bytes[sizeof(struct sockaddr_un)];
	} address = {0};
	char text[INET6_ADDRSTRLEN];

	memcpy(address.bytes, bytes, length < sizeof(address) ? length : sizeof(address));
	if (address.any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &address.in.sin_addr, text, sizeof(text));
		lc_strbuf_addf(out, "%s:%u", text, ntohs(address.in.sin_port));
	} else if (address.any.sa_family == AF_INET6 && length >= sizeof(address.in6)) {
		inet_ntop(AF_INET6, &address.in6.sin6_addr, text, sizeof(text));
		lc_strbuf_addf(out, "[%s]:%u", text, ntohs(address.in6.sin6_port));
	} else if (address.any.sa_family == AF_UNIX) {
		bool abstract = !address.un.sun_path[0];
		const char *name = address.un.sun_path + abstract;

		lc_strbuf_adds(out, abstract ? "@" : "");
		lc_strbuf_add(out, name, strnlen(name, sizeof(address.un.sun_path) - abstract));
	} else {
		lc_strbuf_addf(out, "address family %u", address.any.sa_family);
	}
}

static void describe_signal(struct lc_strbuf *out, uint64_t pid, uint64_t signal)
{
	const char *name = sigabbrev_np((int)signal);

	if (name)
		lc_strbuf_addf(out, "SIG%s to %d", name, (int)pid);
	else
		lc_strbuf_addf(out, "signal %d to %d", (int)signal, (int)pid);
}

/* Appends a process, and the signal that CALL sends to it if there is one. */
static void describe_process(
	struct lc_strbuf *out, const struct lc_syscall *call, const uint64_t *arguments, uint64_t pid)
{
	for (int i = 0; i < call->n; i++) {
		if (call->arguments[i].kind == LC_KIND_SIGNAL) {
			describe_signal(out, pid, arguments[i]);
			return;
		}
	}
	lc_strbuf_addf(out, "pid %d", (int)pid);
}

/* Appends the ids of CALL from its argument FIRST on. */
static void describe_ids(struct lc_strbuf *out, const struct lc_syscall *call, const uint64_t *arguments, int first)
{
	uint8_t kind = call->arguments[first].kind;

	lc_strbuf_adds(out, kind == LC_KIND_UID ? "uid" : "gid");
	for (int i = first; i < call->n && call->arguments[i].kind == kind; i++)
		lc_strbuf_addf(out, "%s%d", i > first ? "," : " ", (int)arguments[i]);
}

/* Appends the subject of CALL, its argument SUBJECT, of which the kernel side has TAKEN what it points to. */
static void describe(struct lc_strbuf *out, const struct lc_subject *taken, const struct lc_syscall *call, int subject)
{
	const uint64_t *arguments = (const uint64_t *)taken->arguments;
	_cleanup_free_ char *path = NULL;

	switch ((enum lc_kind)call->arguments[subject].kind) {
	case LC_KIND_PATH:
		if (taken->text_bytes)
			path = lc_about_absolute(taken->text, taken->text_bytes, taken->base, taken->base_bytes);
		lc_strbuf_adds(out, path);
		break;
	case LC_KIND_STRING:
		lc_strbuf_add(out, taken->text, strnlen(taken->text, text_length(taken->text_bytes)));
		break;
	case LC_KIND_SOCKADDR:
	case LC_KIND_STRUCT:
	case LC_KIND_MESSAGES:
		if (taken->text_bytes)
			describe_address(out, taken->text, taken->text_bytes);
		break;
	case LC_KIND_FILE:
	case LC_KIND_DIRFD:
		path = lc_about_path(taken->base, taken->base_bytes);
		lc_strbuf_adds(out, path);
		break;
	case LC_KIND_PID:
		describe_process(out, call, arguments, arguments[subject]);
		break;
	case LC_KIND_UID:
	case LC_KIND_GID:
		describe_ids(out, call, arguments, subject);
		break;
	default:
		lc_strbuf_addf(out, "0x%x", (unsigned int)arguments[subject]);
		break;
	}
}

/* The row of the call that TAKEN is of; NULL when the table has none. */
static const struct lc_syscall *call_of(const struct lc_subject *taken)
{
	_cleanup_free_ char *name = lc_syscall_name(taken->syscall);

	return lc_syscall_named(name);
}

bool lc_about_is_path(const struct lc_subject *taken)
{
	return lc_syscall_is_about_file(call_of(taken));
}

char *lc_about_describe(const struct lc_subject *taken)
{
	const struct lc_syscall *call = call_of(taken);
	int subject = lc_syscall_subject(call);
	struct lc_strbuf out = {0};

	if (subject >= 0)
		describe(&out, taken, call, subject);
	if (!out.length) {
		lc_strbuf_free(&out);
		return NULL;
	}
	return lc_strbuf_steal(&out);
}
