/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kubernetes manifests as a policy: the containers of every object that has a pod's specification in it. */
#include "policy_private.h"

#include "src/compose/limits.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

/* How deep mappings may be merged into each other ("<<"). */
#define LC_MERGE_DEPTH 8

/* A manifest being read. The tree of a document is libyaml's: aliases are the nodes that they stand for. */
struct manifest {
	struct lc_policy *policy;
	enum lc_engine engine;
	yaml_document_t *document;
	/* Of the object being read; NULL when it does not say. */
	const char *kind;
	const char *name;
	const char *namespace;
	size_t visited; /* nodes taken for containers: aliases may make many of a short file */
	size_t looked;  /* nodes looked at, for the same reason */
	const struct lc_log *log;
	char **message;
};

static yaml_node_t *node_at(const struct manifest *manifest, int index)
{
	return yaml_document_get_node(manifest->document, index);
}

/* What NODE says, or NULL when it is no plain value. */
static const char *text_of(const yaml_node_t *node)
{
	return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

static size_t line_of(const yaml_node_t *node)
{
	return node->start_mark.line + 1;
}

/* Whether more has been looked at than an honest manifest asks for: nothing is found any more then. */
static bool is_exhausted(const struct manifest *manifest)
{
	return manifest->looked > LC_YAML_MAX_COMPARISONS;
}

// NOLINTNEXTLINE(misc-no-recursion)
static yaml_node_t *find(struct manifest *manifest, const yaml_node_t *mapping, const char *key, int depth);

/* Looks for KEY in what the key "<<" of a mapping names: a mapping or a list of them. */
// NOLINTNEXTLINE(misc-no-recursion)
static yaml_node_t *find_merged(struct manifest *manifest, const yaml_node_t *merged, const char *key, int depth)
{
	yaml_node_t *found = NULL;

	if (!merged || merged->type != YAML_SEQUENCE_NODE)
		return find(manifest, merged, key, depth);
	for (yaml_node_item_t *item = merged->data.sequence.items.start;
		!found && item < merged->data.sequence.items.top; item++)
		found = find(manifest, node_at(manifest, *item), key, depth);
	return found;
}

/* The value of KEY in MAPPING, which may be NULL or no mapping at all; NULL when there is none. */
// NOLINTNEXTLINE(misc-no-recursion)
static yaml_node_t *find(struct manifest *manifest, const yaml_node_t *mapping, const char *key, int depth)
{
	yaml_node_t *merged = NULL;

	if (!mapping || mapping->type != YAML_MAPPING_NODE || depth > LC_MERGE_DEPTH || is_exhausted(manifest))
		return NULL;
	manifest->looked += 1 + (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
	for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
		pair++) {
		const char *text = text_of(node_at(manifest, pair->key));

		if (text && strcmp(text, key) == 0)
			return node_at(manifest, pair->value);
		if (text && strcmp(text, "<<") == 0)
			merged = node_at(manifest, pair->value);
	}
	return merged ? find_merged(manifest, merged, key, depth + 1) : NULL;
}

static yaml_node_t *get(struct manifest *manifest, const yaml_node_t *mapping, const char *key)
{
	return find(manifest, mapping, key, 0);
}

/* "PATH:LINE: WHERE: WHAT" */
static int complain(const struct manifest *manifest, const yaml_node_t *node, const char *where, const char *what)
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

/* Says that NODE, which is KEY's value or in it, is not known and what is made of it (": …", or ""), and counts it. */
static void warn_unknown(struct manifest *manifest, const yaml_node_t *node, const char *key, const char *reading)
{
	const char *text = text_of(node);

	manifest->policy->unknown++;
	lc_log(manifest->log, LC_LOG_WARN, "%s:%zu: %s %s: %s: %s%.60s%s%s", manifest->policy->path, line_of(node),
		kind_of(manifest), manifest->name ? manifest->name : "(no name)", key, text ? "what '" : "",
		text ? text : "this template",
		text ? "' stands for is not known here" : " is filled in elsewhere and not known here", reading);
}

/*
 * How many values in NODE, DEPTH deep in KEY's, are not known from the file. They are warned of where KEY is not NULL, else the
 * first is enough.
 */
// NOLINTNEXTLINE(misc-no-recursion)
static size_t find_unknown(struct manifest *manifest, const yaml_node_t *node, const char *key, int depth)
{
	size_t n = 0;

	manifest->looked++;
	if (!node || depth > LC_YAML_MAX_DEPTH || is_exhausted(manifest))
		return 0;
	if (node->type == YAML_SCALAR_NODE) {
		n = is_template(text_of(node));
		if (n && key)
			warn_unknown(manifest, node, key, "");
		return n;
	}
	if (node->type == YAML_SEQUENCE_NODE) {
		for (yaml_node_item_t *item = node->data.sequence.items.start;
			item < node->data.sequence.items.top && (key || !n); item++)
			n += find_unknown(manifest, node_at(manifest, *item), key, depth + 1);
		return n;
	}
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
		pair < node->data.mapping.pairs.top && (key || !n); pair++) {
		const yaml_node_t *inner = node_at(manifest, pair->key);

		/* "{{ .Values.x }}" without quotes is a mapping whose key is one. */
		if (text_of(inner) && !is_template(text_of(inner))) {
			n += find_unknown(
				manifest, node_at(manifest, pair->value), key ? text_of(inner) : NULL, depth + 1);
			continue;
		}
		n++;
		if (key)
			warn_unknown(manifest, text_of(inner) ? inner : node, key, "");
	}
	return n;
}

static bool is_unknown(struct manifest *manifest, const yaml_node_t *node)
{
	return find_unknown(manifest, node, NULL, 0);
}

/* Warns of the values of KEYS in MAPPING that are not known. */
static void check_known(struct manifest *manifest, const yaml_node_t *mapping, const char *const *keys)
{
	for (; *keys; keys++)
		find_unknown(manifest, get(manifest, mapping, *keys), *keys, 0);
}

/* Reads LIST to ENTRIES, but for what is not known: that is said elsewhere. */
static int read_list(
	struct manifest *manifest, const yaml_node_t *list, const char *where, struct lc_policy_entries *entries)
{
	int r = 0;

	if (!list || (list->type == YAML_SCALAR_NODE && !list->data.scalar.length))
		return 0;
	if (list->type != YAML_SEQUENCE_NODE)
		return is_unknown(manifest, list) ? 0
						  : complain(manifest, list, where, "should be a list of capabilities");
	for (yaml_node_item_t *item = list->data.sequence.items.start; !r && item < list->data.sequence.items.top;
		item++) {
		const yaml_node_t *node = node_at(manifest, *item);

		if (is_unknown(manifest, node))
			continue;
		if (!text_of(node))
			return complain(manifest, node, where, "should be the name of a capability");
		r = lc_policy_add_entry(entries, text_of(node), line_of(node));
	}
	return r;
}

/* Whether VALUE, of the key privileged, says so; what is neither true nor false is not known. */
static bool is_privileged(struct manifest *manifest, const yaml_node_t *value)
{
	/* What Kubernetes' reader takes for a boolean without quotes: YAML 1.1's words (go-yaml v2, resolve.go). */
	static const char *const words[] = {"true", "yes", "on", "y", "false", "no", "off", "n", "null", "~", ""};
	const char *text = text_of(value);
	bool plain = text && value->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	for (size_t i = 0; plain && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return i < 4;
	}
	if (value && !is_unknown(manifest, value))
		warn_unknown(manifest, value, "privileged", ", taken for false");
	return false;
}

/* Reads CONTAINER's securityContext to ALLOWED. */
static int read_security_context(struct manifest *manifest, const yaml_node_t *container, struct lc_allowed *allowed)
{
	const yaml_node_t *context = get(manifest, container, "securityContext");
	const yaml_node_t *capabilities = get(manifest, context, "capabilities");
	const yaml_node_t *add = get(manifest, capabilities, "add");
	const yaml_node_t *drop = get(manifest, capabilities, "drop");
	_cleanup_(lc_policy_configuration_clear) struct lc_policy_configuration configuration = {
		.engine = manifest->engine,
		.privileged = is_privileged(manifest, get(manifest, context, "privileged"))};
	int r;

	/* The innermost of what is there already. */
	allowed->line = line_of(add ? add : capabilities ? capabilities : context ? context : container);
	allowed->drop_line = drop ? line_of(drop) : 0;
	r = read_list(manifest, add, allowed->where, &configuration.add);
	if (!r)
		r = read_list(manifest, drop, allowed->where, &configuration.drop);
	return r ? r : lc_policy_grant(manifest->policy, allowed, &configuration, manifest->message);
}

static int read_container(struct manifest *manifest, const yaml_node_t *container)
{
	static const char *const keys[] = {"name", "image", "securityContext", NULL};
	const char *name = text_of(get(manifest, container, "name"));
	struct lc_allowed *allowed;

	if (++manifest->visited > LC_POLICY_MOST)
		return lc_complain(manifest->message, -EFBIG, "%s: more than %d containers", manifest->policy->path,
			LC_POLICY_MOST);
	if (container->type != YAML_MAPPING_NODE || !name)
		return complain(manifest, container, kind_of(manifest), "a container needs a name");
	allowed = lc_policy_append(manifest->policy);
	if (!allowed || lc_policy_copy(&allowed->name, name) ||
		lc_policy_copy(&allowed->image, text_of(get(manifest, container, "image"))) ||
		lc_policy_copy(&allowed->workload, manifest->name) ||
		lc_policy_copy(&allowed->namespace, manifest->namespace) ||
		lc_policy_set_where(allowed, "%s %s, container %s", kind_of(manifest),
			manifest->name ? manifest->name : "(no name)", name))
		return -ENOMEM;
	check_known(manifest, container, keys);
	return read_security_context(manifest, container, allowed);
}

static int read_containers(struct manifest *manifest, const yaml_node_t *pod, const char *key)
{
	const yaml_node_t *list = get(manifest, pod, key);
	int r = 0;

	if (list && list->type != YAML_SEQUENCE_NODE && is_unknown(manifest, list))
		warn_unknown(manifest, list, key, ": left out");
	if (!list || list->type != YAML_SEQUENCE_NODE)
		return 0;
	for (yaml_node_item_t *item = list->data.sequence.items.start; !r && item < list->data.sequence.items.top;
		item++)
		r = read_container(manifest, node_at(manifest, *item));
	return r;
}

/* Where the objects have a pod's specification: CronJob; Deployment and its like; PodTemplate; Pod. */
static const char *const pod_places[][6] = {
	{"spec", "jobTemplate", "spec", "template", "spec"},
	{"spec", "template", "spec"},
	{"template", "spec"},
	{"spec"},
};

static int read_object(struct manifest *manifest, const yaml_node_t *object)
{
	static const char *const lists[] = {"initContainers", "containers", "ephemeralContainers"};
	static const char *const names[] = {"name", "namespace", NULL};
	static const char *const keys[] = {"securityContext", "hostUsers", NULL};
	const yaml_node_t *metadata = get(manifest, object, "metadata");
	const yaml_node_t *pod = NULL;
	int r = 0;

	manifest->kind = text_of(get(manifest, object, "kind"));
	manifest->name = text_of(get(manifest, metadata, "name"));
	manifest->namespace = text_of(get(manifest, metadata, "namespace"));
	for (size_t i = 0; !pod && i < sizeof(pod_places) / sizeof(pod_places[0]); i++) {
		pod = object;
		for (const char *const *key = pod_places[i]; pod && *key; key++)
			pod = get(manifest, pod, *key);
		if (!get(manifest, pod, "containers"))
			pod = NULL;
	}
	if (pod) {
		check_known(manifest, metadata, names);
		check_known(manifest, pod, keys);
	}
	for (size_t i = 0; !r && pod && i < sizeof(lists) / sizeof(lists[0]); i++)
		r = read_containers(manifest, pod, lists[i]);
	return r;
}

/* A document is an object, or a list of them. */
static int read_document(struct manifest *manifest)
{
	const yaml_node_t *root = yaml_document_get_root_node(manifest->document);
	const yaml_node_t *items = get(manifest, root, "items");
	int r = 0;

	if (!items || items->type != YAML_SEQUENCE_NODE)
		return root ? read_object(manifest, root) : 0;
	for (yaml_node_item_t *item = items->data.sequence.items.start; !r && item < items->data.sequence.items.top;
		item++)
		r = read_object(manifest, node_at(manifest, *item));
	return r;
}

/* Parses TEXT and calls READ for each document; a positive answer ends that. */
static int each_document(struct manifest *manifest, const char *text, size_t length, int (*read)(struct manifest *))
{
	yaml_parser_t parser;
	bool more = true;
	int r = 0;

	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	while (!r && more) {
		yaml_document_t document;

		if (!yaml_parser_load(&parser, &document)) {
			r = lc_complain(manifest->message, -EINVAL, "%s:%zu:%zu: %s",
				manifest->policy->path ? manifest->policy->path : "", parser.problem_mark.line + 1,
				parser.problem_mark.column + 1, parser.problem ? parser.problem : "no YAML");
			break;
		}
		manifest->document = &document;
		more = yaml_document_get_root_node(&document);
		if (more)
			r = read(manifest);
		yaml_document_delete(&document);
		manifest->document = NULL;
	}
	yaml_parser_delete(&parser);
	return r;
}

int lc_policy_read_kubernetes(struct lc_policy *policy, const char *text, size_t length, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	struct manifest manifest = {.policy = policy, .engine = engine, .log = log, .message = message};
	int r;

	policy->kind = LC_POLICY_KUBERNETES;
	r = each_document(&manifest, text, length, read_document);
	if (is_exhausted(&manifest))
		r = lc_complain(message, -EFBIG, "%s: takes more work to read than leastcap does", policy->path);
	return r;
}

/* 1 when a document has what every Kubernetes object has. */
static int has_api_version(struct manifest *manifest)
{
	const yaml_node_t *root = yaml_document_get_root_node(manifest->document);

	return get(manifest, root, "apiVersion") && get(manifest, root, "kind");
}

bool lc_policy_is_kubernetes(const char *text, size_t length)
{
	_cleanup_free_ char *message = NULL;
	struct lc_policy nothing = {0};
	struct manifest manifest = {.policy = &nothing, .message = &message};

	return each_document(&manifest, text, length, has_api_version) > 0;
}
