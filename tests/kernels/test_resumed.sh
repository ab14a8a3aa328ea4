# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Recordings that look at a call's return only where a check or a filter asks for it, by task work, with whichever hook leastcap chooses. Runs by
# tests/e2e/child.

LEASTCAP=$ROOT/build/leastcap
NOT_LOOKED_AT="Recorded with --refusals=checked: calls that were refused without a check, and not by a filter, were not looked at."
NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)
# Is refused by the kernel, which asks for nothing: the leader of a process group may not begin a session.
UNCHECKED=(python3 -c 'import os, contextlib
os.setpgid(0, 0)
with contextlib.suppress(PermissionError):
    os.setsid()')

# run_checked COMMAND...: records it by task work, and that all is there.
run_checked() {
	"$LEASTCAP" run -q --refusals=checked -o "$PROFILE" -- "$@"
	assert_eq "$(jq -r .host.refusals "$PROFILE")" checked "which refused calls were looked at"
	assert_eq "$(jq -r .lost "$PROFILE")" 0 "lost"
}

test_denied_calls_of_many_threads_are_all_known() {
	run_checked "${NOBODY[@]}" "$PROGRAMS/denied_often" 4 2500
	assert_eq "$(refused chown)" "capability EPERM 10000" "the refused calls"
}

test_denied_calls_of_a_process_that_is_killed_are_all_known() {
	local made
	run_checked "${NOBODY[@]}" "$PROGRAMS/denied_often" killed >made
	made=$(<made)
	assert_match "$(refused chown)" "^capability EPERM ($made|$((made + 1)))$" "of $made refused calls before it was killed"
}

test_what_a_filter_refuses_is_counted_by_task_work() {
	run_checked sh -c '"$0" 10000; "$0" 10000 38' "$PROGRAMS/refused_often"
	assert_eq "$(refused getpgid)" "filter ENOSYS 10000
filter EPERM 10000" "the refused calls, and those that are said not to be there"
}

test_the_return_of_every_call_is_left_alone() {
	local before count=("$PROGRAMS/counts_bpf_programs" on_sys_exit)
	before=$("${count[@]}")
	run_checked "${count[@]}" >checked
	"$LEASTCAP" run -q -o "$PROFILE" -- "${count[@]}" >all
	assert_eq "$(<checked)" "$before" "programs on sys_exit"
	((before < $(<all))) || fail "no program on sys_exit, which is looked for here"
}

test_a_report_says_what_was_not_looked_at() {
	run_checked "${UNCHECKED[@]}"
	assert_eq "$(refused setsid)" "" "the refused calls without a check"
	assert_match "$("$LEASTCAP" report -f oci "$PROFILE" | jq -r '.notices[]')" "$NOT_LOOKED_AT" "the notices"
	assert_match "$("$LEASTCAP" report "$PROFILE")" "$NOT_LOOKED_AT" "the report"
	assert_match "$("$LEASTCAP" report -f markdown "$PROFILE")" "$NOT_LOOKED_AT" "the report for a pull request"
}

test_requests_are_known_by_task_work() {
	run_checked "$PROGRAMS/set_capabilities" outright 13
	assert_eq "$(jq -r '[.targets[].evidence[] | select(.class == "implied") | .cap] | unique | join(" ")' "$PROFILE")" NET_RAW "what it asked for"
}
