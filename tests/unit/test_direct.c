/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a trial by the kernel does not reach: who asks cap_capable directly, and which facts say that a check was tried. */
#include "bpf/record.h"

#include <leastcap/facts.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void who_asks_past_security_capable_is_known(void **state)
{
	(void)state;
	assert_true(lc_asks_directly("cap_vm_enough_memory"));
	assert_true(lc_asks_directly("cap_capset"));
	assert_false(lc_asks_directly("setattr_prepare"));
	assert_false(lc_asks_directly("cap_capset_"));
	assert_false(lc_asks_directly(NULL));
}

/* LC_FACT_OUTER alone says that; with LC_FACT_OVERRIDDEN it says whose the credential was. */
static void a_credential_that_the_outer_target_can_have_made_is_not_tried(void **state)
{
	(void)state;
	assert_true(lc_is_tried(LC_FACT_TRIED));
	assert_true(lc_is_tried(LC_FACT_TRIED | LC_FACT_DENIED | LC_FACT_CHAINED | LC_FACT_NOAUDIT));
	assert_false(lc_is_tried(LC_FACT_OUTER | LC_FACT_OVERRIDDEN));
	assert_false(lc_is_tried(LC_FACT_OVERRIDDEN));
	assert_false(lc_is_tried(LC_FACT_DENIED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_past_security_capable_is_known),
		cmocka_unit_test(a_credential_that_the_outer_target_can_have_made_is_not_tried),
	};

	return cmocka_run_group_tests_name("direct", tests, NULL, NULL);
}
