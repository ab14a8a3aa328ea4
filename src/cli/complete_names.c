/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names for completion that somebody has to be asked for: containers of the engines that run here, targets and capabilities of a profile. */
#include "src/cli/complete.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/engine_ask.h>
#include <leastcap/identity.h>
#include <leastcap/json.h>
#include <leastcap/profile.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Podman answers as Docker does. */
#define PODMAN_SOCKET "/run/podman/podman.sock"

/* Adds what VALUE is of one container of the engine's list. */
static void add_container(struct lc_completion *completion, enum lc_value value, const json_t *container)
{
	const char *image = json_string_value(json_object_get(container, "Image"));
	const json_t *labels = json_object_get(container, "Labels");
	const char *name = json_string_value(json_array_get(json_object_get(container, "Names"), 0));

	if (value == LC_VALUE_RUNNING_IMAGE)
		lc_completion_add(completion, image, NULL);
	else if (value == LC_VALUE_RUNNING_PROJECT)
		lc_completion_add(
			completion, json_string_value(json_object_get(labels, "com.docker.compose.project")), NULL);
	else if (name)
		lc_completion_add(completion, name + (name[0] == '/'), image);
}

/* Adds what the engine at SOCKET tells of the containers that it runs. */
static void add_of_engine(struct lc_completion *completion, enum lc_value value, const char *socket)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *list = NULL;
	json_t *container;
	size_t i;

	if (lc_engine_get(socket, "containers/json", &body) || body.failed || !body.text)
		return;
	list = json_loadb(body.text, body.length, 0, NULL);
	json_array_foreach(list, i, container) add_container(completion, value, container);
	lc_completion_flush(completion);
}

void lc_completion_add_running(struct lc_completion *completion, enum lc_value value)
{
	const char *socket = lc_identity_socket(getenv("DOCKER_HOST"));

	lc_completion_limit_time();
	add_of_engine(completion, value, socket);
	if (strcmp(socket, PODMAN_SOCKET) != 0)
		add_of_engine(completion, value, PODMAN_SOCKET);
}

/* Adds the capabilities that TARGET's evidence is about, and its calls that were refused. */
static void add_stories(struct lc_completion *completion, const struct lc_target *target)
{
	uint64_t caps = target->cap_add | target->wanted;
	uint64_t listed = caps;
	char name[LC_CAP_NAME_SIZE];

	for (size_t i = 0; i < target->n_evidence; i++)
		caps |= LC_CAP_BIT(target->evidence[i].cap);
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;)
		lc_completion_add(completion, lc_cap_name(cap, name),
			target->cap_add & LC_CAP_BIT(cap) ? "on the list"
			: listed & LC_CAP_BIT(cap)        ? "wanted"
							  : "not on the list");
	for (size_t i = 0; i < target->n_failures; i++)
		lc_completion_add(completion, target->failures[i].syscall, "refused");
}

void lc_completion_add_recorded(struct lc_completion *completion, enum lc_value value)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	lc_completion_limit_time();
	if (!completion->profile || lc_profile_load(&profile, completion->profile, &message))
		return;
	for (size_t i = 0; i < profile.n_targets; i++) {
		const struct lc_target *target = &profile.targets[i];

		if (value == LC_VALUE_TARGET)
			lc_completion_add(completion, target->name, target->image);
		else if (value == LC_VALUE_PROJECT)
			lc_completion_add(completion, target->project, NULL);
		else if (value == LC_VALUE_IMAGE)
			lc_completion_add(completion, target->image, NULL);
		else
			add_stories(completion, target);
	}
}
