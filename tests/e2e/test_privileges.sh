# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Recording without being root: which capabilities it takes, what is said when one is missing, and what becomes of them.

NOBODY=65534
REAL=$LEASTCAP

# The capabilities that leastcap-kernels(7) asks for on this kernel, with the hook that is forced, if one is.
needed() {
	local major minor
	IFS=. read -r major minor _ < <(uname -r)
	printf 'bpf perfmon sys_ptrace dac_read_search syslog'
	((major > 5 || minor >= 11)) || printf ' sys_resource'
	[[ ${HOOK-} != kprobe ]] || (($(</proc/sys/kernel/perf_event_paranoid) <= 2)) || printf ' sys_admin'
}

# needed_but CAPABILITY
needed_but() {
	needed | tr ' ' '\n' | grep -vx "$1" | xargs
}

# user_with "CAPABILITY...": setpriv's options for a user as a service with User= and AmbientCapabilities= has him; in the group
# that may ask Docker.
user_with() {
	local list=-all cap
	for cap in $1; do list+=,+$cap; done
	printf '%s ' --reuid=$NOBODY --regid=$NOBODY --inh-caps="$list" --ambient-caps="$list"
	[[ -S /run/docker.sock ]] && stat -c --groups=%g /run/docker.sock || echo --clear-groups
}

# The user's own directory, and where the profile goes from now on.
open_directory() {
	chmod 755 "$TEST_DIR" "${TEST_DIR%/*}"
	mkdir -p users
	chown $NOBODY users
	PROFILE=$TEST_DIR/users/profile.json
}

# become_user "CAPABILITY...": whoever runs leastcap from here on is a user who has these and no others.
become_user() {
	open_directory
	printf '#!/bin/bash\nexec setpriv %s "%s" "$@"\n' "$(user_with "$1")" "$REAL" >leastcap
	chmod 755 leastcap
	LEASTCAP=$TEST_DIR/leastcap
}

# A program with file capabilities, as setcap makes one, that a user without any runs.
become_user_of_a_program_with() {
	[[ $(head -c 4 "$REAL") == $'\x7fELF' ]] || skip "the leastcap to test is a script: no file capabilities"
	open_directory
	install -m 755 "$REAL" privileged
	setcap "$(sed 's/[^ ]*/cap_&/g; s/ /,/g' <<<"$1")=ep" privileged
	REAL=$TEST_DIR/privileged become_user ''
}

# A process that waits for the file "go", then needs CHOWN and SETUID, and a file in a directory that is closed to others.
start_process() {
	rm -rf go closed
	mkdir -m 700 closed
	: >closed/file
	sh -c 'while [ ! -e go ]; do sleep 0.05; done; chown daemon closed/file; chroot --userspec=1 / true; sleep 0.2' &
	PROCESS=$!
}

# Everything that the process needs while it is recorded, with the reasons.
record_process() {
	start_process
	start_recording -p "$PROCESS" 2>err
	: >go
	wait "$PROCESS" || true
	stop_recording INT
	assert_eq "$STATUS" 0 "the exit status, with '$(<err)'"
	jq -c '.targets[] | .cap_add, ([.evidence[] | select(.class == "required") | [.cap, .caller, .object]] | unique)' "$PROFILE"
}

test_a_user_with_just_these_capabilities_records_what_root_does() {
	local as_root
	open_directory
	as_root=$(record_process)
	become_user "$(needed)"
	assert_eq "$(record_process)" "$as_root" "what the user's profile says"
	assert_match "$as_root" '"CHOWN","SETGID","SETUID","SYS_CHROOT"' "what root's profile says"
	assert_no_match "$(<err)" warning "what the user is told"
}

a_container() {
	run_container leastcap-user "$IMAGE" sh -c 'chown nobody /etc/hostname; chroot --userspec=1 / true' >/dev/null
}

test_a_user_with_just_these_capabilities_records_a_container() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	become_user "$(needed)"
	record_while a_container
	assert_list "$PROFILE" leastcap-user "CHOWN SETGID SETUID SYS_CHROOT"
}

test_each_one_that_is_missing_is_named_in_one_line() {
	local cap
	for cap in bpf perfmon sys_ptrace; do
		become_user "$(needed_but $cap)"
		# SYS_ADMIN does as well as the newer two.
		[[ $(needed) != *sys_admin* || $cap == sys_ptrace ]] || continue
		assert_refused 1 "CAP_${cap^^} .*sudo.*setcap" "$LEASTCAP" record -o "$PROFILE" -- true
		(($(wc -L <refused.err) <= 80)) || fail "longer than 80 columns: $(<refused.err)"
	done
}

test_who_has_none_is_told_all_of_them() {
	become_user ''
	assert_refused 1 'root, or CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE' "$LEASTCAP" record -o "$PROFILE" -- true
	assert_refused 1 'root, or CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE' "$LEASTCAP" run -o "$PROFILE" -- true
}

test_root_with_too_few_is_told_which() {
	# shellcheck disable=SC2016
	assert_refused 1 'CAP_SYS_PTRACE .*root lacks it' \
		setpriv --bounding-set -sys_ptrace bash -c 'exec "$0" run -o /dev/null -- true' "$LEASTCAP"
}

test_root_of_a_user_namespace_is_told_why_not() {
	assert_refused 1 'user namespace' unshare --user --map-root-user "$LEASTCAP" run -o /dev/null -- true
}

test_without_those_that_only_tell_more_a_warning_says_what_is_missing() {
	become_user "$(needed_but dac_read_search)"
	"$LEASTCAP" record -q -o "$PROFILE" -- true 2>err
	assert_one_line "$(<err)" "what is said"
	assert_match "$(<err)" 'warning: no CAP_DAC_READ_SEARCH: .*file capabilities' "what is said"
	(($(</proc/sys/kernel/perf_event_paranoid) > 1)) || return 0
	become_user "$(needed_but syslog)"
	"$LEASTCAP" record -q -o "$PROFILE" -- true 2>err
	assert_match "$(<err)" 'warning: no CAP_SYSLOG: .*too long' "what is said"
}

# kept_by PID: its effective capabilities
kept_by() {
	names_of_mask "$(awk '/^CapEff:/ { print $2 }' "/proc/$1/status")" | xargs
}

# What is kept while it records. Before 5.19 reading a map takes BPF, too.
expected_to_be_kept() {
	local major minor
	IFS=. read -r major minor _ < <(uname -r)
	printf 'DAC_READ_SEARCH SYS_PTRACE SYSLOG'
	((major > 5 || minor >= 19)) || printf ' BPF'
}

assert_dropped() {
	local line
	assert_eq "$(kept_by "$RECORDER" | tr ' ' '\n' | sort | xargs)" "$(expected_to_be_kept | tr ' ' '\n' | sort | xargs)" "what is kept"
	for line in CapInh CapAmb; do
		assert_eq "$(awk -v line="$line:" '$1 == line { print $2 }' "/proc/$RECORDER/status")" 0000000000000000 "$line"
	done
	assert_eq "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$RECORDER/status")" 1 "no_new_privs"
	assert_eq "$(stat -c %u "/proc/$RECORDER/mem")" 0 "the owner of its memory"
}

test_a_user_keeps_only_what_the_end_needs() {
	become_user "$(needed)"
	start_recording -p $$
	assert_dropped
	stop_recording INT
}

test_root_keeps_only_what_the_end_needs() {
	start_recording -p $$
	assert_dropped
	assert_eq "$(awk '/^CapBnd:/ { print $2 }' "/proc/$RECORDER/status")" 0000000000000000 "the bounding set"
	stop_recording INT
}

test_root_writes_the_profile_into_a_directory_that_is_closed_to_others() {
	open_directory
	chmod 700 users
	start_recording -p $$
	assert_match " $(kept_by "$RECORDER") " ' DAC_OVERRIDE ' "what is kept"
	stop_recording INT
	assert_eq "$STATUS" 0 "the exit status"
	jq -e .schema "$PROFILE" >/dev/null
}

test_the_command_has_the_capabilities_that_it_would_have_without_us() {
	local show='grep -E "^(Cap|NoNewPrivs)" /proc/self/status'
	sh -c "$show" >bare
	"$LEASTCAP" run -q -o "$PROFILE" -- sh -c "$show" >under
	assert_eq "$(<under)" "$(<bare)" "root's command"
	become_user "$(needed)"
	# shellcheck disable=SC2046
	setpriv $(user_with "$(needed)") sh -c "$show" >bare
	"$LEASTCAP" record -q -o "$PROFILE" -- sh -c "$show" >under
	assert_eq "$(<under)" "$(<bare)" "the user's command"
}

test_the_command_gains_nothing_from_the_capabilities_of_our_file() {
	become_user_of_a_program_with "$(needed)"
	"$LEASTCAP" record -q -o "$PROFILE" -- grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status >under
	assert_eq "$(awk '{ print $2 }' under | sort -u)" 0000000000000000 "the command's sets"
	install -D -m 755 /bin/true closed/true
	chmod 700 closed
	assert_refused 126 'closed/true: Permission denied' "$LEASTCAP" record -q -o "$PROFILE" -- closed/true
}

test_a_program_with_file_capabilities_records() {
	become_user_of_a_program_with "$(needed)"
	assert_match "$(record_process)" '"CHOWN"' "what the user's profile says"
}

test_the_capabilities_of_our_file_write_and_read_nothing_for_the_caller() {
	become_user_of_a_program_with "$(needed)"
	mkdir -m 700 roots
	echo 'a secret' >roots/file
	chmod 666 roots/file
	assert_refused 1 'roots/file: Permission denied' "$LEASTCAP" record -o roots/file -- true
	assert_refused 1 'roots/new: Permission denied' "$LEASTCAP" record -o roots/new -- true
	assert_refused 2 'roots/file: Permission denied' "$LEASTCAP" report roots/file
	assert_eq "$(ls roots)" file "root's files"
	assert_eq "$(<roots/file)" "a secret" "root's file"
}

# in_own_cgroup COMMAND...: in a cgroup that belongs to the user, as systemd makes one with Delegate=yes.
in_own_cgroup() {
	local cgroup=/sys/fs/cgroup/pids
	[[ -d $cgroup ]] || cgroup=/sys/fs/cgroup
	cgroup+=/leastcap-delegated
	mkdir "$cgroup"
	chown -R $NOBODY "$cgroup"
	(echo "$BASHPID" >"$cgroup/cgroup.procs" && exec "$@")
	rmdir "$cgroup"
}

test_a_user_runs_a_command_where_he_may_make_a_cgroup() {
	become_user "$(needed)"
	assert_refused 1 'cannot make a cgroup.*sudo' "$LEASTCAP" run -q -o "$PROFILE" -- true
	in_own_cgroup "$LEASTCAP" run -q -o "$PROFILE" -- setpriv --ambient-caps -all chroot / true || true
	assert_eq "$(jq -c '[.targets[] | .wanted]' "$PROFILE")" '[["SYS_CHROOT"]]' "what was wanted"
}

own_list() {
	"$LEASTCAP" run -q -o own.json -- "$LEASTCAP" record -q -o recorded.json -- "$E2E/child" "$TEST_FILE" a_container
	jq -r '.targets[] | select(.kind == "command") | .cap_add + ["verify:"] + .verify | join(" ")' own.json
}

test_leastcap_finds_about_itself_what_the_readme_says() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	# Root also gives up its bounding set, which takes SETPCAP. By capset it keeps KILL, in case that its command becomes another user.
	assert_eq "$(own_list)" "DAC_READ_SEARCH KILL SETPCAP SYS_PTRACE SYSLOG PERFMON BPF verify: KILL SYSLOG" "its own list"
	assert_list recorded.json leastcap-user "CHOWN SETGID SETUID SYS_CHROOT"
}
