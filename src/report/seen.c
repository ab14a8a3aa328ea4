/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a report says where a recording has seen only a part of a target's life. */
#include "parts.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>

#include <inttypes.h>
#include <string.h>

/* The units in which a time is told, the biggest first; a time is told in the first one of which it has two or more. */
static const struct {
	int64_t seconds;
	const char *name;
} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
#define N_UNITS (sizeof(units) / sizeof(units[0]))

/* Appends "2 days", or "1 second" for less. */
static void add_duration(struct lc_strbuf *out, int64_t ns)
{
	int64_t seconds = ns / LC_NS_PER_S, n;
	size_t i = 0;

	while (i < N_UNITS - 1 && seconds < 2 * units[i].seconds)
		i++;
	n = seconds / units[i].seconds;
	lc_strbuf_addf(out, "%" PRId64 " %s%s", n > 1 ? n : 1, units[i].name, n > 1 ? "s" : "");
}

bool lc_report_is_plain(const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

	return name && *name && *name != '-' && strspn(name, plain) == strlen(name);
}

/* Whether a compose project can start TARGET anew by its service's name. */
static bool has_service(const struct lc_target *target)
{
	return target->project && lc_report_is_plain(target->service);
}

/* Appends the command that records a new container in TARGET's place, where there is one. */
static void add_anew(struct lc_strbuf *out, const struct lc_target *target)
{
	if (has_service(target))
		lc_strbuf_addf(out, ": leastcap record -- docker compose up -d --force-recreate %s", target->service);
	else
		lc_strbuf_adds(out, ".");
}

/* Appends what shows the start of TARGET. */
static void add_remedy(struct lc_strbuf *out, const struct lc_target *target)
{
	bool by_engine = target->kind == LC_TARGET_CONTAINER && target->engine && strcmp(target->engine, "docker") == 0;

	if (has_service(target)) {
		lc_strbuf_adds(out, " Start it anew while recording");
		add_anew(out, target);
		return;
	}
	lc_strbuf_adds(out, " Restart it while recording");
	if (by_engine && lc_report_is_plain(target->name))
		lc_strbuf_addf(out, ": leastcap record --restart %s -- ./test.sh", target->name);
	else
		lc_strbuf_adds(out, ".");
}

static void add_running(struct lc_strbuf *out, const struct lc_target *target)
{
	const struct lc_seen *seen = &target->seen;

	lc_strbuf_adds(out, "seen from ");
	lc_clock_add_utc(out, "%H:%M UTC", seen->since_ns);
	lc_strbuf_adds(out, " on");
	if (seen->started_ns && seen->started_ns < seen->since_ns) {
		lc_strbuf_adds(out, ", started ");
		add_duration(out, seen->since_ns - seen->started_ns);
		lc_strbuf_adds(out, " before");
	}
	lc_strbuf_adds(out, ": what its start needs is not known.");
	add_remedy(out, target);
}

static void add_restarted(struct lc_strbuf *out, const struct lc_target *target)
{
	lc_strbuf_adds(out, "seen from its restart at ");
	lc_clock_add_utc(out, "%H:%M UTC", target->seen.since_ns);
	lc_strbuf_adds(out, " on: what only a new container needs is not known. Start a new one while recording");
	add_anew(out, target);
}

static void add_cut(struct lc_strbuf *out, const struct lc_seen *seen)
{
	lc_strbuf_addf(out,
		"cut off %.1f s after its start, while it was still starting: what it asked for later is not known. Record longer, by --settle 30s or by a test that uses it",
		(double)seen->cut_ns / (double)LC_NS_PER_S);
}

void lc_report_add_seen(struct lc_strbuf *out, const struct lc_target *target)
{
	if (!lc_seen_is_partial(&target->seen) || target->sandbox || target->rating.level != LC_RATING_UNRATED)
		return;
	lc_escape_terminal(out, target->name && *target->name ? target->name : "(no name)");
	lc_strbuf_adds(out, ": ");
	if (target->seen.from == LC_SEEN_FROM_RUNNING)
		add_running(out, target);
	else if (target->seen.from == LC_SEEN_FROM_RESTART)
		add_restarted(out, target);
	else
		add_cut(out, &target->seen);
}

void lc_report_add_seen_in(struct lc_strbuf *out, const struct lc_target *target, const char *which)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf seen = {0};

	lc_report_add_seen(&seen, target);
	out->failed |= seen.failed;
	if (seen.length)
		lc_strbuf_addf(out, "%s profile: %s", which, seen.text);
}
