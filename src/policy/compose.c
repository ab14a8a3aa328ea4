/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compose file as a policy. */
#include "policy_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/compose.h>

#include <errno.h>
#include <string.h>

/* What a value that is not known is taken for. It is the reading that allows less. */
static const char *const readings[LC_COMPOSE_KEY_N] = {
	[LC_COMPOSE_KEY_CAP_ADD] = ": left out",
	[LC_COMPOSE_KEY_CAP_DROP] = ": left out",
	[LC_COMPOSE_KEY_PRIVILEGED] = ": taken for false",
};

/* The reading of one file. */
struct reader {
	struct lc_policy *policy;
	enum lc_engine engine;
	const struct lc_log *log;
	char **message;
};

/* Says that what UNKNOWN has of SERVICE's KEY is not known, and counts it. */
static void warn_unknown(const struct reader *reader, const struct lc_compose_service *service, enum lc_compose_key key,
	struct lc_compose_unknown unknown)
{
	reader->policy->unknown++;
	lc_log(reader->log, LC_LOG_WARN, "%s:%zu: service %s: %s: what '%s' stands for is not known here%s",
		reader->policy->path, unknown.line, service->name, lc_compose_key_name(key), unknown.text,
		readings[key] ? readings[key] : "");
}

/* Sorts SERVICE's entries into CONFIGURATION. One with a variable is left out, with a warning. */
static int read_lists(const struct reader *reader, const struct lc_compose_service *service,
	struct lc_policy_configuration *configuration)
{
	int r = 0;

	for (size_t i = 0; !r && i < service->n_entries; i++) {
		const struct lc_compose_entry *entry = &service->entries[i];
		bool is_add = entry->list == LC_COMPOSE_CAP_ADD;

		if (entry->variable)
			warn_unknown(reader, service, (enum lc_compose_key)entry->list,
				(struct lc_compose_unknown){.text = entry->text, .line = entry->line});
		else
			r = lc_policy_add_entry(
				is_add ? &configuration->add : &configuration->drop, entry->text, entry->line);
	}
	return r;
}

/* Says what else of SERVICE is not known. */
static void warn_values(const struct reader *reader, const struct lc_compose_service *service)
{
	for (int key = 0; key < LC_COMPOSE_KEY_N; key++) {
		if (service->unknown[key].text)
			warn_unknown(reader, service, (enum lc_compose_key)key, service->unknown[key]);
	}
	if (!service->other_file)
		return;
	reader->policy->unknown++;
	lc_log(reader->log, LC_LOG_WARN, "%s:%zu: service %s: extends a service of '%s', which is not read: left out",
		reader->policy->path, service->line, service->name, service->other_file);
}

static int read_service(const struct reader *reader, const struct lc_compose_service *service)
{
	_cleanup_(lc_policy_configuration_clear) struct lc_policy_configuration configuration = {
		.engine = reader->engine,
		.privileged = service->privileged && !service->unknown[LC_COMPOSE_KEY_PRIVILEGED].text};
	struct lc_allowed *allowed = lc_policy_append(reader->policy);
	const size_t *lines = service->list_line;
	int r;

	if (!allowed)
		return -ENOMEM;
	if (lc_copy_to(&allowed->name, service->name) || lc_copy_to(&allowed->other_name, service->container_name) ||
		lc_copy_to(&allowed->image, service->image) ||
		lc_policy_set_where(allowed, "service %s", service->name))
		return -ENOMEM;
	allowed->line = lines[LC_COMPOSE_CAP_ADD] ? lines[LC_COMPOSE_CAP_ADD] : service->line;
	allowed->drop_line = lines[LC_COMPOSE_CAP_DROP];
	allowed->partly_read = service->other_file;
	warn_values(reader, service);
	r = read_lists(reader, service, &configuration);
	return r ? r : lc_policy_grant(reader->policy, allowed, &configuration, reader->message);
}

int lc_policy_read_compose(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message)
{
	const struct reader reader = {.policy = policy, .engine = engine, .log = log, .message = message};
	_cleanup_(lc_compose_clear) struct lc_compose file = {0};
	int r = lc_compose_from_tree(&file, policy->path, tree, message);

	policy->kind = LC_POLICY_COMPOSE;
	if (!r)
		r = lc_copy_to(&policy->project, file.name);
	for (size_t i = 0; !r && i < file.n_services; i++)
		r = read_service(&reader, &file.services[i]);
	return r;
}
