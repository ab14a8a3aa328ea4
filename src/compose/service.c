/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else a service says, as far as it matters when it is to start as another user. */
#include "match.h"

#include <leastcap/cleanup.h>
#include <leastcap/compose.h>
#include <leastcap/path.h>
#include <leastcap/yaml.h>

#include <stdlib.h>
#include <string.h>

static const struct lc_yaml_node *get(const struct lc_compose_service *service, const char *key)
{
	return lc_yaml_value(service->value, key);
}

/* Why the sysctl can't be set for SERVICE; NULL: it can. */
static const char *ports_refusal(const struct lc_compose_service *service)
{
	const struct lc_yaml_node *network = get(service, "network_mode");
	const char *mode = lc_yaml_text(network);

	if (service->open_ports)
		return NULL;
	if (network && (!mode || (strcmp(mode, "bridge") != 0 && strcmp(mode, "default") != 0)))
		return "it has no network of its own, whose ports could be opened to everybody (network_mode)";
	if (get(service, "sysctls"))
		return "it has sysctls already, to which net.ipv4.ip_unprivileged_port_start=0 is to be added";
	return get(service, "extends") ? "it extends a service, whose sysctls are not known" : NULL;
}

const char *lc_compose_refusal(const struct lc_compose_service *service, const struct lc_compose_change *change)
{
	bool user = change->user && (!change->of_image || service->user || service->unknown[LC_COMPOSE_KEY_USER].text);

	if (user && service->unknown[LC_COMPOSE_KEY_USER].text)
		return "its user has a variable";
	if (user && service->user && !lc_user_is_root(service->user) && strcmp(service->user, change->user) != 0)
		return "it has another user already";
	if (change->user && get(service, "userns_mode"))
		return "it has a user namespace mode of its own, in which the user's number may be another one";
	return change->open_ports ? ports_refusal(service) : NULL;
}

bool lc_compose_builds(const struct lc_compose_service *service)
{
	return get(service, "build");
}

const char *lc_compose_build_target(const struct lc_compose_service *service)
{
	const struct lc_yaml_node *build = get(service, "build");

	return build && build->kind == LC_YAML_MAPPING ? lc_yaml_text(lc_yaml_get(build, "target")) : NULL;
}

/* Whether PATH lies in the directory that LENGTH bytes of TEXT name. */
static bool lies_in(const char *path, const char *text, size_t length)
{
	while (length > 1 && text[length - 1] == '/')
		length--;
	return length && lc_path_lies_in_n(path, text, length);
}

/* What TEXT, "volume:/data:ro" or "/data", mounts where PATH lies. */
static enum lc_compose_mount mount_of_text(const char *text, const char *path)
{
	const char *colon = strchr(text, ':');
	const char *target = colon ? colon + 1 : text;

	if (!lies_in(path, target, strcspn(target, ":")))
		return LC_COMPOSE_NO_MOUNT;
	return colon && strchr("./~$", *text) ? LC_COMPOSE_HOST_DIRECTORY : LC_COMPOSE_VOLUME;
}

/* The same of MAPPING, the long form. */
static enum lc_compose_mount mount_of_mapping(const struct lc_yaml_node *mapping, const char *path)
{
	const char *target = lc_yaml_text(lc_yaml_get(mapping, "target"));
	const char *type = lc_yaml_text(lc_yaml_get(mapping, "type"));

	if (!target || !lies_in(path, target, strlen(target)))
		return LC_COMPOSE_NO_MOUNT;
	return type && !strcmp(type, "volume") ? LC_COMPOSE_VOLUME : LC_COMPOSE_HOST_DIRECTORY;
}

enum lc_compose_mount lc_compose_mount_of(const struct lc_compose_service *service, const char *path)
{
	const struct lc_yaml_node *volumes = get(service, "volumes");
	enum lc_compose_mount found = LC_COMPOSE_NO_MOUNT;

	for (size_t i = 0; volumes && volumes->kind == LC_YAML_SEQUENCE && i < volumes->n_children; i++) {
		const struct lc_yaml_node *item = lc_yaml_resolve(volumes->children[i]);
		enum lc_compose_mount mount = LC_COMPOSE_NO_MOUNT;

		if (item->kind == LC_YAML_SCALAR)
			mount = mount_of_text(item->text, path);
		else if (item->kind == LC_YAML_MAPPING)
			mount = mount_of_mapping(item, path);
		found = mount ? mount : found;
	}
	return found;
}

const struct lc_compose_service **lc_compose_services_of(
	const struct lc_compose *file, const struct lc_profile *profile, const struct lc_log *log)
{
	_cleanup_free_ size_t *numbers = lc_compose_match(file, profile, log);
	const struct lc_compose_service **services = numbers ? calloc(profile->n_targets + 1, sizeof(void *)) : NULL;

	for (size_t i = 0; services && i < profile->n_targets; i++) {
		if (numbers[i] != LC_COMPOSE_NO_SERVICE)
			services[i] = &file->services[numbers[i]];
	}
	return services;
}
