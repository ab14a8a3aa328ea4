/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dockerfile and label reports: the label of an image or a container by which Podman grants no more than the list. */
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/engine.h>

#include <errno.h>

/* What Podman reads: capabilities with commas between (ContainerImageLabels in containers/common). */
#define LABEL "io.containers.capabilities"

/*
 * What Podman makes of the label (securityConfigureGenerator of podman's specgen): it passes over one that names more than the container would get without
 * it, and where it does not know an empty one it takes that for a capability without a name.
 */
static void add_limits(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t beyond = target->cap_add & ~lc_engine_defaults(LC_ENGINE_PODMAN, NULL);

	if (!target->cap_add)
		lc_strbuf_adds(out,
			"# Podman 4.3 starts nothing with an empty label, which 5 takes: leave it out there, and say --cap-drop=ALL\n");
	if (!beyond)
		return;
	lc_cap_add_list(out, beyond, "# Podman takes it only with --cap-add=", " --cap-add=", false);
	lc_strbuf_adds(out, ": that is not among its defaults, which it grants otherwise\n");
}

/* The list is put between BEFORE and AFTER. */
static int render(const struct lc_profile *profile, const struct lc_style *style, const char *before, const char *after,
	struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (target->sandbox)
			continue;
		lc_report_add_heading(out, "", target);
		lc_report_add_comments_on(out, "", target, "the label");
		add_limits(out, target);
		lc_strbuf_adds(out, before);
		lc_cap_add_list(out, target->cap_add, "", ",", style->cap_prefix);
		lc_strbuf_adds(out, after);
	}
	return out->failed ? -ENOMEM : 0;
}

static int render_dockerfile(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return render(profile, style, "LABEL " LABEL "=\"", "\"\n", out);
}

static int render_label(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return render(profile, style, LABEL "=", "\n", out);
}

const struct lc_report_format lc_report_dockerfile = {
	.name = "dockerfile",
	.description = "an image's label that Podman reads, a line for its Dockerfile",
	.either_spelling = true,
	.other_engine = true,
	.only_list = true,
	.render = render_dockerfile,
};

const struct lc_report_format lc_report_label = {
	.name = "label",
	.description = "the same label as KEY=VALUE, for compose's labels, --label and OCI annotations",
	.either_spelling = true,
	.other_engine = true,
	.only_list = true,
	.render = render_label,
};
