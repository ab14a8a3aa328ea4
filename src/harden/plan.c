/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would let a container do with less, from what was recorded of it: it starts as the user that it becomes, and finds its files to be that user's. */
#include "harden_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/life.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* What works on others' files. Who owns them all does without. */
#define OF_FILES                                                                                                       \
	(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_FOWNER) | LC_CAP_BIT(CAP_DAC_OVERRIDE) |                               \
		LC_CAP_BIT(CAP_DAC_READ_SEARCH) | LC_CAP_BIT(CAP_FSETID))

#define OF_USERS (LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID))

/* What signals other users' processes. Where all are of one user there are none. */
#define OF_SIGNALS LC_CAP_BIT(CAP_KILL)

/* A plan being made. */
struct planner {
	struct lc_harden_plan *plan;
	const struct lc_target *target;
	uint64_t list;
	uint64_t start; /* of it: only the start needs it */
	bool failed;
};

/* Notes why CAPS stay. Returns false, for the caller to return. */
static bool because(struct planner *planner, uint64_t caps, const char *text)
{
	struct lc_harden_plan *plan = planner->plan;
	struct lc_harden_reason *reason = &plan->reasons[plan->n_reasons];

	/* The last place is for what is said of all. */
	if (!caps || plan->n_reasons == LC_HARDEN_REASONS)
		return false;
	*reason = (struct lc_harden_reason){.caps = caps, .text = strdup(text)};
	planner->failed |= !reason->text;
	plan->n_reasons += reason->text != NULL;
	return false;
}

/* The same, but for what is said of them already. */
static bool because_once(struct planner *planner, uint64_t caps, const char *text)
{
	const struct lc_harden_plan *plan = planner->plan;

	for (size_t i = 0; i < plan->n_reasons; i++) {
		if (plan->reasons[i].caps == caps && !strcmp(plan->reasons[i].text, text))
			return false;
	}
	return because(planner, caps, text);
}

/* Whether CHECK put its capability on the list. */
static bool is_listed(const struct lc_check *check)
{
	return check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED;
}

/* Whether CAP is on the list for nothing but what SOURCE stands for. */
static bool only_by(const struct lc_target *target, int cap, enum lc_source source)
{
	bool any = false;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap != cap || !is_listed(check))
			continue;
		if (check->source != source || check->no_new_privs)
			return false;
		any = true;
	}
	return any;
}

/* Ports below 1024 for everybody. */
static void plan_ports(struct planner *planner)
{
	uint64_t bit = planner->list & LC_CAP_BIT(CAP_NET_BIND_SERVICE);

	if (!bit)
		return;
	if (only_by(planner->target, CAP_NET_BIND_SERVICE, LC_SOURCE_CHECK))
		planner->plan->open_ports = true;
	else
		because(planner, bit,
			"a program or its file names it outright, so that opening the ports to everybody is not enough");
}

/* Of the list what a user other than root still has when it is added: what files of the image carry. */
static uint64_t by_files(const struct planner *planner)
{
	uint64_t left = planner->list, found = 0;

	for (int cap; (cap = lc_cap_take(&left)) >= 0;) {
		if (only_by(planner->target, cap, LC_SOURCE_FILE))
			found |= LC_CAP_BIT(cap);
	}
	return found;
}

/* Whether a call of TARGET named a group that it changed to. Those that only drop groups name none. */
static bool names_group(const struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap == CAP_SETGID && check->class == LC_CLASS_REQUIRED && check->about)
			return true;
	}
	return false;
}

/* Whether the container becomes one user at its start, for which it needs USERS, and stays it. */
static bool becomes_one_user(struct planner *planner, uint64_t users)
{
	struct lc_harden_plan *plan = planner->plan;
	long uid = lc_life_becomes(planner->target, CAP_SETUID);
	long gid = lc_life_becomes(planner->target, CAP_SETGID);

	if (!lc_user_is_root(planner->target->user))
		return because(planner, users, "it does not start as root");
	if (!planner->target->life.sign)
		return because(planner, users,
			"when its start was over is not known; record it until it serves, or for longer");
	if (users & ~planner->start)
		return because(planner, users & ~planner->start, "it changes users while it serves, too");
	if (uid <= 0 || !(users & LC_CAP_BIT(CAP_SETUID)))
		return because(planner, users, "as which one user it could start is not known");
	if (gid < 0 && names_group(planner->target))
		return because(planner, users, "with which one group it could start is not known");
	if (uid >= UINT32_MAX || gid >= UINT32_MAX)
		return because(planner, users, "the user's number is none");
	plan->uid = (uint32_t)uid;
	plan->has_gid = gid >= 0;
	plan->gid = gid >= 0 ? (uint32_t)gid : 0;
	return true;
}

/* Whether all files that it works on at its start, for which it needs FILES, are known, and can be that user's before. */
static bool can_own_files(struct planner *planner, uint64_t files)
{
	bool fine = true;

	if (files & ~planner->start)
		return because(planner, files & ~planner->start,
			planner->target->life.sign
				? "it works on other users' files while it serves, too"
				: "when its start was over is not known; record it until it serves, or for longer");
	for (size_t i = 0; i < planner->target->n_evidence; i++) {
		const struct lc_check *check = &planner->target->evidence[i];
		const char *why;

		if (!is_listed(check) || !(files & LC_CAP_BIT(check->cap)))
			continue;
		why = lc_harden_take_path(planner->plan, check, planner->target->life.starts);
		if (why) {
			_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
			const char *path = lc_harden_path_of(check);

			lc_strbuf_addf(&text, "%s%s%s", path ? path : "", path ? " " : "", why);
			planner->failed |= text.failed;
			fine = because_once(planner, LC_CAP_BIT(check->cap), text.text ? text.text : "");
		}
	}
	return fine;
}

/* Whether nothing else is needed as root. */
static bool needs_no_more(struct planner *planner, uint64_t kept)
{
	uint64_t ports = planner->plan->open_ports ? LC_CAP_BIT(CAP_NET_BIND_SERVICE) : 0;
	uint64_t rest = planner->list & ~(OF_USERS | OF_FILES | OF_SIGNALS | ports | kept);
	uint64_t doubtful = rest & planner->target->verify;

	if (doubtful)
		because(planner, doubtful,
			"as root it uses it, and another user has nothing of what is added; but it may do without, which 'leastcap prove' tells");
	if (rest & ~doubtful)
		because(planner, rest & ~doubtful, "as root it uses it, and another user has nothing of what is added");
	return !rest;
}

/* Starting as the user that it becomes anyway. */
static void plan_user(struct planner *planner)
{
	struct lc_harden_plan *plan = planner->plan;
	uint64_t kept = by_files(planner);
	uint64_t users = planner->list & OF_USERS & ~kept;
	uint64_t freed = planner->list & (OF_USERS | OF_FILES | OF_SIGNALS) & ~kept;
	size_t before = plan->n_reasons;
	bool fine = users;

	if (fine) {
		/* All is asked, so that all reasons are known. */
		fine = becomes_one_user(planner, users);
		fine = can_own_files(planner, freed & OF_FILES) && fine;
	}
	fine = needs_no_more(planner, kept) && fine;
	because(planner, kept, "a file of the image carries it, so that it has to be added whoever starts");
	if (fine) {
		plan->as_user = true;
		plan->user_frees = freed;
		return;
	}
	for (size_t i = before; i < plan->n_reasons; i++)
		freed &= ~plan->reasons[i].caps;
	because(planner, freed,
		users ? "it would do without if it started as the user that it becomes, which the other reasons forbid"
		      : "as root it uses it, and becomes no other user as which it could start");
}

/* What there is no plan for, in a reason of its own. */
static const char *unplanned(const struct lc_target *target)
{
	if (target->kind != LC_TARGET_CONTAINER)
		return "only containers have an image and a service that could be changed";
	return target->sandbox ? "it runs in a kernel of its own, whose checks are not seen" : NULL;
}

int lc_harden_plan(const struct lc_target *target, struct lc_harden_plan *plan)
{
	struct planner planner = {.plan = plan, .target = target, .list = target->cap_add};
	const char *why = unplanned(target);

	*plan = (struct lc_harden_plan){.target = target, .left = target->cap_add};
	planner.start = lc_life_start_only(target);
	if (why) {
		because(&planner, planner.list, why);
	} else {
		plan_ports(&planner);
		plan_user(&planner);
		planner.failed |= plan->as_user && lc_harden_name_changers(plan);
	}
	if (plan->open_ports)
		plan->left &= ~LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	if (plan->as_user)
		plan->left &= ~plan->user_frees;
	else
		lc_harden_forget_paths(plan);
	if (!planner.failed)
		return 0;
	lc_harden_plan_clear(plan);
	return -ENOMEM;
}

bool lc_harden_any(const struct lc_harden_plan *plan)
{
	return plan->as_user || plan->open_ports;
}

void lc_harden_plan_clear(struct lc_harden_plan *plan)
{
	lc_harden_forget_paths(plan);
	for (size_t i = 0; i < plan->n_reasons; i++)
		free(plan->reasons[i].text);
	free(plan->changers);
	*plan = (struct lc_harden_plan){0};
}
