/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of manifests: its containers, and what each is granted. */
#include <leastcap/manifest.h>

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* With aliases a short file can have very many. No project's has more than this. */
#define LC_MOST_CONTAINERS 65536

/* Reads LIST, the capabilities to add or to drop, to MASK and ALL. Returns whether each entry names another one. */
static bool read_list(const struct lc_yaml_node *list, uint64_t *mask, bool *all)
{
	bool exact = true;

	if (!list || (list->kind == LC_YAML_SCALAR && !*list->text))
		return true;
	if (list->kind != LC_YAML_SEQUENCE)
		return false;
	for (size_t i = 0; i < list->n_children; i++) {
		const char *name = lc_yaml_text(list->children[i]);
		int cap = name ? lc_cap_from_name(name) : -1;

		if (name && strcasecmp(name, "ALL") == 0) {
			exact &= !*all;
			*all = true;
		} else if (cap < 0) {
			exact = false;
		} else {
			exact &= !(*mask & LC_CAP_BIT(cap));
			*mask |= LC_CAP_BIT(cap);
		}
	}
	return exact;
}

static struct lc_manifest_grant read_grant(const struct lc_yaml_node *container)
{
	static const char *const no[] = {"false", "no", "off", "n", "null", "~", ""};
	const struct lc_yaml_node *context = lc_yaml_value(container, "securityContext");
	const struct lc_yaml_node *capabilities = lc_yaml_value(context, "capabilities");
	const struct lc_yaml_node *privileged = lc_yaml_value(context, "privileged");
	struct lc_manifest_grant grant = {.privileged = privileged, .exact = true};

	for (size_t i = 0; privileged && i < sizeof(no) / sizeof(no[0]); i++)
		grant.privileged &= privileged->kind != LC_YAML_SCALAR || strcasecmp(privileged->text, no[i]) != 0;
	grant.exact &= read_list(lc_yaml_value(capabilities, "add"), &grant.add, &grant.add_all);
	grant.exact &= read_list(lc_yaml_value(capabilities, "drop"), &grant.drop, &grant.drop_all);
	return grant;
}

static int add_container(
	struct lc_manifest *manifest, const struct lc_manifest_pod *pod, const struct lc_yaml_node *item)
{
	struct lc_manifest_container *containers;
	const struct lc_yaml_node *node = lc_yaml_resolve(item);

	if (manifest->n >= LC_MOST_CONTAINERS)
		return -EFBIG;
	containers = lc_array_grow(manifest->containers, manifest->n, sizeof(*containers));
	if (!containers)
		return -ENOMEM;
	manifest->containers = containers;
	containers[manifest->n++] = (struct lc_manifest_container){.pod = *pod,
		.name = lc_yaml_text(lc_yaml_value(node, "name")),
		.item = item,
		.node = node,
		.grant = read_grant(node)};
	return 0;
}

static int read_pod(struct lc_manifest *manifest, const struct lc_manifest_pod *pod)
{
	int r = 0;

	for (const char *const *key = lc_manifest_lists; !r && *key; key++) {
		const struct lc_yaml_node *list = lc_yaml_value(pod->spec, *key);

		if (!list || list->kind != LC_YAML_SEQUENCE)
			continue;
		for (size_t i = 0; !r && i < list->n_children; i++)
			r = add_container(manifest, pod, list->children[i]);
	}
	return r;
}

/* Reads MANIFEST's tree. 0 or -errno. */
static int read_tree(struct lc_manifest *manifest)
{
	_cleanup_free_ struct lc_manifest_pod *pods = NULL;
	size_t n = 0;
	int r = lc_manifest_find_pods(manifest->tree, &pods, &n);

	for (size_t i = 0; !r && i < n; i++)
		r = read_pod(manifest, &pods[i]);
	return !r && lc_yaml_is_exhausted(manifest->tree) ? -EFBIG : r;
}

int lc_manifest_parse(struct lc_manifest *manifest, const char *path, const char *text, size_t length, char **message)
{
	_cleanup_free_ char *reason = NULL;
	int r;

	*message = NULL;
	manifest->path = strdup(path);
	r = manifest->path ? lc_yaml_read(&manifest->tree, text, length, &reason) : -ENOMEM;
	if (r)
		lc_complain(message, r, "%s:%s", path, reason ? reason : strerror(-r));
	else if (!lc_manifest_is(manifest->tree))
		r = lc_complain(message, -EINVAL, "%s: no Kubernetes manifest: it has no apiVersion and kind", path);
	if (!r) {
		r = read_tree(manifest);
		if (r)
			lc_complain(message, r, "%s: %s", path,
				r == -EFBIG ? "takes more work to read than leastcap does" : strerror(-r));
	}
	if (r)
		lc_manifest_clear(manifest);
	return r;
}

int lc_manifest_load(struct lc_manifest *manifest, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r = lc_input_read(path, LC_YAML_MAX_SIZE, "a manifest", &text, message);

	return r ? r : lc_manifest_parse(manifest, path, text.text ? text.text : "", text.length, message);
}

void lc_manifest_clear(struct lc_manifest *manifest)
{
	free(manifest->path);
	free(manifest->containers);
	lc_yaml_tree_free(manifest->tree);
	*manifest = (struct lc_manifest){0};
}

char *lc_manifest_where(const struct lc_manifest_container *container)
{
	char *where;

	return asprintf(&where, "%s %s, container %s", container->pod.kind ? container->pod.kind : "object",
		       container->pod.name ? container->pod.name : "(no name)",
		       container->name ? container->name : "(no name)") < 0
		       ? NULL
		       : where;
}
