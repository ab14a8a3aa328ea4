/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The docker, podman and nerdctl reports: per target a comment with its name, and one line of options for the run command. */
#include "parts.h"

#include <errno.h>

/* GRANTING is what lc_report_add_comments_on takes. */
static int render(
	const struct lc_profile *profile, const struct lc_style *style, const char *granting, struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (target->sandbox)
			continue;
		lc_report_add_heading(out, "", target);
		lc_report_add_comments_on(out, "", target, granting);
		lc_report_add_spelled_options(out, target->cap_add, style->cap_prefix);
		lc_strbuf_adds(out, "\n");
	}
	return out->failed ? -ENOMEM : 0;
}

static int render_docker(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return render(profile, style, "--cap-add", out);
}

/* What podman adds is ambient for a user other than root (security.go of podman's specgen). */
static int render_podman(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return render(profile, style, NULL, out);
}

const struct lc_report_format lc_report_docker = {
	.name = "docker",
	.description = "options for docker run, one line per container",
	.either_spelling = true,
	.only_list = true,
	.render = render_docker,
};

const struct lc_report_format lc_report_podman = {
	.name = "podman",
	.description = "options for podman run, one line per container",
	.either_spelling = true,
	.other_engine = true,
	.only_list = true,
	.render = render_podman,
};

const struct lc_report_format lc_report_nerdctl = {
	.name = "nerdctl",
	.description = "options for nerdctl run, one line per container",
	.either_spelling = true,
	.other_engine = true,
	.only_list = true,
	.render = render_docker,
};
