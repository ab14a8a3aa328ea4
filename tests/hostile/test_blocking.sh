# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2034
REQUIRES=docker
# Nothing that a container, or what we ask, does or leaves undone keeps a recording from going on and from ending.

# hang SECONDS [DIRECTORY]: a container whose files stop to answer after so long, those in /m or DIRECTORY.
hang() {
	[[ -c /dev/fuse ]] || skip "no FUSE here"
	start_container leastcap-hangs --device /dev/fuse --cap-add SYS_ADMIN --security-opt apparmor=unconfined \
		-v "$PROGRAMS:/x:ro" "$IMAGE" /x/hanging_files "$@"
}

# works: a container that does something else meanwhile, once a second.
works() {
	start_container leastcap-works "$IMAGE" sh -c 'while :; do chown nobody /etc/hostname; sleep 1; done'
}

# took MILLISECONDS COMMAND...: COMMAND ends in time; something may have been lost (3), which is not asked about here.
took() {
	local limit=$1 began ended
	shift
	began=$(date +%s%3N)
	"$@" || (($? == 3)) || fail "failed: $*"
	ended=$(date +%s%3N)
	((ended - began <= limit)) || fail "took $((ended - began)) ms and not $limit: $*"
}

# ends_by SIGNAL: what runs as $RECORDER ends by SIGNAL within two seconds.
ends_by() {
	took 2000 stop_recording "$1"
}

test_files_that_do_not_answer_keep_no_recording_from_its_end() {
	works
	hang 2
	took 8000 "$LEASTCAP" record -o "$PROFILE" --for 6s 2>err
	assert_list "$PROFILE" leastcap-works CHOWN
	assert_match "$(query "$PROFILE" leastcap-hangs '.cap_add | join(" ")')" 'CHOWN FOWNER' "the list of what hangs"
	assert_eq "$(query "$PROFILE" leastcap-hangs '[.evidence[] | select(.about == "/m/2").object_late] | unique | tostring')" \
		'[true]' "whether the file was looked at"
	assert_match "$("$LEASTCAP" explain "$PROFILE" CHOWN | tr -s ' \n' ' ')" 'could not be looked at in time' "the story"
	assert_match "$("$LEASTCAP" report -v "$PROFILE" | tr -s ' \n' ' ')" 'could not be looked at in time' "the report"
	assert_eq "$(query "$PROFILE" leastcap-works '[.evidence[] | select(.about == "/etc/hostname").object.path] | unique | tostring')" \
		'["/etc/hostname"]' "what is known of the other's file"
}

# Who looks for set-user-ID programs waits there for ever, and is replaced for the next container.
test_files_that_do_not_answer_keep_no_audit_from_its_end() {
	works
	hang 1 /usr/local/bin
	sleep 2
	took 4000 "$LEASTCAP" audit >audit.txt
	assert_match "$(<audit.txt)" '  leastcap-hangs +SYS_ADMIN 100, ' "what hangs"
	assert_match "$(<audit.txt)" '  leastcap-works +capabilities 14, root 5, set-user-ID 3' "the other"
}

test_a_signal_ends_a_recording_of_files_that_do_not_answer() {
	local signal
	for signal in INT TERM; do
		"$DOCKER" rm -f leastcap-hangs >/dev/null 2>&1 || true
		hang 3
		start_recording leastcap-hangs
		sleep 4
		ends_by "$signal"
		assert_match "$STATUS" "^[03]$" "the exit status after SIG$signal"
		assert_match "$(query "$PROFILE" leastcap-hangs '.cap_add | join(" ")')" 'CHOWN' "the list"
	done
}

test_a_trace_goes_on_and_ends_where_files_do_not_answer() {
	works
	hang 6
	env --default-signal=INT "$LEASTCAP" trace -k >lines 2>err &
	RECORDER=$!
	wait_until attached "$RECORDER"
	sleep 8
	ends_by INT
	assert_match "$(<lines)" 'leastcap-hangs.*chown\("2", 1, 1\).*CHOWN' "the trace of what hangs"
	(($(grep -c 'leastcap-works.*CHOWN granted' lines) >= 3)) || fail "the trace of the other: $(<lines)"
}

test_an_engine_that_does_not_answer_keeps_nothing_from_its_end() {
	works
	"$PROGRAMS/answers_nothing" "$TEST_DIR/engine.sock" &
	export DOCKER_HOST=unix://$TEST_DIR/engine.sock
	wait_until test -S engine.sock
	took 4000 "$LEASTCAP" record -o "$PROFILE" --for 1s 2>err
	took 8000 "$LEASTCAP" audit --for 1s >/dev/null 2>err
	start_recording
	sleep 0.5
	ends_by INT
	# Names are waited for before anything is recorded.
	env --default-signal=INT "$LEASTCAP" record -o "$PROFILE" leastcap-works 2>err &
	RECORDER=$!
	sleep 1
	ends_by INT
	kill %1
}

test_a_reader_who_does_not_read_keeps_no_trace_from_its_end() {
	start_container leastcap-works "$IMAGE" sh -c 'while :; do chown nobody /etc/hostname; done'
	mkfifo pipe
	sleep 60 <>pipe &
	env --default-signal=INT "$LEASTCAP" trace -v -a >pipe 2>err &
	RECORDER=$!
	wait_until attached "$RECORDER"
	# Until the pipe is full.
	sleep 3
	ends_by INT
	kill %1
}

test_a_stopped_looker_is_replaced() {
	works
	start_recording
	pkill -STOP -P "$(pgrep -P "$RECORDER" -x leastcap-files)"
	sleep 2
	ends_by INT
	assert_list "$PROFILE" leastcap-works CHOWN
}

# has_many_users: a container that has two million users, told of in 150 MB which change all the time, and asks about files of another
# of these some ten times a second, by another program each time, so that each file is looked at.
has_many_users() {
	# shellcheck disable=SC2016
	start_container leastcap-users "$IMAGE" sh -c '
		awk "BEGIN { for (i = 1; i <= 2000000; i++) printf \"user%d:x:%d:%d:one of the many users that are here:/home/user%d:/bin/sh\n\", i, i, i, i }" >>/etc/passwd
		for i in $(seq 2000); do
			cp /bin/chmod "/tmp/chmod-$i"
			: >"/tmp/$i"
			chown "+$i:+$i" "/tmp/$i"
			touch /etc/passwd
			"/tmp/chmod-$i" 640 "/tmp/$i"
			sleep 0.05
		done'
	wait_until "$DOCKER" exec leastcap-users test -e /tmp/1
	(($("$DOCKER" exec leastcap-users stat -c %s /etc/passwd) > 100000000)) || fail "its users are too few"
}

test_many_users_files_keep_no_recording_from_its_end_and_others_from_no_names() {
	start_recording
	has_many_users
	sleep 3
	works
	sleep 3
	RESIDENT=$(awk '/^VmHWM:/ { print $2 }' "/proc/$RECORDER/status")
	ends_by INT
	assert_eq "$STATUS" 0 "the exit status"
	assert_eq "$(query "$PROFILE" leastcap-works '[.evidence[] | select(.about == "/etc/hostname").object | .path + " " + .owner] | unique | tostring')" \
		'["/etc/hostname nobody:root"]' "what is known of the other's file"
	# Its own are looked at no less: so long a list of users is not read.
	assert_eq "$(query "$PROFILE" leastcap-users .lost)" null "what is not known of it"
	(($(query "$PROFILE" leastcap-users '[.evidence[] | select(.cap == "FOWNER").count] | add') >= 30)) || fail "it did not ask often"
	((RESIDENT < 100 * 1024)) || fail "the recorder had $RESIDENT KiB resident"
}

# watch_container ID: user 4711 has a cgroup that is called so, and a monitor of that container whose bundle lies in files that do not answer.
watch_container() {
	local hierarchy
	hierarchy=$(findmnt -rn -t cgroup -O pids -o TARGET | grep . || findmnt -rn -t cgroup2 -o TARGET)
	DELEGATED=${hierarchy%%$'\n'*}/leastcap-hostile-$$
	trap 'umount -l bundle; pkill -KILL -u 4711; pkill -KILL -P "$SERVER"; kill -KILL "$SERVER"; sleep 0.3; find "$DELEGATED" -depth -type d -exec rmdir {} +' EXIT
	"$PROGRAMS/hanging_files" 1 "$PWD/bundle" &
	SERVER=$!
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nwhile :; do sleep 1; done\n' >conmon
	chmod 755 . conmon
	mkdir -p "$DELEGATED/$1"
	chown -R 4711 "$DELEGATED"
	setpriv --reuid 4711 --clear-groups ./conmon -c "$1" -n evil -b "$PWD/bundle" &
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$0/cgroup.procs" && exec setpriv --reuid 4711 --clear-groups sleep 60' "$DELEGATED/$1" &
	sleep 3
}

test_a_users_bundle_that_does_not_answer_keeps_no_recording_from_its_end() {
	local id
	[[ -c /dev/fuse ]] || skip "no FUSE here"
	id=$(printf '%064d' 9)
	works
	watch_container "$id"
	took 5000 start_recording
	sleep 1.5
	ends_by INT
	assert_eq "$STATUS" 0 "the exit status"
	assert_list "$PROFILE" leastcap-works CHOWN
	assert_match "$(jq -r --arg id "$id" '.targets[] | select(.cgroup | endswith("/" + $id)).claim' "$PROFILE")" \
		"no engine's record confirms it" "what is said of the user's cgroup"
}

test_who_changes_its_root_to_a_volume_shows_nothing_of_the_host() {
	local number
	mkdir -p volume/etc
	: >volume/etc/shadow
	chmod 600 volume/etc/shadow
	chown 1234:1234 volume/etc/shadow
	root_changers() {
		for number in {1..6}; do
			run_container "leastcap-volume-$number" -v "$TEST_DIR/volume:/v" -v "$PROGRAMS:/x:ro" "$IMAGE" \
				/x/changes_root /v /etc/shadow
		done
	}
	"$LEASTCAP" record -o "$PROFILE" --for 12s 2>err &
	RECORDER=$!
	wait_until attached "$RECORDER"
	root_changers
	wait "$RECORDER" || true
	assert_eq "$(jq -r '.targets[] | select(.name | startswith("leastcap-volume")) | .evidence[].object.owner // empty' "$PROFILE" | sort -u |
		grep -v '^1234:1234$')" "" "owners of files beside the volume's"
	assert_match "$(jq -r '.targets[] | select(.name | startswith("leastcap-volume")) | .cap_add | join(" ")' "$PROFILE")" \
		FOWNER "the lists"
}
