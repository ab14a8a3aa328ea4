# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What AppArmor refuses, on a kernel that runs with it. Runs by tests/e2e/child, in a test's own directory.

need_apparmor() {
	[[ $(</sys/kernel/security/lsm) == *apparmor* ]] 2>/dev/null || skip "this kernel runs without AppArmor"
	[[ $(type -P apparmor_parser) ]] || skip "apparmor_parser is not installed"
}

# confine NAME RULE...: loads a profile that allows all but what the rules deny.
confine() {
	local name=$1
	shift
	{
		printf 'profile %s flags=(attach_disconnected,mediate_deleted) {\n\tfile,\n\tnetwork,\n\tcapability,\n\tsignal,\n\tptrace,\n' "$name"
		printf '\t%s,\n' "$@"
		printf '}\n'
	} >"$TEST_DIR/policy"
	apparmor_parser --skip-cache --replace "$TEST_DIR/policy"
	trap 'apparmor_parser --remove "$TEST_DIR/policy"' EXIT
}

# refusals NAME: "SYSCALL RESULT CAUSE CAPABILITIES", of the refused calls of is_confined.
refusals() {
	query "$PROFILE" "$1" '(.failures // [])[] | select(.exe | endswith("/is_confined"))
		| "\(.syscall) \(.result) \(.cause) \(.caps // [] | length)"' | sort
}

# each_word NAME WORD: what is said, a line for each refused call of is_confined.
each_word() {
	query "$PROFILE" "$1" '.failures[] | select(.exe | endswith("/is_confined")) | .'"$2" | sort -u
}

run_confined() {
	local name=$1
	shift
	run_container "$name" -v "$PROGRAMS/is_confined:/is_confined:ro" -e VICTIM="$(<victim)" "$@"
}

# What the profile of Docker's denies, though all the rest allows it.
OPEN=(--pid host --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt seccomp=unconfined --security-opt systempaths=unconfined)
CALLS=(mount write_sysctl write_sysrq attach read_memory send_signal)

under_docker_default_and_free_of_it() {
	run_confined leastcap-confined "${OPEN[@]}" "$IMAGE" /is_confined "${CALLS[@]}" >confined
	run_confined leastcap-free "${OPEN[@]}" --security-opt apparmor=unconfined "$IMAGE" /is_confined "${CALLS[@]}" >free
}

test_what_docker_default_refuses_is_confinement() {
	local report
	need_apparmor
	sleep 600 &
	printf '%s\n' "$!" >victim
	record_while under_docker_default_and_free_of_it
	kill "$(<victim)"
	assert_eq "$(<confined)" "$(printf '%s EACCES\n' "${CALLS[@]}" | sed 's/^read_memory .*/read_memory EPERM/')" "what the program says"
	assert_eq "$(refusals leastcap-confined)" 'kill EACCES confinement 0
mount EACCES confinement 0
openat EACCES confinement 0
openat EACCES confinement 0
process_vm_readv EPERM confinement 0
ptrace EACCES confinement 0' "the refused calls"
	assert_no_match "$(each_word leastcap-confined why | grep -v '^AppArmor confines the container as docker-default (enforce), ')" . \
		"what says nothing of the profile"
	assert_no_match "$(each_word leastcap-confined help | grep -v '^No capability opens it. The kernel.s log (dmesg, auditd) .* apparmor=')" . \
		"what says nothing of what to do"
	assert_eq "$(query "$PROFILE" leastcap-confined '.wanted | length')" 0 "the capabilities that are wanted"
	report=$("$LEASTCAP" report "$PROFILE")
	assert_match "$report" 'AppArmor confines the container as docker-default' "the report"
	# That alone opens them all.
	assert_eq "$(<free)" "$(printf '%s 0\n' "${CALLS[@]}")" "what the program says without the profile"
	assert_eq "$(refusals leastcap-free)" "" "the refused calls without the profile"
}

under_a_profile_without_chown() {
	run_container leastcap-own-profile --security-opt apparmor=leastcap-test "$IMAGE" sh -c 'touch /file && chown 1:1 /file' 2>errors.txt || true
}

test_a_capability_that_a_profile_denies_is_confinement() {
	need_apparmor
	confine leastcap-test 'deny capability chown'
	record_while under_a_profile_without_chown
	assert_match "$(<errors.txt)" 'Operation not permitted' "what the program says"
	assert_match "$(query "$PROFILE" leastcap-own-profile '.failures[] | select(.syscall | test("chown")) | "\(.cause) \(.caps // [] | length) \(.why)"')" \
		'^confinement 0 AppArmor confines the container as leastcap-test .enforce., .* forbid a capability' "the cause"
}

test_a_program_that_apparmor_confines_is_refused_by_its_profile() {
	local program=$PWD/confined
	need_apparmor
	cp "$PROGRAMS/is_confined" "$program"
	confine "leastcap-test $program" 'deny /proc/sys/kernel/** w'
	"$LEASTCAP" run -o "$PROFILE" -- "$program" write_sysctl >said.txt
	assert_eq "$(<said.txt)" "write_sysctl EACCES" "what the program says"
	assert_match "$(jq -r '.targets[].failures[] | select(.about == "/proc/sys/kernel/core_pattern") | .cause + ": " + .why' "$PROFILE")" \
		'^confinement: AppArmor confines what runs there as leastcap-test .enforce.' "the cause"
}
