/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the Docker Engine's answer: a container's name, image, labels of compose and Kubernetes, and configured capabilities. */
#include "src/identity/docker.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

/* What an answer says; the strings belong to its JSON. */
struct answer {
	const char *name, *image, *project, *service, *pod, *namespace;
	bool privileged;
	uint64_t add, drop;
};

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

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

static int read_config(const json_t *config, struct answer *answer)
{
	const json_t *labels;

	if (optional_string(config, "Image", &answer->image) < 0 || optional_object(config, "Labels", &labels) < 0 ||
		optional_string(labels, "com.docker.compose.project", &answer->project) < 0 ||
		optional_string(labels, "com.docker.compose.service", &answer->service) < 0 ||
		optional_string(labels, "io.kubernetes.pod.name", &answer->pod) < 0 ||
		optional_string(labels, "io.kubernetes.pod.namespace", &answer->namespace) < 0)
		return -EPROTO;
	return 0;
}

static int read_host_config(const json_t *host_config, struct answer *answer)
{
	const json_t *privileged = json_object_get(host_config, "Privileged");

	if (privileged && !json_is_boolean(privileged))
		return -EPROTO;
	answer->privileged = json_is_true(privileged);
	if (optional_capabilities(host_config, "CapAdd", &answer->add) < 0)
		return -EPROTO;
	return optional_capabilities(host_config, "CapDrop", &answer->drop);
}

/* The engine names the container that it was asked about, by ID, and says what it is. */
static int read_answer(const json_t *json, const char *id, struct answer *answer)
{
	const char *answered_id = json_string_value(json_object_get(json, "Id"));
	const json_t *config, *host_config;

	answer->name = json_string_value(json_object_get(json, "Name"));
	if (!answered_id || strcmp(answered_id, id) != 0 || !answer->name)
		return -EPROTO;
	if (*answer->name == '/')
		answer->name++;
	if (optional_object(json, "Config", &config) < 0 || optional_object(json, "HostConfig", &host_config) < 0)
		return -EPROTO;
	if (read_config(config, answer) < 0)
		return -EPROTO;
	return read_host_config(host_config, answer);
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

int lc_docker_read_container(struct lc_target *target, const char *text, size_t length)
{
	_cleanup_(cleanup_json) json_t *json = json_loadb(text, length, 0, NULL);
	struct answer answer = {0};

	if (read_answer(json, target->id, &answer) < 0)
		return -EPROTO;
	target->privileged = answer.privileged;
	target->configured_add = answer.add;
	target->configured_drop = answer.drop;
	if (replace_string(&target->name, answer.name) < 0 || replace_string(&target->image, answer.image) < 0 ||
		replace_string(&target->project, answer.project) < 0 ||
		replace_string(&target->service, answer.service) < 0 || replace_string(&target->pod, answer.pod) < 0 ||
		replace_string(&target->namespace, answer.namespace) < 0 ||
		replace_string(&target->engine, target->engine ? NULL : "docker") < 0)
		return -ENOMEM;
	return 0;
}
