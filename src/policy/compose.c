/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compose file as a policy. */
#include "policy_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/compose.h>

#include <errno.h>
#include <string.h>

/* What is made of a value that is not known: the narrower reading, where the file alone would allow more by it. */
static const char *const readings[LC_COMPOSE_KEY_N] = {
	[LC_COMPOSE_KEY_CAP_ADD] = ": left out",
	[LC_COMPOSE_KEY_CAP_DROP] = ": left out",
	[LC_COMPOSE_KEY_PRIVILEGED] = ": taken for false",
};

/* Says that TEXT, on LINE, of SERVICE's KEY is not known, and counts it. */
static void warn_unknown(struct lc_policy *policy, const struct lc_compose_service *service, enum lc_compose_key key,
	const char *text, size_t line, const struct lc_log *log)
{
	policy->unknown++;
	lc_log(log, LC_LOG_WARN, "%s:%zu: service %s: %s: what '%s' stands for is not known here%s", policy->path, line,
		service->name, lc_compose_key_name(key), text, readings[key] ? readings[key] : "");
}

/* Sorts SERVICE's entries into CONFIGURATION. What compose would replace first is left out, and said. */
static int read_lists(struct lc_policy *policy, const struct lc_compose_service *service,
	struct lc_policy_configuration *configuration, const struct lc_log *log)
{
	int r = 0;

	for (size_t i = 0; !r && i < service->n_entries; i++) {
		const struct lc_compose_entry *entry = &service->entries[i];
		bool is_add = entry->list == LC_COMPOSE_CAP_ADD;

		if (entry->variable)
			warn_unknown(policy, service, (enum lc_compose_key)entry->list, entry->text, entry->line, log);
		else
			r = lc_policy_add_entry(
				is_add ? &configuration->add : &configuration->drop, entry->text, entry->line);
	}
	return r;
}

/* Says what else of SERVICE is not known. */
static void warn_values(struct lc_policy *policy, const struct lc_compose_service *service, const struct lc_log *log)
{
	for (int i = 0; i < LC_COMPOSE_KEY_N; i++) {
		const struct lc_compose_unknown *unknown = &service->unknown[i];

		if (unknown->text)
			warn_unknown(policy, service, (enum lc_compose_key)i, unknown->text, unknown->line, log);
	}
	if (!service->other_file)
		return;
	policy->unknown++;
	lc_log(log, LC_LOG_WARN, "%s:%zu: service %s: extends a service of '%s', which is not read: left out",
		policy->path, service->line, service->name, service->other_file);
}

static int read_service(struct lc_policy *policy, const struct lc_compose_service *service, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	_cleanup_(lc_policy_configuration_clear) struct lc_policy_configuration configuration = {.engine = engine,
		.privileged = service->privileged && !service->unknown[LC_COMPOSE_KEY_PRIVILEGED].text};
	struct lc_allowed *allowed = lc_policy_append(policy);
	const size_t *lines = service->list_line;
	int r;

	if (!allowed)
		return -ENOMEM;
	if (lc_policy_copy(&allowed->name, service->name) ||
		lc_policy_copy(&allowed->other_name, service->container_name) ||
		lc_policy_copy(&allowed->image, service->image) ||
		lc_policy_set_where(allowed, "service %s", service->name))
		return -ENOMEM;
	allowed->line = lines[LC_COMPOSE_CAP_ADD] ? lines[LC_COMPOSE_CAP_ADD] : service->line;
	allowed->drop_line = lines[LC_COMPOSE_CAP_DROP];
	allowed->partly_read = service->other_file;
	warn_values(policy, service, log);
	r = read_lists(policy, service, &configuration, log);
	return r ? r : lc_policy_grant(policy, allowed, &configuration, message);
}

int lc_policy_read_compose(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	_cleanup_(lc_compose_clear) struct lc_compose file = {0};
	int r = lc_compose_from_tree(&file, policy->path, tree, message);

	policy->kind = LC_POLICY_COMPOSE;
	if (!r)
		r = lc_policy_copy(&policy->project, file.name);
	for (size_t i = 0; !r && i < file.n_services; i++)
		r = read_service(policy, &file.services[i], engine, log, message);
	return r;
}
