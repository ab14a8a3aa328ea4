/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a target was not asked for while it was recorded, in plain facts. */
#include "parts.h"
#include "rows.h"

#include <leastcap/escape.h>

#include <inttypes.h>
#include <signal.h>

/* How many ports are named. */
#define NAMED_PORTS 8

/* How many programs are named. */
#define NAMED_PROGRAMS 4

/* The signals that administrators mean something by, besides the one that stops a service. */
static const int told[] = {SIGHUP, SIGUSR1, SIGUSR2};

/* Begins one more part of the sentence, of which there have been N. */
static void begin_part(struct lc_strbuf *out, size_t n)
{
	lc_strbuf_adds(out, n ? "; " : "not seen: ");
}

/* Appends the ports at which nobody has connected. Returns whether there are any. */
static bool add_ports(struct lc_strbuf *out, const struct lc_coverage *coverage, size_t n_parts)
{
	size_t n = 0;

	for (size_t i = 0; i < coverage->n_ports; i++) {
		if (coverage->ports[i].connections)
			continue;
		if (!n)
			begin_part(out, n_parts);
		if (n < NAMED_PORTS)
			lc_strbuf_addf(out, "%s%u", n ? ", " : "a connection to port ", coverage->ports[i].number);
		n++;
	}
	if (n > NAMED_PORTS)
		lc_strbuf_addf(out, " and %zu more", n - NAMED_PORTS);
	return n;
}

/* Appends the signals that TARGET handles and was not sent. Returns whether there are any. */
static bool add_signals(struct lc_strbuf *out, const struct lc_target *target, size_t n_parts)
{
	uint32_t left = target->coverage.handled & ~target->coverage.sent;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (!(left & 1U << told[i]))
			continue;
		if (!n)
			begin_part(out, n_parts);
		lc_strbuf_addf(out, "%s%s", n++ ? ", " : "", lc_signal_name(told[i]));
	}
	if (n)
		lc_strbuf_adds(out, ", which it handles");
	return n;
}

/* Appends BEFORE and PROGRAM. */
static void add_program(struct lc_strbuf *out, const struct lc_named_program *program, const char *before)
{
	lc_strbuf_adds(out, before);
	lc_escape_terminal(out, program->path);
	lc_strbuf_adds(out, " (named in ");
	lc_escape_terminal(out, program->file);
	lc_strbuf_adds(out, ")");
}

/* Appends the programs that TARGET's files name and that did not run. Returns whether there are any. */
static bool add_programs(struct lc_strbuf *out, const struct lc_coverage *coverage, size_t n_parts)
{
	size_t n = 0;

	for (size_t i = 0; i < coverage->n_programs; i++) {
		const struct lc_named_program *program = &coverage->programs[i];

		if (program->ran)
			continue;
		if (!n)
			begin_part(out, n_parts);
		if (n < NAMED_PROGRAMS)
			add_program(out, program, n ? ", " : "a run of ");
		n++;
	}
	if (n > NAMED_PROGRAMS)
		lc_strbuf_addf(out, " and %zu more", n - NAMED_PROGRAMS);
	return n;
}

/* Appends of how many such programs it is not known. Returns whether there are any. */
static bool add_unknown(struct lc_strbuf *out, const struct lc_coverage *coverage, size_t n_parts)
{
	uint64_t n = coverage->programs_unknown;

	if (!n)
		return false;
	begin_part(out, n_parts);
	lc_strbuf_addf(out, "whether %" PRIu64 " program%s that its files name ran", n, n == 1 ? "" : "s");
	return true;
}

/* Whether TARGET is one that goes on until it is stopped. */
static bool is_service(const struct lc_target *target)
{
	return target->kind != LC_TARGET_COMMAND &&
	       (target->coverage.n_ports || target->life.sign == LC_SIGN_ACCEPT || target->life.stopping_ns);
}

/* Whether TARGET was stopped: at its end, or before it was started again. */
static bool was_stopped(const struct lc_target *target)
{
	static const uint32_t stops = 1U << SIGTERM | 1U << SIGINT | 1U << SIGQUIT | 1U << SIGWINCH;

	return target->life.stopping_ns || (target->life.starts > 1 && target->coverage.sent & stops);
}

/* A volume with whose files TARGET did what takes a capability; NULL: none. */
static const char *used_volume(const struct lc_target *target)
{
	const char *volume = NULL;

	for (size_t i = 0; !volume && i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (!lc_report_is_left_out(check->class))
			volume = lc_volumes_around(&target->volumes, check->object.path);
	}
	return volume;
}

/* Appends that a second start was not seen, and what makes one with what TARGET has left in VOLUME (NULL: in none). */
static void add_second_start(struct lc_strbuf *out, const struct lc_target *target, const char *volume)
{
	if (!volume) {
		lc_strbuf_adds(out, "a second start, with the data of the first");
		return;
	}
	lc_strbuf_adds(out, "a second start with the same volume (");
	lc_escape_terminal(out, volume);
	if (target->project && lc_report_is_plain(target->service))
		lc_strbuf_addf(out, "): record docker compose restart %s, or with --restart", target->service);
	else
		lc_strbuf_adds(out, "): record --restart makes one");
}

/* Appends what of TARGET's life was not seen: its start, a second one with the data of the first, its stop. */
static void add_life(struct lc_strbuf *out, const struct lc_target *target, size_t n_parts)
{
	const struct lc_life *life = &target->life;
	const char *volume = used_volume(target);

	/* Nothing is known of a merge's life, nor of one that began before the recording. */
	if (!life->began_ns || (!is_service(target) && !volume))
		return;
	if (life->starts == 1) {
		begin_part(out, n_parts++);
		add_second_start(out, target, volume);
	}
	if (!is_service(target))
		return;
	if (!was_stopped(target)) {
		begin_part(out, n_parts);
		lc_strbuf_adds(out, "a stop");
	}
}

void lc_report_add_unseen(struct lc_strbuf *out, const struct lc_target *target)
{
	size_t n = 0;

	n += add_ports(out, &target->coverage, n);
	n += add_signals(out, target, n);
	n += add_programs(out, &target->coverage, n);
	n += add_unknown(out, &target->coverage, n);
	add_life(out, target, n);
}
