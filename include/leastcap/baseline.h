/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Baselines: what a check accepts until a day, though the file does not allow it or nothing needs it, and who answers for that. */
#ifndef LEASTCAP_BASELINE_H
#define LEASTCAP_BASELINE_H

#include <leastcap/policy.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The file that a check looks for beside the one that says what is allowed. */
#define LC_BASELINE_NAME ".leastcap-baseline.yaml"

/* "2026-12-31" */
#define LC_DATE_SIZE 11

/* One that is accepted. Strings are owned, unless said otherwise, and hostile. */
struct lc_accepted {
	const char *path; /* the baseline's, which owns it */
	char *name; /* of a service, container or target; or "shop/web", that of a Kubernetes object before the container's */
	uint64_t caps;
	char *reason;
	char *owner;                /* who answers for it */
	char expires[LC_DATE_SIZE]; /* the last day, in UTC */
	bool expired;
	size_t line;   /* where the entry begins */
	uint64_t used; /* of CAPS: there was a finding */
};

struct lc_baseline {
	char *path;
	struct lc_accepted *list;
	size_t n;
};

/*
 * Reads a baseline to BASELINE (zeroed before), which LC_BASELINE_NAME describes. NOW, nanoseconds since 1970, tells what has expired. 0, or -errno;
 * BASELINE is then empty and *MESSAGE (caller frees) says in one line what is wrong and where.
 */
int lc_baseline_load(struct lc_baseline *baseline, const char *path, int64_t now, char **message);

/* The same for LENGTH bytes of TEXT, which is what the file at PATH has. */
int lc_baseline_parse(
	struct lc_baseline *baseline, const char *path, const char *text, size_t length, int64_t now, char **message);

/* The path of the baseline beside the file at POLICY, where there is one; NULL: there is none, or when out of memory. Caller frees. */
char *lc_baseline_beside(const char *policy);

/*
 * Sets what of FINDINGS, of a check by POLICY and RULES, is accepted by BASELINE: it fails no more, unless the entry has expired. Adds a finding, LC_FINDING_STALE,
 * for each entry that accepts what nothing needed, or that is meant for nothing in POLICY. BASELINE has to stay as it is as long as FINDINGS.
 * 0 or -ENOMEM.
 */
int lc_baseline_apply(struct lc_baseline *baseline, const struct lc_policy *policy, const struct lc_policy_rules *rules,
	struct lc_findings *findings);

/* Frees everything that BASELINE owns and zeroes it. */
void lc_baseline_clear(struct lc_baseline *baseline);

#endif
