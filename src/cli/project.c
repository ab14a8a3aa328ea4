/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project that a profile changes: its compose file. */
#include "src/cli/project.h"
#include "src/cli/cli.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *lc_project_find_compose_file(void)
{
	static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!access(names[i], F_OK))
			return names[i];
	}
	return NULL;
}

/* Appends a file that has no edits yet; NULL when out of memory. */
static struct lc_project_file *add_file(struct lc_project *project, const char *path, const struct lc_yaml_tree *tree)
{
	struct lc_project_file *files = lc_array_grow(project->files, project->n, sizeof(*files));

	if (!files)
		return NULL;
	project->files = files;
	files[project->n] = (struct lc_project_file){.path = path, .tree = tree};
	return &files[project->n++];
}

static int edit_compose(
	struct lc_project *project, const char *path, const struct lc_profile *profile, const struct lc_log *log)
{
	_cleanup_free_ char *message = NULL;
	struct lc_project_file *file;
	size_t left = 0;
	int r = lc_compose_load(&project->compose, path, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	file = add_file(project, path, project->compose.tree);
	if (!file)
		return -ENOMEM;
	r = lc_compose_edits(&project->compose, profile, NULL, log, &file->edits, &left);
	project->left += left;
	project->known = lc_compose_known(&project->compose, profile);
	return r;
}

int lc_project_edit(struct lc_project *project, const char *compose_file, const struct lc_profile *profile,
	const struct lc_log *log)
{
	return edit_compose(project, compose_file, profile, log);
}

void lc_project_clear(struct lc_project *project)
{
	for (size_t i = 0; i < project->n; i++)
		lc_edits_clear(&project->files[i].edits);
	free(project->files);
	free(project->known);
	lc_compose_clear(&project->compose);
	*project = (struct lc_project){0};
}
