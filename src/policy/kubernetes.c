/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kubernetes manifests as a policy: the containers of every object that has a pod's specification in it. */
#include "policy_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/manifest.h>
#include <leastcap/message.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A manifest being read. */
struct manifest {
	struct lc_policy *policy;
	enum lc_engine engine;
	struct lc_yaml_tree *tree;
	/* Of the object being read; NULL when it does not say. */
	const char *kind;
	const char *name;
	const char *namespace;
	size_t visited; /* nodes taken for containers: aliases may make many of a short file */
	const struct lc_log *log;
	char **message;
};

static bool is_list(const struct lc_yaml_node *node)
{
	return node && node->kind == LC_YAML_SEQUENCE;
}

static size_t line_of(const struct lc_yaml_node *node)
{
	return lc_yaml_line(node->tree, node->start);
}

/* What the child of COLLECTION at PLACE stands for. */
static const struct lc_yaml_node *child(const struct lc_yaml_node *collection, size_t place)
{
	return lc_yaml_resolve(collection->children[place]);
}

/* "PATH:LINE: WHERE: WHAT" */
static int complain(
	const struct manifest *manifest, const struct lc_yaml_node *node, const char *where, const char *what)
{
	return lc_complain(
		manifest->message, -EINVAL, "%s:%zu: %s: %s", manifest->policy->path, line_of(node), where, what);
}

static const char *kind_of(const struct manifest *manifest)
{
	return manifest->kind ? manifest->kind : "object";
}

/* Whether a template (Helm's, envsubst's, a substitution of kustomize's) is to be filled in for TEXT. */
static bool is_template(const char *text)
{
	return strstr(text, "{{") || strstr(text, "${") || strstr(text, "$(");
}

/* Says that NODE, which is KEY's value or in it, is not known, and what it is taken for (READING: ": …", or ""); and counts it. */
static void warn_unknown(
	struct manifest *manifest, const struct lc_yaml_node *node, const char *key, const char *reading)
{
	const char *text = lc_yaml_text(node);

	manifest->policy->unknown++;
	lc_log(manifest->log, LC_LOG_WARN, "%s:%zu: %s %s: %s: %s%.60s%s%s", manifest->policy->path, line_of(node),
		kind_of(manifest), manifest->name ? manifest->name : "(no name)", key, text ? "what '" : "",
		text ? text : "this template",
		text ? "' stands for is not known here" : " is filled in elsewhere and not known here", reading);
}

/*
 * How many values in NODE, which lies DEPTH levels deep in KEY's value, are not known from the file. Each has a warning; with KEY NULL
 * there is none, and the search ends at the first.
 */
// NOLINTNEXTLINE(misc-no-recursion)
static size_t find_unknown(struct manifest *manifest, const struct lc_yaml_node *node, const char *key, int depth)
{
	size_t n = 0;

	manifest->tree->comparisons++;
	if (!node || depth > LC_YAML_MAX_DEPTH || lc_yaml_is_exhausted(manifest->tree))
		return 0;
	if (node->kind == LC_YAML_SCALAR) {
		n = is_template(lc_yaml_text(node));
		if (n && key)
			warn_unknown(manifest, node, key, "");
		return n;
	}
	if (is_list(node)) {
		for (size_t i = 0; i < node->n_children && (key || !n); i++)
			n += find_unknown(manifest, child(node, i), key, depth + 1);
		return n;
	}
	for (size_t i = 0; i + 1 < node->n_children && (key || !n); i += 2) {
		const struct lc_yaml_node *inner = child(node, i);

		/* "{{ .Values.x }}" without quotes is a mapping whose key is one. */
		if (lc_yaml_text(inner) && !is_template(lc_yaml_text(inner))) {
			n += find_unknown(manifest, child(node, i + 1), key ? lc_yaml_text(inner) : NULL, depth + 1);
			continue;
		}
		n++;
		if (key)
			warn_unknown(manifest, lc_yaml_text(inner) ? inner : node, key, "");
	}
	return n;
}

static bool is_unknown(struct manifest *manifest, const struct lc_yaml_node *node)
{
	return find_unknown(manifest, node, NULL, 0);
}

/* Warns of the values of KEYS in MAPPING that are not known. */
static void check_known(struct manifest *manifest, const struct lc_yaml_node *mapping, const char *const *keys)
{
	for (; *keys; keys++)
		find_unknown(manifest, lc_yaml_value(mapping, *keys), *keys, 0);
}

/* Reads LIST to ENTRIES. What is not known is left out; check_known() warns of it. */
static int read_list(struct manifest *manifest, const struct lc_yaml_node *list, const char *where,
	struct lc_policy_entries *entries)
{
	int r = 0;

	if (!list || (lc_yaml_text(list) && !*list->text))
		return 0;
	if (!is_list(list))
		return is_unknown(manifest, list) ? 0
						  : complain(manifest, list, where, "should be a list of capabilities");
	for (size_t i = 0; !r && i < list->n_children; i++) {
		const struct lc_yaml_node *node = child(list, i);

		if (is_unknown(manifest, node))
			continue;
		if (!lc_yaml_text(node))
			return complain(manifest, node, where, "should be the name of a capability");
		r = lc_policy_add_entry(entries, lc_yaml_text(node), line_of(node));
	}
	return r;
}

/* Whether VALUE, the key privileged's, is true. What is neither true nor false is taken for false, with a warning. */
static bool is_privileged(struct manifest *manifest, const struct lc_yaml_node *value)
{
	/* What Kubernetes' reader takes for a boolean without quotes: YAML 1.1's words (go-yaml v2, resolve.go). */
	static const char *const words[] = {"true", "yes", "on", "y", "false", "no", "off", "n", "null", "~", ""};
	const char *text = lc_yaml_text(value);
	bool plain = text && !value->quote && !value->block_scalar;

	for (size_t i = 0; plain && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return i < 4;
	}
	if (value && !is_unknown(manifest, value))
		warn_unknown(manifest, value, "privileged", ", taken for false");
	return false;
}

/* Reads CONTAINER's securityContext to ALLOWED. */
static int read_security_context(
	struct manifest *manifest, const struct lc_yaml_node *container, struct lc_allowed *allowed)
{
	const struct lc_yaml_node *context = lc_yaml_value(container, "securityContext");
	const struct lc_yaml_node *capabilities = lc_yaml_value(context, "capabilities");
	const struct lc_yaml_node *add = lc_yaml_value(capabilities, "add");
	const struct lc_yaml_node *drop = lc_yaml_value(capabilities, "drop");
	_cleanup_(lc_policy_configuration_clear) struct lc_policy_configuration configuration = {
		.engine = manifest->engine,
		.privileged = is_privileged(manifest, lc_yaml_value(context, "privileged"))};
	int r;

	/* A capability would be added to the innermost of what is there. */
	allowed->line = line_of(add ? add : capabilities ? capabilities : context ? context : container);
	allowed->drop_line = drop ? line_of(drop) : 0;
	r = read_list(manifest, add, allowed->where, &configuration.add);
	if (!r)
		r = read_list(manifest, drop, allowed->where, &configuration.drop);
	return r ? r : lc_policy_grant(manifest->policy, allowed, &configuration, manifest->message);
}

static int read_container(struct manifest *manifest, const struct lc_yaml_node *container)
{
	static const char *const keys[] = {"name", "image", "securityContext", NULL};
	const char *name = lc_yaml_text(lc_yaml_value(container, "name"));
	struct lc_allowed *allowed;

	if (++manifest->visited > LC_POLICY_MOST)
		return lc_complain(manifest->message, -EFBIG, "%s: more than %d containers", manifest->policy->path,
			LC_POLICY_MOST);
	if (container->kind != LC_YAML_MAPPING || !name)
		return complain(manifest, container, kind_of(manifest), "a container needs a name");
	allowed = lc_policy_append(manifest->policy);
	if (!allowed || lc_copy_to(&allowed->name, name) ||
		lc_copy_to(&allowed->image, lc_yaml_text(lc_yaml_value(container, "image"))) ||
		lc_copy_to(&allowed->workload, manifest->name) ||
		lc_copy_to(&allowed->namespace, manifest->namespace) ||
		lc_policy_set_where(allowed, "%s %s, container %s", kind_of(manifest),
			manifest->name ? manifest->name : "(no name)", name))
		return -ENOMEM;
	check_known(manifest, container, keys);
	return read_security_context(manifest, container, allowed);
}

static int read_containers(struct manifest *manifest, const struct lc_yaml_node *pod, const char *key)
{
	const struct lc_yaml_node *list = lc_yaml_value(pod, key);
	int r = 0;

	if (list && !is_list(list) && is_unknown(manifest, list))
		warn_unknown(manifest, list, key, ": left out");
	for (size_t i = 0; !r && is_list(list) && i < list->n_children; i++)
		r = read_container(manifest, child(list, i));
	return r;
}

static int read_pod(struct manifest *manifest, const struct lc_manifest_pod *pod)
{
	static const char *const names[] = {"name", "namespace", NULL};
	static const char *const keys[] = {"securityContext", "hostUsers", NULL};
	int r = 0;

	manifest->kind = pod->kind;
	manifest->name = pod->name;
	manifest->namespace = pod->namespace;
	check_known(manifest, pod->metadata, names);
	check_known(manifest, pod->spec, keys);
	for (const char *const *list = lc_manifest_lists; !r && *list; list++)
		r = read_containers(manifest, pod->spec, *list);
	return r;
}

int lc_policy_read_kubernetes(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	struct manifest manifest = {.policy = policy, .engine = engine, .tree = tree, .log = log, .message = message};
	_cleanup_free_ struct lc_manifest_pod *pods = NULL;
	size_t n = 0;
	int r = lc_manifest_find_pods(tree, &pods, &n);

	policy->kind = LC_POLICY_KUBERNETES;
	for (size_t i = 0; !r && i < n; i++)
		r = read_pod(&manifest, &pods[i]);
	if (lc_yaml_is_exhausted(tree))
		r = lc_complain(message, -EFBIG, "%s: takes more work to read than leastcap does", policy->path);
	return r;
}
