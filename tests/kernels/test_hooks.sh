# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# That the run uses the hook that it is meant to. Runs by tests/e2e/child, in a test's own directory.

test_the_hook_that_was_forced_is_the_one_that_is_used() {
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_eq "$(jq -r .host.hook "$PROFILE")" "$HOOK" "the hook"
	assert_eq "$(jq -r .lost "$PROFILE")" 0 "lost"
}

test_20000_checks_from_two_tasks_are_all_counted() {
	"$LEASTCAP" run -o "$PROFILE" -- "$PROGRAMS/many_checks" 2 10000
	assert_eq "$(jq '[.targets[].evidence[] | select(.cap == "SETGID" and .syscall == "setgroups") | .count] | add' "$PROFILE")" 20000 "checks"
}
