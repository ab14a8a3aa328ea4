/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap caps --pid: the five sets of a process, and what else decides about its privileges. */
#include "src/cli/caps.h"
#include "src/cli/cli.h"
#include <leastcap/host.h>

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/log.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for the name of a task, with a line break and the end. Kernel threads have longer ones than others. */
#define LC_COMM_SIZE 64

/* The name of process PID, which is hostile; "?" if it is gone meanwhile. */
static void read_comm(pid_t pid, char comm[LC_COMM_SIZE])
{
	if (!lc_process_comm(pid, comm, LC_COMM_SIZE))
		snprintf(comm, LC_COMM_SIZE, "?");
}

/* "nginx (pid 4711), uid 0 (root), gid 0" */
static void add_heading(struct lc_strbuf *out, const struct lc_process *process, pid_t pid)
{
	char comm[LC_COMM_SIZE];

	read_comm(pid, comm);
	lc_escape_terminal(out, comm);
	lc_strbuf_addf(out, " (pid %d), uid %" PRIu32 "%s, gid %" PRIu32 "\n\n", (int)pid, process->uid,
		process->uid ? "" : " (root)", process->gid);
}

static const char *privileges_sentence(const struct lc_init *init)
{
	if (init->no_new_privs)
		return "no_new_privs is set: no program that it executes gains anything by set-ID bits or file capabilities.";
	if (!init->sets.permitted && init->sets.bounding)
		return "It holds nothing. no_new_privs is not set: a program that it executes can still gain what the bounding set has, by set-user-ID root or file capabilities.";
	return "no_new_privs is not set: set-ID bits and file capabilities of what it executes have effect.";
}

static const char *seccomp_sentence(enum lc_seccomp seccomp)
{
	switch (seccomp) {
	case LC_SECCOMP_STRICT:
		return "seccomp is strict: read, write, exit and sigreturn only.";
	case LC_SECCOMP_FILTER:
		return "Its syscalls pass a seccomp filter.";
	default:
		return "No seccomp filter.";
	}
}

static int print_text(const struct lc_process *process, pid_t pid)
{
	struct lc_strbuf out = {0};

	add_heading(&out, process, pid);
	lc_caps_add_sets(&out, &process->init.sets);
	lc_strbuf_adds(&out, "\n");
	lc_caps_add_paragraph(&out, privileges_sentence(&process->init), 0, 0);
	lc_caps_add_paragraph(&out, seccomp_sentence(process->init.seccomp), 0, 0);
	if (process->init.own_userns)
		lc_caps_add_paragraph(&out,
			"It lives in another user namespace than you: its capabilities count there, and not here.", 0,
			0);
	return lc_caps_print(&out);
}

static int print_json(const struct lc_process *process, pid_t pid)
{
	char comm[LC_COMM_SIZE];
	_cleanup_free_ char *name = NULL;
	json_t *object;

	read_comm(pid, comm);
	name = lc_utf8_dup(comm);
	object = json_pack("{s:i, s:s?, s:I, s:I, s:b, s:s, s:b}", "pid", (int)pid, "comm", name, "uid",
		(json_int_t)process->uid, "gid", (json_int_t)process->gid, "no_new_privs", process->init.no_new_privs,
		"seccomp", lc_seccomp_name(process->init.seccomp), "own_userns", process->init.own_userns);
	lc_caps_sets_json(object, &process->init.sets);
	return lc_caps_print_json(object);
}

int lc_caps_process(const struct lc_caps_options *options)
{
	const struct lc_log log = {.threshold = LC_LOG_ERROR, .stream = stderr};
	pid_t pid = lc_cli_parse_pid("--pid", options->pid);
	struct lc_process process;
	int r;

	r = lc_process_read(pid, &process);
	if (r == -ESRCH)
		lc_log(&log, LC_LOG_ERROR, "there is no process %d", (int)pid);
	else if (r)
		lc_log(&log, LC_LOG_ERROR, "process %d: %s", (int)pid, strerror(-r));
	if (r)
		return LC_EXIT_FAILURE;
	return options->json ? print_json(&process, pid) : print_text(&process, pid);
}
