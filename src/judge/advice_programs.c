/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice on programs whose files carry capabilities: execve demands them, and gives them unless no_new_privs is set. */
#include "advice.h"
#include "phrases.h"

#include <leastcap/capset.h>

#include <string.h>

/* Adds what CHECK, of a file that carries capabilities, is about: "/usr/bin/ping carries cap_net_raw=ep". */
static void add_carrier(struct lc_phrases *carriers, const struct lc_check *check)
{
	struct lc_strbuf phrase = {0};

	if (check->about)
		lc_strbuf_adds(&phrase, check->about);
	else
		lc_strbuf_addf(&phrase, "%s carries it", check->exe ? check->exe : "A program");
	lc_phrases_add(carriers, &phrase, check->count);
}

void lc_advice_on_carriers(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases carriers = {0};
	char name[LC_CAP_NAME_SIZE];
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		if (decision->check->source == LC_SOURCE_FILE)
			add_carrier(&carriers, decision->check);
	}
	lc_phrases_settle(&carriers);
	if (carriers.n) {
		lc_strbuf_adds(out, " ");
		lc_phrases_list(out, &carriers, ", ", LC_NAMED);
		lc_strbuf_addf(out, ": execve fails with EPERM when %s is not in the bounding set.",
			lc_cap_name(need->cap, name));
	}
	out->failed |= carriers.failed;
	lc_phrases_free(&carriers);
}

/* Adds CHECK's program: "/usr/bin/ping". */
static void add_program(struct lc_phrases *programs, const struct lc_check *check)
{
	struct lc_strbuf phrase = {0};
	size_t length = check->about ? strcspn(check->about, " ") : 0;

	if (check->exe)
		lc_strbuf_adds(&phrase, check->exe);
	else if (length && check->about[0] == '/')
		lc_strbuf_addf(&phrase, "%.*s", (int)length, check->about);
	else
		lc_strbuf_adds(&phrase, "a program");
	lc_phrases_add(programs, &phrase, check->count);
}

void lc_advice_on_void_files(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases programs = {0};
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		if (decision->check->source == LC_SOURCE_FILE && decision->check->no_new_privs)
			add_program(&programs, decision->check);
	}
	lc_phrases_settle(&programs);
	if (programs.n) {
		lc_strbuf_adds(out, " All the same ");
		lc_phrases_list(out, &programs, ", ", LC_NAMED);
		lc_strbuf_addf(out, " %s nothing by that, nor by a set-user-ID bit, because no_new_privs is set: %s.",
			programs.n > 1 ? "gain" : "gains",
			need->target->kind == LC_TARGET_CONTAINER
				? "run the container without --security-opt no-new-privileges (Kubernetes: allowPrivilegeEscalation: true), or do without the capability"
				: "start it without no_new_privs (systemd: NoNewPrivileges=no), or do without the capability");
	}
	out->failed |= programs.failed;
	lc_phrases_free(&programs);
}
