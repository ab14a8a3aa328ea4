/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans as a patch of a project's files: which container's image the Dockerfile makes, and what its service becomes with that. */
#include "harden_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/dockerfile.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* A patch being made. */
struct maker {
	const struct lc_harden_project *project;
	const struct lc_log *log;
	const struct lc_compose_service **services; /* of each target; NULL: there is no compose file */
	bool *in_image;                             /* of each target: its image starts as the user */
	size_t left;
};

/* The service of target I; NULL: it has none, or there is no compose file. */
static const struct lc_compose_service *service_of(const struct maker *maker, size_t i)
{
	return maker->services ? maker->services[i] : NULL;
}

/* Whether targets I and J have one image, as far as that is known. */
static bool share_image(const struct maker *maker, size_t i, size_t j)
{
	const struct lc_target *a = &maker->project->profile->targets[i];
	const struct lc_target *b = &maker->project->profile->targets[j];

	if (maker->services)
		return maker->services[i] == maker->services[j];
	return a->image && b->image ? !strcmp(a->image, b->image) : i == j;
}

/* Whether the Dockerfile may be that of target I, which is to start as another user. */
static bool may_build(const struct maker *maker, size_t i)
{
	const struct lc_compose_service *service = service_of(maker, i);

	return maker->project->plans[i].as_user && (!maker->services || (service && lc_compose_builds(service)));
}

/* Says that the Dockerfile is left as it is, because of WHY. */
static void leave(struct maker *maker, const char *why)
{
	lc_log(maker->log, LC_LOG_WARN, "%s: it is left as it is: %s", maker->project->dockerfile, why);
	maker->left++;
}

/* The first of the containers whose image the Dockerfile makes; SIZE_MAX: that can't be told, or it stays as it is, which has been said. */
static size_t find_built(struct maker *maker)
{
	const struct lc_harden_plan *plans = maker->project->plans;
	size_t n = maker->project->profile->n_targets, found = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		if (!may_build(maker, i))
			continue;
		if (found == SIZE_MAX)
			found = i;
		else if (!share_image(maker, found, i)) {
			leave(maker, "which of several containers it makes the image of is not known");
			return SIZE_MAX;
		}
	}
	for (size_t i = 0; found != SIZE_MAX && i < n; i++) {
		if (!share_image(maker, found, i))
			continue;
		if (!plans[i].as_user || plans[i].uid != plans[found].uid || plans[i].gid != plans[found].gid) {
			leave(maker, "the containers of its image do not start as one user");
			return SIZE_MAX;
		}
	}
	if (found == SIZE_MAX)
		leave(maker, maker->services ? "no service that is built was recorded that could start as another user"
					     : "no container was recorded that could start as another user");
	return found;
}

/* PLAN's user as text. NULL when out of memory. Caller frees. */
static char *user_text(const struct lc_harden_plan *plan)
{
	struct lc_strbuf text = {0};

	lc_harden_add_user(&text, plan);
	return lc_strbuf_steal(&text);
}

/* Why the service of target I can't follow an image that starts as its plan's user; NULL: it can. */
static const char *service_refusal(const struct maker *maker, size_t i, const char *user)
{
	const struct lc_compose_change change = {
		.user = user, .of_image = true, .open_ports = maker->project->plans[i].open_ports};

	return service_of(maker, i) ? lc_compose_refusal(service_of(maker, i), &change) : NULL;
}

/* Patches the Dockerfile. 0 or -ENOMEM. */
static int patch_dockerfile(struct maker *maker, struct lc_strbuf *diff)
{
	const struct lc_harden_project *project = maker->project;
	size_t built = find_built(maker);
	const struct lc_compose_service *service = built == SIZE_MAX ? NULL : service_of(maker, built);
	_cleanup_free_ char *user = built == SIZE_MAX ? NULL : user_text(&project->plans[built]);
	_cleanup_free_ char *message = NULL;
	const char *why;
	int r;

	if (built == SIZE_MAX)
		return 0;
	if (!user)
		return -ENOMEM;
	why = service_refusal(maker, built, user);
	if (why) {
		leave(maker, why);
		return 0;
	}
	r = lc_dockerfile_patch(project->dockerfile, project->text->text ? project->text->text : "",
		project->text->length, service ? lc_compose_build_target(service) : NULL, &project->plans[built], diff,
		&message);
	if (r == -ENOTSUP) {
		lc_log(maker->log, LC_LOG_WARN, "%s", message ? message : project->dockerfile);
		maker->left++;
		return 0;
	}
	for (size_t i = 0; !r && i < project->profile->n_targets; i++)
		maker->in_image[i] = may_build(maker, i) && share_image(maker, built, i);
	return r;
}

/* Says how the files of a volume at PATH are given to USER once. */
static void tell_volume(const struct maker *maker, const struct lc_compose_service *service, const char *path,
	const char *user, bool of_host)
{
	lc_log(maker->log, LC_LOG_NOTICE,
		"%s: %s is in a %s: where that has files already no image changes them; give them away once: docker compose run --rm --no-deps --user 0 --cap-add CHOWN --cap-add DAC_READ_SEARCH --entrypoint chown %s -R %s %s",
		service->name, path, of_host ? "directory of the host" : "volume", service->name, user, path);
}

/* Whether the files of target I's plan can be the user's when its service starts. What is to be done by hand is said. */
static bool has_files(struct maker *maker, size_t i, const char *user)
{
	const struct lc_harden_plan *plan = &maker->project->plans[i];
	const struct lc_compose_service *service = maker->services[i];
	bool fine = true;

	for (size_t j = 0; j < plan->n_paths; j++) {
		const char *path = plan->paths[j].path;
		enum lc_compose_mount mount = lc_compose_mount_of(service, path);

		if (mount)
			tell_volume(maker, service, path, user, mount == LC_COMPOSE_HOST_DIRECTORY);
		if (mount || maker->in_image[i])
			continue;
		fine = false;
		lc_log(maker->log, LC_LOG_WARN, "%s stays root: its image has to give %s to %s when it is built%s",
			service->name, path, user,
			maker->project->dockerfile ? "" : ", for which its Dockerfile is needed (--dockerfile)");
		maker->left++;
	}
	return fine;
}

/* Fills CHANGE with what the service of target I is to become. USER is its plan's, or NULL. */
static void change_service(struct maker *maker, size_t i, const char *user, struct lc_compose_change *change)
{
	const struct lc_harden_plan *plan = &maker->project->plans[i];

	*change = (struct lc_compose_change){.cap_add = plan->target->cap_add};
	if (!maker->services[i])
		return;
	change->open_ports = plan->open_ports;
	if (plan->open_ports)
		change->cap_add &= ~LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	if (!user || !has_files(maker, i, user))
		return;
	change->cap_add = plan->left;
	change->user = user;
	change->of_image = maker->in_image[i];
}

/* Patches the compose file. 0 or -errno. */
static int patch_compose(struct maker *maker, struct lc_strbuf *diff)
{
	const struct lc_profile *profile = maker->project->profile;
	_cleanup_free_ struct lc_compose_change *changes = calloc(profile->n_targets + 1, sizeof(*changes));
	_cleanup_free_ char **users = calloc(profile->n_targets + 1, sizeof(*users));
	size_t left = 0;
	int r = changes && users ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_harden_plan *plan = &maker->project->plans[i];

		users[i] = plan->as_user ? user_text(plan) : NULL;
		if (plan->as_user && !users[i])
			r = -ENOMEM;
		else
			change_service(maker, i, users[i], &changes[i]);
	}
	if (!r)
		r = lc_compose_patch(maker->project->compose, profile, changes, maker->log, diff, &left);
	for (size_t i = 0; users && i < profile->n_targets; i++)
		free(users[i]);
	maker->left += left;
	return r;
}

/* Says what the containers of the image are to be started with, where there is no compose file that says so. */
static void tell_options(const struct maker *maker)
{
	for (size_t i = 0; i < maker->project->profile->n_targets; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf options = {0};
		const struct lc_harden_plan *plan = &maker->project->plans[i];
		uint64_t left = plan->left;
		char name[LC_CAP_NAME_SIZE];

		if (!maker->in_image[i])
			continue;
		lc_strbuf_adds(&options, "--cap-drop ALL");
		for (int cap; (cap = lc_cap_take(&left)) >= 0;)
			lc_strbuf_addf(&options, " --cap-add %s", lc_cap_name(cap, name));
		if (plan->open_ports)
			lc_strbuf_adds(&options, " --sysctl " LC_COMPOSE_PORTS_SYSCTL "=0");
		lc_log(maker->log, LC_LOG_NOTICE, "%s then takes %s", plan->target->name,
			options.text ? options.text : "");
	}
}

int lc_harden_patch(
	const struct lc_harden_project *project, const struct lc_log *log, struct lc_strbuf *diff, size_t *left)
{
	_cleanup_free_ const struct lc_compose_service **services =
		project->compose ? lc_compose_services_of(project->compose, project->profile, NULL) : NULL;
	_cleanup_free_ bool *in_image = calloc(project->profile->n_targets + 1, sizeof(*in_image));
	_cleanup_(lc_strbuf_free) struct lc_strbuf second = {0};
	struct maker maker = {.project = project, .log = log, .services = services, .in_image = in_image};
	int r = in_image && (services || !project->compose) ? 0 : -ENOMEM;

	if (!r && project->dockerfile)
		r = patch_dockerfile(&maker, &second);
	if (!r && project->compose)
		r = patch_compose(&maker, diff);
	else if (!r)
		tell_options(&maker);
	lc_strbuf_adds(diff, second.text);
	*left = maker.left;
	return r ? r : second.failed || diff->failed ? -ENOMEM : 0;
}
