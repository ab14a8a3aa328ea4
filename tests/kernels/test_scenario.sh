# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The recorded scenario is judged as the table says, whatever the kernel and the hook. Runs by tests/e2e/child.

test_the_judgement_is_the_same_under_every_kernel_and_hook() {
	"$ROOT/tests/kernels/scenario" "$HOOK" "$PROFILE"
}
