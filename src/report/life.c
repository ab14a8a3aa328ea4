/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the reports say of the times of a target's life. */
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/life.h>

#include <inttypes.h>

/* How the end of a start is told, by the sign that it is known by: before the seconds that it took. */
static const char *const signs[LC_SIGN_N] = {
	[LC_SIGN_TOLD] = "as long as --start-until said,",
	[LC_SIGN_ACCEPT] = "until it accepted its first connection, after",
	[LC_SIGN_HEALTHY] = "until its first successful health check, after",
	[LC_SIGN_CREDENTIALS] = "until it changed users for the last time before it was quiet, after",
	[LC_SIGN_QUIET] = "until it asked for nothing new for five seconds, after",
};

/* The times of life, and where a check says that it was made in them. */
static const char *const times[] = {"at the start", "while serving", "at the stop"};

/* Appends the time from FROM to TO: "0.8 s". */
static void add_seconds(struct lc_strbuf *out, int64_t from, int64_t to)
{
	lc_strbuf_addf(out, "%.1f s", ((double)to - (double)from) / (double)LC_NS_PER_S);
}

/* Appends how TARGET's start ended, and how long it took; nothing where that is not known. */
static void add_sign(struct lc_strbuf *out, const char *before, const struct lc_target *target, const char *after)
{
	const struct lc_life *life = &target->life;

	if (!life->served_ns || !life->began_ns || !signs[life->sign])
		return;
	lc_strbuf_addf(out, "%s%s ", before, signs[life->sign]);
	add_seconds(out, life->began_ns, life->served_ns);
	lc_strbuf_adds(out, after);
}

void lc_report_add_start_only(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t caps = lc_life_start_only(target);

	if (!caps)
		return;
	lc_strbuf_adds(out, "only at the start");
	add_sign(out, " (", target, ")");
	lc_strbuf_adds(out, ": ");
	lc_cap_add_names(out, caps);
}

void lc_report_add_times(struct lc_strbuf *out, const struct lc_check *check)
{
	const bool made[] = {check->at_start, check->while_serving, check->at_stop};
	bool first = true;

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		if (!made[i])
			continue;
		lc_strbuf_addf(out, "%s%s", first ? "" : ", ", times[i]);
		first = false;
	}
}

/* How often a container is started before that is no restart by hand any more. */
#define CRASH_LOOP 3

void lc_report_add_crash_loop(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->kind != LC_TARGET_CONTAINER || target->life.starts < CRASH_LOOP)
		return;
	lc_strbuf_addf(out,
		"It was started %" PRIu64
		" times while it was recorded: if it ends by itself (a crash loop), what it does after that is not known.",
		target->life.starts);
}

void lc_report_add_life(struct lc_strbuf *out, const struct lc_target *target)
{
	const struct lc_life *life = &target->life;

	if (!life->began_ns)
		return;
	if (life->starts == 1)
		lc_strbuf_adds(out, "it was started once");
	else
		lc_strbuf_addf(out, "it was started %" PRIu64 " times", life->starts);
	if (life->served_ns)
		add_sign(out, "; its start lasted ", target, "");
	else
		lc_strbuf_adds(out, "; there was no sign of when its start was over");
	if (life->ended_ns) {
		lc_strbuf_adds(out, "; it ended after ");
		add_seconds(out, life->began_ns, life->ended_ns);
	}
	if (life->ended_ns && life->stopping_ns) {
		lc_strbuf_adds(out, ", ");
		add_seconds(out, life->stopping_ns, life->ended_ns);
		lc_strbuf_adds(out, " after it was told to stop");
	}
}
