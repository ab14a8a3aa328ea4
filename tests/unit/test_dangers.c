/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of dangerous capabilities. */
#include <leastcap/audit.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/engine.h>
#include <leastcap/facts.h>
#include <leastcap/judge.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_row_is_found_by_its_capability(void **state)
{
	size_t n;
	const struct lc_danger *dangers = lc_dangers(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(lc_danger_find(dangers[i].cap), &dangers[i]);
}

static void the_set_has_the_rows_and_nothing_else(void **state)
{
	uint64_t set = lc_dangerous_set();
	size_t n;

	(void)state;
	lc_dangers(&n);
	assert_int_equal(__builtin_popcountll(set), n);
	for (int cap = 0; cap < 64; cap++)
		assert_int_equal(!!(set & LC_CAP_BIT(cap)), lc_danger_find(cap) != NULL);
}

static void what_docker_grants_by_default_is_not_dangerous(void **state)
{
	(void)state;
	assert_int_equal(lc_engine_defaults(LC_ENGINE_DOCKER, NULL) & lc_dangerous_set(), 0);
	assert_null(lc_danger_find(CAP_CHOWN));
}

/* How an audit rates a container that holds CAP alone. */
static enum lc_rating_level audited(int cap)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	const struct lc_audit_view view = {.host = (LC_CAP_BIT(CAP_LAST_CAP) << 1) - 1};

	target.init.pid = 1;
	target.init.sets.permitted = target.init.sets.effective = target.init.sets.bounding = LC_CAP_BIT(cap);
	assert_int_equal(lc_audit_rate(&target, &view), 0);
	return target.rating.level;
}

/* Whether the advice on a container that used CAP says what holding it means. */
static bool is_advised_against(int cap)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(cap)};
	struct lc_check check = {.cap = cap,
		.verdict = LC_VERDICT_GRANTED,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.credential = LC_CREDENTIAL_OWN,
		.phase = LC_PHASE_WORKLOAD,
		.userns = LC_USERNS_TARGET,
		.count = 1};
	const struct lc_danger *danger = lc_danger_find(cap);

	assert_int_equal(lc_target_add_evidence(&target, &check), 0);
	assert_int_equal(lc_judge_target(&target), 0);
	for (size_t i = 0; danger && i < target.n_advice; i++) {
		if (target.advice[i].cap == cap && strstr(target.advice[i].text, danger->does))
			return true;
	}
	return false;
}

/* The table's own answer is written out here, so that a row that is lost is missed. */
static void every_capability_is_as_dangerous_to_an_audit_as_to_a_report(void **state)
{
	static const uint64_t dangerous =
		LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYS_MODULE) | LC_CAP_BIT(CAP_SYS_RAWIO) |
		LC_CAP_BIT(CAP_SYS_PTRACE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH) | LC_CAP_BIT(CAP_BPF) |
		LC_CAP_BIT(CAP_PERFMON) | LC_CAP_BIT(CAP_SYS_BOOT) | LC_CAP_BIT(CAP_MAC_ADMIN) |
		LC_CAP_BIT(CAP_MAC_OVERRIDE) | LC_CAP_BIT(CAP_AUDIT_CONTROL) | LC_CAP_BIT(CAP_SYSLOG) |
		LC_CAP_BIT(CAP_SYS_TIME) | LC_CAP_BIT(CAP_NET_ADMIN);

	(void)state;
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		bool is_dangerous = dangerous & LC_CAP_BIT(cap);

		if ((lc_danger_find(cap) != NULL) != is_dangerous)
			fail_msg("the table has another answer on capability %d", cap);
		if ((audited(cap) == LC_RATING_DANGEROUS) != is_dangerous)
			fail_msg("an audit has another answer on capability %d", cap);
		if (is_advised_against(cap) != is_dangerous)
			fail_msg("a report has another answer on capability %d", cap);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_found_by_its_capability),
		cmocka_unit_test(the_set_has_the_rows_and_nothing_else),
		cmocka_unit_test(every_capability_is_as_dangerous_to_an_audit_as_to_a_report),
		cmocka_unit_test(what_docker_grants_by_default_is_not_dangerous),
	};

	return cmocka_run_group_tests_name("dangers", tests, NULL, NULL);
}
