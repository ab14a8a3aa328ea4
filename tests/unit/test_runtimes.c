/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests which runtimes are known to give containers a kernel of their own. */
#include <leastcap/facts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void sandboxes_are_known_by_every_name_that_engines_have_for_them(void **state)
{
	static const char *const names[] = {"runsc", "gvisor", "gVisor", "runsc-kvm", "io.containerd.runsc.v1",
		"containerd-shim-runsc-v1", "kata", "kata-runtime", "kata_qemu", "io.containerd.kata.v2",
		"io.containerd.kata-clh.v2", "kata2", "aws.firecracker", "krun", "crun-krun", "my-own.runsc"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(lc_runtime_with_kernel(names[i]), names[i]);
}

static void the_last_component_of_a_path_is_the_name(void **state)
{
	(void)state;
	assert_string_equal(lc_runtime_with_kernel("/usr/local/bin/runsc"), "runsc");
	assert_string_equal(lc_runtime_with_kernel("/opt/kata/bin/containerd-shim-kata-v2"), "containerd-shim-kata-v2");
	assert_null(lc_runtime_with_kernel("/opt/kata/bin/runc"));
}

static void runtimes_on_the_hosts_kernel_are_not_taken_for_sandboxes(void **state)
{
	static const char *const names[] = {"", "runc", "crun", "youki", "io.containerd.runc.v2",
		"containerd-shim-runc-v2", "runc-within-bounds", "sysbox-runc", "nvidia", "runscope", "skata", "-",
		"/"};

	(void)state;
	assert_null(lc_runtime_with_kernel(NULL));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(lc_runtime_with_kernel(names[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sandboxes_are_known_by_every_name_that_engines_have_for_them),
		cmocka_unit_test(the_last_component_of_a_path_is_the_name),
		cmocka_unit_test(runtimes_on_the_hosts_kernel_are_not_taken_for_sandboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
