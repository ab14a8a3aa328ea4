# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Calls that a security module refuses: no capability opens them, and the report says whose policy it is.

# cause_of PATH: the cause of the refused openat of it, and why.
cause_of() {
	jq -r --arg path "$1" '.targets[].failures[] | select(.syscall == "openat" and .result == "EACCES")
		| select(.about == $path or .object.path == $path) | .cause + ": " + .why' "$PROFILE"
}

test_a_program_that_has_restricted_itself_by_landlock_is_refused_by_that() {
	local status=0
	echo secret >file
	"$PROGRAMS/restricts_itself" "$PWD/file" || status=$?
	((status != 2)) || skip "this kernel has no Landlock"
	"$LEASTCAP" run -o "$PROFILE" -- "$PROGRAMS/restricts_itself" "$PWD/file"
	assert_match "$(cause_of "$PWD/file")" '^confinement: The program has restricted itself by Landlock' "the cause"
	assert_match "$(jq -r '.targets[].landlock' "$PROFILE")" '/restricts_itself$' "who restricted itself"
}
