/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rates what a target holds, by a table of rules, the worst first. */
#include "src/audit/hazards.h"

#include "src/audit/hazards.h"

#include <leastcap/audit.h>
#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/facts.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What may be true of a target. */
enum fact {
	IS_PRIVILEGED = 1 << 0,
	IS_UNREAD = 1 << 1,
	IS_SERVICE = 1 << 2,
	IS_WATCHED = 1 << 3,
	IN_OWN_USERNS = 1 << 4,
	HOLDS_SOME = 1 << 5,
	HOLDS_ALL = 1 << 6,           /* that the host's first process may hold */
	HOLDS_DANGEROUS = 1 << 7,     /* one that reaches beyond the container */
	HOLDS_DEFAULTS = 1 << 8,      /* what its engine grants by default, and maybe more */
	HOLDS_MORE = 1 << 9,          /* than the defaults */
	HOLDS_WHAT_IT_USED = 1 << 10, /* and nothing else */
	CAN_REACH_MORE = 1 << 11,     /* an ordinary user, by a set-user-ID program or file capabilities */
	IS_SANDBOXED = 1 << 12,       /* another kernel than ours answers its system calls */
	HAS_ENDED = 1 << 13,
	REACHES_HOST = 1 << 14, /* by something worse than its capabilities */
};

struct facts {
	const struct lc_target *target;
	unsigned int bits;
	uint64_t host;
	uint64_t held;     /* by its processes, or by any that root in it starts */
	uint64_t reached;  /* what CAN_REACH_MORE means */
	uint64_t defaults; /* 0: its engine has none */
};

/* Advice that several rules give. */
static const char enough[] = "Enough in the time watched: %o";
static const char drop_all[] = "Drop all and add what it needs; --for tells what it uses.";
static const char take_away[] = "Take away what it can do without; --for tells what it uses.";

/*
 * A rule holds where all of MUST and none of MUST_NOT are true. The first that holds counts. In the sentences %d stands for the dangerous
 * capabilities held and what the worst of them does, %h for those held, %v for those held and not used, %x for those beyond the
 * defaults, %z for the worst hazard and %a for what to do about it, %e for the engine, %k for its sandbox, %U for the user, %r for why nothing is known, %o for the configuration that grants what was used.
 */
static const struct rule {
	enum lc_rating_level level;
	unsigned int must;
	unsigned int must_not;
	const char *why;
	const char *advice;  /* when nobody watched */
	const char *watched; /* when somebody did; NULL: the same */
} rules[] = {
	{LC_RATING_UNKNOWN, IS_SANDBOXED, 0,
		"It runs in a sandbox of its own kernel (%k): what it holds and uses there is not seen here.",
		"Record it under the engine's usual runtime.", NULL},
	{LC_RATING_UNKNOWN, HAS_ENDED, IS_WATCHED, "It ended while the audit looked.", "Nothing to do.", NULL},
	{LC_RATING_UNKNOWN, HAS_ENDED, 0, "It has ended.", enough, NULL},
	{LC_RATING_PRIVILEGED, IS_PRIVILEGED, IN_OWN_USERNS,
		"Privileged: all capabilities, all devices, no seccomp: its root is the host's.",
		"Run it unprivileged; --for tells what it uses.",
		"Enough in the time watched: %o and the devices it uses"},
	{LC_RATING_ALL, HOLDS_ALL | IS_SERVICE, IN_OWN_USERNS, "Nothing is taken from it: it holds every capability.",
		"Limit it by CapabilityBoundingSet=; --for tells what it uses.", enough},
	{LC_RATING_ALL, HOLDS_ALL, IN_OWN_USERNS, "It holds every capability that the host has.", drop_all, enough},
	{LC_RATING_DANGEROUS, REACHES_HOST, 0, "%z", "%a", NULL},
	{LC_RATING_DANGEROUS, HOLDS_DANGEROUS, IN_OWN_USERNS, "It holds %d.", take_away, enough},
	{LC_RATING_UNKNOWN, IS_UNREAD, 0, "Its first process could not be read: %r.",
		"Run leastcap as root, on the host itself.", NULL},
	{LC_RATING_CONFINED, IN_OWN_USERNS | HOLDS_SOME, 0, "It holds %h, but only in its own user namespace.",
		take_away, enough},
	{LC_RATING_WIDE, HOLDS_DEFAULTS | HOLDS_MORE, HOLDS_WHAT_IT_USED,
		"It holds all that %e grants by default, and %x.", drop_all, enough},
	{LC_RATING_DEFAULTS, HOLDS_DEFAULTS, HOLDS_WHAT_IT_USED,
		"It holds all that %e grants by default: nothing was dropped.", drop_all, enough},
	{LC_RATING_REACHABLE, CAN_REACH_MORE, 0,
		"It runs as user %U and holds %h, but its set-user-ID programs get the bounding set.",
		"Set no-new-privileges, or drop what such a program can do without.", NULL},
	{LC_RATING_UNUSED, IS_WATCHED | HOLDS_SOME, HOLDS_WHAT_IT_USED, "It holds %v, not used in the time watched.",
		enough, NULL},
	{LC_RATING_REDUCED, HOLDS_SOME, IS_WATCHED, "It holds %h.", "Watch which of them it uses: --for does.", NULL},
	{LC_RATING_EXACT, HOLDS_SOME | HOLDS_WHAT_IT_USED, 0, "It holds what it used and nothing else: %h.",
		"Nothing to do.", NULL},
	{LC_RATING_NOTHING, 0, 0, "It holds no capability.", "Nothing to do.", NULL},
};

/* Appends the names of the capabilities in MASK, or how many there are if it has all of HOST. */
static void add_set(struct lc_strbuf *out, uint64_t mask, uint64_t host)
{
	if (!mask)
		lc_strbuf_adds(out, "none");
	else if ((mask & host) == host)
		lc_strbuf_addf(out, "all %d", __builtin_popcountll(mask));
	else
		lc_cap_add_names(out, mask);
}

/* Appends the dangerous capabilities in HELD: "SYS_ADMIN, which is …; also NET_ADMIN". */
static void add_dangers(struct lc_strbuf *out, uint64_t held)
{
	uint64_t others = 0;
	bool first = true;
	char name[LC_CAP_NAME_SIZE];
	size_t n;
	const struct lc_danger *dangers = lc_dangers(&n);

	for (size_t i = 0; i < n; i++) {
		if (!(held & LC_CAP_BIT(dangers[i].cap)))
			continue;
		if (first)
			lc_strbuf_addf(out, "%s, which %s", lc_cap_name(dangers[i].cap, name), dangers[i].does);
		else
			others |= LC_CAP_BIT(dangers[i].cap);
		first = false;
	}
	if (others) {
		lc_strbuf_adds(out, "; also ");
		add_set(out, others, ~UINT64_C(0));
	}
}

/* How a target's manager writes a list of capabilities: what stands before it, before its first and next entries, and after it. */
struct spelling {
	const char *before, *first, *next, *after;
};

static const struct spelling options = {"--cap-drop=ALL", " --cap-add=", " --cap-add=", ""};
static const struct spelling bounding = {"CapabilityBoundingSet=", "CAP_", " CAP_", ""};
static const struct spelling security_context = {"drop [ALL]", ", add [", ", ", "]"};

/* Appends the configuration that grants what TARGET used, and no more. */
static void add_configuration(struct lc_strbuf *out, const struct lc_target *target)
{
	const struct spelling *spelling = target->kind == LC_TARGET_SERVICE ? &bounding
					  : target->pod                     ? &security_context
									    : &options;

	lc_strbuf_adds(out, spelling->before);
	lc_cap_add_list(out, target->cap_add, spelling->first, spelling->next, false);
	if (target->cap_add)
		lc_strbuf_adds(out, spelling->after);
}

/* The worst of what stands in for capabilities, if nothing of TARGET is worse; else NULL. */
static const struct lc_hazard *worst_hazard(const struct lc_target *target)
{
	const struct lc_hazard *worst = target->n_hazards ? &target->hazards[0] : NULL;

	return worst && worst->kind < LC_HAZARD_PRIVILEGED && worst->points >= LC_POINTS_DANGEROUS ? worst : NULL;
}

/* "/run/docker.sock is mounted at /var/run/docker.sock. Whoever …" */
static void add_hazard(struct lc_strbuf *out, const struct lc_hazard *hazard)
{
	if (hazard->where)
		lc_strbuf_addf(out, "%s of the host is mounted at %s. ", hazard->about, hazard->where);
	else if (hazard->about)
		lc_strbuf_addf(out, "It has %s. ", hazard->about);
	lc_strbuf_adds(out, hazard->why);
}

static void add_value(struct lc_strbuf *out, char letter, const struct facts *facts)
{
	const struct lc_target *target = facts->target;
	const uint64_t sets[] = {
		['h'] = facts->held,
		['v'] = facts->held & ~target->cap_add,
		['x'] = facts->held & ~facts->defaults,
	};

	switch (letter) {
	case 'a':
		lc_strbuf_adds(out, lc_hazard_row(worst_hazard(target)->kind)->advice);
		break;
	case 'z':
		add_hazard(out, worst_hazard(target));
		break;
	case 'd':
		add_dangers(out, facts->held);
		break;
	case 'e':
		lc_strbuf_adds(out, target->engine);
		break;
	case 'k':
		lc_strbuf_adds(out, target->sandbox);
		break;
	case 'o':
		add_configuration(out, target);
		break;
	case 'r':
		lc_strbuf_adds(out, target->init.unread);
		break;
	case 'U':
		lc_strbuf_adds(out, target->user);
		break;
	default:
		add_set(out, sets[(unsigned char)letter], facts->host);
		break;
	}
}

/* TEMPLATE with its %d, %e, … replaced; the caller frees it. NULL when out of memory. */
static char *expand(const char *template, const struct facts *facts)
{
	struct lc_strbuf out = {0};

	while (*template) {
		size_t plain = strcspn(template, "%");

		lc_strbuf_add(&out, template, plain);
		template += plain;
		if (*template) {
			add_value(&out, template[1], facts);
			template += 2;
		}
	}
	return lc_strbuf_steal(&out);
}

/* What the engine grants by default of what the host may grant at all. */
static uint64_t defaults_of(const struct lc_target *target, uint64_t host)
{
	int engine = target->engine ? lc_engine_from_name(target->engine) : -EINVAL;

	return engine < 0 ? 0 : lc_engine_defaults((enum lc_engine)engine, NULL) & host;
}

/* Fills what TARGET holds, and what it can get hold of. */
static void find_held(struct facts *facts)
{
	const struct lc_init *init = &facts->target->init;
	uint64_t now = init->sets.permitted | init->sets.effective;

	if (facts->target->members.n) {
		facts->held = facts->target->members.held;
		facts->reached = facts->target->members.reached;
		return;
	}
	facts->held = now;
	facts->reached = init->no_new_privs ? now : now | init->sets.bounding;
	/* Root gets what it may with its next execve. */
	if (lc_user_is_root(facts->target->user))
		facts->held = facts->reached;
}

/* Whether each process is in a user namespace of the target's own. */
static bool is_confined(const struct lc_target *target)
{
	return target->members.n ? target->members.own_userns : target->init.own_userns;
}

/* What the Docker Engine was told to grant of what HOST has; 0 where that is not known. */
static uint64_t told_to_grant(const struct lc_target *target, uint64_t defaults, uint64_t host)
{
	/* A target whose image is not known was not answered about. */
	if (!target->image || !target->engine || strcmp(target->engine, "docker") != 0)
		return 0;
	if (target->privileged)
		return host;
	return ((defaults & ~target->configured_drop) | target->configured_add) & host;
}

/* Sets *TOLD to a sentence on how what is held differs from what the engine was told; NULL: it does not. 0 or -ENOMEM. */
static int compare_with_told(const struct facts *facts, char **told)
{
	const struct lc_target *target = facts->target;
	uint64_t granted = told_to_grant(target, facts->defaults, facts->host);
	uint64_t more = facts->held & facts->host & ~granted;
	uint64_t less = target->configured_add & granted & ~(target->members.sets.bounding | facts->held);
	struct lc_strbuf out = {0};

	free(*told);
	*told = NULL;
	if (!granted || !target->members.n || is_confined(target) || (!more && !less))
		return 0;
	if (more) {
		lc_strbuf_addf(&out, "It holds more than %s was told to grant: ", target->engine);
		add_set(&out, more, ~UINT64_C(0));
		lc_strbuf_adds(&out, ".");
	}
	if (less) {
		lc_strbuf_addf(&out,
			"%s%s was told to add what none of its processes can have any more: ", out.length ? " " : "",
			target->engine);
		add_set(&out, less, ~UINT64_C(0));
		lc_strbuf_adds(&out, ".");
	}
	*told = lc_strbuf_steal(&out);
	return *told ? 0 : -ENOMEM;
}

static void add_fact(struct facts *facts, enum fact fact, bool is_so)
{
	if (is_so)
		facts->bits |= fact;
}

static struct facts find_facts(const struct lc_target *target, const struct lc_audit_view *view)
{
	struct facts facts = {.target = target, .host = view->host, .defaults = defaults_of(target, view->host)};

	if (target->init.pid)
		find_held(&facts);
	add_fact(&facts, IS_PRIVILEGED, target->privileged);
	add_fact(&facts, IS_UNREAD, !target->init.pid);
	add_fact(&facts, IS_SERVICE, target->kind == LC_TARGET_SERVICE);
	add_fact(&facts, IS_WATCHED, view->watched);
	add_fact(&facts, IN_OWN_USERNS, is_confined(target));
	add_fact(&facts, HOLDS_SOME, facts.held);
	add_fact(&facts, HOLDS_ALL, view->host && (facts.held & view->host) == view->host);
	add_fact(&facts, HOLDS_DANGEROUS, facts.held & lc_dangerous_set());
	add_fact(&facts, HOLDS_DEFAULTS, facts.defaults && (facts.held & facts.defaults) == facts.defaults);
	add_fact(&facts, HOLDS_MORE, facts.held & ~facts.defaults);
	add_fact(&facts, HOLDS_WHAT_IT_USED, view->watched && !(facts.held & ~target->cap_add));
	add_fact(&facts, CAN_REACH_MORE, facts.reached & ~facts.held);
	add_fact(&facts, IS_SANDBOXED, target->sandbox);
	add_fact(&facts, HAS_ENDED, target->init.ended);
	return facts;
}

int lc_audit_rate(struct lc_target *target, const struct lc_audit_view *view)
{
	struct facts facts = find_facts(target, view);
	const struct rule *rule = rules;
	int r = lc_audit_score(target,
		&(struct lc_audit_held){.held = facts.held, .host = view->host, .confined = is_confined(target)});

	if (r)
		return r;
	add_fact(&facts, REACHES_HOST, worst_hazard(target));
	/* The last rule always holds. */
	while ((facts.bits & rule->must) != rule->must || (facts.bits & rule->must_not))
		rule++;
	free(target->rating.why);
	free(target->rating.advice);
	target->rating.level = rule->level;
	target->rating.why = expand(rule->why, &facts);
	target->rating.advice = expand(view->watched && rule->watched ? rule->watched : rule->advice, &facts);
	if (!target->rating.why || !target->rating.advice)
		return -ENOMEM;
	return compare_with_told(&facts, &target->rating.told);
}
