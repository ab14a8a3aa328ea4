/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See resumed.h. */
#include "src/probe/resumed.h"

#include "src/probe/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

/* The kernel's functions that serve system calls, by architecture and kind of program: arch/x86/include/asm/syscall_wrapper.h and arm64's. */
static const char *const prefixes[] = {
	"__x64_sys_",
	"__x64_compat_sys_",
	"__ia32_sys_",
	"__ia32_compat_sys_",
	"__arm64_sys_",
	"__arm64_compat_sys_",
};

/* Where the kernel's name for a call is not that of its users. */
static const struct {
	const char *kernel;
	const char *syscall;
} names[] = {
	{"umount", "umount2"},
	{"ia32_clone", "clone"},
	{"oldumount", "umount"},
	{"clock_settime32", "clock_settime"},
	{"clock_adjtime32", "clock_adjtime"},
	{"adjtimex_time32", "adjtimex"},
	{"stime32", "stime"},
	{"sysctl", "_sysctl"},
};

const char *lc_resumed_syscall(const char *function)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i]);

		if (strncmp(function, prefixes[i], length) != 0)
			continue;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (!strcmp(names[k].kernel, function + length))
				return names[k].syscall;
		}
		return function + length;
	}
	return NULL;
}

/* How the kernel with TYPES is asked for task work. */
static enum lc_resumption find_resumption(const struct btf *types)
{
#if defined(__x86_64__)
	struct utsname kernel = {0};

	/* There the kernel schedules it in a thread, which may come too late (include/linux/irq_work.h). */
	uname(&kernel);
	if (strstr(kernel.version, "PREEMPT_RT"))
		return LC_RESUMPTION_NONE;
	if (btf__find_by_name_kind(types, "bpf_task_work_schedule_resume", BTF_KIND_FUNC) > 0)
		return LC_RESUMPTION_PLAIN;
	if (btf__find_by_name_kind(types, "bpf_task_work_schedule_resume_impl", BTF_KIND_FUNC) > 0)
		return LC_RESUMPTION_EXPLICIT;
#else
	/* Elsewhere a register does not tell whether it holds a result already. */
	(void)types;
#endif
	return LC_RESUMPTION_NONE;
}

/* Whether the function that runs a task's filters answers with a number, and not with whether the call goes on. */
static bool answers_int(const struct btf *types)
{
	int id = btf__find_by_name_kind(types, "__seccomp_filter", BTF_KIND_FUNC);
	const struct btf_type *function = id > 0 ? btf__type_by_id(types, (__u32)id) : NULL;
	const struct btf_type *prototype = function ? btf__type_by_id(types, function->type) : NULL;
	const struct btf_type *answer = prototype ? btf__type_by_id(types, prototype->type) : NULL;

	return answer && btf_is_int(answer) && !(btf_int_encoding(answer) & BTF_INT_BOOL);
}

/* Adds the function NAME. 0 or -ENOMEM. */
static int add_function(struct lc_resumed *resumed, const char *name)
{
	char **functions = reallocarray(resumed->functions, resumed->n + 1, sizeof(*functions));
	char *copy = functions ? strdup(name) : NULL;

	if (functions)
		resumed->functions = functions;
	if (!copy)
		return -ENOMEM;
	resumed->functions[resumed->n++] = copy;
	return 0;
}

/* Adds the functions of all calls that are looked at when they return. 0 or -ENOMEM. */
static int find_functions(struct lc_resumed *resumed, const struct btf *types)
{
	__u32 n = btf__type_cnt(types);
	int r = 0;

	for (__u32 id = 1; id < n && !r; id++) {
		const struct btf_type *type = btf__type_by_id(types, id);
		const char *name = btf_is_func(type) ? btf__name_by_offset(types, type->name_off) : "";
		const char *syscall = name[0] == '_' ? lc_resumed_syscall(name) : NULL;

		if (syscall && lc_call_is_looked_at(syscall))
			r = add_function(resumed, name);
	}
	return r;
}

int lc_resumed_find(struct lc_resumed *resumed, const struct btf *types)
{
	struct lc_resumed found = {.resumption = find_resumption(types), .filter_answers_int = answers_int(types)};
	int r = found.resumption ? find_functions(&found, types) : 0;

	if (r)
		lc_resumed_clear(&found);
	else
		*resumed = found;
	return r;
}

void lc_resumed_clear(struct lc_resumed *resumed)
{
	for (size_t i = 0; i < resumed->n; i++)
		free(resumed->functions[i]);
	free(resumed->functions);
	*resumed = (struct lc_resumed){0};
}
