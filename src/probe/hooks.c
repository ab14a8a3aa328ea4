/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways to see every check, and which of them this kernel allows. */
#include "src/probe/hooks.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>

const struct lc_hook lc_hooks[LC_HOOKS] = {
	{"fexit", "check_fexit", "cap_capable", "bpf_rdonly_cast", NULL, BPF_TRACE_FEXIT, BTF_KIND_FUNC},
	{"fexit", "check_fexit_nocast", "cap_capable", NULL, "BPF_FUNC_get_current_task_btf", BPF_TRACE_FEXIT,
		BTF_KIND_FUNC},
	{"fexit", "check_fexit_copy", "cap_capable", NULL, NULL, BPF_TRACE_FEXIT, BTF_KIND_FUNC},
	{"tp_btf", "check_tp_btf", "btf_trace_cap_capable", "bpf_rdonly_cast", NULL, BPF_TRACE_RAW_TP,
		BTF_KIND_TYPEDEF},
	{"kprobe", "check_kprobe", NULL, NULL, NULL, BPF_TRACE_RAW_TP, 0},
};

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

/* Whether HOOK's kind of program may be loaded and attached: tried with one that does nothing. 0 or -errno. */
static int try_hook(const struct lc_hook *hook, const struct btf *types)
{
	static const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = hook->attach);
	_cleanup_fd_ int program = -1;
	_cleanup_fd_ int link = -1;
	int id;

	if (!hook->btf_name)
		return 0;
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
	return link < 0 ? link : 0;
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

/* The kernel's types, or NULL with errno and *MESSAGE. */
static struct btf *load_types(char **message)
{
	struct btf *types = btf__load_vmlinux_btf();
	int error = errno;

	if (!types &&
		asprintf(message,
			"this kernel has no type information (/sys/kernel/btf/vmlinux; CONFIG_DEBUG_INFO_BTF): %s",
			strerror(error)) < 0)
		*message = NULL;
	return types;
}

int lc_kernel_facts_find(struct lc_kernel_facts *facts, const struct lc_probe_options *options,
	const struct lc_hierarchy *hierarchy, char **message)
{
	struct btf *types = load_types(message);

	if (!types)
		return -ENOENT;
	for (size_t i = 0; i < LC_HOOKS; i++) {
		bool allowed = !options->hook || !strcmp(options->hook, lc_hooks[i].name);

		facts->hooks[i] = allowed ? try_hook(&lc_hooks[i], types) : -ENOENT;
	}
	facts->subsystem = hierarchy->controller[0] ? subsystem_index(types, hierarchy->controller) : -1;
	btf__free(types);
	return facts->subsystem < -1 ? facts->subsystem : 0;
}

int lc_probe_try_hooks(struct lc_hook_state *states, size_t *n, char **message)
{
	struct btf *types;

	*n = 0;
	*message = NULL;
	types = load_types(message);
	if (!types)
		return -ENOENT;
	for (size_t i = 0; i < LC_HOOKS; i++) {
		int error = try_hook(&lc_hooks[i], types);

		/* Variants of one hook stand together: one that works is enough. */
		if (*n && !strcmp(states[*n - 1].name, lc_hooks[i].name)) {
			if (states[*n - 1].error)
				states[*n - 1].error = error;
			continue;
		}
		states[(*n)++] = (struct lc_hook_state){.name = lc_hooks[i].name, .error = error};
	}
	btf__free(types);
	return 0;
}

int lc_hooks_explain(int error, const char *forced, char **message)
{
	int n;

	if (forced)
		n = asprintf(message, "the hook %s can't be used here: %s; without --hook another is tried", forced,
			strerror(-error));
	else if (error == -EPERM || error == -EACCES)
		n = asprintf(message,
			"not permitted: this kernel or our privileges forbid every hook on cap_capable (fexit, "
			"the tracepoint of 6.14 and later, kprobes); it takes root with CAP_BPF and CAP_PERFMON");
	else
		n = asprintf(message, "no hook on cap_capable could be loaded: %s; -v tells more", strerror(-error));
	if (n < 0)
		*message = NULL;
	return error;
}
