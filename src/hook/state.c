/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the state of a container as an OCI runtime writes it to a hook's standard input (OCI runtime specification, runtime.md, "State"). */
#include <leastcap/oci_hook.h>

#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/message.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether ID can be a file's name: as runc's own check of ids has it (libcontainer/factory_linux.go), and shorter than its note's name may be. */
static bool is_id(const char *id)
{
	static const char valid[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_+-.";

	return id && *id && *id != '.' && strlen(id) <= 200 && strspn(id, valid) == strlen(id);
}

/* Takes the ANNOTATION, "of:/tmp/web.json". 0, -EINVAL with *MESSAGE, or -ENOMEM. */
static int take_annotation(struct lc_oci_state *state, const char *annotation, char **message)
{
	static const char before[] = "of:";

	if (!annotation)
		return 0;
	if (strncmp(annotation, before, strlen(before)) != 0 || annotation[strlen(before)] != '/')
		return lc_complain(message, -EINVAL,
			"annotation " LC_OCI_ANNOTATION
			": '%s' does not say where the profile goes; write of:/DIRECTORY/NAME.json",
			annotation);
	return lc_copy_to(&state->output, annotation + strlen(before));
}

int lc_oci_state_read(const char *text, size_t length, struct lc_oci_state *state, char **message)
{
	_cleanup_json_ json_t *json = json_loadb(text, length, 0, NULL);
	_cleanup_(lc_oci_state_clear) struct lc_oci_state read = {0};
	const char *id = json_string_value(json_object_get(json, "id"));
	const char *bundle = json_string_value(json_object_get(json, "bundle"));
	json_int_t pid = json_integer_value(json_object_get(json, "pid"));
	int r;

	if (!is_id(id))
		return lc_complain(message, -EINVAL,
			"standard input is no container's state, which an OCI runtime writes to its hooks");
	if (pid < 0 || pid > INT32_MAX)
		return lc_complain(message, -EINVAL, "the state of container %s has no process's number", id);
	read.pid = (pid_t)pid;
	r = lc_copy_to(&read.id, id);
	if (!r && bundle && *bundle == '/')
		r = lc_copy_to(&read.bundle, bundle);
	if (!r)
		r = take_annotation(&read,
			json_string_value(json_object_get(json_object_get(json, "annotations"), LC_OCI_ANNOTATION)),
			message);
	if (r)
		return r;
	*state = read;
	read = (struct lc_oci_state){0};
	return 0;
}

void lc_oci_state_clear(struct lc_oci_state *state)
{
	free(state->id);
	free(state->bundle);
	free(state->output);
	*state = (struct lc_oci_state){0};
}
