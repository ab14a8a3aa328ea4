/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which recorded container belongs to which service: by compose's label, by its name, or by its image. */
#include "match.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct matcher {
	const struct lc_compose *file;
	const struct lc_profile *profile;
	const struct lc_log *log;
	const char *project; /* the file's among those recorded; NULL: none is known to be it */
	size_t *services;    /* of each target */
};

static bool has_project(const struct lc_profile *profile, const char *project)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (target->service && target->project && strcmp(target->project, project) == 0)
			return true;
	}
	return false;
}

/* The name that compose gives the project of a file at PATH: its directory's, in the letters that a name may have. */
static char *directory_project(const char *path)
{
	_cleanup_free_ char *full = realpath(path, NULL);
	struct lc_strbuf name = {0};
	char *slash = full ? strrchr(full, '/') : NULL;

	if (slash)
		*slash = '\0';
	slash = slash ? strrchr(full, '/') : NULL;
	for (const char *c = slash ? slash + 1 : ""; *c; c++) {
		char lower = (char)tolower((unsigned char)*c);

		if (isalnum((unsigned char)lower) || (name.length && strchr("_-", lower)))
			lc_strbuf_add(&name, &lower, 1);
	}
	return lc_strbuf_steal(&name);
}

/* The only project in PROFILE, or NULL where there are several or none. */
static const char *only_project(const struct lc_profile *profile)
{
	const char *only = NULL;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const char *project = target->project ? target->project : "";

		if (!target->service)
			continue;
		if (only && strcmp(only, project) != 0)
			return NULL;
		only = project;
	}
	return only;
}

/* The project of PROFILE that the file is for. Caller frees; NULL where it cannot be told, or when out of memory. */
static char *find_project(const struct lc_compose *file, const struct lc_profile *profile, const struct lc_log *log)
{
	const char *only = only_project(profile);
	char *project;

	if (only) {
		/* docker compose -p gives another name than the file's. */
		if (file->name && !strchr(file->name, '$') && strcmp(file->name, only) != 0)
			lc_log(log, LC_LOG_WARN,
				"%s: the file is of project %s and the recording of %s: taken for the same", file->path,
				file->name, only);
		return strdup(only);
	}
	if (file->name && has_project(profile, file->name))
		return strdup(file->name);
	project = directory_project(file->path);
	if (project && has_project(profile, project))
		return project;
	free(project);
	return NULL;
}

static size_t find_by_name(const struct lc_compose *file, const char *name)
{
	for (size_t i = 0; i < file->n_services; i++) {
		if (strcmp(file->services[i].name, name) == 0)
			return i;
	}
	return LC_COMPOSE_NO_SERVICE;
}

static size_t find_by_container_name(const struct lc_compose *file, const char *name)
{
	for (size_t i = 0; i < file->n_services; i++) {
		if (file->services[i].container_name && strcmp(file->services[i].container_name, name) == 0)
			return i;
	}
	return LC_COMPOSE_NO_SERVICE;
}

static bool is_matched(const struct matcher *matcher, size_t service)
{
	for (size_t i = 0; i < matcher->profile->n_targets; i++) {
		if (matcher->services[i] == service)
			return true;
	}
	return false;
}

/* The only service with IMAGE; *N is how many have it. */
static size_t find_by_image(const struct matcher *matcher, const char *image, size_t *n)
{
	size_t found = LC_COMPOSE_NO_SERVICE;

	*n = 0;
	for (size_t i = 0; i < matcher->file->n_services; i++) {
		if (!lc_image_is(matcher->file->services[i].image, image))
			continue;
		found = i;
		++*n;
	}
	return *n == 1 ? found : LC_COMPOSE_NO_SERVICE;
}

/* A container that compose started: its label tells. */
static size_t match_label(const struct matcher *matcher, const struct lc_target *target)
{
	const struct lc_compose *file = matcher->file;
	const char *project = target->project ? target->project : "";
	size_t service;

	if (!matcher->project) {
		lc_log(matcher->log, LC_LOG_WARN,
			"%s: %s is of compose project %s: of which project the file is cannot be told; give the file a 'name:'",
			file->path, target->name, project);
		return LC_COMPOSE_NO_SERVICE;
	}
	if (strcmp(matcher->project, project) != 0) {
		lc_log(matcher->log, LC_LOG_WARN, "%s: %s is of another compose project, %s: left out", file->path,
			target->name, project);
		return LC_COMPOSE_NO_SERVICE;
	}
	service = find_by_name(file, target->service);
	if (service == LC_COMPOSE_NO_SERVICE)
		lc_log(matcher->log, LC_LOG_WARN, "%s:%zu: service %s was recorded (%s) and is not in the file",
			file->path, file->services_line, target->service, target->name);
	return service;
}

/* Warns where TARGET, which is SERVICE by its label or name, ran another image, because anybody can set a label. Returns SERVICE. */
static size_t compare_image(const struct matcher *matcher, size_t service, const struct lc_target *target)
{
	const struct lc_compose_service *in_file =
		service == LC_COMPOSE_NO_SERVICE ? NULL : &matcher->file->services[service];

	/* An image with variables in its name is not known here, and one without a name goes by its hash. */
	if (in_file && in_file->image && target->image && !strchr(in_file->image, '$') &&
		strncmp(target->image, "sha256:", strlen("sha256:")) != 0 &&
		!lc_image_is(in_file->image, target->image))
		lc_log(matcher->log, LC_LOG_WARN, "%s:%zu: %s: its image is %s, and what was recorded (%s) ran %s",
			matcher->file->path, in_file->line, in_file->name, in_file->image, target->name, target->image);
	return service;
}

/* The service of TARGET by what is sure, its label or its name. */
static size_t match_surely(const struct matcher *matcher, const struct lc_target *target)
{
	if (target->kind != LC_TARGET_CONTAINER) {
		lc_log(matcher->log, LC_LOG_WARN, "%s: %s is no container: left out", matcher->file->path,
			target->name);
		return LC_COMPOSE_NO_SERVICE;
	}
	if (target->owner) {
		lc_log(matcher->log, LC_LOG_WARN, "%s: %s is user %s's own: left out", matcher->file->path,
			target->name, target->owner);
		return LC_COMPOSE_NO_SERVICE;
	}
	return compare_image(matcher,
		target->service ? match_label(matcher, target) : find_by_container_name(matcher->file, target->name),
		target);
}

/* The service of TARGET, a container of which only the image tells. */
static size_t match_image(const struct matcher *matcher, const struct lc_target *target)
{
	const char *image = target->image ? target->image : "image unknown";
	size_t n;
	size_t service = find_by_image(matcher, target->image, &n);

	if (n > 1)
		lc_log(matcher->log, LC_LOG_WARN,
			"%s: %s (%s): %zu services have its image, and neither a label nor a container_name tells which it is",
			matcher->file->path, target->name, image, n);
	else if (!n)
		lc_log(matcher->log, LC_LOG_WARN, "%s: %s (%s) is no service of the file: left out",
			matcher->file->path, target->name, image);
	else if (is_matched(matcher, service))
		lc_log(matcher->log, LC_LOG_WARN,
			"%s: %s (%s) has the image of service %s, which other containers are for sure: left out",
			matcher->file->path, target->name, image, matcher->file->services[service].name);
	else
		return service;
	return LC_COMPOSE_NO_SERVICE;
}

size_t *lc_compose_match(const struct lc_compose *file, const struct lc_profile *profile, const struct lc_log *log)
{
	_cleanup_free_ char *project = find_project(file, profile, log);
	size_t *services = calloc(profile->n_targets + 1, sizeof(*services));
	size_t *by_image = calloc(profile->n_targets + 1, sizeof(*by_image));
	struct matcher matcher = {
		.file = file, .profile = profile, .log = log, .project = project, .services = services};

	if (!services || !by_image) {
		free(services);
		free(by_image);
		return NULL;
	}
	for (size_t i = 0; i < profile->n_targets; i++)
		services[i] = LC_COMPOSE_NO_SERVICE;
	for (size_t i = 0; i < profile->n_targets; i++)
		services[i] = match_surely(&matcher, &profile->targets[i]);
	/* SERVICES stays as it is meanwhile, so that one replica of an image does not take the service from another. */
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		by_image[i] = services[i];
		if (services[i] == LC_COMPOSE_NO_SERVICE && target->kind == LC_TARGET_CONTAINER && !target->service &&
			!target->owner)
			by_image[i] = match_image(&matcher, target);
	}
	free(services);
	return by_image;
}

bool *lc_compose_known(const struct lc_compose *file, const struct lc_profile *profile)
{
	_cleanup_free_ size_t *services = lc_compose_match(file, profile, NULL);
	bool *known = services ? calloc(profile->n_targets + 1, sizeof(*known)) : NULL;

	for (size_t i = 0; known && i < profile->n_targets; i++)
		known[i] = services[i] != LC_COMPOSE_NO_SERVICE;
	return known;
}
