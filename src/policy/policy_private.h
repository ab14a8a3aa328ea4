/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of policies share. */
#ifndef LEASTCAP_POLICY_PRIVATE_H
#define LEASTCAP_POLICY_PRIVATE_H

#include <leastcap/policy.h>
#include <leastcap/yaml.h>

/* The most containers that are read of a file. */
#define LC_POLICY_MOST 65536

/* Appends a zeroed entry and returns it (valid until the next append), or NULL when out of memory or there are too many. */
struct lc_allowed *lc_policy_append(struct lc_policy *policy);

/* Sets where ALLOWED stands in the file. 0 or -ENOMEM. */
int lc_policy_set_where(struct lc_allowed *allowed, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets *INTO to a copy of TEXT, which may be NULL. 0 or -ENOMEM. */
int lc_policy_copy(char **into, const char *text);

/* A capability that the file adds or drops, by name. */
struct lc_policy_entry {
	const char *text;
	size_t line;
};

struct lc_policy_entries {
	struct lc_policy_entry *list;
	size_t n;
};

/* Appends TEXT, which is not copied. 0 or -ENOMEM. */
int lc_policy_add_entry(struct lc_policy_entries *entries, const char *text, size_t line);

/* How a container is configured, and by whose rules that counts. */
struct lc_policy_configuration {
	enum lc_engine engine;
	bool privileged;
	struct lc_policy_entries add;
	struct lc_policy_entries drop;
};

void lc_policy_configuration_clear(struct lc_policy_configuration *configuration);

/* Sets caps and dropped of ALLOWED, which has its where and line, to what CONFIGURATION grants. As lc_policy_load. */
int lc_policy_grant(const struct lc_policy *policy, struct lc_allowed *allowed,
	const struct lc_policy_configuration *configuration, char **message);

/*
 * The readers: they fill POLICY, whose path is set, from TREE, by the rules of ENGINE; lc_policy_read_compose takes TREE over, also
 * when it fails. As lc_policy_parse.
 */
int lc_policy_read_compose(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message);
int lc_policy_read_kubernetes(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message);

/* Whether one of TREE's documents is a Kubernetes object. */
bool lc_policy_is_kubernetes(const struct lc_yaml_tree *tree);

#endif
