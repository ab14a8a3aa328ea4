# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What goes wrong on real machines: one clear line each, and nothing left behind.

full_disk() {
	mkdir full
	mount -t tmpfs -o size=64k tmpfs full
	echo '{"old": true}' >full/profile.json
	head -c 1M /dev/zero >full/filler 2>/dev/null || true
}

test_a_full_disk_is_said_in_one_line_and_the_old_profile_stays_whole() {
	local status=0
	full_disk
	"$LEASTCAP" run -q -o full/profile.json -- true 2>err || status=$?
	assert_one_line "$(<err)" "the message"
	assert_match "$(<err)" 'full/profile.json.*[Nn]o space left' "the message"
	assert_eq "$status" 1 "the exit status"
	assert_eq "$(jq -c . full/profile.json)" '{"old":true}' "the old profile"
	assert_eq "$(find full -type f | sort | xargs)" "full/filler full/profile.json" "the files"
}

test_a_directory_that_is_not_there_is_said_before_the_command_runs() {
	local status=0
	"$LEASTCAP" run -q -o nowhere/profile.json -- touch ran 2>err || status=$?
	assert_one_line "$(<err)" "the message"
	assert_match "$(<err)" 'nowhere' "the message"
	[[ $status -ne 0 ]] || fail "the exit status is 0"
	[[ ! -e ran ]] || fail "the command ran although its profile could not be written"
}

chown_in_container() {
	unset DOCKER_HOST
	run_container leastcap-fault --cidfile id "$IMAGE" chown nobody /etc/hostname
}

# recorded_beside MODE: a container is recorded while the engine that leastcap asks misbehaves.
recorded_beside() {
	local started=$SECONDS
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	"$E2E/fake-engine" "$1" "$TEST_DIR/engine.sock" &
	wait_until test -S engine.sock
	DOCKER_HOST=unix://$TEST_DIR/engine.sock record_while chown_in_container 2>err || fail "exit status $?: $(<err)"
	cat err >&2
	((SECONDS - started <= 20)) || fail "it took $((SECONDS - started)) s"
	# The name may be unknown; the cgroup still tells the id.
	assert_eq "$(jq -r --arg id "$(<id)" '.targets[] | select(.id == $id) | .cap_add | join(" ")' "$PROFILE")" CHOWN "the list of $(<id)"
	assert_no_match "$(<err)$("$LEASTCAP" report "$PROFILE")" "$ESC" "what is printed"
}

test_a_docker_socket_that_hangs_does_not_stop_a_recording() {
	recorded_beside hang
}

test_a_docker_socket_that_answers_nonsense_does_not_stop_a_recording() {
	recorded_beside nonsense
}

test_a_docker_socket_that_answers_half_a_document_does_not_stop_a_recording() {
	recorded_beside garbage
}

test_a_docker_socket_that_answers_with_other_types_does_not_stop_a_recording() {
	recorded_beside wrong
}

test_a_docker_socket_that_answers_500_does_not_stop_a_recording() {
	recorded_beside error
}

test_a_docker_socket_that_answers_without_end_does_not_stop_a_recording() {
	recorded_beside endless
}

test_a_docker_socket_that_closes_at_once_does_not_stop_a_recording() {
	recorded_beside closes
}

test_a_docker_socket_that_answers_one_byte_a_second_does_not_stop_a_recording() {
	recorded_beside slow
}

test_no_docker_at_all_does_not_stop_a_recording() {
	: >file
	DOCKER_HOST=unix://$TEST_DIR/none.sock "$LEASTCAP" record -o "$PROFILE" -- chown nobody file
	jq -e .schema "$PROFILE" >/dev/null
}

test_without_root_it_is_said_in_one_line() {
	chmod 755 "$TEST_DIR" "${TEST_DIR%/*}"
	install -m 755 "$LEASTCAP" leastcap
	assert_refused 1 'root' setpriv --reuid 65534 --regid 65534 --clear-groups ./leastcap record -o /dev/null -- true
	assert_refused 1 'root' setpriv --reuid 65534 --regid 65534 --clear-groups ./leastcap run -o /dev/null -- true
}

test_report_needs_no_root() {
	chmod 755 "$TEST_DIR" "${TEST_DIR%/*}"
	install -m 755 "$LEASTCAP" leastcap
	: >file
	"$LEASTCAP" run -o "$PROFILE" -- chown nobody file
	chmod 644 "$PROFILE"
	assert_match "$(setpriv --reuid 65534 --regid 65534 --clear-groups ./leastcap report "$PROFILE")" 'cap-add=CHOWN' "the report"
}

test_a_kernel_without_btf_is_said_in_one_line() {
	# shellcheck disable=SC2016
	assert_refused 1 'BTF|btf' unshare --mount sh -c 'mount -t tmpfs none /sys/kernel/btf && exec "$0" record -o /dev/null -- true' "$LEASTCAP"
}

test_a_kernel_that_forbids_every_hook_is_said_in_one_line() {
	assert_refused 1 'BPF|bpf|hook|permi|allow' capsh --drop=cap_bpf,cap_perfmon,cap_sys_admin -- -c "exec '$LEASTCAP' record -o /dev/null -- true"
}

test_the_next_start_cleans_up_after_kill_9() {
	local child
	"$LEASTCAP" run -o "$PROFILE" -- sh -c 'echo $$ >child; : >ready; exec sleep 60' &
	wait_until test -e ready
	child=$(<child)
	kill -KILL $!
	wait $! || true
	kill -KILL "$child" 2>/dev/null || true
	wait_until test ! -e "/proc/$child"
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_eq "$(cgroups_of_leastcap)" "" "the cgroups"
	assert_eq "$(find . -name '*profile*')" ./profile.json "the files"
	assert_eq "$(find /sys/fs/bpf -name '*leastcap*' 2>/dev/null)" "" "the pins"
}

test_two_recordings_at_once_do_not_disturb_each_other() {
	: >file
	"$LEASTCAP" run -o one.json -- sh -c ': >one; while [ ! -e two ]; do sleep 0.05; done; chown nobody file' &
	"$LEASTCAP" run -o two.json -- sh -c ': >two; while [ ! -e one ]; do sleep 0.05; done; sleep 0.3; chroot / true' &
	wait
	assert_eq "$(jq -r '[.targets[].cap_add[]] | join(" ")' one.json)" CHOWN "the one list"
	assert_eq "$(jq -r '[.targets[].cap_add[]] | join(" ")' two.json)" SYS_CHROOT "the other list"
}

many_kinds_of_checks() {
	: >file
	"$LEASTCAP" run -q --keys "$1" -o "$PROFILE" -- sh -c \
		'chown nobody file; chgrp daemon file; setpriv --reuid 1 --clear-groups true; nice -n -5 true; chroot / true' 2>err
}

test_a_full_map_says_how_much_is_missing_and_the_list_lacks_nothing() {
	local full enough status=0
	many_kinds_of_checks 4096
	enough=$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost, with room enough"
	many_kinds_of_checks 16 || status=$?
	assert_eq "$status" 3 "the exit status"
	assert_one_line "$(<err)" "the message"
	assert_match "$(<err)" 'lost' "the message"
	full=$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")
	assert_eq "$full" "$enough" "the list"
	assert_match "$(jq .lost "$PROFILE")" '^[1-9]' "lost"
	status=0
	"$LEASTCAP" report "$PROFILE" >printed || status=$?
	assert_eq "$status" 3 "the exit status of report"
	assert_match "$(head -n1 printed)" "$(jq .lost "$PROFILE") checks" "the first line of the report"
}
