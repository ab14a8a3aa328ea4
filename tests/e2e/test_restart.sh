# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Proofs with a reload, a stop and a second start in each run (prove --restart): what only these need is on the list.

REQUIRES=docker

# prove [OPTION...] STEP: proves the containers of STEP, a function of this file, with restarts. Its messages are in $TOLD.
prove() {
	local step=${*: -1}
	STATUS=0
	LEASTCAP_PATIENCE=10 "$LEASTCAP" prove --restart -o "$PROFILE" "${@:1:$#-1}" -- "$E2E/child" "$TEST_FILE" "$step" 2>"$TEST_DIR/told" || STATUS=$?
	TOLD=$(<"$TEST_DIR/told")
}

# server [PROGRAM]: one that is root and ends when it is told to, after PROGRAM.
server() {
	cat <<-EOF
		import http.server, os, signal, sys
		signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
		${1-}
		http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
	EOF
}

# The directory belongs to somebody else when it starts once more, and nobody else may go into it. Without KILL a reload can't tell
# the worker, and the server ends.
own_a_directory() {
	trap 'remove_container leastcap-again' EXIT
	# shellcheck disable=SC2016
	start_container leastcap-again -v /data "$IMAGE" sh -ec '
		chmod 777 /data
		if [ -d /data/db ]; then touch /data/db/again; else setpriv --reuid 33 --regid 33 --clear-groups mkdir -m 700 /data/db; fi
		exec python3 -c "$1"' sh "$(server 'worker = os.fork()
if not worker:
    os.setgid(33); os.setuid(33); signal.signal(signal.SIGUSR1, lambda number, frame: None)
    while True: signal.pause()
signal.signal(signal.SIGHUP, lambda number, frame: os.kill(worker, signal.SIGUSR1))')"
	wait_until serves leastcap-again 8080
}

test_what_only_the_second_start_needs_is_not_seen_without_one() {
	"$LEASTCAP" prove -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" own_a_directory
	assert_list "$PROFILE" leastcap-again "SETGID SETUID"
	assert_eq "$(query "$PROFILE" leastcap-again .proven.restart)" null "that nothing was restarted"
	assert_match "$("$LEASTCAP" report "$PROFILE")" 'a second start, with the data of the first' "the report"
}

test_what_only_a_reload_and_the_second_start_need_is_on_the_list() {
	prove own_a_directory
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-again "DAC_OVERRIDE KILL SETGID SETUID"
	assert_match "$TOLD" 'without DAC_OVERRIDE[^:]*: failed: leastcap-again did not come up again: it has ended with exit status 1' "what is told of the start"
	assert_match "$TOLD" 'without KILL[^:]*: failed: leastcap-again did not get over a reload: it has ended' "what is told of the reload"
	assert_eq "$(query "$PROFILE" leastcap-again '.proven.restart, .life.starts')" $'true\n2' "what the certificate and the recording say"
	assert_match "$(query "$PROFILE" leastcap-again '.coverage.sent | join(" ")')" 'HUP' "the signals that it was sent"
	assert_no_match "$("$LEASTCAP" report "$PROFILE")" 'a second start|a stop' "the report's line of what was not seen"
	assert_match "$("$LEASTCAP" report -f markdown "$PROFILE")" 'each with a restart' "the line of the proof"
}

end_by_hup() {
	# It may be gone by itself first.
	trap 'remove_container leastcap-end || true' EXIT
	run_container leastcap-alone --network none --cap-add SYS_NICE "$IMAGE" nice -n -5 true
	start_container leastcap-end --rm --cap-add SYS_NICE "$IMAGE" nice -n -5 python3 -c \
		"$(server 'signal.signal(signal.SIGHUP, lambda number, frame: os._exit(0))')"
	wait_until serves leastcap-end 8080
}

test_a_signal_that_ends_a_container_is_no_reload_and_all_but_what_ends_by_itself_is_restarted() {
	prove end_by_hup
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-end ""
	assert_match "$TOLD" 'leastcap-end handles HUP, and does not go on after it: .*the run is made again without' "what is told of it"
	assert_eq "$(query "$PROFILE" leastcap-end '.proven.restart, .life.starts')" $'true\n2' "what the certificate and the recording say"
	assert_list "$PROFILE" leastcap-alone ""
	assert_match "$TOLD" '1 containers were not restarted' "what is told of what ends by itself"
	assert_eq "$(query "$PROFILE" leastcap-alone .proven.restart)" null "what the certificate says of it"
}

# The first time it has no user to read of, and the second time it serves as root without DAC_OVERRIDE.
drop_root_by_file() {
	trap 'remove_container leastcap-drop' EXIT
	# shellcheck disable=SC2016
	start_container leastcap-drop -v /data "$IMAGE" python3 -c "$(server 'os.chmod("/data", 0o777)
try:
    user = int(open("/data/db/user").read())
except FileNotFoundError:
    user = 33
except OSError:
    user = 0
os.setgid(user); os.setuid(user)
if not os.path.exists("/data/db"):
    os.mkdir("/data/db", 0o700); open("/data/db/user", "w").write("33")')"
	wait_until serves leastcap-drop 8080
	sleep 2
}

test_a_second_start_that_serves_as_somebody_else_is_worse() {
	prove drop_root_by_file
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(query "$PROFILE" leastcap-drop '.cap_add | join(" ")')" 'DAC_OVERRIDE' "the list"
	assert_match "$TOLD" 'without DAC_OVERRIDE[^:]*: degraded: .*no longer a process python3 of user 33:33 after the restart' "what is told of the trial"
}

# Whoever asks for its health waits for that, and a signal that is no end is none.
check_health_and_signal() {
	local started
	trap 'remove_container leastcap-ill' EXIT
	start_container leastcap-ill --stop-timeout 1 --health-cmd 'test -e /ready' --health-interval 1s "$IMAGE" \
		sh -c 'rm -f /ready; trap : USR1; sleep 1; : >/ready; while :; do sleep 1; done'
	wait_until is_well leastcap-ill
	started=$("$DOCKER" inspect -f '{{.State.StartedAt}}' leastcap-ill)
	"$DOCKER" kill -s USR1 leastcap-ill >/dev/null
	[[ $("$DOCKER" inspect -f '{{.State.StartedAt}}' leastcap-ill) == "$started" ]]
	"$DOCKER" stop leastcap-ill >/dev/null
}

is_well() {
	[[ $("$DOCKER" inspect -f '{{.State.Health.Status}}' "$1") == healthy ]]
}

test_a_container_has_to_be_healthy_again() {
	prove check_health_and_signal
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-ill ""
	assert_eq "$(query "$PROFILE" leastcap-ill '.proven.restart, .life.starts')" $'true\n2' "what the certificate and the recording say"
}

test_what_already_runs_is_not_restarted() {
	assert_refused 2 'already runs, and the kernel.s method restarts nothing' "$LEASTCAP" prove --restart web --yes -- true
}
