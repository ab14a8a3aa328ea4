/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* That trying what is inlined leaves this process as it was. What is found is tested on other kernels: tests/kernels. */
#include "src/probe/inlined.h"

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

struct own_state {
	int securebits;
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
};

static void read_own_state(struct own_state *own)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

	memset(own, 0, sizeof(*own));
	own->securebits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	assert_int_equal(syscall(SYS_capget, &header, own->sets), 0);
}

static void trying_leaves_securebits_and_capabilities_alone(void **state)
{
	struct own_state before, after;
	bool inlined[LC_INLININGS];

	(void)state;
	read_own_state(&before);
	lc_inlined_find(inlined, true);
	read_own_state(&after);
	assert_memory_equal(&before, &after, sizeof(before));
}

static void trying_leaves_the_first_page_unmapped(void **state)
{
	bool inlined[LC_INLININGS];

	(void)state;
	lc_inlined_find(inlined, true);
	assert_int_equal(msync(NULL, 1, MS_ASYNC), -1);
	assert_int_equal(errno, ENOMEM);
}

static void every_function_has_a_program(void **state)
{
	(void)state;
	for (size_t i = 0; i < LC_INLININGS; i++) {
		assert_non_null(lc_inlined_programs[i].function);
		assert_non_null(lc_inlined_programs[i].program);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trying_leaves_securebits_and_capabilities_alone),
		cmocka_unit_test(trying_leaves_the_first_page_unmapped),
		cmocka_unit_test(every_function_has_a_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
