/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unites what the processes of a target may do, and names those that may do more than the first of them. */
#include "src/audit/members.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/host.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* How many processes are named. The others are counted. */
#define NAMED 3

int lc_members_add(struct lc_member_list *list, pid_t pid)
{
	struct lc_process *grown, process;
	int r;

	list->met++;
	if (list->n >= LC_MEMBERS_MAX) {
		list->cut = true;
		return 0;
	}
	r = lc_process_read(pid, &process);
	if (r)
		return r;
	grown = lc_array_grow(list->processes, list->n, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->processes = grown;
	list->processes[list->n++] = process;
	return 0;
}

/*
 * Whether A is rather the first process than B. The init of a pid namespace below ours is (machine managers have a process of the host's in the same
 * cgroup), the outermost where there are several; else the oldest process.
 */
static bool is_before(const struct lc_process *a, const struct lc_process *b)
{
	bool a_is_init = a->depth > 0 && a->inner == 1;
	bool b_is_init = b->depth > 0 && b->inner == 1;

	if (a_is_init != b_is_init)
		return a_is_init;
	if (a_is_init && a->depth != b->depth)
		return a->depth < b->depth;
	if (a->started != b->started)
		return a->started < b->started;
	return a->init.pid < b->init.pid;
}

const struct lc_process *lc_members_first(const struct lc_member_list *list)
{
	const struct lc_process *first = NULL;

	for (size_t i = 0; i < list->n; i++) {
		if (!first || is_before(&list->processes[i], first))
			first = &list->processes[i];
	}
	return first;
}

/* How deep the outermost user namespace of LIST's processes lies below ours. What processes may do in inner ones affects nobody outside. */
static int outermost(const struct lc_member_list *list)
{
	int depth = INT_MAX;

	for (size_t i = 0; i < list->n; i++) {
		if (list->processes[i].userns_depth < depth)
			depth = list->processes[i].userns_depth;
	}
	return depth;
}

/* What PROCESS holds; of root also what its next execve gives it. */
static uint64_t held_by(const struct lc_process *process)
{
	const struct lc_sets *sets = &process->init.sets;
	uint64_t now = sets->permitted | sets->effective | sets->ambient;

	return process->uid == 0 && !process->init.no_new_privs ? now | sets->bounding : now;
}

/* What PROCESS holds, and what a set-user-ID program gets that it starts. */
static uint64_t reached_by(const struct lc_process *process)
{
	return process->init.no_new_privs ? held_by(process) : held_by(process) | process->init.sets.bounding;
}

static void unite(struct lc_members *members, const struct lc_process *process)
{
	const struct lc_sets *sets = &process->init.sets;

	members->sets.inheritable |= sets->inheritable;
	members->sets.permitted |= sets->permitted;
	members->sets.effective |= sets->effective;
	members->sets.bounding |= sets->bounding;
	members->sets.ambient |= sets->ambient;
	members->held |= held_by(process);
	members->reached |= reached_by(process);
}

/* Appends "4711 (perl)". The process chose its name, which is escaped where it is printed. */
static void add_process(struct lc_strbuf *out, const struct lc_process *process)
{
	char comm[64];

	lc_strbuf_addf(out, "%" PRIu64, process->init.pid);
	if (lc_process_comm((pid_t)process->init.pid, comm, sizeof(comm)) && *comm)
		lc_strbuf_addf(out, " (%s)", comm);
}

/* Appends the names in MASK, or "every capability". */
static void add_mask(struct lc_strbuf *out, uint64_t mask)
{
	if ((mask & lc_cap_all()) == lc_cap_all())
		lc_strbuf_adds(out, "every capability");
	else
		lc_cap_add_names(out, mask);
}

/* Appends which processes whose user namespace is at DEPTH hold more than FIRST_HELD, what FIRST holds there. */
static void add_others(struct lc_strbuf *out, const struct lc_member_list *list, const struct lc_process *first,
	uint64_t first_held, int depth)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct lc_process *process = &list->processes[i];
		uint64_t more = held_by(process) & ~first_held;

		if (process == first || process->userns_depth != depth || !more || n++ >= NAMED)
			continue;
		lc_strbuf_addf(out, "%sProcess ", out->length ? " " : "");
		add_process(out, process);
		lc_strbuf_adds(out, " holds ");
		add_mask(out, more);
		lc_strbuf_adds(out, ", and the first process, ");
		add_process(out, first);
		lc_strbuf_adds(out, ", does not.");
	}
	if (n > NAMED)
		lc_strbuf_addf(out, " So do %zu more.", n - NAMED);
}

int lc_members_fill(struct lc_target *target, const struct lc_member_list *list)
{
	const struct lc_process *first = lc_members_first(list);
	struct lc_members *members = &target->members;
	struct lc_strbuf differs = {0};
	int depth = outermost(list);

	free(members->differs);
	*members = (struct lc_members){.n = list->n, .cut = list->cut};
	if (!first)
		return 0;
	members->own_userns = depth > 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->processes[i].userns_depth == depth)
			unite(members, &list->processes[i]);
	}
	if (first->userns_depth != depth) {
		lc_strbuf_adds(&differs, "The first process, ");
		add_process(&differs, first);
		lc_strbuf_adds(&differs, ", is in a user namespace of its own, and others are not.");
	}
	add_others(&differs, list, first, first->userns_depth == depth ? held_by(first) : 0, depth);
	if (list->cut)
		lc_strbuf_addf(&differs, "%sOnly %zu of its processes were read.", differs.length ? " " : "", list->n);
	members->differs = differs.length ? lc_strbuf_steal(&differs) : NULL;
	if (differs.failed) {
		lc_strbuf_free(&differs);
		return -ENOMEM;
	}
	return 0;
}

void lc_members_clear(struct lc_member_list *list)
{
	free(list->processes);
	*list = (struct lc_member_list){0};
}
