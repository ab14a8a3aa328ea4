/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project that a profile changes: its compose file, its Kubernetes manifests. */
#include "src/cli/project.h"
#include "src/cli/cli.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

error_t lc_project_parse(struct lc_project_names *names, int key, const char *argument)
{
	const char **manifests;

	switch (key) {
	case LC_OPTION_COMPOSE_FILE:
		if (names->compose_file)
			lc_cli_usage_error("--compose-file takes one file, not '%s' as well", argument);
		names->compose_file = argument;
		return 0;
	case LC_OPTION_MANIFEST:
		manifests = lc_array_grow(names->manifests, names->n_manifests, sizeof(*manifests));
		if (!manifests)
			return ENOMEM;
		names->manifests = manifests;
		manifests[names->n_manifests++] = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The schema that the JSON in TREE says it has, or "". */
static const char *schema_of(const struct lc_yaml_tree *tree)
{
	const char *schema = lc_yaml_text(lc_yaml_value(lc_yaml_root(tree), "schema"));

	return schema ? schema : "";
}

void lc_project_take(struct lc_project_names *names, const char *path, const struct lc_log *log)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ struct lc_manifest_pod *pods = NULL;
	struct lc_yaml_tree *tree;
	size_t n = 0;
	int key = LC_OPTION_COMPOSE_FILE;

	if (lc_input_read(path, LC_YAML_MAX_SIZE, "a project's file", &text, &message))
		lc_cli_usage_error("%s", message ? message : strerror(ENOMEM));
	if (lc_yaml_read(&tree, text.text ? text.text : "", text.length, &message))
		lc_cli_usage_error("%s:%s", path, message ? message : strerror(ENOMEM));
	if (!strncmp(schema_of(tree), "leastcap-profile/", strlen("leastcap-profile/")))
		lc_cli_usage_error(
			"one profile at a time, not '%s' as well; 'leastcap merge' makes one of several", path);
	if (lc_manifest_is(tree)) {
		key = LC_OPTION_MANIFEST;
		if (lc_manifest_find_pods(tree, &pods, &n))
			lc_cli_usage_error("%s: %s", path, strerror(ENOMEM));
	}
	lc_yaml_tree_free(tree);
	if (key == LC_OPTION_MANIFEST && !n)
		lc_log(log, LC_LOG_NOTICE, "%s: there is no pod in it", path);
	else if (lc_project_parse(names, key, path))
		lc_cli_usage_error("%s: %s", path, strerror(ENOMEM));
}

const char *lc_project_find_compose_file(void)
{
	static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!access(names[i], F_OK))
			return names[i];
	}
	return NULL;
}

static int edit_compose(struct lc_project *project, struct lc_project_file *file, const struct lc_profile *profile,
	const struct lc_log *log)
{
	_cleanup_free_ bool *known = NULL;
	_cleanup_free_ char *message = NULL;
	size_t left = 0;
	int r = lc_compose_load(&file->compose, file->path, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	file->tree = file->compose.tree;
	r = lc_compose_edits(&file->compose, profile, project->written, log, &file->edits, &left);
	project->left += left;
	known = r ? NULL : lc_compose_known(&file->compose, profile);
	for (size_t i = 0; known && i < profile->n_targets; i++)
		project->known[i] |= known[i];
	return r ? r : known ? 0 : -ENOMEM;
}

static int edit_manifest(struct lc_project *project, struct lc_project_file *file, const struct lc_profile *profile,
	const struct lc_log *log)
{
	const struct lc_policy_reading reading = {.path = file->path, .log = log};
	struct lc_manifest_result result = {.known = project->known};
	_cleanup_free_ char *message = NULL;
	int r = lc_policy_load(&file->policy, &reading, &message);

	if (!r)
		r = lc_manifest_load(&file->manifest, file->path, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	file->tree = file->manifest.tree;
	r = lc_policy_manifest_edits(&file->policy, &file->manifest, profile, log, &result);
	file->edits = result.edits;
	project->left += result.left;
	return r;
}

/* Says which targets are in no manifest. Of a compose file it has been said why. */
static void say_unknown(const struct lc_project *project, const struct lc_profile *profile, const struct lc_log *log)
{
	const char *first = "";
	size_t n = 0;

	for (size_t i = profile->n_targets; i-- > 0;) {
		if (project->known[i])
			continue;
		n++;
		first = profile->targets[i].name;
	}
	if (n == 1)
		lc_log(log, LC_LOG_WARN, "%s was recorded and is in no file: left out", first);
	else if (n)
		lc_log(log, LC_LOG_WARN, "%s and %zu more were recorded and are in no file: left out", first, n - 1);
}

int lc_project_edit(struct lc_project *project, const struct lc_project_names *names, const struct lc_profile *profile,
	const struct lc_log *log)
{
	size_t n = names->n_manifests + (names->compose_file ? 1 : 0);

	project->known = calloc(profile->n_targets + 1, sizeof(*project->known));
	project->files = calloc(n + 1, sizeof(*project->files));
	if (!project->known || !project->files) {
		lc_log(log, LC_LOG_ERROR, "%s", strerror(ENOMEM));
		return LC_EXIT_FAILURE;
	}
	for (project->n = 0; project->n < n; project->n++) {
		struct lc_project_file *file = &project->files[project->n];
		int r;

		file->is_compose = names->compose_file && project->n == 0;
		file->path = file->is_compose ? names->compose_file
					      : names->manifests[project->n - (names->compose_file ? 1 : 0)];
		r = file->is_compose ? edit_compose(project, file, profile, log)
				     : edit_manifest(project, file, profile, log);
		if (r) {
			lc_log(log, LC_LOG_ERROR, "%s: %s", file->path, strerror(-r));
			project->n++;
			return LC_EXIT_FAILURE;
		}
	}
	if (names->n_manifests)
		say_unknown(project, profile, log);
	return LC_EXIT_OK;
}

void lc_project_diff(const struct lc_project *project, struct lc_strbuf *out)
{
	for (size_t i = 0; i < project->n; i++)
		lc_edits_diff(project->files[i].tree, &project->files[i].edits, project->files[i].path, out);
}

void lc_project_clear(struct lc_project *project)
{
	for (size_t i = 0; i < project->n; i++) {
		lc_edits_clear(&project->files[i].edits);
		lc_policy_clear(&project->files[i].policy);
		lc_manifest_clear(&project->files[i].manifest);
		lc_compose_clear(&project->files[i].compose);
	}
	free(project->files);
	free(project->known);
	*project = (struct lc_project){0};
}
