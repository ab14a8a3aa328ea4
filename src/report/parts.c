/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#include "parts.h"
#include "refused.h"
#include "sources.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/facts.h>
#include <leastcap/judge.h>
#include <leastcap/syscalls.h>

#include <inttypes.h>
#include <string.h>

/* How many digits of an id tell a container apart for people. */
#define SHORT_ID 12

const char *lc_report_nothing(const struct lc_profile *profile)
{
	return profile->lost ? "nothing was recorded of any container, and checks were lost: record again"
			     : "nothing was recorded: no container ran";
}

const char *lc_report_privileged(const struct lc_target *target)
{
	if (!target->privileged)
		return NULL;
	return lc_report_count_refused(target).calls
		       ? "It ran with --privileged. The options above are all the capabilities that it used; devices that it uses have to be given with --device."
		       : "It ran with --privileged. Without it, the options above are all the capabilities that it needs; devices that it uses have to be given with --device.";
}

/* Appends "WHO: 12 checks, 3 outcomes" after a separator. The list of losses begins at START of OUT. */
static void add_losses(struct lc_strbuf *out, size_t start, const char *who, const struct lc_losses *losses)
{
	bool first = true;

	for (int i = 0; i < LC_LOSS_N; i++) {
		if (!losses->of[i] || i == LC_LOSS_DETAIL || i == LC_LOSS_SANDBOX)
			continue;
		if (first) {
			lc_strbuf_adds(out, out->length > start ? "; " : " (");
			lc_escape_terminal(out, who);
			lc_strbuf_adds(out, ": ");
		}
		lc_strbuf_addf(
			out, "%s%" PRIu64 " %s", first ? "" : ", ", losses->of[i], lc_loss_name((enum lc_loss)i));
		first = false;
	}
}

/* " in the old profile" */
static void add_which(struct lc_strbuf *out, const char *which)
{
	if (which)
		lc_strbuf_addf(out, " in the %s profile", which);
}

/* Appends that detail is left out, and of which targets. */
static void add_cut(struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant, const char *which)
{
	bool first = true;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (!target->losses.of[LC_LOSS_DETAIL] || (meant && !meant[i]))
			continue;
		if (first) {
			lc_strbuf_addf(out, "%sdetail is left out", out->length ? "; " : "CUT: ");
			add_which(out, which);
		}
		lc_strbuf_adds(out, first ? ": " : ", ");
		lc_escape_terminal(out, target->name ? target->name : "(no name)");
		lc_strbuf_addf(out, ": %" PRIu64, target->losses.of[LC_LOSS_DETAIL]);
		first = false;
	}
}

/* How many programs there were whose capabilities are not known. */
static uint64_t unread_programs(const struct lc_profile *profile, const bool *meant)
{
	uint64_t programs = profile->elsewhere.of[LC_LOSS_PROGRAMS];

	for (size_t i = 0; i < profile->n_targets; i++)
		programs += meant && !meant[i] ? 0 : profile->targets[i].losses.of[LC_LOSS_PROGRAMS];
	return programs;
}

/* Appends " (web: 12 checks, 3 outcomes; elsewhere: 1 cgroups)". */
static void add_by_target(struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant)
{
	size_t start = out->length;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (!meant || meant[i])
			add_losses(out, start, target->name ? target->name : "(no name)", &target->losses);
	}
	add_losses(out, start, "elsewhere", &profile->elsewhere);
	lc_strbuf_adds(out, out->length > start ? ")" : "");
}

/* What makes the next recording whole, by what was full or by what came in between. NULL: nothing that could be done is known. */
static const char *const remedies[LC_LOSS_N] = {
	[LC_LOSS_CHECKS] = "Record again with more room: --keys=131072",
	[LC_LOSS_OUTCOMES] = "Record shorter parts, and merge them",
	[LC_LOSS_PENDING] = "Record shorter parts, and merge them",
	[LC_LOSS_REQUESTS] = "Record shorter parts, and merge them",
	[LC_LOSS_READERS] = "Record shorter parts, and merge them",
	[LC_LOSS_CGROUPS] = "Record it alone, by its name",
	[LC_LOSS_SETUP] = "Record it alone, by its name",
	[LC_LOSS_HOMES] = "Record it alone, by its name",
	[LC_LOSS_FOLLOWED] = "Record it alone, by its name",
	[LC_LOSS_LIVES] = "Record it alone, by its name",
	[LC_LOSS_EVENTS] = "Record again while the host has less to do",
	[LC_LOSS_SKIPPED] = "Record again while the host has less to do",
	[LC_LOSS_UNPLACED] = "Record again while the host has less to do",
	[LC_LOSS_UNCOUNTED] = "Record shorter parts, and merge them",
};

/* Appends ". Record again …", for what most of the checks were lost by. */
static void add_remedy(struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant)
{
	struct lc_losses all = profile->elsewhere;
	int most = -1;

	for (size_t i = 0; i < profile->n_targets; i++) {
		if (!meant || meant[i])
			lc_losses_add(&all, &profile->targets[i].losses);
	}
	for (int i = 0; i < LC_LOSS_N; i++) {
		if (remedies[i] && all.of[i] && (most < 0 || all.of[i] > all.of[most]))
			most = i;
	}
	if (most >= 0)
		lc_strbuf_addf(out, ". %s", remedies[most]);
}

/* How many targets run in a kernel of their own; and how many of their RECORDINGS, each of which is a loss. */
static size_t count_sandboxed(const struct lc_profile *profile, const bool *meant, uint64_t *recordings)
{
	size_t n = 0;

	*recordings = 0;
	for (size_t i = 0; i < profile->n_targets; i++) {
		uint64_t lost = meant && !meant[i] ? 0 : profile->targets[i].losses.of[LC_LOSS_SANDBOX];

		n += lost != 0;
		*recordings = lc_count_add(*recordings, lost);
	}
	return n;
}

/* Appends what is lost of the targets MEANT, the parts with commas between; nothing where nothing is. */
static void add_what_is_lost(struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant)
{
	uint64_t programs = unread_programs(profile, meant), lost = lc_profile_lost(profile, meant), unseen;
	size_t sandboxed = count_sandboxed(profile, meant, &unseen);

	if (lost > unseen)
		lc_strbuf_addf(out, "%" PRIu64 " check%s lost", lost - unseen, lost - unseen == 1 ? " was" : "s were");
	if (programs) {
		lc_strbuf_separate(out, ", ");
		lc_strbuf_addf(out, "file capabilities of %" PRIu64 " program%s could not be read", programs,
			programs == 1 ? "" : "s");
	}
	if (sandboxed) {
		lc_strbuf_separate(out, ", ");
		lc_strbuf_addf(out, "the checks of %zu container%s in a sandbox of its own kernel are not seen",
			sandboxed, sandboxed == 1 ? "" : "s, each");
	}
}

void lc_report_add_lost_of(
	struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant, const char *which)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf lost = {0};
	struct lc_strbuf text = {0};

	add_what_is_lost(&lost, profile, meant);
	out->failed |= lost.failed;
	if (lost.length) {
		lc_strbuf_addf(&text, "INCOMPLETE: %s", lost.text);
		add_which(&text, which);
		lc_strbuf_adds(&text, ": a list may lack a capability");
		add_by_target(&text, profile, meant);
	}
	add_cut(&text, profile, meant, which);
	if (lost.length)
		add_remedy(&text, profile, meant);
	lc_strbuf_adds(out, text.text);
	out->failed |= text.failed;
	lc_strbuf_free(&text);
}

void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile)
{
	lc_report_add_lost_of(out, profile, NULL, NULL);
}

const char *lc_report_not_looked_at(const struct lc_profile *profile)
{
	if (!profile->refusals)
		return NULL;
	return "Recorded with --refusals=checked: calls that were refused without a check, and not by a filter, were not looked at.";
}

void lc_report_add_origin(struct lc_strbuf *out, const struct lc_profile *profile)
{
	if (!lc_profile_origin(profile))
		return;
	lc_strbuf_adds(out, "From ");
	lc_escape_terminal(out, lc_profile_origin(profile));
	lc_strbuf_adds(out, ": which programs asked, and in which calls, is not known.");
}

void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *what = target->image;

	if (!what && target->kind != LC_TARGET_CONTAINER)
		what = lc_target_kind_name(target->kind);
	if (target->name && *target->name)
		lc_escape_terminal(out, target->name);
	else
		lc_strbuf_adds(out, "(no name)");
	if (what) {
		lc_strbuf_adds(out, " (");
		lc_escape_terminal(out, what);
		lc_strbuf_adds(out, ")");
	}
}

/* Whether another target of PROFILE is called as TARGET is. */
static bool has_twin(const struct lc_target *target, const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *other = &profile->targets[i];

		if (other != target && other->name && target->name && strcmp(other->name, target->name) == 0)
			return true;
	}
	return false;
}

void lc_report_add_label_among(struct lc_strbuf *out, const struct lc_target *target, const struct lc_profile *profile)
{
	lc_report_add_label(out, target);
	if (!has_twin(target, profile))
		return;
	if (target->pod) {
		lc_strbuf_adds(out, " in ");
		lc_escape_terminal(out, target->namespace);
		lc_strbuf_adds(out, target->namespace ? "/" : "");
		lc_escape_terminal(out, target->pod);
	} else if (target->id) {
		_cleanup_free_ char *id = strndup(target->id, SHORT_ID);

		lc_strbuf_adds(out, " ");
		lc_escape_terminal(out, id);
	}
}

void lc_report_add_spelled_options(struct lc_strbuf *out, uint64_t mask, bool prefix)
{
	lc_strbuf_adds(out, "--cap-drop=ALL");
	lc_cap_add_list(out, mask, " --cap-add=", " --cap-add=", prefix);
}

void lc_report_add_options(struct lc_strbuf *out, uint64_t mask)
{
	lc_report_add_spelled_options(out, mask, false);
}

/* Appends "3 calls were refused", or that they are such as programs get over; nothing where there were none. */
static void add_refused(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_report_refused refused = lc_report_count_refused(target);

	lc_report_add_n_refused(out, refused.calls ? refused.calls : refused.expected);
	lc_strbuf_adds(out, refused.calls ? " (below)." : ", which programs get over (below).");
}

void lc_report_add_sandbox(struct lc_strbuf *out, const struct lc_target *target)
{
	if (!target->sandbox)
		return;
	lc_strbuf_adds(out, "It runs in a sandbox of its own kernel (");
	lc_escape_terminal(out, target->sandbox);
	lc_strbuf_adds(out, "): its checks are not seen here, so that it has no list.");
}

void lc_report_add_need(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_report_refused refused = lc_report_count_refused(target);

	if (target->sandbox)
		lc_report_add_sandbox(out, target);
	else if (refused.calls || (refused.expected && !target->cap_add && !target->wanted)) {
		lc_strbuf_adds(out, target->cap_add ? "" : "It used no capabilities; ");
		add_refused(out, target);
	} else if (!target->cap_add) {
		lc_strbuf_adds(out, target->wanted ? "It used no capabilities, but see below what it wanted."
				    : lc_seen_is_partial(&target->seen)
					    ? "It used no capabilities while it was seen."
					    : "It needs no capabilities: nothing that it did depended on one.");
	}
}

/* What is to be tried of TARGET, by NEXT. */
static uint64_t list_of(const struct lc_target *target, const struct lc_next *next)
{
	return next->list == target->cap_add ? next->list | next->looked_for : next->list | next->guessed;
}

uint64_t lc_report_next(const struct lc_target *target)
{
	struct lc_next next = lc_judge_next(target);

	return list_of(target, &next);
}

/* What of that TARGET did not use. */
static uint64_t tried(const struct lc_target *target, const struct lc_next *next)
{
	return target->tried ? target->tried : list_of(target, next) & ~target->cap_add;
}

/* What of that is a guess: a program may have looked for it, or usually wants it after what was refused. */
static uint64_t guessed(const struct lc_target *target, const struct lc_next *next)
{
	return tried(target, next) & (next->guessed | next->looked_for) & ~target->wanted;
}

void lc_report_add_opened(struct lc_strbuf *out, const struct lc_target *target, int cap, size_t most)
{
	const struct lc_syscall *call;
	char name[LC_CAP_NAME_SIZE];
	size_t cursor = 0, n = 0;

	if (!target->seccomp || target->kind != LC_TARGET_CONTAINER || target->own_filter)
		return;
	while ((call = lc_syscall_next(&cursor)) && n <= most) {
		if (!(lc_filter_opens(target->engine, target->engine_version, call->name, 0) & LC_CAP_BIT(cap)))
			continue;
		if (!n)
			lc_strbuf_addf(out, "by %s the engine's filter lets through ", lc_cap_name(cap, name));
		lc_strbuf_adds(out, n ? ", " : "");
		lc_strbuf_adds(out, n == most ? "…" : call->name);
		n++;
	}
}

/* ": /usr/bin/ping carries NET_RAW=ep", and further files after commas: one for each capability in MASK. */
static void add_carriers(struct lc_strbuf *out, const struct lc_target *target, uint64_t mask)
{
	const char *last = NULL;

	for (size_t i = 0; i < target->n_evidence && mask; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source != LC_SOURCE_FILE || check->class != LC_CLASS_IMPLIED ||
			!(mask & LC_CAP_BIT(check->cap)) || !check->about)
			continue;
		mask &= ~LC_CAP_BIT(check->cap);
		if (last && strcmp(last, check->about) == 0)
			continue;
		lc_strbuf_adds(out, last ? ", " : ": ");
		lc_escape_terminal(out, check->about);
		last = check->about;
	}
}

/* As lc_report_add_user, for a consumer whose setting GRANTING grants capabilities. */
static void add_user(struct lc_strbuf *out, const struct lc_target *target, const char *granting)
{
	struct lc_report_sources by = lc_report_sources(target);
	uint64_t explained = by.file | by.ambient | by.root | by.filter | by.in_vain;

	if (!target->cap_add || lc_user_is_root(target->user))
		return;
	lc_strbuf_adds(out, "It runs as user ");
	lc_escape_terminal(out, target->user);
	lc_strbuf_addf(out, ", not root: %s reaches only its bounding set.", granting);
	if (by.file) {
		lc_strbuf_adds(out, " By a file's capabilities it gets ");
		lc_cap_add_names(out, by.file);
		add_carriers(out, target, by.file);
		lc_strbuf_adds(out, ".");
	}
	if (by.in_vain) {
		lc_strbuf_adds(out, " A file carries, and execve demands, but the program does not get ");
		lc_cap_add_names(out, by.in_vain);
		add_carriers(out, target, by.in_vain);
		lc_strbuf_adds(out, ".");
	}
	if (by.ambient) {
		lc_strbuf_adds(out, " It raises to ambient ");
		lc_cap_add_names(out, by.ambient);
		lc_strbuf_adds(out, ".");
	}
	if (by.root) {
		lc_strbuf_adds(out, " As root (a set-user-id program) it uses ");
		lc_cap_add_names(out, by.root);
		lc_strbuf_adds(out, ".");
	}
	if (by.filter) {
		lc_strbuf_adds(out, " That is enough for its filter of system calls, which wants ");
		lc_cap_add_names(out, by.filter);
		lc_strbuf_adds(out, ".");
	}
	if (target->cap_add & ~explained) {
		lc_strbuf_adds(out, " The program also needs file capabilities (setcap) or ambient ones");
		lc_strbuf_adds(out, explained ? " for " : "");
		lc_cap_add_names(out, explained ? target->cap_add & ~explained : 0);
		lc_strbuf_adds(out, ".");
	}
}

void lc_report_add_user(struct lc_strbuf *out, const struct lc_target *target)
{
	add_user(out, target, "--cap-add");
}

void lc_report_add_claim(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->claim) {
		lc_strbuf_adds(out, "It ");
		lc_escape_terminal(out, target->claim);
		lc_strbuf_adds(out, ".");
	} else if (target->owner) {
		lc_strbuf_adds(out, "User ");
		lc_escape_terminal(out, target->owner);
		lc_strbuf_adds(out, " runs it, and chose what it is called.");
	}
}

void lc_report_add_verify(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t mask = target->verify & target->cap_add;

	if (!mask)
		return;
	lc_cap_add_names(out, mask);
	lc_strbuf_addf(out, " may be survivable: verify by a run without %s", mask & (mask - 1) ? "them" : "it");
}

void lc_report_add_likely(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_next next = lc_judge_next(target);
	uint64_t guess = guessed(target, &next);

	if (target->sandbox)
		return;
	if (guess) {
		if (tried(target, &next) & ~guess) {
			lc_strbuf_adds(out, "of these a guess: ");
			lc_cap_add_names(out, guess);
		} else {
			lc_strbuf_adds(out, "that is a guess");
		}
		lc_strbuf_adds(out, "; what a run that works with it then uses is the list");
		return;
	}
	if (!next.likely)
		return;
	lc_strbuf_adds(out, "likely after that, which is a guess: ");
	lc_cap_add_names(out, next.likely);
}

/* "SYS_ADMIN is here to be tried: /bin/mount mount /mnt → EPERM (…)" */
static void add_tried(struct lc_strbuf *out, const struct lc_target *target, int cap)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf reason = {0};
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_addf(out, "%s is here to be tried", lc_cap_name(cap, name));
	lc_report_add_reason(&reason, target, cap);
	lc_strbuf_adds(out, reason.length ? ": " : "");
	lc_strbuf_adds(out, reason.text);
	out->failed |= reason.failed;
}

void lc_report_add_refusals(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t calls = lc_report_count_refused(target).calls;
	uint64_t more = lc_report_next(target) & ~target->cap_add;

	/* What is to be tried is there, each with its own comment. */
	if (target->tried || (!calls && !more))
		return;
	if (calls)
		lc_report_add_n_refused(out, calls);
	else
		lc_strbuf_adds(out, "what it wanted was denied");
	lc_strbuf_adds(out, more ? ": to try again, add " : ", and no other list is known to help");
	lc_cap_add_names(out, more);
	lc_strbuf_adds(out, " (leastcap report says why)");
}

void lc_report_try_next(struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target *target = &profile->targets[i];

		target->tried = lc_report_next(target) & ~target->cap_add;
		target->cap_add |= target->tried;
	}
}

/* Appends TEXT as a comment and frees it; nothing where there is no text. */
static void add_comment(struct lc_strbuf *out, const char *indent, struct lc_strbuf *text)
{
	out->failed |= text->failed;
	if (text->text)
		lc_strbuf_addf(out, "%s# %s\n", indent, text->text);
	lc_strbuf_free(text);
}

void lc_report_add_comments_on(
	struct lc_strbuf *out, const char *indent, const struct lc_target *target, const char *granting)
{
	struct lc_strbuf text = {0};
	struct lc_next next = lc_judge_next(target);
	uint64_t explained = target->tried & ~guessed(target, &next);

	lc_report_add_claim(&text, target);
	add_comment(out, indent, &text);
	if (granting)
		add_user(&text, target, granting);
	add_comment(out, indent, &text);
	if (!target->tried)
		lc_report_add_proof(&text, target);
	add_comment(out, indent, &text);
	lc_report_add_port(&text, target);
	add_comment(out, indent, &text);
	lc_report_add_verify(&text, target);
	add_comment(out, indent, &text);
	lc_report_add_refusals(&text, target);
	add_comment(out, indent, &text);
	for (int cap; (cap = lc_cap_take(&explained)) >= 0;) {
		add_tried(&text, target, cap);
		add_comment(out, indent, &text);
	}
	if (target->tried)
		lc_report_add_likely(&text, target);
	add_comment(out, indent, &text);
}

void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target)
{
	lc_report_add_comments_on(out, indent, target, "--cap-add");
}

void lc_report_add_lock_comment(struct lc_strbuf *out, const char *indent, const char *setting)
{
	lc_strbuf_addf(out,
		"%s# It changes users: where one of them gains rights by a set-user-ID program (sudo, su), leave out %s.\n",
		indent, setting);
}

void lc_report_add_heading(struct lc_strbuf *out, const char *indent, const struct lc_target *target)
{
	lc_strbuf_addf(out, "%s# ", indent);
	lc_report_add_label(out, target);
	lc_strbuf_adds(out, "\n");
}

void lc_report_add_missing(struct lc_strbuf *out, const struct lc_target *target)
{
	lc_report_add_seen(out, target);
	if (!target->sandbox)
		return;
	lc_report_add_label(out, target);
	lc_strbuf_adds(out, ": ");
	lc_report_add_sandbox(out, target);
}

void lc_report_add_losses(struct lc_strbuf *out, const struct lc_profile *profile)
{
	struct lc_strbuf text = {0};

	lc_report_add_lost(&text, profile);
	add_comment(out, "", &text);
	for (size_t i = 0; i < profile->n_targets; i++) {
		lc_report_add_missing(&text, &profile->targets[i]);
		add_comment(out, "", &text);
	}
}

void lc_report_add_notices(struct lc_strbuf *out, const struct lc_profile *profile)
{
	struct lc_strbuf text = {0};

	lc_report_add_losses(out, profile);
	lc_report_add_origin(&text, profile);
	add_comment(out, "", &text);
	if (!profile->n_targets)
		lc_strbuf_addf(out, "# %s\n", lc_report_nothing(profile));
}
