# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The times of a container's life: what only its start needs is told apart from what it needs to serve and to stop, and what a run did not
# show is said.

REQUIRES=docker

# used NAME CAPABILITY: in which times of its life container NAME used it: "at_start while_serving"
used() {
	query "$PROFILE" "$1" "[.evidence[] | select(.cap == \"$2\" and .class == \"required\") | to_entries[] |
		select((.key == \"at_start\" or .key == \"while_serving\" or .key == \"at_stop\") and .value) | .key] | unique | join(\" \")"
}

start_nginx() {
	start_container leastcap-life "$IMAGE" nginx -g 'daemon off;'
	wait_until serves leastcap-life 80
}

start_and_stop_nginx() {
	start_nginx
	"$DOCKER" stop leastcap-life
}

test_what_nginx_needs_only_to_start_is_named_with_what_can_be_done_instead() {
	local report
	record_while start_and_stop_nginx
	assert_eq "$(query "$PROFILE" leastcap-life .life.sign)" accept "the sign that its start was over"
	assert_eq "$(used leastcap-life CHOWN)" at_start "when it used CHOWN"
	assert_eq "$(used leastcap-life SETUID)" at_start "when it used SETUID"
	report=$("$LEASTCAP" report "$PROFILE" | tr -s '\n ' ' ')
	assert_match "$report" 'only at the start \(until it accepted its first connection, after [0-9.]+ s\): CHOWN, DAC_OVERRIDE, SETGID, SETUID' "the report"
	report=$("$LEASTCAP" report -v "$PROFILE" | tr -s '\n ' ' ')
	assert_match "$report" 'CHOWN: .*init container' "the report's advice at length"
}

reload_nginx() {
	start_nginx
	workers >"$TEST_DIR/workers"
	"$DOCKER" kill -s HUP leastcap-life
	wait_until has_other_workers
}

workers() {
	"$DOCKER" top leastcap-life | awk '/worker process/ && !/shutting down/ { print $2 }'
}

has_other_workers() {
	workers | grep -qvxFf "$TEST_DIR/workers"
}

test_what_a_reload_needs_again_is_not_called_the_starts_alone() {
	record_while reload_nginx
	assert_eq "$(used leastcap-life CHOWN)" at_start "when it used CHOWN"
	assert_match "$(used leastcap-life SETUID)" while_serving "when it used SETUID"
	assert_match "$("$LEASTCAP" report "$PROFILE" | tr -s '\n ' ' ')" 'only at the start \([^)]*\): CHOWN not seen: USR1, USR2, which it handles;' "the report"
}

# Another capability in each time of its life: CHOWN at the start, SYS_CHROOT for each connection, MKNOD when it is told to stop.
served_by_python=$(
	cat <<'EOF'
import os, signal, socket, stat, sys
def stop(number, frame):
    os.mknod("/null", stat.S_IFCHR, os.makedev(1, 3))
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
os.chown("/etc/hostname", 65534, 65534)
server = socket.create_server(("", 8000))
unused = socket.create_server(("", 8001))
while True:
    connection, _ = server.accept()
    os.chroot("/")
    connection.recv(4096)
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    connection.close()
EOF
)

start_python() {
	start_container leastcap-life "$IMAGE" python3 -c "$served_by_python"
}

live_and_stop() {
	start_python
	wait_until serves leastcap-life 8000
	wait_until serves leastcap-life 8000
	"$DOCKER" stop leastcap-life
}

test_what_a_stop_needs_is_told_apart_and_ports_and_signals_that_nobody_tried_are_named() {
	local report
	record_while live_and_stop
	assert_list "$PROFILE" leastcap-life "CHOWN SYS_CHROOT MKNOD"
	assert_eq "$(used leastcap-life CHOWN)" at_start "when it used CHOWN"
	assert_eq "$(used leastcap-life SYS_CHROOT)" while_serving "when it used SYS_CHROOT"
	assert_eq "$(used leastcap-life MKNOD)" at_stop "when it used MKNOD"
	assert_match "$("$LEASTCAP" report -v "$PROFILE")" 'after it was told to stop|told to' "the report"
	assert_match "$("$LEASTCAP" explain "$PROFILE" MKNOD)" 'at the stop' "what explain says"
	assert_eq "$(query "$PROFILE" leastcap-life '[.coverage.ports[] | "\(.port) \(.connections > 0)"] | join(", ")')" \
		"8000 true, 8001 false" "its ports"
	assert_eq "$(query "$PROFILE" leastcap-life '.coverage.sent | join(" ")')" TERM "the signals that it was sent"
	assert_match "$(query "$PROFILE" leastcap-life '.coverage.handled | join(" ")')" TERM "the signals that it handles"
	report=$("$LEASTCAP" report "$PROFILE")
	assert_match "$report" 'not seen: a connection to port 8001; a second start' "the report"
}

restart_python() {
	start_python
	wait_until serves leastcap-life 8000
	"$DOCKER" restart leastcap-life
	wait_until serves leastcap-life 8000
}

test_a_restart_is_seen() {
	record_while restart_python
	assert_eq "$(query "$PROFILE" leastcap-life .life.starts)" 2 "how often it was started"
	assert_no_match "$("$LEASTCAP" report "$PROFILE")" 'a second start' "the report"
}

serve_for_a_while() {
	start_python
	wait_until serves leastcap-life 8000
	sleep 3
	serves leastcap-life 8000
}

test_the_user_may_say_how_long_the_start_takes() {
	"$LEASTCAP" record --start-until 1s -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" serve_for_a_while
	assert_eq "$(query "$PROFILE" leastcap-life .life.sign)" told "the sign that its start was over"
	assert_match "$(used leastcap-life SYS_CHROOT)" while_serving "when it used SYS_CHROOT"
	assert_refused 2 "--start-until: '0s' is no time" "$LEASTCAP" record --start-until 0s -o "$PROFILE" -- true
}

# cron runs one program when it starts. The other has to wait for the next year, as has a script.
run_cron() {
	start_container leastcap-life "$IMAGE" sh -c '
		printf "%s\n" "SHELL=/bin/sh" "@reboot root /usr/bin/id >/tmp/id" "0 0 1 1 * root /usr/bin/sha512sum /etc/hostname" \
			"0 0 1 1 * root /usr/bin/ldd /bin/sh" >/etc/cron.d/leastcap
		exec cron -f'
	wait_until "$DOCKER" exec leastcap-life test -s /tmp/id
}

test_programs_that_a_crontab_names_and_that_never_ran_are_named() {
	record_while run_cron
	assert_eq "$(query "$PROFILE" leastcap-life '[.coverage.programs[] | select(.named_in == "/etc/cron.d/leastcap") | "\(.path) \(.ran)"] | join(", ")')" \
		"/usr/bin/id true, /usr/bin/sha512sum false" "the programs that cron is to run"
	assert_match "$("$LEASTCAP" report "$PROFILE" | tr -s '\n ' ' ')" \
		'not seen: ([^;]*; )?a run of /usr/bin/sha512sum \(named in /etc/cron.d/leastcap\)' "the report"
}

become_healthy() {
	start_container leastcap-life --health-cmd 'test -e /tmp/ready' --health-interval 1s "$IMAGE" \
		sh -c 'chown nobody /etc/hostname; : >/tmp/ready; sleep 6; chroot / true; sleep 60'
	wait_until is_healthy
	sleep 7
}

is_healthy() {
	[[ $("$DOCKER" inspect -f '{{.State.Health.Status}}' leastcap-life) == healthy ]]
}

test_a_successful_health_check_ends_the_start_where_no_connection_was_seen() {
	record_while become_healthy
	assert_eq "$(query "$PROFILE" leastcap-life .life.sign)" healthy "the sign that its start was over"
	assert_eq "$(used leastcap-life CHOWN)" at_start "when it used CHOWN"
	assert_eq "$(used leastcap-life SYS_CHROOT)" while_serving "when it used SYS_CHROOT"
}
