/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compose file as a policy. */
#include "policy_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/compose.h>

#include <errno.h>
#include <string.h>

/* Sorts SERVICE's entries into CONFIGURATION. What compose would replace first is left out, and said. */
static int read_lists(const char *path, const struct lc_compose_service *service,
	struct lc_policy_configuration *configuration, const struct lc_log *log)
{
	int r = 0;

	for (size_t i = 0; !r && i < service->n_entries; i++) {
		const struct lc_compose_entry *entry = &service->entries[i];
		bool is_add = entry->list == LC_COMPOSE_CAP_ADD;

		if (entry->variable)
			lc_log(log, LC_LOG_WARN, "%s:%zu: service %s: what '%s' stands for is not known here: left out",
				path, entry->line, service->name, entry->text);
		else
			r = lc_policy_add_entry(
				is_add ? &configuration->add : &configuration->drop, entry->text, entry->line);
	}
	return r;
}

static int read_service(struct lc_policy *policy, const struct lc_compose_service *service, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	_cleanup_(lc_policy_configuration_clear) struct lc_policy_configuration configuration = {
		.engine = engine, .privileged = service->privileged};
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
	r = read_lists(policy->path, service, &configuration, log);
	return r ? r : lc_policy_grant(policy, allowed, &configuration, message);
}

int lc_policy_read_compose(struct lc_policy *policy, const char *text, size_t length, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	_cleanup_(lc_compose_clear) struct lc_compose file = {0};
	int r = lc_compose_parse(&file, policy->path, text, length, message);

	policy->kind = LC_POLICY_COMPOSE;
	if (!r)
		r = lc_policy_copy(&policy->project, file.name);
	for (size_t i = 0; !r && i < file.n_services; i++)
		r = read_service(policy, &file.services[i], engine, log, message);
	return r;
}
