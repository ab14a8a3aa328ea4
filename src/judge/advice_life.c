/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice on what nothing but a target's start needs: what it does then can be done before, or by starting as the right user. */
#include "advice.h"

#include <leastcap/capset.h>
#include <leastcap/life.h>

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* What prepares files. */
#define OF_FILES                                                                                                       \
	(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_FOWNER) | LC_CAP_BIT(CAP_DAC_OVERRIDE) |                               \
		LC_CAP_BIT(CAP_DAC_READ_SEARCH) | LC_CAP_BIT(CAP_FSETID))

#define OF_USERS (LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID))

/* OUT may have it already that the image is the place for what NEED's capability does. */
static void advise_on_files(struct lc_strbuf *out, const struct lc_need *need)
{
	if (out->text && strstr(out->text, "do it when the image is built")) {
		lc_strbuf_adds(out, ", so that an init container would do, too.");
		return;
	}
	lc_strbuf_adds(
		out, need->target->kind == LC_TARGET_CONTAINER
			     ? ": what it does then can be done when the image is built, or in an init container."
			     : ": what it does then can be done once, before it is started.");
}

/* Whether TARGET binds a port below 1024, with a capability or because a sysctl lets everybody. */
static bool binds_low_port(const struct lc_target *target)
{
	return target->cap_add & LC_CAP_BIT(CAP_NET_BIND_SERVICE) || lc_coverage_lowest_port(&target->coverage);
}

/* What else it takes to start as another user. */
static void add_conditions(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->cap_add & OF_FILES)
		lc_strbuf_adds(out, " The files that it works with have to be that user's already.");
	if (!binds_low_port(target))
		return;
	lc_strbuf_adds(out, " Ports below 1024 then need the sysctl net.ipv4.ip_unprivileged_port_start");
	if (target->kind == LC_TARGET_CONTAINER)
		lc_strbuf_adds(out, ", which Docker sets since 20.10, but for containers in the host's network");
	lc_strbuf_adds(out, ".");
}

static void advise_on_users(struct lc_strbuf *out, const struct lc_need *need)
{
	long uid = lc_life_becomes(need->target, CAP_SETUID);
	long gid = lc_life_becomes(need->target, CAP_SETGID);

	lc_strbuf_adds(out, ": it changes users, so that it can be started as the right one");
	if (uid > 0 && gid >= 0)
		lc_strbuf_addf(out, ", user: \"%ld:%ld\"", uid, gid);
	else if (uid > 0)
		lc_strbuf_addf(out, ", user: \"%ld\"", uid);
	lc_strbuf_adds(out, ".");
	/* Those who change both are told once. */
	if (need->cap == CAP_SETUID || !(lc_life_start_only(need->target) & LC_CAP_BIT(CAP_SETUID)))
		add_conditions(out, need->target);
}

void lc_advice_on_start(struct lc_strbuf *out, const struct lc_need *need)
{
	uint64_t bit = LC_CAP_BIT(need->cap);

	if (need->denied || !(lc_life_start_only(need->target) & bit))
		return;
	lc_strbuf_adds(out, " Nothing but its start was seen to need it");
	if (bit & OF_FILES)
		advise_on_files(out, need);
	else if (bit & OF_USERS)
		advise_on_users(out, need);
	else
		lc_strbuf_adds(out, ".");
}
