/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compose report: an override file in which each service's capability lists replace those of the base file. */
#include "parts.h"
#include "united.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether compose accepts NAME as a service's name: letters, digits, dot, dash and underscore. */
static bool is_service_name(const char *name)
{
	if (!*name)
		return false;
	for (; *name; name++) {
		if (!strchr("._-", *name) && !(isascii((unsigned char)*name) && isalnum((unsigned char)*name)))
			return false;
	}
	return true;
}

/* TARGET's service as a YAML key, quoted unless it is a plain word. Targets with the same key are one service. */
static char *key_of(const struct lc_target *target)
{
	const char *name = target->service ? target->service : target->name;
	struct lc_strbuf key = {0};

	lc_report_add_key(&key, name);
	return lc_strbuf_steal(&key);
}

static bool same_project(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* The first target that compose started, or NULL: its project is the one that the file is for. */
static const struct lc_target *find_compose_target(const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (profile->targets[i].service)
			return &profile->targets[i];
	}
	return NULL;
}

/*
 * Why TARGET has no place in the file, or NULL when it has. Compose refuses a file that names services which the
 * project does not have, so containers from elsewhere may be in it only when it is no project's file anyway.
 */
static const char *reason_to_leave_out(const struct lc_target *target, const struct lc_target *project)
{
	if (target->sandbox)
		return "it runs in a sandbox of its own kernel, and its checks are not seen here";
	if (target->kind != LC_TARGET_CONTAINER)
		return "no container";
	if (!project)
		return is_service_name(target->name) ? NULL : "its name cannot be a service's";
	if (!target->service)
		return "not started by compose";
	return same_project(target->project, project->project) ? NULL : "of another compose project";
}

static void add_left_out(
	struct lc_strbuf *out, const struct lc_target *target, const char *reason, const struct lc_style *style)
{
	lc_strbuf_adds(out, "# left out: ");
	lc_report_add_label(out, target);
	lc_strbuf_addf(out, target->sandbox ? ": %s" : ": %s: ", reason);
	if (!target->sandbox)
		lc_report_add_spelled_options(out, target->cap_add, style->cap_prefix);
	lc_strbuf_adds(out, "\n");
}

static void add_list(struct lc_strbuf *out, uint64_t mask, const struct lc_style *style)
{
	lc_strbuf_adds(out, "    cap_add: !override [");
	lc_cap_add_list(out, mask, "", ", ", style->cap_prefix);
	lc_strbuf_adds(out, "]\n");
}

static void add_service(struct lc_strbuf *out, const struct lc_report_united *service, const struct lc_style *style)
{
	lc_strbuf_addf(out, "  %s:\n", service->name);
	for (size_t i = 0; i < service->n_targets; i++) {
		const struct lc_target *target = service->targets[i];

		lc_strbuf_adds(out, "    # ");
		lc_report_add_label(out, target);
		lc_strbuf_adds(out, target->service ? "\n" : ", not started by compose: the container's name\n");
		lc_report_add_comments(out, "    ", target);
	}
	lc_strbuf_adds(out, "    cap_drop: !override [ALL]\n");
	add_list(out, service->cap_add, style);
	if (service->privileged)
		lc_strbuf_adds(out, "    privileged: false\n");
}

static int add_services(struct lc_strbuf *out, const struct lc_profile *profile, const struct lc_style *style)
{
	static const struct lc_report_naming naming = {.name = key_of};
	struct lc_report_united *services = NULL;
	size_t n = 0;
	int r = lc_report_unite(profile, &naming, &services, &n);

	if (r)
		return r;
	lc_strbuf_adds(out, n ? "services:\n" : "services: {}\n");
	for (size_t i = 0; i < n; i++)
		add_service(out, &services[i], style);
	lc_report_free_united(services, n);
	return out->failed ? -ENOMEM : 0;
}

static void add_head(struct lc_strbuf *out, const struct lc_profile *profile, const struct lc_target *project)
{
	lc_report_add_losses(out, profile);
	if (project && project->project) {
		lc_strbuf_adds(out, "# for compose project ");
		lc_escape_comment(out, project->project);
		lc_strbuf_adds(out, "\n");
	}
	/* Without the tag, which Compose has since 2.24.4, a second file's lists are appended to the first's. */
	lc_strbuf_adds(out, "# !override needs Docker Compose 2.24.4 or later\n");
	if (!profile->n_targets)
		lc_strbuf_addf(out, "# %s\n", lc_report_nothing(profile));
}

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	const struct lc_target *project = find_compose_target(profile);
	/* The targets that have a place in the file. What they point to stays PROFILE's. */
	struct lc_profile kept = {.targets = calloc(profile->n_targets + 1, sizeof(*kept.targets))};
	int r;

	if (!kept.targets)
		return -ENOMEM;
	add_head(out, profile, project);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const char *reason = reason_to_leave_out(target, project);

		if (reason)
			add_left_out(out, target, reason, style);
		else
			kept.targets[kept.n_targets++] = *target;
	}
	r = add_services(out, &kept, style);
	free(kept.targets);
	return r;
}

const struct lc_report_format lc_report_compose = {
	.name = "compose",
	.description = "an override file for docker compose -f compose.yaml -f FILE",
	.either_spelling = true,
	.only_list = true,
	.render = render,
};
