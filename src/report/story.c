/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of one capability in one target: who asked, how they came to it, and whether a refusal would have mattered. */
#include <leastcap/story.h>

#include "notes.h"
#include "parts.h"
#include "rows.h"
#include "story_parts.h"
#include <leastcap/flow.h>
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>
#include <leastcap/explain.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_PLAIN "\033[0m"

/* How many system calls are named that a capability opens in an engine's filter, unless the style is verbose. */
#define LC_OPENED_TOLD 8

/* What a refusal would have meant, by class. */
static const char *const consequences[LC_CLASS_N] = {
	[LC_CLASS_REQUIRED] = "without it this call fails",
	[LC_CLASS_IMPLIED] = "without it this call fails, though the kernel asks nobody",
	[LC_CLASS_ALTERNATIVE] = "either of two does here, and the list has the other",
	[LC_CLASS_BLOCKED] = "it was denied, and the call failed",
	[LC_CLASS_ADVISORY] = "refusing it would have changed nothing",
	[LC_CLASS_REFUSED] = "it was denied, and the call went on without",
	[LC_CLASS_OWNER] = "the user namespace is its own: --cap-add does not touch it",
	[LC_CLASS_NESTED] = "asked in a user namespace that the workload made: --cap-add does not touch it",
	[LC_CLASS_OVERRIDDEN] = "asked with the credentials of whoever mounted the overlay, not with its own",
	[LC_CLASS_SETUP] = "the runtime's own work, before the container's program began",
};

/* Functions that every system call goes through, and that tell nothing. */
static const char *const entries[] = {
	"do_syscall_64",
	"entry_SYSCALL_64_after_hwframe",
	"x64_sys_call",
	"el0_svc",
	"el0t_64_sync",
	"el0t_64_sync_handler",
	"do_el0_svc",
	"el0_svc_common",
	"invoke_syscall",
};

static bool is_entry(const char *function)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (!strcmp(function, entries[i]))
			return true;
	}
	return false;
}

const char *lc_story_consequence(enum lc_class class)
{
	return consequences[class];
}

void lc_story_add_line(struct lc_strbuf *out, const struct lc_style *style, struct lc_strbuf *text, bool bold)
{
	struct lc_flow flow = {
		.out = out,
		.columns = lc_paragraph_columns(style),
		.indent = 4,
		.on = bold && style->color ? LC_BOLD : NULL,
		.off = bold && style->color ? LC_PLAIN : NULL,
	};

	if (flow.columns && !style->verbose)
		flow.longest =
			flow.columns > flow.indent + LC_LEAST_WIDTH ? flow.columns - flow.indent : LC_LEAST_WIDTH;
	out->failed |= text->failed;
	lc_flow_words(&flow, text->text ? text->text : "");
	lc_flow_end(&flow);
	lc_strbuf_free(text);
}

/* Appends a function of a stack: its name, or else where it is in its module; and its file and line where they are known. */
static void add_frame(struct lc_strbuf *text, const struct lc_frame *frame, bool whole)
{
	const char *slash = frame->module ? strrchr(frame->module, '/') : NULL;

	if (frame->function)
		lc_escape_terminal(text, frame->function);
	else
		lc_escape_terminal(text, slash && !whole ? slash + 1 : frame->module ? frame->module : "?");
	if (whole || !frame->function)
		lc_strbuf_addf(text, "+0x%" PRIx64, frame->offset);
	if (whole && frame->function && frame->module) {
		lc_strbuf_adds(text, " ");
		lc_escape_terminal(text, frame->module);
	}
	if (frame->file) {
		slash = strrchr(frame->file, '/');
		lc_strbuf_adds(text, " (");
		lc_escape_terminal(text, slash && !whole ? slash + 1 : frame->file);
		if (frame->line)
			lc_strbuf_addf(text, ":%" PRIu32, frame->line);
		lc_strbuf_adds(text, ")");
	}
	if (whole && frame->inlined)
		lc_strbuf_adds(text, " [inlined]");
}

/* "main → serve → bind", the outermost function first; or when verbose a line for each, the innermost first. */
static void add_stack(
	struct lc_strbuf *out, const struct lc_style *style, const char *lead, const struct lc_shared_stack *shared)
{
	const struct lc_stack *stack = &shared->stack;
	struct lc_strbuf text = {0};

	if (style->verbose) {
		lc_paragraph_add(out, style, lead);
		for (size_t i = 0; i < stack->n; i++) {
			lc_strbuf_adds(&text, "    ");
			add_frame(&text, &stack->frames[i], true);
			lc_strbuf_adds(&text, "\n");
		}
		if (stack->cut)
			lc_strbuf_adds(&text, "    …\n");
		out->failed |= text.failed;
		lc_strbuf_adds(out, text.text);
		lc_strbuf_free(&text);
		return;
	}
	lc_strbuf_adds(&text, stack->cut ? "…" : "");
	for (size_t i = stack->n; i-- > 0;) {
		const struct lc_frame *frame = &stack->frames[i];

		if (frame->function && !frame->module && is_entry(frame->function))
			continue;
		lc_strbuf_adds(&text, text.length ? " → " : "");
		add_frame(&text, frame, false);
	}
	lc_paragraph_take(out, style, lead, &text);
}

/* Who asked, in which call, about what: the heading of a piece of evidence. */
static void add_heading(struct lc_strbuf *out, const struct lc_style *style, const struct lc_check *check)
{
	const char *const words[] = {lc_report_short_program(check), check->syscall, check->about};
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!words[i])
			continue;
		lc_strbuf_adds(&text, text.length ? " " : "");
		lc_escape_terminal(&text, words[i]);
	}
	lc_strbuf_adds(&text, text.length ? "" : "?");
	if (check->verdict == LC_VERDICT_DENIED && check->result) {
		lc_strbuf_adds(&text, " → ");
		lc_escape_terminal(&text, check->result);
	}
	lc_strbuf_adds(out, "\n");
	lc_story_add_line(out, style, &text, true);
}

/* Appends in which times of life CHECK was made. */
static void add_life(struct lc_strbuf *text, const struct lc_check *check)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf times = {0};

	lc_report_add_times(&times, check);
	lc_strbuf_adds(text, times.length ? ", " : "");
	lc_strbuf_adds(text, times.text);
	text->failed |= times.failed;
}

void lc_story_add_circumstances(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_story_circumstances *about)
{
	struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "%" PRIu64 " time%s", about->count, about->count == 1 ? "" : "s");
	if (about->first_ns) {
		lc_strbuf_adds(&text, about->count > 1 ? ", first " : ", ");
		lc_clock_add_utc(&text, "%Y-%m-%d %H:%M:%S", about->first_ns);
	}
	if (about->last_ns && about->count > 1) {
		lc_strbuf_adds(&text, ", last ");
		lc_clock_add_utc(&text, "%Y-%m-%d %H:%M:%S", about->last_ns);
	}
	lc_strbuf_adds(&text, about->first_ns || (about->last_ns && about->count > 1) ? " UTC" : "");
	if (about->check)
		add_life(&text, about->check);
	if (about->exe) {
		lc_strbuf_adds(&text, "; ");
		lc_escape_terminal(&text, about->exe);
	}
	if (about->user) {
		lc_strbuf_adds(&text, " as ");
		lc_escape_terminal(&text, about->user);
	}
	if (about->object->path) {
		lc_strbuf_adds(&text, "; ");
		lc_escape_terminal(&text, about->object->path);
		lc_strbuf_adds(&text, " is ");
		lc_escape_terminal(&text, about->object->owner ? about->object->owner : "?");
		lc_strbuf_addf(&text, " %04o", (unsigned int)(about->object->mode & 07777));
	} else if (about->object->late) {
		lc_strbuf_addf(&text, "; %s", LC_OBJECT_LATE);
	}
	lc_paragraph_take(out, style, "", &text);
}

/* What came of it, and what would have. */
static void add_consequence(struct lc_strbuf *out, const struct lc_style *style, const struct lc_check *check)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf lead = {0};
	struct lc_strbuf text = {0};

	lc_strbuf_addf(&lead, "%s:", lc_class_name(check->class));
	out->failed |= lead.failed;
	lc_strbuf_addf(&text, "%s%s", lc_story_consequence(check->class),
		check->survivable ? ", but the program may do without: verify by a run without it" : "");
	if (check->why) {
		lc_strbuf_adds(&text, ": ");
		lc_escape_terminal(&text, check->why);
	}
	lc_strbuf_adds(&text, ".");
	lc_paragraph_take(out, style, lead.text ? lead.text : "", &text);
}

static void add_piece(struct lc_strbuf *out, const struct lc_style *style, const struct lc_check *check)
{
	add_heading(out, style, check);
	lc_story_add_circumstances(out, style,
		&(struct lc_story_circumstances){.count = check->count,
			.first_ns = check->first_ns,
			.last_ns = check->last_ns,
			.exe = check->exe,
			.user = check->user,
			.object = &check->object,
			.check = check});
	add_consequence(out, style, check);
	if (check->user_stack)
		add_stack(out, style, "program:", check->user_stack);
	if (check->kernel_stack) {
		add_stack(out, style, "kernel:", check->kernel_stack);
	} else if (check->caller) {
		struct lc_strbuf caller = {0};

		lc_escape_terminal(&caller, check->caller);
		lc_paragraph_take(out, style, "kernel:", &caller);
	}
}

/* Whether the piece is about the target's own needs, as the report has it. */
static bool is_told(const struct lc_style *style, const struct lc_check *check, int cap)
{
	return check->cap == cap && (style->verbose || !lc_report_is_left_out(check->class));
}

/*
 * Tells the pieces of evidence on CAP in their order, by class and the most frequent first. *TOLD is how many. Returns whether one has
 * the program's stack.
 */
static bool add_pieces(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap, size_t *told)
{
	bool stacks = false;
	size_t more = 0;

	*told = 0;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (!is_told(style, check, cap))
			continue;
		if (!style->verbose && *told >= LC_PIECES_TOLD) {
			more++;
			continue;
		}
		(*told)++;
		stacks = stacks || check->user_stack;
		add_piece(out, style, check);
	}
	if (more)
		lc_strbuf_addf(out, "\n+%zu more; -v tells them all\n", more);
	return stacks;
}

/* What the runtime and overlayfs asked, in one line. */
static void add_left_out(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap)
{
	uint64_t setup = 0, overridden = 0;
	struct lc_strbuf text = {0};

	/* The evidence has been told then. */
	if (style->verbose)
		return;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap == cap && check->class == LC_CLASS_SETUP)
			setup = lc_count_add(setup, check->count);
		if (check->cap == cap && check->class == LC_CLASS_OVERRIDDEN)
			overridden = lc_count_add(overridden, check->count);
	}
	if (!setup && !overridden)
		return;
	lc_strbuf_addf(&text,
		"left out: %" PRIu64 " by the runtime's set-up, %" PRIu64 " by overlayfs's credentials; -v tells them",
		setup, overridden);
	lc_strbuf_adds(out, "\n");
	lc_story_add_line(out, style, &text, false);
}

/* The answer: whether CAP is on the list. */
static void add_answer(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap)
{
	const struct lc_explanation *explanation = lc_explain(cap);
	uint64_t bit = LC_CAP_BIT(cap);
	struct lc_strbuf line = {0};
	char name[LC_CAP_NAME_SIZE];

	lc_report_add_label(&line, target);
	lc_strbuf_addf(&line, ": %s is %s", lc_cap_name(cap, name),
		target->cap_add & bit            ? "on the list"
		: lc_report_refusal(target, cap) ? "wanted: it lets through what was refused"
		: target->wanted & bit           ? "wanted, but denied"
						 : "not on the list");
	if (target->cap_add & target->verify & bit)
		lc_strbuf_adds(&line, ", to be verified");
	lc_story_add_line(out, style, &line, true);
	if (explanation)
		lc_paragraph_add(out, style, explanation->meaning);
}

static void add_advice(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap)
{
	bool begun = false;

	for (size_t i = 0; i < target->n_advice; i++) {
		struct lc_strbuf text = {0};

		if (target->advice[i].cap != cap)
			continue;
		if (!begun) {
			lc_strbuf_adds(out, "\n");
			lc_strbuf_adds(&text, "what to do instead, and what granting means");
			lc_story_add_line(out, style, &text, true);
		}
		begun = true;
		lc_escape_terminal(&text, target->advice[i].text);
		lc_paragraph_take(out, style, "", &text);
	}
}

/* Which system calls CAP opens in the engine's filter: a reason to keep what was never asked for. */
static void add_opened(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap)
{
	struct lc_strbuf opened = {0};

	lc_report_add_opened(&opened, target, cap, style->verbose ? SIZE_MAX - 1 : LC_OPENED_TOLD);
	if (opened.length)
		lc_strbuf_adds(out, "\n");
	lc_paragraph_take(out, style, "filter:", &opened);
}

int lc_story_tell(const struct lc_target *target, int cap, const struct lc_style *style, struct lc_strbuf *out)
{
	size_t told, refused;
	bool stacks;

	add_answer(out, style, target, cap);
	lc_report_add_trial(out, style, target, cap);
	stacks = add_pieces(out, style, target, cap, &told);
	refused = lc_story_add_refusals(out, style, target, &(struct lc_story_chosen){.cap = cap});
	if (!told && !refused)
		lc_paragraph_add(out, style,
			target->granted & LC_CAP_BIT(cap) ? "It was granted, and the workload never asked for it."
							  : "The workload never asked for it.");
	add_opened(out, style, target, cap);
	add_left_out(out, style, target, cap);
	add_advice(out, style, target, cap);
	if (told && !stacks)
		lc_strbuf_adds(out, "\nrecord with -k to see the program's own functions\n");
	return out->failed ? -ENOMEM : 0;
}
