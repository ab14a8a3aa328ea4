# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One command without any container engine: what it needs, and that nobody notices that it is being watched.

run() {
	"$LEASTCAP" run -o "$PROFILE" -- "$@"
}

the_command() {
	jq -r '.targets[] | select(.kind == "command")'" | $1" "$PROFILE"
}

test_chown_needs_exactly_chown() {
	: >file
	run chown nobody file
	assert_eq "$(the_command '.cap_add | join(" ")')" CHOWN "the list"
	assert_eq "$(jq '.targets | length' "$PROFILE")" 1 "the number of targets"
}

test_a_command_that_needs_nothing_has_an_empty_list() {
	run setpriv --reuid 65534 --regid 65534 --clear-groups true
	assert_eq "$(the_command '.cap_add | join(" ")')" "SETGID SETUID" "the list of setpriv"
	run true
	assert_eq "$(the_command '.cap_add | join(" ")')" "" "the list of true"
}

test_what_its_children_need_is_its_own() {
	: >file
	run sh -c '(sh -c "chown nobody file; true"; true) & wait'
	assert_eq "$(the_command '.cap_add | join(" ")')" CHOWN "the list"
}

test_what_an_orphan_needs_before_the_command_ends_is_its_own() {
	: >file
	run sh -c 'setsid sh -c "chown nobody file; : >finished" & while [ ! -e finished ]; do sleep 0.05; done'
	assert_eq "$(the_command '.cap_add | join(" ")')" CHOWN "the list"
}

test_the_exit_status_is_passed_on() {
	assert_eq "$(status_of run true)" 0 "the status of true"
	assert_eq "$(status_of run sh -c 'exit 7')" 7 "the status of exit 7"
	assert_eq "$(jq -r .schema "$PROFILE")" leastcap-profile/1 "the profile all the same"
}

test_death_by_a_signal_is_passed_on_as_a_shell_does() {
	# shellcheck disable=SC2016
	assert_eq "$(status_of run sh -c 'kill -KILL $$')" 137 "after SIGKILL"
	# shellcheck disable=SC2016
	assert_eq "$(status_of run sh -c 'kill -TERM $$')" 143 "after SIGTERM"
	jq -e . "$PROFILE" >/dev/null
}

test_a_command_that_is_not_there_is_127_and_one_that_cannot_be_run_126() {
	assert_refused 127 'no-such-command' "$LEASTCAP" run -o "$PROFILE" -- no-such-command
	: >plain
	assert_refused 126 'plain' "$LEASTCAP" run -o "$PROFILE" -- ./plain
}

test_output_input_and_arguments_are_the_commands_own() {
	local output
	output=$(printf 'from stdin' | "$LEASTCAP" run -q -o "$PROFILE" -- sh -c 'cat; printf " and %s" "$@"' sh 'an "argument"' -o 2>err)
	assert_eq "$output" 'from stdin and an "argument" and -o' "the output"
	assert_eq "$(<err)" "" "standard error with -q"
}

test_the_report_is_printed_when_no_profile_was_asked_for() {
	: >file
	assert_match "$("$LEASTCAP" run -- chown nobody file)" '--cap-drop=ALL --cap-add=CHOWN' "the output"
}

test_a_signal_sent_to_leastcap_reaches_the_command() {
	local status=0 pid
	# shellcheck disable=SC2016
	env --default-signal=INT,TERM "$LEASTCAP" run -o "$PROFILE" -- \
		sh -c 'trap "echo caught >caught; exit 9" TERM; : >ready; while :; do sleep 0.05; done' &
	pid=$!
	wait_until test -e ready
	kill -TERM "$pid"
	wait "$pid" || status=$?
	assert_eq "$status" 9 "the exit status"
	assert_eq "$(<caught)" caught "what the command did"
	jq -e .schema "$PROFILE" >/dev/null
}

test_two_million_checks_from_two_tasks_are_all_counted() {
	run "$PROGRAMS/many_checks" 2 1000000
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost"
	assert_eq "$(the_command '[.evidence[] | select(.cap == "SETGID" and .syscall == "setgroups") | .count] | add')" 2000000 "checks"
}

test_no_cgroup_is_left_when_it_is_done() {
	run true
	assert_eq "$(cgroups_of_leastcap)" "" "the cgroups"
}

without_the_librarys_own() {
	local name set
	while read -r name set; do
		printf '%s %x\n' "$name" $((0x${set:-0} & ~0x180000000))
	done
}

test_the_command_gets_the_descriptors_and_signals_that_it_would_have_without_us() {
	# Signals 32 and 33 are the C library's own: no program can ask for them, and a thread changes what becomes of them (nptl(7)).
	local show='ls /proc/self/fd | wc -l; grep -E "^Sig(Ign|Blk)" /proc/self/status'
	run sh -c "$show" | without_the_librarys_own >under
	sh -c "$show" | without_the_librarys_own >bare
	assert_eq "$(<under)" "$(<bare)" "descriptors and signals"
}

test_what_was_denied_is_wanted_however_much_else_the_same_syscall_was_denied() {
	install -m 755 "$PROGRAMS/clone_namespace" .
	chmod 755 . ..
	assert_eq "$(status_of run setpriv --reuid 65534 --regid 65534 --clear-groups ./clone_namespace)" 1 "the exit status"
	assert_match "$(the_command '.evidence[] | select(.class == "blocked") | .cap + " " + .syscall + " " + .result')" "SYS_ADMIN clone EPERM" "blocked"
	assert_match "$(the_command '.wanted | join(" ")')" SYS_ADMIN "wanted"
}
