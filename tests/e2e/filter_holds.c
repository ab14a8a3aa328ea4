/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds the table of engines' filters against the seccomp filters that a process has: filter_holds ENGINE VERSION PID. Prints each call with
 * which the two differ, and then how many calls there were; exit status 1 where any differs.
 */
#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/filter.h>
#include <leastcap/syscalls.h>

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define FILTERS_MAX   8

/* For calls whose argument matters: values at which some filter changes its mind. */
static const uint64_t arguments[] = {0, 1, 2, 8, 10, 37, 38, 39, 40, 41, SIGCHLD, 0x20000, 0x20008, 0x40000,
	CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_VM | CLONE_THREAD,
	0xffffffff};

static int fail(const char *what)
{
	fprintf(stderr, "filter_holds: %s: %s\n", what, strerror(errno));
	return 2;
}

/* The filters of PID, which we trace, to FILTERS, the newest first. How many there are, or -errno. */
static int read_filters(pid_t pid, struct lc_filter filters[FILTERS_MAX])
{
	int n = 0;

	for (; n < FILTERS_MAX; n++) {
		long length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)(uintptr_t)n, NULL);
		struct sock_filter *program;

		if (length < 0)
			break;
		program = calloc((size_t)length + 1, sizeof(*program));
		if (!program || ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (void *)(uintptr_t)n, program) != length)
			return -EIO;
		filters[n] = (struct lc_filter){program, (size_t)length};
	}
	return errno == ENOENT ? n : -errno;
}

/* The bounding set of PID. */
static int read_bounding(pid_t pid, uint64_t *bounding)
{
	char path[64], line[256];
	FILE *file;
	bool found = false;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "CapBnd:", 7) == 0) {
			*bounding = strtoull(line + 7, NULL, 16);
			found = true;
		}
	}
	fclose(file);
	return found ? 0 : -ENODATA;
}

/* What the filters answer for one call: 0 where they let it through, or an errno; -1 where they can't be asked. */
static int ask(const struct lc_filter *filters, int n, int number, uint64_t argument)
{
	const struct seccomp_data call = {.nr = number, .arch = seccomp_arch_native(), .args = {argument}};
	static const int errors[] = {EPERM, ENOSYS, EACCES, EINVAL};

	if (lc_filter_answers(filters, (size_t)n, &call, 0) == LC_FILTER_ALLOWS)
		return 0;
	for (size_t i = 0; i < LENGTH(errors); i++) {
		if (lc_filter_answers(filters, (size_t)n, &call, errors[i]) == LC_FILTER_REFUSES)
			return errors[i];
	}
	return -1;
}

/* Whether the table says the same. A runtime answers ENOSYS in the engine's stead for calls that are newer than its profile. */
static bool agrees(const struct lc_filter_row *row, uint64_t bounding, int answer)
{
	if (!row || row->caps & bounding)
		return answer == 0;
	return answer == ENOSYS || (answer == EPERM && !row->nosys);
}

int main(int argc, char **argv)
{
	struct lc_filter filters[FILTERS_MAX];
	const struct lc_syscall *call;
	size_t cursor = 0, n_calls = 0, n_differ = 0;
	uint64_t bounding = 0;
	pid_t pid;
	int n;

	if (argc != 4)
		return 2;
	pid = (pid_t)strtol(argv[3], NULL, 10);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
		waitpid(pid, NULL, __WALL) != pid)
		return fail("tracing");
	n = read_filters(pid, filters);
	if (n <= 0 || read_bounding(pid, &bounding))
		return fail("reading filters");
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	while ((call = lc_syscall_next(&cursor))) {
		size_t n_values = lc_filter_selector(call->name) < 0 ? 1 : LENGTH(arguments);

		for (size_t i = 0; call->number >= 0 && i < n_values; i++) {
			const struct lc_filter_row *row =
				lc_filter_row_find(argv[1], argv[2], call->name, arguments[i]);
			int answer = ask(filters, n, call->number, arguments[i]);

			n_calls++;
			if (agrees(row, bounding, answer))
				continue;
			n_differ++;
			printf("%s(%#llx): the filter answers %d, the table has %s%#llx\n", call->name,
				(unsigned long long)arguments[i], answer, row ? "" : "no row, ",
				row ? (unsigned long long)row->caps : 0ULL);
		}
	}
	printf("%zu calls, %d filters, bounding %#llx\n", n_calls, n, (unsigned long long)bounding);
	return n_differ ? 1 : 0;
}
