# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A container hides what it uses: as a runtime's process that only prepares it, or behind a user namespace. Set-up is what
# somebody outside does until the first program, on proof; everything else is on the list.
REQUIRES=docker

# hide NAME OPTION... MODE: a container whose one program hides so, and has done so for a while.
hide() {
	local name=$1
	shift
	start_container "$name" -v "$PROGRAMS:/programs:ro" "${@:1:$#-1}" "$IMAGE" \
		sh -c "/programs/hides ${!#} & sleep 900"
	sleep 1
}

# assert_seen NAME: what it used is on its list when a recording begins now.
assert_seen() {
	"$LEASTCAP" record -o "$PROFILE" --for 3s "$1"
	assert_list "$PROFILE" "$1" "CHOWN SYS_CHROOT"
	assert_eq "$(query "$PROFILE" "$1" '[.evidence[] | select(.phase == "setup")] | length')" 0 "set-up of $1"
	assert_eq "$(jq .lost "$PROFILE")" 0 "what was lost"
}

test_a_program_whose_file_was_deleted_and_that_forks_itself_young() {
	hide leastcap-deleted deleted
	assert_seen leastcap-deleted
}

test_a_program_in_memory() {
	hide leastcap-memfd memfd
	assert_seen leastcap-memfd
}

test_a_server_whose_file_was_replaced_before_it_forked_its_workers() {
	hide leastcap-replaced replaced
	assert_seen leastcap-replaced
}

test_a_first_process_that_moves_to_a_user_namespace_of_its_own() {
	start_container leastcap-unshared -v "$PROGRAMS:/programs:ro" --security-opt seccomp=unconfined "$IMAGE" \
		/programs/hides unshared
	sleep 1
	assert_seen leastcap-unshared
}

test_an_audit_sees_what_a_deleted_program_uses() {
	hide leastcap-audited deleted
	"$LEASTCAP" audit --for 3s -f json leastcap-audited >audit.json
	assert_match "$(jq -r '.targets[] | select(.name == "leastcap-audited") | .cap_add | join(" ")' audit.json)" \
		"CHOWN SYS_CHROOT" "the audit's list"
}

# cgroup_of NAME: the directory of its cgroup in the hierarchy that is recorded.
cgroup_of() {
	local pid path
	pid=$("$DOCKER" inspect -f '{{.State.Pid}}' "$1")
	if [[ -d /sys/fs/cgroup/pids ]]; then
		path=$(sed -n 's/.*:pids:\(.*\)/\1/p' "/proc/$pid/cgroup")
		printf '/sys/fs/cgroup/pids%s\n' "$path"
	else
		printf '/sys/fs/cgroup%s\n' "$(sed -n 's/^0:://p' "/proc/$pid/cgroup")"
	fi
}

test_a_process_that_is_put_into_a_container_and_runs_no_program_is_its_workload() {
	start_container leastcap-joined "$IMAGE" sleep 100
	start_recording leastcap-joined
	"$PROGRAMS/joins" "$(cgroup_of leastcap-joined)/cgroup.procs" 2
	stop_recording INT
	assert_list "$PROFILE" leastcap-joined SYS_CHROOT
	assert_match "$(query "$PROFILE" leastcap-joined '.evidence[].about')" "ended without running a program" "the evidence"
}

test_a_process_that_goes_on_without_a_program_is_the_workload_after_half_a_minute() {
	start_container leastcap-restored "$IMAGE" sleep 100
	start_recording leastcap-restored
	"$PROGRAMS/joins" "$(cgroup_of leastcap-restored)/cgroup.procs" 33
	stop_recording INT
	assert_list "$PROFILE" leastcap-restored SYS_CHROOT
	assert_match "$(query "$PROFILE" leastcap-restored '.evidence[].about')" "has run no program there" "the evidence"
	assert_eq "$(query "$PROFILE" leastcap-restored 'any(.evidence[]; .class == "required" and .syscall == "chroot")')" \
		true "what it asked afterwards is its own"
}

test_a_process_that_has_run_no_program_when_the_recording_ends_is_the_workload() {
	start_container leastcap-restored "$IMAGE" sleep 100
	start_recording leastcap-restored
	"$PROGRAMS/joins" "$(cgroup_of leastcap-restored)/cgroup.procs" 20 &
	sleep 13
	stop_recording INT
	wait $!
	assert_list "$PROFILE" leastcap-restored SYS_CHROOT
	assert_match "$(query "$PROFILE" leastcap-restored '.evidence[].about')" "has run no program there" "the evidence"
}

test_an_exec_of_a_program_that_is_not_there_is_no_workload() {
	start_container leastcap-failed "$IMAGE" sleep 100
	start_recording leastcap-failed
	! "$DOCKER" exec leastcap-failed /no/such/program 2>/dev/null || fail "it ran"
	stop_recording INT
	assert_list "$PROFILE" leastcap-failed ""
}

# Containers that begin while the recording does: half of them were prepared just then.
start_many() {
	local i
	for ((i = 0; i < 8; i++)); do
		"$DOCKER" run --rm --label leastcap-test --name "leastcap-begun-$i" "$IMAGE" true
	done
}

test_a_recording_that_begins_while_containers_do_takes_no_runtime_for_them() {
	local containers i
	start_many &
	containers=$!
	for ((i = 0; i < 8; i++)); do
		"$LEASTCAP" record -o "$PROFILE" --for 0.3s || true
		jq -r '.targets[] | select(.name | startswith("leastcap-begun")) | "\(.name) \(.cap_add | join(" "))"' "$PROFILE" >>lists
	done
	wait "$containers"
	assert_no_match "$(<lists)" " [A-Z]" "the lists"
}

test_a_child_that_a_thread_forked_is_followed() {
	local server
	"$PROGRAMS/forks_by_thread" &
	server=$!
	sleep 0.5
	"$LEASTCAP" record -o "$PROFILE" --for 1s -p "$server"
	kill_tree "$server"
	assert_eq "$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")" SYS_CHROOT "the list"
}

# kill_tree PID: it and its descendants.
kill_tree() {
	local child
	for child in $(pgrep -P "$1"); do
		kill_tree "$child"
	done
	kill -9 "$1"
}

test_two_call_sites_that_are_hidden_are_not_one_decision() {
	local no_addresses=(setpriv --bounding-set -syslog --inh-caps -syslog)
	if "${no_addresses[@]}" grep -qv '^0* ' /proc/kallsyms; then
		skip "everybody may know the kernel's addresses here: neither kernel.kptr_restrict nor kernel.perf_event_paranoid is set"
	fi
	touch file
	chgrp 4242 file
	chmod 2644 file
	# In one syscall FSETID is denied, of which the bit depends, and then CHOWN is granted, of which the owner does.
	"${no_addresses[@]}" "$LEASTCAP" run -o "$PROFILE" -- setpriv --bounding-set -fsetid --inh-caps -fsetid chown 1234 file 2>said
	assert_match "$(<said)" "call sites (unknown|can't be told), (so )?the list may be too long" "what is said"
	assert_eq "$(jq -r '[.targets[].evidence[] | select(.cap == "FSETID" or .cap == "CHOWN") | [.cap, .class, .verdict, .result] | join(" ")] | sort | join(", ")' "$PROFILE")" \
		"CHOWN required granted , FSETID advisory denied 0" "what is known of both"
}
