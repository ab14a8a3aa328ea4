# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Watching checks and refused calls as they happen: a container, a process, a command, the whole host.

LINES_FILE=$TEST_DIR/lines

need_docker() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
}

trace() {
	"$LEASTCAP" trace -o "$LINES_FILE" "$@"
}

# start_tracing ARGUMENT...: `leastcap trace` in the background; its process is $TRACER.
start_tracing() {
	env --default-signal=INT,QUIT "$LEASTCAP" trace -o "$LINES_FILE" "$@" 2>"$TEST_DIR/notices" &
	TRACER=$!
	wait_until attached "$TRACER"
}

# stop_tracing: as Ctrl-C does; the exit status is $STATUS.
stop_tracing() {
	STATUS=0
	kill -s INT "$TRACER"
	wait "$TRACER" || STATUS=$?
}

written() {
	grep -qE "$1" "$LINES_FILE"
}

# assert_line REGEX
assert_line() {
	written "$1" || fail "no line matches /$1/ in: $(cat "$LINES_FILE")"
}

assert_no_line() {
	! written "$1" || fail "a line matches /$1/: $(grep -E -m1 "$1" "$LINES_FILE")"
}

# --- lines

test_nginx_that_binds_port_80_in_a_container_is_a_line_with_its_arguments_and_its_result() {
	need_docker
	start_tracing
	start_container leastcap-web --sysctl net.ipv4.ip_unprivileged_port_start=1024 "$IMAGE" nginx -g 'daemon off;'
	wait_until written NET_BIND_SERVICE
	stop_tracing
	assert_eq "$STATUS" 0 "the exit status"
	# Its engine tells the name when the container has started, which nginx does not wait for.
	assert_line '^\[pid [0-9]+ (leastcap-web|[0-9a-f]{12})\] nginx  bind\([0-9]+, \{sa_family=AF_INET, sin_port=htons\(80\), .*\) → NET_BIND_SERVICE granted = 0$'
}

test_a_mount_that_is_denied_in_a_container_is_a_line_that_says_so() {
	need_docker
	start_tracing
	run_container leastcap-mount --security-opt seccomp=unconfined --security-opt apparmor=unconfined "$IMAGE" \
		mount -t tmpfs none /mnt || true
	wait_until written 'mount\('
	stop_tracing
	assert_line 'mount  mount\("none", "/mnt", "tmpfs", .*\) → SYS_ADMIN denied = -1 EPERM \(Operation not permitted\)$'
}

test_a_running_container_is_traced_by_its_name_and_no_other() {
	need_docker
	start_container leastcap-traced "$IMAGE" sleep 60
	start_container leastcap-other "$IMAGE" sleep 60
	start_tracing leastcap-traced
	"$DOCKER" exec leastcap-other chown nobody /etc/hostname /root
	"$DOCKER" exec leastcap-traced chown nobody /root
	wait_until written CHOWN
	stop_tracing
	assert_line '^\[pid [0-9]+\] chown  fchownat\(AT_FDCWD, "/root", 65534, -1, 0\) → CHOWN granted = 0$'
	assert_no_line leastcap-other
	assert_no_line /etc/hostname
}

test_a_container_that_is_not_there_is_said_in_one_line_and_waited_for() {
	"$LEASTCAP" trace leastcap-nobody 2>messages &
	wait_until grep -q "Ctrl-C ends it" messages
	kill -INT $!
	wait $!
	assert_match "$(head -n1 messages)" "waiting for a container called 'leastcap-nobody'; " "what is said"
	assert_match "$(tail -n1 messages)" "no container called 'leastcap-nobody' was seen" "what is said in the end"
}

test_a_command_given_without_two_dashes_is_told_about_them() {
	assert_refused 2 "a command follows '--': leastcap trace -- ./server" "$LEASTCAP" trace ./server
}

test_a_command_is_traced_on_standard_error_and_its_own_output_left_alone() {
	local out
	out=$("$LEASTCAP" trace -q -- sh -c 'echo hello; chown nobody "$0"' "$TEST_DIR" 2>"$LINES_FILE")
	assert_eq "$out" hello "the command's output"
	assert_line '^\[pid [0-9]+\] chown  fchownat\(.*\) → CHOWN granted = 0$'
}

test_the_exit_status_of_the_command_is_passed_on() {
	assert_eq "$(status_of trace -- sh -c 'exit 7')" 7 "the exit status"
}

test_a_process_and_its_children_are_traced_by_its_number() {
	mkfifo go
	sh -c 'read line <go; chown nobody .; exec sleep 60' &
	start_tracing -p $!
	echo >go
	wait_until written CHOWN
	stop_tracing
	assert_line '\] chown  fchownat\(AT_FDCWD, "\.", 65534, -1, 0\) → CHOWN granted = 0$'
}

test_the_whole_host_is_traced_with_the_names_of_its_containers() {
	need_docker
	start_container leastcap-traced "$IMAGE" sleep 60
	start_tracing -a
	"$DOCKER" exec leastcap-traced chown nobody /root
	chown nobody .
	wait_until written 'leastcap-traced\] chown'
	wait_until written 'host\] chown'
	stop_tracing
	assert_eq "$STATUS" 0 "the exit status"
}

test_what_concerns_nobody_is_left_out_and_counted() {
	local notices
	notices=$("$LEASTCAP" trace -o "$LINES_FILE" -- chown nobody . 2>&1)
	assert_eq "$(wc -l <"$LINES_FILE")" 1 "how many lines there are"
	assert_match "$notices" 'left out: .* [0-9]+ advisory; -v shows them' "the notice"
}

test_v_shows_and_marks_what_is_left_out_otherwise() {
	trace -v -- chown nobody .
	assert_line 'SYS_ADMIN granted.*advisory'
	assert_line 'CHOWN granted'
}

# As the report has it: without the capability there would have been nothing to execute either.
test_a_search_that_was_granted_and_found_nothing_is_advisory() {
	install -d -o 4711 -m 700 "$TEST_DIR/closed"
	trace -v -- env PATH="$TEST_DIR/closed:/usr/bin:/bin" true
	assert_line 'execve\("[^"]*/closed/true".*DAC_READ_SEARCH granted <advisory> = -1 ENOENT'
	trace -- env PATH="$TEST_DIR/closed:/usr/bin:/bin" true
	assert_no_line DAC_READ_SEARCH
}

# --- options of strace

test_only_some_are_written_on_demand() {
	trace -e cap=chown -- sh -c 'chown nobody .; unshare -u true'
	assert_line CHOWN
	assert_no_line SYS_ADMIN
	trace -e 'cap=!chown' -- sh -c 'chown nobody .; unshare -u true'
	assert_no_line CHOWN
	assert_line 'unshare\(CLONE_NEWUTS\) → SYS_ADMIN'
	trace -e syscall=unshare -- sh -c 'chown nobody .; unshare -u true'
	assert_no_line CHOWN
	assert_line SYS_ADMIN
}

test_z_is_what_was_granted_and_capital_z_what_was_denied() {
	local both=(setpriv --bounding-set -sys_admin sh -c 'chown nobody .; unshare -u true || true')
	trace -z -- "${both[@]}"
	assert_no_line denied
	assert_line 'CHOWN granted'
	trace -Z -- "${both[@]}"
	assert_line 'unshare\(CLONE_NEWUTS\) → SYS_ADMIN denied = -1 EPERM'
	assert_no_line granted
}

test_an_expression_that_means_nothing_is_refused_with_what_there_is() {
	assert_refused 2 '-e: .*nonsense' "$LEASTCAP" trace -e cap=nonsense -- true
	assert_refused 2 '-e: .*(granted|denied)' "$LEASTCAP" trace -e verdict=perhaps -- true
}

test_times_stand_before_the_line_as_in_strace() {
	trace -t -- chown nobody .
	assert_line '^\[pid [0-9]+\] [0-9]{2}:[0-9]{2}:[0-9]{2} chown|^[0-9]{2}:[0-9]{2}:[0-9]{2} \[pid'
	trace -ttt -- chown nobody .
	assert_line '[0-9]{10}\.[0-9]{6} '
	trace -T -- chown nobody .
	assert_line ' <[0-9]+\.[0-9]{6}>$'
}

test_the_command_runs_as_another_user() {
	chmod 755 "$TEST_DIR"
	trace -u nobody -- sh -c 'chown root . || true'
	assert_line 'CHOWN denied = -1 EPERM'
}

test_c_counts_instead_of_writing_lines() {
	trace -c -- "$PROGRAMS/called_deeply" 1234
	assert_no_line '^\[pid'
	assert_line '1234.*SYS_ADMIN.*sethostname|1234 .*sethostname'
	assert_line total
}

test_capital_c_writes_lines_and_counts() {
	trace -C -- "$PROGRAMS/called_deeply" 3
	assert_eq "$(grep -c '^\[pid .*sethostname(NULL, 4294967295)' "$LINES_FILE")" 3 "the lines"
	assert_line total
}

test_json_is_an_object_a_line() {
	trace --output-format=json -- chown nobody .
	assert_eq "$(jq -r 'select(.cap == "CHOWN") | [.syscall, .verdict, .class, .comm, .result] | map(tostring) | join(" ")' "$LINES_FILE")" \
		"fchownat granted required chown 0" "the check"
}

# --- exactness

test_ten_thousand_checks_in_a_burst_are_all_counted() {
	trace -C -- "$PROGRAMS/called_deeply" 10000
	local lines skipped
	lines=$(grep -c '^\[pid .*sethostname(' "$LINES_FILE" || true)
	skipped=$(awk '/checks? skipped/ { n += $2 } END { print n + 0 }' "$LINES_FILE")
	assert_eq "$((lines + skipped))" 10000 "lines written and skipped"
	assert_line '10000.*sethostname'
}

test_a_reader_who_leaves_ends_the_trace() {
	"$LEASTCAP" trace -a -v 2>/dev/null | head -n1 >"$LINES_FILE"
	assert_eq "$(wc -l <"$LINES_FILE")" 1 "the lines"
}

test_a_container_that_forbids_ptrace_and_has_nothing_is_traced_all_the_same() {
	need_docker
	start_tracing
	run_container leastcap-none --cap-drop=ALL --security-opt no-new-privileges "$IMAGE" chown nobody /root || true
	wait_until written CHOWN
	stop_tracing
	# A container that is gone so soon may be known by its id alone.
	assert_line '^\[pid [0-9]+ (leastcap-none|[0-9a-f]{12})\] chown  fchownat\(AT_FDCWD, "/root", 65534, -1, 0\) → CHOWN denied = -1 EPERM'
}

test_names_that_would_act_on_a_terminal_are_written_as_text() {
	cp "$PROGRAMS/called_deeply" "$TEST_DIR/"$'a\e[31mb'
	trace -- "$TEST_DIR/"$'a\e[31mb'
	assert_no_line "$ESC"
	assert_line 'sethostname\('
}

# --- refused calls

test_a_mount_that_the_engines_filter_refuses_names_the_filter_and_what_opens_it() {
	need_docker
	start_tracing
	run_container leastcap-filtered --security-opt apparmor=unconfined "$IMAGE" mount -t tmpfs none /mnt || true
	wait_until written 'mount\('
	stop_tracing
	assert_line 'mount  mount\("none", "/mnt", "tmpfs", .*\) → seccomp filter \(SYS_ADMIN opens it\) = -1 EPERM \(Operation not permitted\)$'
}

test_a_chroot_that_the_engines_filter_refuses_names_what_opens_it() {
	need_docker
	start_tracing
	run_container leastcap-filtered --cap-drop=ALL "$IMAGE" chroot / true || true
	wait_until written 'chroot\('
	stop_tracing
	assert_line 'chroot  chroot\("/"\) → seccomp filter \(SYS_CHROOT opens it\) = -1 EPERM \(Operation not permitted\)$'
}

test_a_device_that_the_controller_refuses_is_said_to_be_so() {
	need_docker
	start_tracing
	run_container leastcap-device "$IMAGE" sh -c 'mknod /tmp/disk b 8 0; dd if=/tmp/disk count=0' || true
	wait_until written '"/tmp/disk", O_RDONLY'
	stop_tracing
	assert_line 'dd  openat\(AT_FDCWD, "/tmp/disk", O_RDONLY.*\) → device controller = -1 EPERM \(Operation not permitted\)$'
}

test_a_file_that_nobody_may_execute_is_named_with_its_owner_and_mode() {
	install -m 644 /bin/true plain
	trace -- sh -c ./plain || true
	assert_line 'execve\("\./plain".*\) → file \(/.*/plain root:root 0644\) = -1 EACCES \(Permission denied\)$'
}

test_a_refused_call_with_a_check_is_told_once() {
	install -d -m 700 closed
	chmod 755 .
	trace -u nobody -- ls "$TEST_DIR/closed" || true
	assert_line 'ls  [a-z0-9]+\(.*/closed".*\) → DAC_READ_SEARCH denied = -1 EACCES'
	assert_no_line 'ls  [a-z0-9]+\(.*/closed".*\) (→ (file|capability).*)?= '
}

test_a_filter_of_the_programs_own_opens_by_no_capability_and_what_programs_get_over_is_left_out() {
	trace -- "$PROGRAMS/refused_often" 1
	assert_line '^\[pid [0-9]+\] refused_often  getpgid\(0\) → seccomp filter = -1 EPERM \(Operation not permitted\)$'
	trace -- "$PROGRAMS/refused_often" 1 38
	assert_no_line getpgid
	trace -v -- "$PROGRAMS/refused_often" 1 38
	assert_line 'getpgid\(0\) → seccomp filter <expected> = -1 ENOSYS \(Function not implemented\)$'
}

test_a_refused_call_of_a_process_is_traced() {
	mkfifo go
	sh -c 'read line <go; "$0" 1; exec sleep 60' "$PROGRAMS/refused_often" &
	start_tracing -p $!
	echo >go
	wait_until written getpgid
	stop_tracing
	assert_line '\] refused_often  getpgid\(0\) → seccomp filter = -1 EPERM'
}

test_refused_calls_are_chosen_like_checks() {
	local both=(sh -c 'chown nobody .; "$0" 1; setpriv --bounding-set -sys_admin unshare -u true' "$PROGRAMS/refused_often")
	trace -z -- "${both[@]}" || true
	assert_line 'CHOWN granted'
	assert_no_line '= -1 E'
	trace -Z -- "${both[@]}" || true
	assert_line 'getpgid\(0\) → seccomp filter = '
	assert_line 'SYS_ADMIN denied'
	assert_no_line granted
	trace -e cause=filter,device -- "${both[@]}" || true
	assert_line 'getpgid\(0\) → seccomp filter = '
	assert_no_line 'granted|denied'
	trace -e 'cause=!filter' -- "${both[@]}" || true
	assert_line 'CHOWN granted'
	assert_no_line getpgid
	trace -e cause=capability -- "${both[@]}" || true
	assert_line 'unshare\(CLONE_NEWUTS\) → SYS_ADMIN denied = -1 EPERM'
	assert_no_line 'getpgid|granted'
	trace -e trace=unshare -- "${both[@]}" || true
	assert_no_line getpgid
	assert_refused 2 '-e: .*is filter meant\?' "$LEASTCAP" trace -e cause=filtre -- true
}

test_times_of_refused_calls_are_told() {
	trace -T -- "$PROGRAMS/refused_often" 1
	assert_line 'getpgid\(0\) → seccomp filter = -1 EPERM \(Operation not permitted\) <[0-9]+\.[0-9]{6}>$'
}

test_a_refused_call_is_an_object_in_json() {
	trace --output-format=json -- "$PROGRAMS/refused_often" 1
	assert_eq "$(jq -r 'select(.syscall == "getpgid") | [.cause, .filter, .error, .result, .comm, (.caps | length), (.exe | split("/") | last)] | map(tostring) | join(" ")' "$LINES_FILE")" \
		"filter refuses EPERM -1 refused_often 0 refused_often" "the call"
}

test_ten_thousand_refused_calls_in_a_burst_are_all_told_and_counted() {
	trace -C -- "$PROGRAMS/refused_often" 10000
	assert_eq "$(grep -c '^\[pid .*getpgid(0) → seccomp filter = ' "$LINES_FILE")" 10000 "lines written"
	assert_no_line skipped
	assert_line ' 10000 filter +getpgid$'
}

test_a_million_refused_calls_are_told_or_said_to_be_skipped() {
	trace -C -- "$PROGRAMS/refused_often" 1000000
	local lines skipped
	lines=$(grep -c '^\[pid .*getpgid(' "$LINES_FILE" || true)
	skipped=$(awk '/refused calls? skipped/ { n += $2 } END { print n + 0 }' "$LINES_FILE")
	assert_eq "$((lines + skipped))" 1000000 "lines written and skipped"
	assert_line ' 1000000 filter +getpgid$'
}

# --- stacks

test_k_shows_the_functions_that_led_to_a_refused_call() {
	trace -k -- "$PROGRAMS/refused_often" 1
	assert_line 'getpgid\(0\) → seccomp filter = -1 EPERM'
	assert_line 'refused_often\(main\+0x[0-9a-f]+\) .*refused_often\.c:[0-9]+'
}

test_k_shows_the_functions_that_led_there_with_file_and_line() {
	trace -k -- "$PROGRAMS/called_deeply"
	assert_line 'called_deeply\(innermost\+0x[0-9a-f]+\) .*called_deeply\.c:[0-9]+'
	assert_line 'called_deeply\(middle\+0x[0-9a-f]+\)'
	assert_line 'called_deeply\(main\+0x[0-9a-f]+\)'
}

test_kk_is_taken_as_strace_spells_it() {
	trace -kk -- "$PROGRAMS/called_deeply"
	assert_line 'called_deeply\(innermost\+0x[0-9a-f]+\) .*called_deeply\.c:[0-9]+'
}

test_the_names_of_arguments_are_shown_on_request() {
	: >file
	trace -N -- chown 65534 file
	assert_line 'fchownat\(dirfd=AT_FDCWD, pathname="file", owner=65534, group=-1, flags=0\) → CHOWN granted = 0'
}
