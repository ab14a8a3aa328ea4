/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways to see every check, and which of them this kernel allows. */
#ifndef LEASTCAP_PROBE_HOOKS_H
#define LEASTCAP_PROBE_HOOKS_H

#include "src/probe/preemption.h"
#include "src/probe/resumed.h"

#include <leastcap/probe.h>

#include <linux/bpf.h>
#include <sys/types.h>

/* The ways to see every check. */
enum lc_hook { LC_HOOK_FEXIT, LC_HOOK_TP_BTF, LC_HOOK_KPROBE };

/* The name that people have for HOOK. */
const char *lc_hook_name(enum lc_hook hook);

/* A program for a hook, and what the kernel must have for it. */
struct lc_hook_program {
	enum lc_hook hook;
	bool resumed; /* the object for task work (bpf/resumed.h) has the program, too */
	const char *program;
	const char *btf_name; /* what it attaches to, in the kernel's own BTF; NULL: none is needed, it is a kprobe */
	const char *needs_function; /* a kernel function, or NULL */
	const char *needs_helper;   /* a BPF helper, or NULL */
	enum bpf_attach_type attach;
	int btf_kind;
};

#define LC_HOOKS 5

/* Best first, but see lc_kernel_facts.best. */
extern const struct lc_hook_program lc_hooks[LC_HOOKS];

/* What the kernel's types tell. The types take ten megabytes, which are freed before loading the object takes them again. */
struct lc_kernel_facts {
	int hooks[LC_HOOKS]; /* 0 where a hook can be used, else -errno */
	int subsystem;       /* index of the hierarchy's controller; -1 for cgroup v2 */
	bool has_tracepoint; /* cap_capable has one: 6.14 and later */
	struct lc_preemption preempted;
	struct lc_resumed resumed; /* see lc_kernel_facts_clear */
	size_t best;               /* index of the hook to try first; then come the others in their order */
	int types_fd;              /* the file of types, opened; -1: none was named */
	char types[32];            /* the path by which it is read: that file, whatever is at its name by now */
};

/*
 * Finds the facts for OPTIONS. Hooks that OPTIONS does not allow are -ENOENT, and kprobe is not tried. 0, or -errno with *MESSAGE
 * (caller frees): -ENOEXEC when the file of types can't be used. FACTS is unchanged on failure.
 */
int lc_kernel_facts_find(struct lc_kernel_facts *facts, const struct lc_probe_options *options, char **message);

/* Frees what FACTS owns, and closes the file of types. */
void lc_kernel_facts_clear(struct lc_kernel_facts *facts);

/* Whether with the program for HOOK a syscall's return can be looked at by task work on a kernel with FACTS. */
bool lc_hook_can_resume(const struct lc_hook_program *hook, const struct lc_kernel_facts *facts);

/*
 * A kprobe on the entry of FUNCTION, which counts its hits (perf_event_open(2)). PID: of this thread (0: the caller; -1: of all on
 * processor CPU). A descriptor; -ENOENT where the kernel has no kprobes (CONFIG_KPROBES), or -errno.
 */
int lc_kprobe_open(const char *function, pid_t pid, int cpu);

/*
 * Tries whether this kernel lets a program refuse capabilities, with one that does nothing. 0, or -ENOEXEC with *MESSAGE (caller
 * frees) that says why not.
 */
int lc_hooks_try_refusing(const struct lc_probe_options *options, char **message);

/*
 * Says in *MESSAGE (caller frees) why no hook that OPTIONS allows works. The last one failed with ERROR, which is returned, or
 * -ENOEXEC where the file of types is at fault.
 */
int lc_hooks_explain(int error, const struct lc_probe_options *options, char **message);

#endif
