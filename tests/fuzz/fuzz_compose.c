/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds compose files to their reader and editor. A patch has to fit its file, and to leave nothing that another would do. */
#include "served.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/compose.h>

#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was recorded of the services that the seeds have. */
static const struct {
	const char *service;
	uint64_t cap_add;
} recorded[] = {
	{"api", LC_CAP_BIT(CAP_NET_ADMIN)},
	{"db", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID)},
	{"web", LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_NET_BIND_SERVICE)},
	{"worker", 0},
};

static void fill(struct lc_profile *profile)
{
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		struct lc_target *target = lc_profile_add_target(profile);

		if (!target)
			abort();
		target->kind = LC_TARGET_CONTAINER;
		target->name = strdup(recorded[i].service);
		target->project = strdup("shop");
		target->service = strdup(recorded[i].service);
		target->cap_add = recorded[i].cap_add;
	}
}

/* The end of the line that begins at TEXT, behind its line break; END at most. */
static const char *next_line(const char *text, const char *end)
{
	const char *line = memchr(text, '\n', (size_t)(end - text));

	return line ? line + 1 : end;
}

/* Behind the beginning of LINE of TEXT, counted from 1. */
static const char *find_line(const char *text, const char *end, size_t line)
{
	while (--line)
		text = next_line(text, end);
	return text;
}

/* Applies DIFF to SIZE bytes of TEXT as patch(1) does, but takes nothing that does not fit to the byte. */
static void apply(const char *text, size_t size, const char *diff, struct lc_strbuf *after)
{
	const char *const text_end = text + size;
	const char *const diff_end = diff + strlen(diff);
	const char *const start = text;
	const char *line, *next;
	size_t number;

	for (line = diff; line < diff_end; line = next) {
		size_t length;

		next = next_line(line, diff_end);
		length = (size_t)(next - line) - 1;
		if (!strncmp(line, "--- ", 4) && line == diff)
			next = next_line(next, diff_end);
		else if (sscanf(line, "@@ -%zu", &number) == 1) {
			const char *hunk = find_line(start, text_end, number ? number : 1);

			if (hunk < text)
				abort();
			lc_strbuf_add(after, text, (size_t)(hunk - text));
			text = hunk;
		} else if (*line == '+') {
			/* Without the line break where what follows says so. */
			lc_strbuf_add(after, line + 1, *next == '\\' ? length - 1 : length);
		} else if (*line == ' ' || *line == '-') {
			length -= *next == '\\';
			if ((size_t)(text_end - text) < length || memcmp(text, line + 1, length) != 0)
				abort();
			if (*line == ' ')
				lc_strbuf_add(after, text, length);
			text += length;
		} else if (*line != '\\') {
			abort();
		}
	}
	lc_strbuf_add(after, text, (size_t)(text_end - text));
}

/* The patch of SIZE bytes of TEXT for PROFILE. False when it is no compose file. */
static bool patch(const struct lc_profile *profile, const char *text, size_t size, struct lc_strbuf *diff, size_t *left)
{
	_cleanup_(lc_compose_clear) struct lc_compose file = {0};
	_cleanup_free_ char *message = NULL;

	if (lc_compose_parse(&file, "compose.yaml", text, size, &message)) {
		if (!message || strchr(message, '\n') || file.services)
			abort();
		return false;
	}
	if (lc_compose_patch(&file, profile, NULL, NULL, diff, left))
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf after = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf again = {0};
	size_t left, left_again;

	fill(&profile);
	if (!patch(&profile, (const char *)input, size, &diff, &left) || !diff.length)
		return 0;
	apply((const char *)input, size, diff.text, &after);
	if (!patch(&profile, after.text, after.length, &again, &left_again) || again.length || left_again > left)
		abort();
	return 0;
}
