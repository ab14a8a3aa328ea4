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

# What is_confined says of the calls that Landlock refuses it: files have another error than mounts and other processes.
LANDLOCKED=('landlock 0' 'read_itself EACCES' 'mount EPERM' 'attach EPERM' 'read_memory EPERM')

need_landlock() {
	[[ $("$PROGRAMS/is_confined" landlock) == "landlock 0" ]] || skip "this kernel has no Landlock"
}

# assert_landlocked NAME: what Landlock refused is_confined there has that cause, and no capability is said to help.
assert_landlocked() {
	assert_eq "$(<said.txt)" "$(printf '%s\n' "${LANDLOCKED[@]}")" "what the program says"
	assert_eq "$(query "$PROFILE" "$1" '.failures[] | select(.exe | endswith("/is_confined"))
		| "\(.syscall) \(.result) \(.cause) \(.caps // [] | length)"' | sort)" 'mount EPERM confinement 0
openat EACCES confinement 0
process_vm_readv EPERM confinement 0
ptrace EPERM confinement 0' "the refused calls"
	assert_eq "$(query "$PROFILE" "$1" '.failures[] | select(.exe | endswith("/is_confined"))
		| select(.why | startswith("The program has restricted itself by Landlock") | not) | .syscall, .why')" "" "what says nothing of Landlock"
}

test_whatever_landlock_refuses_has_that_cause() {
	need_landlock
	"$LEASTCAP" run -o "$PROFILE" -- "$PROGRAMS/is_confined" landlock read_itself mount attach read_memory >said.txt
	assert_landlocked "$(jq -r '.targets[].name' "$PROFILE")"
}

in_a_container() {
	run_container leastcap-sandbox --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
		-v "$PROGRAMS/is_confined:/is_confined:ro" "$IMAGE" \
		sh -c '/is_confined mount; umount /mnt; /is_confined landlock read_itself mount attach read_memory >&2; exit' 2>said.txt >free.txt
}

test_what_a_sandbox_in_a_container_refuses_has_that_cause() {
	need_landlock
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	record_while in_a_container
	# The container itself may do that.
	assert_eq "$(<free.txt)" "mount 0" "what a program says that has not restricted itself"
	assert_landlocked leastcap-sandbox
	assert_match "$("$LEASTCAP" report "$PROFILE")" 'restricted itself by Landlock' "the report"
}
