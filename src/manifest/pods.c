/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in Kubernetes objects the specification of a pod stands. */
#include <leastcap/manifest.h>

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>

const char *const lc_manifest_lists[] = {"initContainers", "containers", "ephemeralContainers", NULL};

/* In a CronJob, in a Deployment and its like, in a PodTemplate, and in a Pod. */
static const char *const places[][6] = {
	{"spec", "jobTemplate", "spec", "template", "spec"},
	{"spec", "template", "spec"},
	{"template", "spec"},
	{"spec"},
};

/* The specification of the pod in OBJECT, or NULL. */
static const struct lc_yaml_node *spec_of(const struct lc_yaml_node *object)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct lc_yaml_node *spec = object;

		for (const char *const *key = places[i]; spec && *key; key++)
			spec = lc_yaml_value(spec, *key);
		if (spec && lc_yaml_value(spec, "containers"))
			return spec;
	}
	return NULL;
}

static int add_pod(struct lc_manifest_pod **pods, size_t *n, const struct lc_yaml_node *object)
{
	const struct lc_yaml_node *spec = spec_of(object);
	struct lc_manifest_pod *grown;

	if (!spec)
		return 0;
	grown = lc_array_grow(*pods, *n, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*pods = grown;
	grown[*n] = (struct lc_manifest_pod){
		.kind = lc_yaml_text(lc_yaml_value(object, "kind")),
		.metadata = lc_yaml_value(object, "metadata"),
		.spec = spec,
	};
	grown[*n].name = lc_yaml_text(lc_yaml_value(grown[*n].metadata, "name"));
	grown[*n].namespace = lc_yaml_text(lc_yaml_value(grown[*n].metadata, "namespace"));
	++*n;
	return 0;
}

int lc_manifest_find_pods(const struct lc_yaml_tree *tree, struct lc_manifest_pod **pods, size_t *n)
{
	struct lc_manifest_pod *found = NULL;
	size_t n_found = 0;
	int r = 0;

	for (size_t i = 0; !r && i < tree->n_documents; i++) {
		const struct lc_yaml_node *root = tree->documents[i];
		const struct lc_yaml_node *items = lc_yaml_value(root, "items");

		/* A document is an object, or a list of them. */
		if (!items || items->kind != LC_YAML_SEQUENCE)
			r = add_pod(&found, &n_found, root);
		else
			for (size_t j = 0; !r && j < items->n_children; j++)
				r = add_pod(&found, &n_found, lc_yaml_resolve(items->children[j]));
	}
	if (r) {
		free(found);
		return r;
	}
	*pods = found;
	*n = n_found;
	return 0;
}

/* What every Kubernetes object has. */
bool lc_manifest_is(const struct lc_yaml_tree *tree)
{
	for (size_t i = 0; i < tree->n_documents; i++) {
		if (lc_yaml_value(tree->documents[i], "apiVersion") && lc_yaml_value(tree->documents[i], "kind"))
			return true;
	}
	return false;
}
