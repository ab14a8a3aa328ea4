/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways to see every check, and which of them this kernel allows. */
#include "src/probe/hooks.h"
#include "src/probe/types_file.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

const char *lc_hook_name(enum lc_hook hook)
{
	static const char *const names[] = {
		[LC_HOOK_FEXIT] = "fexit",
		[LC_HOOK_TP_BTF] = "tp_btf",
		[LC_HOOK_KPROBE] = "kprobe",
	};

	return names[hook];
}

const struct lc_hook_program lc_hooks[LC_HOOKS] = {
	{LC_HOOK_FEXIT, true, "check_fexit", "cap_capable", "bpf_rdonly_cast", NULL, BPF_TRACE_FEXIT, BTF_KIND_FUNC},
	{LC_HOOK_FEXIT, false, "check_fexit_nocast", "cap_capable", NULL, "BPF_FUNC_get_current_task_btf",
		BPF_TRACE_FEXIT, BTF_KIND_FUNC},
	{LC_HOOK_FEXIT, false, "check_fexit_copy", "cap_capable", NULL, NULL, BPF_TRACE_FEXIT, BTF_KIND_FUNC},
	{LC_HOOK_TP_BTF, false, "check_tp_btf", "btf_trace_cap_capable", "bpf_rdonly_cast", NULL, BPF_TRACE_RAW_TP,
		BTF_KIND_TYPEDEF},
	{LC_HOOK_KPROBE, true, "check_kprobe", NULL, NULL, NULL, BPF_TRACE_RAW_TP, 0},
};

#define KPROBE (LC_HOOKS - 1)

/* Whether the kernel's BTF TYPES has HELPER in enum bpf_func_id. */
static bool has_helper(const struct btf *types, const char *helper)
{
	int id = btf__find_by_name_kind(types, "bpf_func_id", BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(types, (__u32)id) : NULL;

	for (int i = 0; type && i < btf_vlen(type); i++) {
		if (!strcmp(btf__name_by_offset(types, btf_enum(type)[i].name_off), helper))
			return true;
	}
	return false;
}

/* The kernel's own number for what an architecture lacks (include/linux/errno.h), which strerror does not know. */
#define KERNEL_ENOTSUPP 524

/* A program that does nothing. */
static const struct bpf_insn nothing[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
	{.code = BPF_JMP | BPF_EXIT},
};

/* Whether the tracing programs of HOOK may be loaded and attached: tried with one that does nothing. 0 or -errno. */
static int try_hook(const struct lc_hook_program *hook, const struct btf *types)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = hook->attach);
	_cleanup_fd_ int program = -1;
	_cleanup_fd_ int link = -1;
	int id;

	if (hook->needs_function && btf__find_by_name_kind(types, hook->needs_function, BTF_KIND_FUNC) < 0)
		return -ENOENT;
	if (hook->needs_helper && !has_helper(types, hook->needs_helper))
		return -ENOENT;
	id = btf__find_by_name_kind(types, hook->btf_name, (__u32)hook->btf_kind);
	if (id < 0)
		return -ENOENT;
	options.attach_btf_id = (__u32)id;
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "leastcap_try", "GPL", nothing, 2, &options);
	if (program < 0)
		return program;
	link = bpf_raw_tracepoint_open(NULL, program);
	if (link == -KERNEL_ENOTSUPP)
		return -EOPNOTSUPP;
	return link < 0 ? link : 0;
}

int lc_kprobe_open(const char *function, pid_t pid, int cpu)
{
	_cleanup_file_ FILE *type = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	struct perf_event_attr event = {.size = sizeof(event), .config1 = (uintptr_t)function};
	int probe;

	if (!type || fscanf(type, "%" SCNu32, &event.type) != 1)
		return -ENOENT;
	probe = (int)syscall(SYS_perf_event_open, &event, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return probe < 0 ? -errno : probe;
}

/* The same for a kprobe on cap_capable. -ENOENT where the kernel has no kprobes (CONFIG_KPROBES). */
static int try_kprobe(void)
{
	_cleanup_fd_ int program = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "leastcap_try", "GPL", nothing, 2, NULL);
	_cleanup_fd_ int probe = lc_kprobe_open("cap_capable", -1, 0);

	if (program < 0 || probe < 0)
		return probe == -ENOENT || program >= 0 ? probe : program;
	return ioctl(probe, PERF_EVENT_IOC_SET_BPF, program) ? -errno : 0;
}

/* Whether the kernel has types of its own, against which it checks tracing programs. */
static bool has_own_types(void)
{
	return !access("/sys/kernel/btf/vmlinux", R_OK);
}

/* The index of CONTROLLER in a task's css_set. */
static int subsystem_index(const struct btf *types, const char *controller)
{
	int id = btf__find_by_name_kind(types, "cgroup_subsys_id", BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(types, (__u32)id) : NULL;
	char name[32];

	snprintf(name, sizeof(name), "%s_cgrp_id", controller);
	for (int i = 0; type && i < btf_vlen(type); i++) {
		if (!strcmp(btf__name_by_offset(types, btf_enum(type)[i].name_off), name))
			return btf_enum(type)[i].val;
	}
	return -ENOENT;
}

/* The types of a kernel in the file PATH, or NULL with *MESSAGE. */
static struct btf *types_in(const char *path, struct lc_kernel_facts *facts, char **message)
{
	const char *problem;
	struct btf *types = NULL;

	facts->types_fd = lc_types_file_open(path, &problem);
	if (!problem) {
		snprintf(facts->types, sizeof(facts->types), "/proc/self/fd/%d", facts->types_fd);
		types = btf__parse(facts->types, NULL);
	}

	if (types && btf__find_by_name_kind(types, "task_struct", BTF_KIND_STRUCT) > 0)
		return types;
	btf__free(types);
	if (problem)
		lc_complain(message, 0, "--btf %s: %s", path, problem);
	else
		lc_complain(message, 0,
			"--btf %s: no kernel's type information (BTF) in it; it takes an unpacked file from BTFHub, or what 'pahole --btf_encode_detached' makes of a vmlinux",
			path);
	return NULL;
}

/* The types that OPTIONS names, or else the kernel's own. 0 or -errno with *MESSAGE. */
static int load_types(
	struct btf **types, const struct lc_probe_options *options, struct lc_kernel_facts *facts, char **message)
{
	*types = options->btf ? types_in(options->btf, facts, message) : btf__load_vmlinux_btf();
	if (*types)
		return 0;
	if (options->btf)
		return -ENOEXEC;
	*message = lc_copy(
		"this kernel has no type information (BTF) of its own: give it with --btf FILE, from BTFHub or from the distribution's debug package; see 'leastcap doctor'");
	return -ENOENT;
}

/* Says in *MESSAGE that the file at PATH does not have (ALL_OF, "all of " or "") the types of this kernel. Returns -ENOEXEC. */
static int refuse_types(const char *path, const char *all_of, char **message)
{
	struct utsname kernel = {0};

	uname(&kernel);
	return lc_complain(message, -ENOEXEC,
		"--btf %s: these are not %sthe types of this kernel; take the file for %s on %s", path, all_of,
		kernel.release, kernel.machine);
}

/* Fills FACTS from the kernel's TYPES. 0, or -errno with *MESSAGE. */
static int fill_facts(
	struct lc_kernel_facts *facts, const struct btf *types, const struct lc_probe_options *options, char **message)
{
	const char *controller = options->hierarchy->controller;
	bool own = !options->btf && has_own_types();

	for (size_t i = 0; i < LC_HOOKS; i++) {
		const struct lc_hook_program *hook = &lc_hooks[i];
		bool allowed = !options->hook || !strcmp(options->hook, lc_hook_name(hook->hook));

		facts->hooks[i] = allowed ? 0 : -ENOENT;
		if (allowed && hook->btf_name)
			facts->hooks[i] = own ? try_hook(hook, types) : -ENOENT;
	}
	/* Copies (bpf/copies.h) cost more than one program that the kernel does not preempt, and take longer to load. */
	facts->preempted = lc_preemption_here();
	facts->best = own && !options->hook && facts->preempted.functions && !try_kprobe() ? KPROBE : 0;
	facts->has_tracepoint = btf__find_by_name_kind(types, "btf_trace_cap_capable", BTF_KIND_TYPEDEF) > 0;
	facts->subsystem = controller[0] ? subsystem_index(types, controller) : -1;
	if (facts->subsystem < -1)
		return options->btf ? refuse_types(options->btf, "all of ", message) : facts->subsystem;
	/* A trace is told every refused call, where programs are mapped is told by mmap's return, and the objects for it can't refuse. */
	if (!own || options->refusals != LC_REFUSALS_CHECKED || options->trace || options->stacks || options->trial)
		return 0;
	return lc_resumed_find(&facts->resumed, types);
}

void lc_kernel_facts_clear(struct lc_kernel_facts *facts)
{
	if (facts->types_fd >= 0)
		close(facts->types_fd);
	facts->types_fd = -1;
	lc_resumed_clear(&facts->resumed);
}

bool lc_hook_can_resume(const struct lc_hook_program *hook, const struct lc_kernel_facts *facts)
{
	/* The programs for it have no copies. */
	return hook->resumed && facts->resumed.resumption && facts->resumed.n &&
	       (hook->hook == LC_HOOK_KPROBE || !facts->preempted.functions);
}

int lc_kernel_facts_find(struct lc_kernel_facts *facts, const struct lc_probe_options *options, char **message)
{
	struct lc_kernel_facts found = {.types_fd = -1};
	struct btf *types;
	int r = load_types(&types, options, &found, message);

	if (!r) {
		r = fill_facts(&found, types, options, message);
		btf__free(types);
	}
	if (!r)
		*facts = found;
	else
		lc_kernel_facts_clear(&found);
	return r;
}

int lc_hooks_try_refusing(const struct lc_probe_options *options, char **message)
{
	static const struct lc_hook_program refusing = {
		.btf_name = "security_capable", .attach = BPF_MODIFY_RETURN, .btf_kind = BTF_KIND_FUNC};
	struct btf *types = has_own_types() ? btf__load_vmlinux_btf() : NULL;
	int r = types ? try_hook(&refusing, types) : -ENOENT;

	btf__free(types);
	if (options->btf && r == -ENOENT)
		return lc_complain(message, -ENOEXEC,
			"a trial by the kernel takes a kernel that has its types (BTF) itself; 'leastcap prove' tries by the engine");
	if (r)
		return lc_complain(message, -ENOEXEC,
			"this kernel lets no program refuse capabilities (fmod_ret on security_capable: %s); 'leastcap prove' tries by the engine",
			strerror(-r));
	return 0;
}

/* Puts the kprobe, the last of STATES, first. */
static void put_kprobe_first(struct lc_hook_state states[LC_HOOK_KINDS])
{
	struct lc_hook_state kprobe = states[LC_HOOK_KINDS - 1];

	memmove(states + 1, states, (LC_HOOK_KINDS - 1) * sizeof(*states));
	states[0] = kprobe;
}

void lc_probe_try_hooks(struct lc_hook_state states[LC_HOOK_KINDS])
{
	struct btf *types = has_own_types() ? btf__load_vmlinux_btf() : NULL;
	struct lc_hook_state *last = NULL;

	for (size_t i = 0; i < LC_HOOKS; i++) {
		const struct lc_hook_program *hook = &lc_hooks[i];
		int error = !hook->btf_name ? try_kprobe() : types ? try_hook(hook, types) : -ENOENT;

		/* Variants of one hook stand together, and one that works is enough. */
		if (last && !strcmp(last->name, lc_hook_name(hook->hook))) {
			if (last->error)
				last->error = error;
			continue;
		}
		last = last ? last + 1 : states;
		*last = (struct lc_hook_state){.name = lc_hook_name(hook->hook), .error = error};
	}
	btf__free(types);
	if (lc_preemption_here().functions && !states[LC_HOOK_KINDS - 1].error)
		put_kprobe_first(states);
}

int lc_hooks_explain(int error, const struct lc_probe_options *options, char **message)
{
	bool forbidden = error == -EPERM || error == -EACCES;

	if (options->btf && options->hook && strcmp(options->hook, "kprobe") != 0)
		return lc_complain(message, -ENOEXEC,
			"--hook %s needs a kernel with types (BTF) of its own; the hook that goes with --btf is kprobe",
			options->hook);
	if (options->btf && !forbidden)
		return refuse_types(options->btf, "", message);
	if (options->hook)
		return lc_complain(message, error,
			"the hook %s can't be used here: %s; without --hook another is tried, 'leastcap doctor' says which work",
			options->hook, strerror(-error));
	if (forbidden)
		return lc_complain(message, error,
			"not permitted: this kernel or our privileges forbid every hook on cap_capable (fexit, the tracepoint of 6.14 and later, kprobes); it takes root with CAP_BPF and CAP_PERFMON; 'leastcap doctor' tells more");
	return lc_complain(message, error, "no hook on cap_capable could be loaded: %s; 'leastcap doctor' tells more",
		strerror(-error));
}
