# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# --refusals=checked where the kernel has no task work, or forbids what it takes. What it does elsewhere is in tests/kernels/test_resumed.sh.

# Is refused by the kernel, which asks for nothing: the leader of a process group may not begin a session.
UNCHECKED=(python3 -c 'import os, contextlib
os.setpgid(0, 0)
with contextlib.suppress(PermissionError):
    os.setsid()')

# The recording was made by task work.
by_task_work() {
	[[ $(jq -r .host.refusals "$PROFILE") == checked ]]
}

test_without_task_work_every_return_is_looked_at() {
	"$LEASTCAP" run -v --refusals=checked -o "$PROFILE" -- "${UNCHECKED[@]}" 2>said
	if by_task_work; then
		assert_match "$(<said)" 'outcomes: by task work' "what -v says"
		return
	fi
	assert_match "$(<said)" 'outcomes: by the return of every system call' "what -v says"
	assert_eq "$(refused setsid)" "unknown EPERM 1" "the refused call without a check"
	assert_no_match "$("$LEASTCAP" report "$PROFILE" | tr -s ' \n' ' ')" "were not looked at" "the report"
}

test_doctor_says_how_outcomes_are_known() {
	"$LEASTCAP" run -q --refusals=checked -o "$PROFILE" -- true
	"$LEASTCAP" doctor >examined || true
	if by_task_work; then
		assert_match "$(tr -s ' \n' ' ' <examined)" "ok outcomes by the return of every system call; with --refusals=checked by task work" "the doctor"
	else
		assert_match "$(tr -s ' \n' ' ' <examined)" "ok outcomes by the return of every system call, also with --refusals=checked" "the doctor"
	fi
}

test_refusals_takes_two_words() {
	assert_refused 2 "^leastcap: --refusals: 'some' is none of all and checked" "$LEASTCAP" run --refusals=some -- true
	assert_refused 2 "refusals" "$LEASTCAP" trace --refusals=checked -- true
}
