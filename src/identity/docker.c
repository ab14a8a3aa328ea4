/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the Docker Engine's answer: a container's name, image, labels of compose and Kubernetes, and configured capabilities. */
#include "src/identity/docker.h"
#include "src/identity/bundle.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Reads a member that may be missing or null and otherwise is a string. */
static int optional_string(const json_t *object, const char *key, const char **text)
{
	const json_t *value = json_object_get(object, key);

	*text = json_string_value(value);
	return !value || json_is_null(value) || *text ? 0 : -EPROTO;
}

/* Reads a member that may be missing or null and otherwise is an object; NULL reads as an object without members. */
static int optional_object(const json_t *object, const char *key, const json_t **member)
{
	const json_t *value = json_object_get(object, key);

	*member = json_is_object(value) ? value : NULL;
	return !value || json_is_null(value) || *member ? 0 : -EPROTO;
}

/* Reads CapAdd or CapDrop: names in either spelling, or "ALL". A name that libcap does not know is left out. */
static int optional_capabilities(const json_t *object, const char *key, uint64_t *set)
{
	const json_t *names = json_object_get(object, key), *name;
	size_t i;
	int cap;

	if (!names || json_is_null(names))
		return 0;
	if (!json_is_array(names))
		return -EPROTO;
	json_array_foreach(names, i, name)
	{
		if (!json_is_string(name))
			return -EPROTO;
		cap = lc_cap_from_name(json_string_value(name));
		if (cap >= 0)
			*set |= LC_CAP_BIT(cap);
		else if (strcasecmp(json_string_value(name), "ALL") == 0)
			*set |= lc_cap_all();
	}
	return 0;
}

/* Whether CONFIG has a health check; {"Test": ["NONE"]} takes away the image's. */
static bool has_check(const json_t *config)
{
	const json_t *test = json_object_get(json_object_get(config, "Healthcheck"), "Test");
	const char *kind = json_string_value(json_array_get(test, 0));

	return kind && strcmp(kind, "NONE") != 0;
}

static int read_config(const json_t *config, struct lc_docker_container *container)
{
	const json_t *labels;

	container->checked = has_check(config);
	if (optional_string(config, "Image", &container->image) < 0 || optional_object(config, "Labels", &labels) < 0 ||
		optional_string(labels, "com.docker.compose.project", &container->project) < 0 ||
		optional_string(labels, "com.docker.compose.service", &container->service) < 0 ||
		optional_string(labels, "com.docker.compose.project.working_dir", &container->directory) < 0 ||
		optional_string(labels, "com.docker.compose.config-hash", &container->hash) < 0 ||
		optional_string(labels, "io.kubernetes.pod.name", &container->pod) < 0 ||
		optional_string(labels, "io.kubernetes.pod.namespace", &container->namespace) < 0)
		return -EPROTO;
	return 0;
}

/* What the user's profile says, where OPTION (--security-opt) gives one. NULL: it is about something else, or names the engine's own profile, or none. */
static const char *users_profile(const char *option)
{
	static const char seccomp[] = "seccomp";
	size_t length = sizeof(seccomp) - 1;

	/* Docker once took a colon as well. */
	if (!option || strncmp(option, seccomp, length) != 0 || (option[length] != '=' && option[length] != ':'))
		return NULL;
	option += length + 1;
	return strcmp(option, "unconfined") != 0 && strcmp(option, "builtin") != 0 ? option : NULL;
}

static int read_security_options(const json_t *options, struct lc_docker_container *container)
{
	const json_t *option;
	size_t i;

	if (options && !json_is_null(options) && !json_is_array(options))
		return -EPROTO;
	json_array_foreach(options, i, option)
	{
		const char *profile = users_profile(json_string_value(option));

		container->own_profile = profile ?: container->own_profile;
	}
	return 0;
}

static int read_host_config(const json_t *host_config, struct lc_docker_container *container)
{
	const json_t *privileged = json_object_get(host_config, "Privileged");

	if (privileged && !json_is_boolean(privileged))
		return -EPROTO;
	container->privileged = json_is_true(privileged);
	if (optional_string(host_config, "Runtime", &container->runtime) < 0 ||
		read_security_options(json_object_get(host_config, "SecurityOpt"), container) < 0)
		return -EPROTO;
	if (optional_capabilities(host_config, "CapAdd", &container->add) < 0)
		return -EPROTO;
	return optional_capabilities(host_config, "CapDrop", &container->drop);
}

/* State.Pid; an answer without is of a container that does not run. */
static int read_state(const json_t *state, struct lc_docker_container *container)
{
	const json_t *pid = json_object_get(state, "Pid");

	if (pid && (!json_is_integer(pid) || json_integer_value(pid) < 0 || json_integer_value(pid) > INT_MAX))
		return -EPROTO;
	container->pid = (pid_t)json_integer_value(pid);
	return 0;
}

/* The engine names the container that it was asked about, by ID, and says what it is. */
static int read_answer(const json_t *json, const char *id, struct lc_docker_container *container)
{
	const char *answered_id = json_string_value(json_object_get(json, "Id"));
	const json_t *config, *host_config, *state;

	container->name = json_string_value(json_object_get(json, "Name"));
	if (!answered_id || strcmp(answered_id, id) != 0 || !container->name)
		return -EPROTO;
	if (*container->name == '/')
		container->name++;
	if (optional_object(json, "Config", &config) < 0 || optional_object(json, "HostConfig", &host_config) < 0 ||
		optional_object(json, "State", &state) < 0 || optional_string(json, "Image", &container->image_id) < 0)
		return -EPROTO;
	if (read_config(config, container) < 0 || read_state(state, container) < 0)
		return -EPROTO;
	return read_host_config(host_config, container);
}

/* The engine knows best: what it says replaces what was guessed. */
static int replace_string(char **field, const char *text)
{
	char *copy;

	if (!text || !*text)
		return 0;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

int lc_docker_read(struct lc_docker_container *container, const char *id, const char *text, size_t length)
{
	struct lc_docker_container read = {.json = json_loadb(text, length, 0, NULL)};

	if (read_answer(read.json, id, &read)) {
		lc_docker_clear(&read);
		return -EPROTO;
	}
	*container = read;
	return 0;
}

void lc_docker_read_server(struct lc_docker_container *container, const char *server)
{
	static const char engine[] = "Docker/";
	const char *version = server + sizeof(engine) - 1;
	size_t length;

	if (strncmp(server, engine, sizeof(engine) - 1) != 0)
		return;
	length = strcspn(version, " \r\n");
	if (length && length < sizeof(container->version))
		snprintf(container->version, sizeof(container->version), "%.*s", (int)length, version);
}

bool lc_docker_is_labelled(const struct lc_docker_container *container)
{
	return container->project || container->service || container->pod || container->namespace;
}

/* Makes *LABEL unknown if an image's LABELS have KEY with the same value. */
static void take_if_images(const char **label, const json_t *labels, const char *key)
{
	const char *text = json_string_value(json_object_get(labels, key));

	if (*label && text && strcmp(*label, text) == 0)
		*label = NULL;
}

int lc_docker_discount(struct lc_docker_container *container, const char *text, size_t length)
{
	_cleanup_json_ json_t *json = text ? json_loadb(text, length, 0, NULL) : NULL;
	const json_t *labels = NULL, *config = NULL;
	bool known = false;

	if (json_is_object(json) && optional_object(json, "Config", &config) == 0)
		known = optional_object(config, "Labels", &labels) == 0;
	if (!known) {
		container->hash = container->pod = container->namespace = NULL;
	} else {
		take_if_images(&container->hash, labels, "com.docker.compose.config-hash");
		take_if_images(&container->pod, labels, "io.kubernetes.pod.name");
		take_if_images(&container->namespace, labels, "io.kubernetes.pod.namespace");
	}
	/* Compose labels the images that it builds as well, but with no hash of a container's configuration. */
	if (!container->hash)
		container->project = container->service = container->directory = NULL;
	return text && !known ? -EPROTO : 0;
}

int lc_docker_fill(struct lc_target *target, const struct lc_docker_container *container)
{
	target->privileged = container->privileged;
	target->own_filter = container->own_profile;
	target->configured_add = container->add;
	target->configured_drop = container->drop;
	if (replace_string(&target->own_profile, container->own_profile) < 0 ||
		replace_string(&target->name, container->name) < 0 ||
		replace_string(&target->image, container->image) < 0 ||
		replace_string(&target->image_id, container->image_id) < 0 ||
		replace_string(&target->project, container->project) < 0 ||
		replace_string(&target->service, container->service) < 0 ||
		replace_string(&target->directory, container->directory) < 0 ||
		replace_string(&target->pod, container->pod) < 0 ||
		replace_string(&target->namespace, container->namespace) < 0 ||
		replace_string(&target->engine_version, container->version) < 0 ||
		replace_string(&target->engine, target->engine ? NULL : "docker") < 0)
		return -ENOMEM;
	return lc_bundle_fill_runtime(target, container->runtime);
}

void lc_docker_clear(struct lc_docker_container *container)
{
	json_decref(container->json);
	*container = (struct lc_docker_container){0};
}
