# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Recordings: what they are limited to, how they end, and what they leave.

whole() {
	[[ $(jq -r .schema "$PROFILE") == leastcap-profile/1 ]] || fail "the profile is not whole: $(head -c 200 "$PROFILE")"
}

test_the_exit_status_of_the_command_is_passed_on() {
	assert_eq "$(status_of "$LEASTCAP" record -o "$PROFILE" -- sh -c 'exit 5')" 5 "the exit status"
	# shellcheck disable=SC2016
	assert_eq "$(status_of "$LEASTCAP" record -o "$PROFILE" -- sh -c 'kill -KILL $$')" 137 "the exit status after SIGKILL"
	whole
}

test_it_ends_after_the_time_given() {
	local started=$SECONDS
	"$LEASTCAP" record -o "$PROFILE" --for 1s
	((SECONDS - started <= 3)) || fail "--for 1s took $((SECONDS - started)) s"
	whole
}

test_ctrl_c_ends_it_with_a_whole_profile() {
	start_recording
	stop_recording INT
	assert_eq "$STATUS" 0 "the exit status"
	whole
}

test_sigterm_ends_it_with_a_whole_profile() {
	start_recording
	stop_recording TERM
	assert_eq "$STATUS" 0 "the exit status"
	whole
}

test_ctrl_c_on_a_terminal_ends_the_command_and_leaves_a_whole_profile() {
	local status=0
	# script(1) gives it a terminal; the byte 3 is Ctrl-C.
	(wait_until test -e ready && printf '\003' && sleep 2) |
		script --quiet --return --log-out terminal \
			--command "'$LEASTCAP' record -o '$PROFILE' -- sh -c ': >ready; exec sleep 30'" >/dev/null || status=$?
	assert_eq "$status" 130 "the exit status"
	whole
}

test_a_process_and_its_children_are_recorded_by_pid() {
	: >file
	mkfifo go
	# shellcheck disable=SC2016
	sh -c 'read -r _ <go; sh -c "chown nobody file; true"; : >finished; sleep 30' &
	start_recording -p $!
	: >go
	wait_until test -e finished
	stop_recording INT
	assert_eq "$(jq -r '[.targets[] | .cap_add[]] | join(" ")' "$PROFILE")" CHOWN "the list"
}

test_a_cgroup_is_recorded_by_path() {
	local cgroup
	cgroup=$(findmnt -n -t cgroup2 -o TARGET | head -n1)/leastcap-e2e-$$
	mkdir "$cgroup"
	: >file
	# A process that looks again and again would take a slow processor from the recording.
	mkfifo go
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$1/cgroup.procs"; : >in; read -r _ <go; chown nobody file; : >finished' sh "$cgroup" &
	wait_until test -e in
	start_recording --cgroup "$cgroup"
	: >go
	wait_until test -e finished
	stop_recording INT
	wait
	rmdir "$cgroup"
	assert_eq "$(jq -r '[.targets[] | .cap_add[]] | join(" ")' "$PROFILE")" CHOWN "the list"
}

test_progress_goes_to_standard_error_and_q_silences_it() {
	assert_eq "$("$LEASTCAP" record -o "$PROFILE" --for 1s 2>/dev/null)" "" "standard output"
	assert_eq "$("$LEASTCAP" record -q -o "$PROFILE" --for 1s 2>&1)" "" "output with -q"
}

test_v_names_the_hook_that_the_kernel_allowed() {
	assert_match "$("$LEASTCAP" record -v -o "$PROFILE" -- true 2>&1)" "fexit|tp_btf|kprobe" "the messages"
	assert_match "$(jq -r .host.hook "$PROFILE")" '^(fexit|tp_btf|kprobe)$' "the profile's hook"
}

test_the_profile_says_when_and_where() {
	"$LEASTCAP" record -o "$PROFILE" -- true
	assert_eq "$(jq -r '.host.kernel' "$PROFILE")" "$(uname -r)" "the kernel"
	assert_eq "$(jq -r '.host.machine' "$PROFILE")" "$(uname -m)" "the machine"
	assert_match "$(jq -r '.started + " " + .ended' "$PROFILE")" '^[0-9]{4}-[0-9-]+T[0-9:]+Z [0-9]{4}-[0-9-]+T[0-9:]+Z$' "the times"
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost"
}

test_a_trial_is_agreed_to_first() {
	local status=0
	assert_eq "$(status_of "$LEASTCAP" record --refuse CHOWN -p $$ -- true 2>err </dev/null)" 2 "the exit status without a terminal"
	assert_one_line "$(<err)" "the message"
	assert_match "$(<err)" 'say --yes' "the message"
	printf 'n\n' | script --quiet --return --log-out terminal --command "'$LEASTCAP' record --refuse CHOWN -p $$ -- touch began" >/dev/null || status=$?
	assert_eq "$status" 1 "the exit status after a no"
	assert_match "$(<terminal)" 'refused CHOWN, and may fail. Begin' "the question"
	[[ ! -e began ]] || fail "the command ran"
}

test_a_container_that_does_not_exist_is_said_in_one_line() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	local status=0
	"$LEASTCAP" record -q no-such-container -o "$PROFILE" --for 1s 2>err || status=$?
	assert_one_line "$(<err)" "the message"
	assert_match "$(<err)" no-such-container "the message"
	[[ $status -ne 0 ]] || fail "the exit status is 0"
}

test_the_profile_replaces_an_older_one_and_is_for_root_alone() {
	echo old >"$PROFILE"
	chmod 640 "$PROFILE"
	"$LEASTCAP" record -o "$PROFILE" -- true
	whole
	assert_eq "$(stat -c %a "$PROFILE")" 600 "the mode"
	assert_eq "$(find . -name '*profile*')" ./profile.json "the files beside it"
}
