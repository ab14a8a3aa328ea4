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

/* A capability that the file adds or drops, by name. */
struct lc_policy_entry {
	const char *text;
	size_t line;
};

struct lc_policy_entries {
	struct lc_policy_entry *list;
	size_t n;
};

/* Appends TEXT, which is not copied, on LINE. 0 or -ENOMEM. */
int lc_policy_add_entry(struct lc_policy_entries *entries, const char *text, size_t line);

/* How a container is configured, and the engine by whose rules it runs. */
struct lc_policy_configuration {
	enum lc_engine engine;
	bool privileged;
	struct lc_policy_entries add;
	struct lc_policy_entries drop;
};

/* Frees what CONFIGURATION owns and zeroes it. */
void lc_policy_configuration_clear(struct lc_policy_configuration *configuration);

/* Sets caps and dropped of ALLOWED, whose where and line are set, to what CONFIGURATION grants. Errors as lc_policy_load. */
int lc_policy_grant(const struct lc_policy *policy, struct lc_allowed *allowed,
	const struct lc_policy_configuration *configuration, char **message);

/*
 * The readers fill POLICY, whose path is set, from TREE, by the rules of ENGINE. lc_policy_read_compose takes TREE over, also when it
 * fails. After an error POLICY can only be cleared. Errors as lc_policy_parse.
 */
int lc_policy_read_compose(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message);
int lc_policy_read_kubernetes(struct lc_policy *policy, struct lc_yaml_tree *tree, enum lc_engine engine,
	const struct lc_log *log, char **message);

/* What an entry of POLICY's file is: "service", "container", "target". */
const char *lc_policy_entry_word(const struct lc_policy *policy);

/* Appends what is missing of RESULT's recording, in a line: lc_report_add_lost_of. */
void lc_policy_add_lost(struct lc_strbuf *out, const struct lc_policy_result *result);

/* Appends FINDING to FINDINGS. 0 or -ENOMEM. */
int lc_policy_add_to_findings(struct lc_findings *findings, struct lc_finding finding);

/* Whether ACCEPTED is meant for ALLOWED. */
bool lc_policy_is_meant_for(const struct lc_accepted *accepted, const struct lc_allowed *allowed);

/* Appends "accepted until 2026-12-31 by OWNER: REASON" for ACCEPTED, escaped for terminals; "was accepted" where that is over. */
void lc_policy_add_acceptance(struct lc_strbuf *out, const struct lc_accepted *accepted);

/* Whether one of FINDINGS before NUMBER says the same of the same entry: another replica's. */
bool lc_policy_is_repeated(const struct lc_findings *findings, size_t number);

extern const struct lc_policy_format lc_policy_text;
extern const struct lc_policy_format lc_policy_json;
extern const struct lc_policy_format lc_policy_junit;
extern const struct lc_policy_format lc_policy_sarif;
extern const struct lc_policy_format lc_policy_github;
extern const struct lc_policy_format lc_policy_gitlab;

#endif
