/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan as a person follows it: what to change in the image, in the service and in the start, and what stays. */
#include "harden_private.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>
#include <leastcap/paragraph.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A numbered list being written. */
struct list {
	struct lc_strbuf *out;
	const struct lc_style *style;
	unsigned int n;
};

/* Appends TEXT, which is escaped and freed, as the next step. */
static void step(struct list *list, struct lc_strbuf *text)
{
	char lead[16];

	snprintf(lead, sizeof(lead), "%u. ", ++list->n);
	lc_paragraph_take(list->out, list->style, lead, text);
}

void lc_harden_add_user(struct lc_strbuf *out, const struct lc_harden_plan *plan)
{
	lc_strbuf_addf(out, "%" PRIu32, plan->uid);
	if (plan->has_gid)
		lc_strbuf_addf(out, ":%" PRIu32, plan->gid);
}

void lc_harden_add_reason(struct lc_strbuf *out, const struct lc_harden_reason *reason)
{
	lc_cap_add_names(out, reason->caps);
	lc_strbuf_adds(out, reason->caps & (reason->caps - 1) ? " stay: " : " stays: ");
	lc_escape_terminal(out, reason->text);
}

/* The files that the image is to give to the user. */
static void add_files(struct list *list, const struct lc_harden_plan *plan)
{
	struct lc_strbuf text = {0};

	if (!plan->n_paths)
		return;
	lc_strbuf_adds(&text, "When the image is built, give what its start prepares to that user: RUN chown -R ");
	lc_harden_add_user(&text, plan);
	for (size_t i = 0; i < plan->n_paths; i++) {
		lc_strbuf_adds(&text, " ");
		lc_escape_terminal(&text, plan->paths[i].path);
	}
	lc_strbuf_adds(&text, ". A volume that has files already has to be given to it once.");
	if (plan->guesses)
		lc_strbuf_adds(&text,
			" Where it prepared several files at once only the first was recorded, and its directory is taken for all.");
	step(list, &text);
}

static void add_start(struct list *list, const struct lc_harden_plan *plan)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, "Start it as that user: USER ");
	lc_harden_add_user(&text, plan);
	lc_strbuf_adds(&text, " in the Dockerfile, user: \"");
	lc_harden_add_user(&text, plan);
	lc_strbuf_adds(&text, "\" in compose, or --user ");
	lc_harden_add_user(&text, plan);
	lc_strbuf_adds(&text, ".");
	if (plan->changers) {
		lc_strbuf_adds(&text, " What changes users now (");
		lc_escape_terminal(&text, plan->changers);
		lc_strbuf_adds(&text,
			") mostly fails then: a start script has to pass over it where id -u does not say 0, as those of official images do.");
	}
	step(list, &text);
}

static void add_ports(struct list *list, const struct lc_harden_plan *plan)
{
	struct lc_strbuf text = {0};

	if (!plan->open_ports)
		return;
	lc_strbuf_adds(&text,
		"Let everybody in it bind ports below 1024: the sysctl net.ipv4.ip_unprivileged_port_start=0, which Docker sets by itself since 20.10. In the host's network that can't be.");
	step(list, &text);
}

/* What the list is with all of it. */
static void add_list(struct list *list, const struct lc_harden_plan *plan)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, "Drop ALL, and add ");
	if (plan->left)
		lc_cap_add_names(&text, plan->left);
	else
		lc_strbuf_adds(&text, "nothing");
	lc_strbuf_adds(
		&text, ". Then prove it: what root itself owns and the other user may not write was not recorded.");
	step(list, &text);
}

static void add_heading(struct lc_strbuf *out, const struct lc_harden_plan *plan)
{
	const struct lc_target *target = plan->target;

	lc_escape_terminal(out, target->name);
	if (target->image) {
		lc_strbuf_adds(out, " (");
		lc_escape_terminal(out, target->image);
		lc_strbuf_adds(out, ")");
	}
	lc_strbuf_adds(out, " needs ");
	if (target->cap_add)
		lc_cap_add_names(out, target->cap_add);
	else
		lc_strbuf_adds(out, "nothing");
	lc_strbuf_adds(out,
		target->cap_add && !lc_harden_any(plan) ? ", and nothing was found that would change that\n" : "\n");
}

void lc_harden_add_steps(struct lc_strbuf *out, const struct lc_style *style, const struct lc_harden_plan *plan)
{
	struct list list = {.out = out, .style = style};

	add_heading(out, plan);
	if (lc_harden_any(plan)) {
		if (plan->as_user) {
			add_files(&list, plan);
			add_start(&list, plan);
		}
		add_ports(&list, plan);
		add_list(&list, plan);
	}
	for (size_t i = 0; i < plan->n_reasons; i++) {
		struct lc_strbuf text = {0};

		lc_harden_add_reason(&text, &plan->reasons[i]);
		lc_paragraph_take(out, style, "", &text);
	}
}
