/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a policy: which kind of file it is, and what an engine grants by it. */
#include "policy_private.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/manifest.h>
#include <leastcap/message.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LC_MAX_POLICY_SIZE ((size_t)256 << 20)

/* A profile says what it is within so many bytes from its start. */
#define LC_PROFILE_HEAD_SIZE 4096

/* The capabilities of Linux 5.9 and later, which ALL in a policy means on whatever kernel it is checked. */
#define LC_ALL_OF_5_9 ((UINT64_C(1) << 41) - 1)

struct lc_allowed *lc_policy_append(struct lc_policy *policy)
{
	struct lc_allowed *list;

	if (policy->n >= LC_POLICY_MOST)
		return NULL;
	list = lc_array_grow(policy->list, policy->n, sizeof(*list));
	if (!list)
		return NULL;
	policy->list = list;
	list[policy->n] = (struct lc_allowed){0};
	return &list[policy->n++];
}

int lc_policy_set_where(struct lc_allowed *allowed, const char *format, ...)
{
	va_list arguments;
	int r;

	va_start(arguments, format);
	r = vasprintf(&allowed->where, format, arguments);
	va_end(arguments);
	if (r < 0)
		allowed->where = NULL;
	return r < 0 ? -ENOMEM : 0;
}

int lc_policy_add_entry(struct lc_policy_entries *entries, const char *text, size_t line)
{
	struct lc_policy_entry *list = lc_array_grow(entries->list, entries->n, sizeof(*list));

	if (!list)
		return -ENOMEM;
	entries->list = list;
	list[entries->n++] = (struct lc_policy_entry){.text = text, .line = line};
	return 0;
}

void lc_policy_configuration_clear(struct lc_policy_configuration *configuration)
{
	free(configuration->add.list);
	free(configuration->drop.list);
	*configuration = (struct lc_policy_configuration){0};
}

/* The names in ENTRIES, for the caller to free; NULL when out of memory. */
static const char **names_of(const struct lc_policy_entries *entries)
{
	const char **names = calloc(entries->n + 1, sizeof(*names));

	for (size_t i = 0; names && i < entries->n; i++)
		names[i] = entries->list[i].text;
	return names;
}

/* Refuses an entry that is no capability. Those that are named one by one are added to *MASK. */
static int check_entries(const struct lc_policy *policy, const struct lc_allowed *allowed,
	const struct lc_policy_entries *entries, uint64_t *mask, char **message)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct lc_policy_entry *entry = &entries->list[i];
		_cleanup_free_ char *reason = NULL;
		uint64_t caps = 0;

		if (lc_engine_read_capability(entry->text, &caps, &reason))
			return lc_complain(message, -EINVAL, "%s:%zu: %s: %s", policy->path, entry->line,
				allowed->where, reason ? reason : "no capability");
		if (strcasecmp(entry->text, "ALL") != 0)
			*mask |= caps;
	}
	return 0;
}

int lc_policy_grant(const struct lc_policy *policy, struct lc_allowed *allowed,
	const struct lc_policy_configuration *configuration, char **message)
{
	_cleanup_free_ const char **add = names_of(&configuration->add);
	_cleanup_free_ const char **drop = names_of(&configuration->drop);
	const struct lc_engine_request request = {
		.engine = configuration->engine,
		.privileged = configuration->privileged,
		.add = add,
		.n_add = configuration->add.n,
		.drop = drop,
		.n_drop = configuration->drop.n,
		.available = lc_cap_all() | LC_ALL_OF_5_9,
	};
	_cleanup_free_ char *reason = NULL;
	struct lc_engine_grant grant = {0};
	uint64_t added = 0;
	int r;

	if (!add || !drop)
		return -ENOMEM;
	r = check_entries(policy, allowed, &configuration->add, &added, message);
	if (!r)
		r = check_entries(policy, allowed, &configuration->drop, &allowed->dropped, message);
	if (r)
		return r;
	r = lc_engine_grant(&request, &grant, &reason);
	if (r)
		return lc_complain(message, r, "%s:%zu: %s: %s", policy->path, allowed->line, allowed->where,
			reason ? reason : strerror(-r));
	allowed->caps = grant.bounding;
	return 0;
}

/* Every target of an earlier profile may hold what is on its list. */
static int read_profile(struct lc_policy *policy, const char *text, size_t length, char **message)
{
	_cleanup_free_ char *reason = NULL;
	int r = lc_profile_from_json(&policy->profile, text, length, &reason);

	policy->kind = LC_POLICY_PROFILE;
	if (r)
		return lc_complain(message, r, "%s: %s", policy->path, reason ? reason : strerror(-r));
	if (lc_profile_is_unwatched(&policy->profile))
		return lc_complain(message, -EINVAL, "%s: this audit watched nothing: it does not say what is needed",
			policy->path);
	for (size_t i = 0; i < policy->profile.n_targets; i++) {
		struct lc_allowed *allowed = lc_policy_append(policy);

		if (!allowed || lc_policy_set_where(allowed, "targets[%zu]", i))
			return -ENOMEM;
		allowed->target = &policy->profile.targets[i];
		allowed->caps = allowed->target->cap_add;
	}
	return 0;
}

/* Whether TEXT is JSON that says it is a profile, of whatever version. */
static bool is_profile(const char *text, size_t length)
{
	static const char schema[] = "\"leastcap-profile/";
	size_t head = length < LC_PROFILE_HEAD_SIZE ? length : LC_PROFILE_HEAD_SIZE;

	return memmem(text, head, schema, sizeof(schema) - 1) && text[strspn(text, " \t\r\n")] == '{';
}

/* What a compose file or a manifest allows. As lc_policy_parse. */
static int read_yaml(struct lc_policy *policy, const struct lc_policy_reading *reading, const char *text, size_t length,
	char **message)
{
	const enum lc_engine *engine = reading->engine;
	_cleanup_free_ char *reason = NULL;
	struct lc_yaml_tree *tree;
	int r = lc_yaml_read(&tree, text, length, &reason);

	if (r)
		return lc_complain(message, r, "%s:%s", policy->path, reason ? reason : strerror(-r));
	if (!lc_manifest_is(tree))
		return lc_policy_read_compose(policy, tree, engine ? *engine : LC_ENGINE_DOCKER, reading->log, message);
	r = lc_policy_read_kubernetes(policy, tree, engine ? *engine : LC_ENGINE_CONTAINERD, reading->log, message);
	lc_yaml_tree_free(tree);
	return r;
}

int lc_policy_parse(struct lc_policy *policy, const struct lc_policy_reading *reading, const char *text, size_t length,
	char **message)
{
	const char *path = lc_input_name(reading->path);
	int r = -ENOMEM;

	*policy = (struct lc_policy){.path = strdup(path)};
	*message = NULL;
	if (policy->path)
		r = is_profile(text, length) ? read_profile(policy, text, length, message)
					     : read_yaml(policy, reading, text, length, message);
	if (!r && !policy->n)
		r = lc_complain(message, -EINVAL, "%s: there is nothing in it that a container could keep to", path);
	if (r && !*message)
		lc_complain(message, r, "%s: %s", path, strerror(-r));
	if (r)
		lc_policy_clear(policy);
	return r;
}

int lc_policy_load(struct lc_policy *policy, const struct lc_policy_reading *reading, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r;

	*message = NULL;
	r = lc_input_read(reading->path, LC_MAX_POLICY_SIZE, "a policy", &text, message);
	return r ? r : lc_policy_parse(policy, reading, text.text ? text.text : "", text.length, message);
}

/* Moves the entries of MORE to POLICY. 0 or -ENOMEM; those that are left stay MORE's. */
static int move_entries(struct lc_policy *policy, struct lc_policy *more)
{
	for (size_t i = 0; i < more->n; i++) {
		struct lc_allowed *allowed = lc_policy_append(policy);

		if (!allowed)
			return -ENOMEM;
		*allowed = more->list[i];
		more->list[i] = (struct lc_allowed){0};
		allowed->path = strdup(more->path);
		if (!allowed->path)
			return -ENOMEM;
	}
	return 0;
}

int lc_policy_add_file(struct lc_policy *policy, const struct lc_policy_reading *reading, char **message)
{
	_cleanup_(lc_policy_clear) struct lc_policy more = {0};
	int r = lc_policy_load(&more, reading, message);

	if (r)
		return r;
	if (policy->kind != LC_POLICY_KUBERNETES || more.kind != LC_POLICY_KUBERNETES)
		return lc_complain(message, -EINVAL, "%s: only Kubernetes manifests may be several files", more.path);
	r = move_entries(policy, &more);
	if (r)
		return lc_complain(message, r, "%s: %s", more.path, strerror(-r));
	policy->unknown += more.unknown;
	policy->n_more++;
	return 0;
}

static void clear_allowed(struct lc_allowed *allowed)
{
	free(allowed->name);
	free(allowed->other_name);
	free(allowed->image);
	free(allowed->workload);
	free(allowed->namespace);
	free(allowed->where);
	free(allowed->path);
}

void lc_policy_clear(struct lc_policy *policy)
{
	for (size_t i = 0; i < policy->n; i++)
		clear_allowed(&policy->list[i]);
	free(policy->list);
	free(policy->path);
	free(policy->project);
	lc_profile_clear(&policy->profile);
	*policy = (struct lc_policy){0};
}
