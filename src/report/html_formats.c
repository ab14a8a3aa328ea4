/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of a target in the formats that take it, folded, which the html report's script copies at a click. */
#include "html.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* For what has an engine, and for what systemd or a shell starts. */
static const char *const of_containers[] = {"docker", "compose", "kubernetes", "podman", "quadlet", "oci", NULL};
static const char *const of_others[] = {"systemd", "docker", "oci", NULL};

/* Whether TEXT has a line that is no comment, so that there is something to copy. */
static bool has_content(const char *text)
{
	while (text && *text) {
		text += strspn(text, " \t\n");
		if (*text && *text != '#')
			return true;
		text += strcspn(text, "\n");
	}
	return false;
}

/* Appends the list of the only target of ONE in the format called NAME, after BEFORE if it is the first. Whether there is one, or -errno. */
static int add_format(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *one,
	const char *name, const char *before)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_report_format *format = lc_report_find(name);
	int r = format ? format->render(one, style, &text) : 0;

	if (r || !has_content(text.text))
		return r;
	lc_strbuf_addf(out, "%s<dt>%s</dt><dd><pre data-format=\"%s\"><code>", before, name, name);
	for (const char *line = text.text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		_cleanup_free_ char *copy = strndup(line, strcspn(line, "\n"));

		if (!copy)
			return -ENOMEM;
		lc_escape_html(out, copy);
		lc_strbuf_adds(out, "\n");
	}
	lc_strbuf_adds(out, "</code></pre></dd>\n");
	return 1;
}

/* Makes ONE of PROFILE's target NUMBER alone, with what is missing of it, so that what is copied says that too. 0 or -ENOMEM. */
static int make_one(const struct lc_profile *profile, size_t number, struct lc_profile *one)
{
	_cleanup_free_ bool *meant = calloc(profile->n_targets, sizeof(*meant));

	if (!meant)
		return -ENOMEM;
	meant[number - 1] = true;
	*one = *profile;
	one->targets = &profile->targets[number - 1];
	one->n_targets = 1;
	one->lost = lc_profile_lost(profile, meant);
	return 0;
}

int lc_html_add_formats(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile, size_t number)
{
	const struct lc_target *target = &profile->targets[number - 1];
	const char *const *name = target->kind == LC_TARGET_CONTAINER ? of_containers : of_others;
	struct lc_profile one;
	bool some = false;
	int r;

	if (target->sandbox || lc_profile_is_unwatched(profile))
		return 0;
	r = make_one(profile, number, &one);
	for (; r >= 0 && *name; name++) {
		r = add_format(out, style, &one, *name,
			some ? "" : "<details class=\"formats\">\n<summary>For other files</summary>\n<dl>\n");
		some |= r > 0;
	}
	if (some)
		lc_strbuf_adds(out, "</dl>\n</details>\n");
	return r < 0 ? r : 0;
}
