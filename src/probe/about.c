/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a syscall is about, from its arguments: a path, an address, a process, an id. */
#include "src/probe/about.h"

#include "bpf/record.h"
#include "src/probe/calls.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* How the arguments are told. */
enum subject {
	SUBJECT_PATH,     /* a path name */
	SUBJECT_PATH_AT,  /* a path name, and in the argument before it the directory that it may start at */
	SUBJECT_ADDRESS,  /* a struct sockaddr */
	SUBJECT_MESSAGE,  /* a struct msghdr, which begins with where a struct sockaddr is */
	SUBJECT_FILE,     /* an open file's path */
	SUBJECT_SIGNAL,   /* a pid, and a signal in the argument behind it */
	SUBJECT_TGSIGNAL, /* a thread group, a thread and a signal */
	SUBJECT_PROCESS,  /* a pid */
	SUBJECT_USERS,    /* user ids, from this argument on */
	SUBJECT_GROUPS,   /* group ids, from this argument on */
	SUBJECT_REQUEST,  /* an ioctl, a ptrace request, an option: in hexadecimal */
};

/* Which argument says what a syscall is about. */
static const struct {
	const char *syscall;
	enum subject subject;
	int argument;
	int count; /* how many ids */
} subjects[] = {
	{"accept", SUBJECT_FILE, 0, 0},
	{"accept4", SUBJECT_FILE, 0, 0},
	{"access", SUBJECT_PATH, 0, 0},
	{"acct", SUBJECT_PATH, 0, 0},
	{"bind", SUBJECT_ADDRESS, 1, 0},
	{"bpf", SUBJECT_REQUEST, 0, 0},
	{"chdir", SUBJECT_PATH, 0, 0},
	{"chmod", SUBJECT_PATH, 0, 0},
	{"chown", SUBJECT_PATH, 0, 0},
	{"chown32", SUBJECT_PATH, 0, 0},
	{"chroot", SUBJECT_PATH, 0, 0},
	{"connect", SUBJECT_ADDRESS, 1, 0},
	{"copy_file_range", SUBJECT_FILE, 0, 0},
	{"creat", SUBJECT_PATH, 0, 0},
	{"delete_module", SUBJECT_PATH, 0, 0},
	{"execve", SUBJECT_PATH, 0, 0},
	{"execveat", SUBJECT_PATH_AT, 1, 0},
	{"faccessat", SUBJECT_PATH_AT, 1, 0},
	{"faccessat2", SUBJECT_PATH_AT, 1, 0},
	{"fadvise64", SUBJECT_FILE, 0, 0},
	{"fallocate", SUBJECT_FILE, 0, 0},
	{"fanotify_mark", SUBJECT_PATH_AT, 4, 0},
	{"fchdir", SUBJECT_FILE, 0, 0},
	{"fchmod", SUBJECT_FILE, 0, 0},
	{"fchmodat", SUBJECT_PATH_AT, 1, 0},
	{"fchmodat2", SUBJECT_PATH_AT, 1, 0},
	{"fchown", SUBJECT_FILE, 0, 0},
	{"fchown32", SUBJECT_FILE, 0, 0},
	{"fchownat", SUBJECT_PATH_AT, 1, 0},
	{"fchroot", SUBJECT_FILE, 0, 0},
	{"fcntl", SUBJECT_FILE, 0, 0},
	{"fgetxattr", SUBJECT_FILE, 0, 0},
	{"file_getattr", SUBJECT_PATH_AT, 1, 0},
	{"file_setattr", SUBJECT_PATH_AT, 1, 0},
	{"finit_module", SUBJECT_FILE, 0, 0},
	{"flistxattr", SUBJECT_FILE, 0, 0},
	{"flock", SUBJECT_FILE, 0, 0},
	{"fremovexattr", SUBJECT_FILE, 0, 0},
	{"fsetxattr", SUBJECT_FILE, 0, 0},
	{"fspick", SUBJECT_PATH_AT, 1, 0},
	{"fstat", SUBJECT_FILE, 0, 0},
	{"fstatat64", SUBJECT_PATH_AT, 1, 0},
	{"fstatfs", SUBJECT_FILE, 0, 0},
	{"ftruncate", SUBJECT_FILE, 0, 0},
	{"ftruncate64", SUBJECT_FILE, 0, 0},
	{"futimesat", SUBJECT_PATH_AT, 1, 0},
	{"get_robust_list", SUBJECT_PROCESS, 0, 0},
	{"getdents", SUBJECT_FILE, 0, 0},
	{"getdents64", SUBJECT_FILE, 0, 0},
	{"getxattr", SUBJECT_PATH, 0, 0},
	{"getxattrat", SUBJECT_PATH_AT, 1, 0},
	{"inotify_add_watch", SUBJECT_PATH, 1, 0},
	{"ioctl", SUBJECT_REQUEST, 1, 0},
	{"ioprio_set", SUBJECT_PROCESS, 1, 0},
	{"kcmp", SUBJECT_PROCESS, 0, 0},
	{"kexec_file_load", SUBJECT_FILE, 0, 0},
	{"keyctl", SUBJECT_REQUEST, 0, 0},
	{"kill", SUBJECT_SIGNAL, 0, 0},
	{"lchown", SUBJECT_PATH, 0, 0},
	{"lchown32", SUBJECT_PATH, 0, 0},
	{"lgetxattr", SUBJECT_PATH, 0, 0},
	{"link", SUBJECT_PATH, 1, 0},
	{"linkat", SUBJECT_PATH_AT, 3, 0},
	{"listxattr", SUBJECT_PATH, 0, 0},
	{"listxattrat", SUBJECT_PATH_AT, 1, 0},
	{"llistxattr", SUBJECT_PATH, 0, 0},
	{"lremovexattr", SUBJECT_PATH, 0, 0},
	{"lsetxattr", SUBJECT_PATH, 0, 0},
	{"lstat", SUBJECT_PATH, 0, 0},
	{"lstat64", SUBJECT_PATH, 0, 0},
	{"migrate_pages", SUBJECT_PROCESS, 0, 0},
	{"mkdir", SUBJECT_PATH, 0, 0},
	{"mkdirat", SUBJECT_PATH_AT, 1, 0},
	{"mknod", SUBJECT_PATH, 0, 0},
	{"mknodat", SUBJECT_PATH_AT, 1, 0},
	{"mount", SUBJECT_PATH, 1, 0},
	{"mount_setattr", SUBJECT_PATH_AT, 1, 0},
	{"move_mount", SUBJECT_PATH_AT, 3, 0},
	{"move_pages", SUBJECT_PROCESS, 0, 0},
	{"mq_open", SUBJECT_PATH, 0, 0},
	{"mq_unlink", SUBJECT_PATH, 0, 0},
	{"name_to_handle_at", SUBJECT_PATH_AT, 1, 0},
	{"newfstatat", SUBJECT_PATH_AT, 1, 0},
	{"open", SUBJECT_PATH, 0, 0},
	{"open_by_handle_at", SUBJECT_FILE, 0, 0},
	{"open_tree", SUBJECT_PATH_AT, 1, 0},
	{"open_tree_attr", SUBJECT_PATH_AT, 1, 0},
	{"openat", SUBJECT_PATH_AT, 1, 0},
	{"openat2", SUBJECT_PATH_AT, 1, 0},
	{"perf_event_open", SUBJECT_PROCESS, 1, 0},
	{"pidfd_open", SUBJECT_PROCESS, 0, 0},
	{"pivot_root", SUBJECT_PATH, 0, 0},
	{"prctl", SUBJECT_REQUEST, 0, 0},
	{"pread64", SUBJECT_FILE, 0, 0},
	{"preadv", SUBJECT_FILE, 0, 0},
	{"preadv2", SUBJECT_FILE, 0, 0},
	{"prlimit64", SUBJECT_PROCESS, 0, 0},
	{"process_vm_readv", SUBJECT_PROCESS, 0, 0},
	{"process_vm_writev", SUBJECT_PROCESS, 0, 0},
	{"ptrace", SUBJECT_PROCESS, 1, 0},
	{"pwrite64", SUBJECT_FILE, 0, 0},
	{"pwritev", SUBJECT_FILE, 0, 0},
	{"pwritev2", SUBJECT_FILE, 0, 0},
	{"quotactl", SUBJECT_PATH, 1, 0},
	{"quotactl_fd", SUBJECT_FILE, 0, 0},
	{"read", SUBJECT_FILE, 0, 0},
	{"readahead", SUBJECT_FILE, 0, 0},
	{"readlink", SUBJECT_PATH, 0, 0},
	{"readlinkat", SUBJECT_PATH_AT, 1, 0},
	{"readv", SUBJECT_FILE, 0, 0},
	{"removexattr", SUBJECT_PATH, 0, 0},
	{"removexattrat", SUBJECT_PATH_AT, 1, 0},
	{"rename", SUBJECT_PATH, 0, 0},
	{"renameat", SUBJECT_PATH_AT, 1, 0},
	{"renameat2", SUBJECT_PATH_AT, 1, 0},
	{"rmdir", SUBJECT_PATH, 0, 0},
	{"rt_sigqueueinfo", SUBJECT_SIGNAL, 0, 0},
	{"rt_tgsigqueueinfo", SUBJECT_TGSIGNAL, 0, 0},
	{"sched_getaffinity", SUBJECT_PROCESS, 0, 0},
	{"sched_setaffinity", SUBJECT_PROCESS, 0, 0},
	{"sched_setattr", SUBJECT_PROCESS, 0, 0},
	{"sched_setparam", SUBJECT_PROCESS, 0, 0},
	{"sched_setscheduler", SUBJECT_PROCESS, 0, 0},
	{"sendfile", SUBJECT_FILE, 0, 0},
	{"sendmmsg", SUBJECT_MESSAGE, 1, 0},
	{"sendmsg", SUBJECT_MESSAGE, 1, 0},
	{"sendto", SUBJECT_ADDRESS, 4, 0},
	{"setfsgid", SUBJECT_GROUPS, 0, 1},
	{"setfsgid32", SUBJECT_GROUPS, 0, 1},
	{"setfsuid", SUBJECT_USERS, 0, 1},
	{"setfsuid32", SUBJECT_USERS, 0, 1},
	{"setgid", SUBJECT_GROUPS, 0, 1},
	{"setgid32", SUBJECT_GROUPS, 0, 1},
	{"setns", SUBJECT_FILE, 0, 0},
	{"setpgid", SUBJECT_PROCESS, 0, 0},
	{"setpriority", SUBJECT_PROCESS, 1, 0},
	{"setregid", SUBJECT_GROUPS, 0, 2},
	{"setregid32", SUBJECT_GROUPS, 0, 2},
	{"setresgid", SUBJECT_GROUPS, 0, 3},
	{"setresgid32", SUBJECT_GROUPS, 0, 3},
	{"setresuid", SUBJECT_USERS, 0, 3},
	{"setresuid32", SUBJECT_USERS, 0, 3},
	{"setreuid", SUBJECT_USERS, 0, 2},
	{"setreuid32", SUBJECT_USERS, 0, 2},
	{"setsockopt", SUBJECT_REQUEST, 2, 0},
	{"setuid", SUBJECT_USERS, 0, 1},
	{"setuid32", SUBJECT_USERS, 0, 1},
	{"setxattr", SUBJECT_PATH, 0, 0},
	{"setxattrat", SUBJECT_PATH_AT, 1, 0},
	{"socketcall", SUBJECT_ADDRESS, 1, 0},
	{"splice", SUBJECT_FILE, 0, 0},
	{"stat", SUBJECT_PATH, 0, 0},
	{"stat64", SUBJECT_PATH, 0, 0},
	{"statfs", SUBJECT_PATH, 0, 0},
	{"statx", SUBJECT_PATH_AT, 1, 0},
	{"swapoff", SUBJECT_PATH, 0, 0},
	{"swapon", SUBJECT_PATH, 0, 0},
	{"symlink", SUBJECT_PATH, 1, 0},
	{"symlinkat", SUBJECT_PATH_AT, 2, 0},
	{"tgkill", SUBJECT_TGSIGNAL, 0, 0},
	{"tkill", SUBJECT_SIGNAL, 0, 0},
	{"truncate", SUBJECT_PATH, 0, 0},
	{"truncate64", SUBJECT_PATH, 0, 0},
	{"umount", SUBJECT_PATH, 0, 0},
	{"umount2", SUBJECT_PATH, 0, 0},
	{"unlink", SUBJECT_PATH, 0, 0},
	{"unlinkat", SUBJECT_PATH_AT, 1, 0},
	{"uselib", SUBJECT_PATH, 0, 0},
	{"utime", SUBJECT_PATH, 0, 0},
	{"utimensat", SUBJECT_PATH_AT, 1, 0},
	{"utimes", SUBJECT_PATH, 0, 0},
	{"vmsplice", SUBJECT_FILE, 0, 0},
	{"write", SUBJECT_FILE, 0, 0},
	{"writev", SUBJECT_FILE, 0, 0},
};

#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static enum lc_shape_kind shape_of(enum subject subject)
{
	switch (subject) {
	case SUBJECT_PATH:
	case SUBJECT_PATH_AT:
		return LC_SHAPE_PATH;
	case SUBJECT_ADDRESS:
		return LC_SHAPE_SOCKADDR;
	case SUBJECT_MESSAGE:
		return LC_SHAPE_MESSAGE;
	case SUBJECT_FILE:
		return LC_SHAPE_FD;
	default:
		return LC_SHAPE_NONE;
	}
}

int lc_about_install(int fd)
{
	for (size_t i = 0; i < SUBJECTS; i++) {
		struct lc_shape shape = {
			.kind = shape_of(subjects[i].subject),
			.argument = subjects[i].argument,
			.has_directory = subjects[i].subject == SUBJECT_PATH_AT,
		};

		for (enum lc_abi abi = LC_ABI_NATIVE; abi < LC_ABIS; abi++) {
			int place = lc_call_place(subjects[i].syscall, abi);
			uint32_t key = (uint32_t)place;

			if (place < 0 || shape.kind == LC_SHAPE_NONE)
				continue;
			if (bpf_map_update_elem(fd, &key, &shape, BPF_ANY))
				return -errno;
		}
	}
	return 0;
}

char *lc_about_path(const char *components, uint32_t bytes)
{
	struct lc_strbuf path = {0};
	uint32_t end = bytes < LC_PATH_SIZE ? bytes : LC_PATH_SIZE;

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
	size_t length = strnlen(text, text_bytes < LC_PATH_SIZE ? text_bytes : LC_PATH_SIZE);
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

static void describe_ids(struct lc_strbuf *out, const char *what, const uint64_t *ids, int count)
{
	lc_strbuf_adds(out, what);
	for (int i = 0; i < count; i++)
		lc_strbuf_addf(out, "%s%d", i ? "," : " ", (int)ids[i]);
}

/* Appends what SAMPLE, a syscall that is about subjects[INDEX], was about. */
static void describe(struct lc_strbuf *out, const struct lc_event_sample *sample, size_t index)
{
	const uint64_t *arguments = (const uint64_t *)sample->arguments + subjects[index].argument;
	char *path;

	switch (subjects[index].subject) {
	case SUBJECT_PATH:
	case SUBJECT_PATH_AT:
		if (!sample->text_bytes)
			break;
		path = lc_about_absolute(sample->text, sample->text_bytes, sample->base, sample->base_bytes);
		lc_strbuf_adds(out, path);
		free(path);
		break;
	case SUBJECT_ADDRESS:
	case SUBJECT_MESSAGE:
		if (sample->text_bytes)
			describe_address(out, sample->text, sample->text_bytes);
		break;
	case SUBJECT_FILE:
		path = lc_about_path(sample->base, sample->base_bytes);
		lc_strbuf_adds(out, path);
		free(path);
		break;
	case SUBJECT_SIGNAL:
		describe_signal(out, arguments[0], arguments[1]);
		break;
	case SUBJECT_TGSIGNAL:
		describe_signal(out, arguments[0], arguments[2]);
		break;
	case SUBJECT_PROCESS:
		lc_strbuf_addf(out, "pid %d", (int)arguments[0]);
		break;
	case SUBJECT_USERS:
		describe_ids(out, "uid", arguments, subjects[index].count);
		break;
	case SUBJECT_GROUPS:
		describe_ids(out, "gid", arguments, subjects[index].count);
		break;
	case SUBJECT_REQUEST:
		lc_strbuf_addf(out, "0x%x", (unsigned int)arguments[0]);
		break;
	}
}

/* What kind of thing SAMPLE's syscall is about: an index of SUBJECTS, which is SUBJECTS where nothing is known. */
static size_t subject_of(const struct lc_event_sample *sample)
{
	_cleanup_free_ char *name = lc_syscall_name(sample->key.syscall);

	for (size_t i = 0; name && i < SUBJECTS; i++) {
		if (!strcmp(name, subjects[i].syscall))
			return i;
	}
	return SUBJECTS;
}

bool lc_about_is_path(const struct lc_event_sample *sample)
{
	size_t i = subject_of(sample);

	return i < SUBJECTS && (shape_of(subjects[i].subject) == LC_SHAPE_PATH || subjects[i].subject == SUBJECT_FILE);
}

char *lc_about_describe(const struct lc_event_sample *sample)
{
	struct lc_strbuf out = {0};
	size_t i = subject_of(sample);

	if (i < SUBJECTS)
		describe(&out, sample, i);
	if (!out.length) {
		lc_strbuf_free(&out);
		return NULL;
	}
	return lc_strbuf_steal(&out);
}
