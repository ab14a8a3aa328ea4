/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of the judge: checks made in a few words. */
#ifndef LEASTCAP_TESTS_EVIDENCE_H
#define LEASTCAP_TESTS_EVIDENCE_H

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/judge.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* A call site that nobody knows. */
#define UNKNOWN "no_such_function"

/* What the workload asked with its own credentials, and got by the list. CALLER may be NULL. */
static inline struct lc_check granted_check(int cap, const char *caller)
{
	return (struct lc_check){
		.cap = cap,
		.class = LC_CLASS_N,
		.verdict = LC_VERDICT_GRANTED,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.credential = LC_CREDENTIAL_OWN,
		.phase = LC_PHASE_WORKLOAD,
		.userns = LC_USERNS_TARGET,
		.audited = LC_AUDITED_YES,
		.count = 1,
		.caller = caller ? strdup(caller) : NULL,
	};
}

/* The same, denied; its syscall returned RESULT, NULL when that is unknown. */
static inline struct lc_check denied_check(int cap, const char *caller, const char *result)
{
	struct lc_check check = granted_check(cap, caller);

	check.verdict = LC_VERDICT_DENIED;
	check.authority = LC_AUTHORITY_NONE;
	check.result = result ? strdup(result) : NULL;
	return check;
}

/* What SOURCE named outright. */
static inline struct lc_check named_check(enum lc_source source, int cap, enum lc_verdict verdict)
{
	struct lc_check check =
		verdict == LC_VERDICT_GRANTED ? granted_check(cap, NULL) : denied_check(cap, NULL, "EPERM");

	check.source = source;
	check.syscall = strdup(source == LC_SOURCE_FILE ? "execve" : source == LC_SOURCE_CAPSET ? "capset" : "prctl");
	return check;
}

/* The row for NARROW and WIDE in the table of alternatives. */
static inline const struct lc_alternative *row_of(int narrow, int wide)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].narrow == narrow && rows[i].wide == wide)
			return &rows[i];
	}
	fail_msg("no alternative %d, %d", narrow, wide);
	return NULL;
}

/* What PAIR's decision asks first. */
static inline struct lc_check narrow_check(const struct lc_alternative *pair, enum lc_verdict verdict)
{
	const char *caller = pair->functions[0] ? pair->functions[0] : UNKNOWN;

	return verdict == LC_VERDICT_GRANTED ? granted_check(pair->narrow, caller)
					     : denied_check(pair->narrow, caller, "EPERM");
}

/* What it asks when that was denied. */
static inline struct lc_check wide_check(const struct lc_alternative *pair, enum lc_verdict verdict)
{
	struct lc_check check = narrow_check(pair, verdict);

	check.cap = pair->wide;
	check.chained = true;
	return check;
}

/* Appends CHECK to TARGET, which takes over its strings. The pointer is good until the next one is added. */
static inline struct lc_check *add(struct lc_target *target, struct lc_check check)
{
	assert_int_equal(lc_target_add_evidence(target, &check), 0);
	return &target->evidence[target->n_evidence - 1];
}

/* What is advised on CAP; "" when nothing is. */
static inline const char *advice_on(const struct lc_target *target, int cap)
{
	for (size_t i = 0; i < target->n_advice; i++) {
		if (target->advice[i].cap == cap)
			return target->advice[i].text;
	}
	return "";
}

/* A target that CHECK is the only evidence of, judged. The caller clears it. */
static inline struct lc_target judged(struct lc_check check)
{
	struct lc_target target = {.kind = LC_TARGET_COMMAND};

	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	return target;
}

/* Asserts the class that CHECK gets, and frees it. */
static inline void assert_class(struct lc_check check, enum lc_class class)
{
	_cleanup_(lc_target_clear) struct lc_target target = judged(check);

	assert_string_equal(lc_class_name(target.evidence[0].class), lc_class_name(class));
}

#endif
