# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# `leastcap serve` as a service runs it: containers come and go, it is stopped, killed and started again, and its store says what was needed.

REQUIRES=docker

NAME=leastcap-serve-${TEST_DIR##*/}
STORE=$TEST_DIR/store

# What the service says is in ./said, its process is $SERVICE.
start_service() {
	: >said
	"$LEASTCAP" serve --store "$STORE" --listen none --every 1s 2>said &
	SERVICE=$!
	trap end_service EXIT
	wait_until grep -q 'recording every container' said
}

# Whatever has become of it, and of its disk.
end_service() {
	kill -KILL "$SERVICE" 2>/dev/null || true
	wait "$SERVICE" 2>/dev/null || true
	! mountpoint -q "$TEST_DIR/disk" || umount "$TEST_DIR/disk"
}

# stop_service SIGNAL: its exit status is $STATUS.
stop_service() {
	STATUS=0
	kill -s "$1" "$SERVICE"
	wait "$SERVICE" || STATUS=$?
}

# What the store has of the container called $NAME, by FILTER; nothing while it is not there.
stored() {
	"$LEASTCAP" store export --store "$STORE" 2>/dev/null >stored.json || return 1
	query stored.json "$NAME" "$1" 2>/dev/null | grep -vxE 'false|null'
}

# How often each capability was asked for, and refused, in profile FILE: "CAP CLASS VERDICT COUNT" a line.
counts() {
	jq -r --arg name "$NAME" '[.targets[] | select(.name == $name)][0]
		| ((.evidence | group_by([.cap, .class, .verdict])[] | "\(.[0].cap) \(.[0].class) \(.[0].verdict) \(map(.count) | add)"),
			(.failures // [] | group_by([.syscall, .result, .cause])[]
				| "\(.[0].syscall) \(.[0].result) \(.[0].cause) \(map(.count) | add)"),
			"cap_add \(.cap_add)", "seen \(.seen)", "lost \(.lost)")' "$1" | sort
}

# It does something, waits until that was stored, and does more of it, and something else.
works_for_a_while() {
	run_container "$NAME" "$IMAGE" sh -c 'chown 1:1 /tmp; chown 2:2 /tmp; sleep 2.5; chown 3:3 /tmp; mount -t tmpfs none /mnt; sleep 1.5
		setpriv --reuid=65534 --clear-groups true; setpriv --reuid=65534 --clear-groups chown 4:4 /tmp; true' 2>/dev/null
}

# As whoever records the same once: $PROFILE.
record_beside() {
	"$LEASTCAP" record -q -a --refusals checked -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" works_for_a_while
}

test_what_is_stored_piece_by_piece_is_what_one_recording_says() {
	start_service
	record_beside
	stop_service TERM
	assert_eq "$STATUS" 0 "the exit status"
	stored . >/dev/null
	assert_match "$(counts "$PROFILE")" 'CHOWN required granted 6' "what was recorded"
	assert_eq "$(counts stored.json)" "$(counts "$PROFILE")" "what was stored"
	assert_match "$("$LEASTCAP" report --store "$STORE" -t "$NAME" -f docker)" 'CHOWN.*SETUID' "the list"
}

test_a_service_that_is_killed_loses_what_was_not_stored_and_says_so() {
	local said
	start_service
	run_container "$NAME" "$IMAGE" chown 1:1 /tmp
	wait_until stored '.evidence | length > 0'
	stop_service KILL
	assert_eq "$(cgroups_of_leastcap)" "" "what is left behind"
	"$LEASTCAP" report --store "$STORE" -t "$NAME" >printed 2>told
	assert_match "$(<printed)" 'CHOWN' "the report"
	assert_match "$(<told)" 'ended unexpectedly.*20[0-9-]+ [0-9:]+ UTC' "what the report says of it"
	start_service
	said=$(grep -c 'the last session ended unexpectedly: what came after .* is missing' said)
	assert_eq "$said" 1 "what the next one says"
	stop_service TERM
	start_service
	! grep -q unexpectedly said || fail "a session that ended well is said to have broken"
	stop_service INT
	assert_eq "$STATUS" 0 "the exit status"
}

test_a_second_service_is_refused() {
	start_service
	assert_refused 1 'another leastcap serve writes to this store' "$LEASTCAP" serve --store "$STORE" --listen none
	stop_service TERM
	assert_eq "$STATUS" 0 "the exit status of the first"
}

test_what_is_no_store_is_left_alone() {
	mkdir store
	printf 'not a store, %s\n' {1..200} >store/leastcap.db
	cp store/leastcap.db before
	assert_refused 2 'this is no store of leastcap' "$LEASTCAP" serve --store "$STORE" --listen none
	cmp before store/leastcap.db || fail "it was changed"
}

# fill_disk DIRECTORY: until nothing finds room there.
fill_disk() {
	! dd if=/dev/zero of="$1/full" bs=64k 2>/dev/null || fail "a full disk takes more"
}

test_a_full_disk_stops_storing_and_not_recording() {
	mkdir disk
	mount -t tmpfs -o size=8m none disk
	STORE=$TEST_DIR/disk/store
	start_service
	fill_disk disk
	run_container "$NAME" "$IMAGE" chown 1:1 /tmp
	wait_until grep -q 'waits in memory' said
	sleep 2
	assert_eq "$(grep -c 'waits in memory' said)" 1 "how often that is said"
	run_container "$NAME" "$IMAGE" chown 2:2 /tmp
	rm disk/full
	wait_until grep -q 'storing goes on' said
	wait_until stored '.evidence | map(select(.cap == "CHOWN" and .class == "required").count) | add == 4'
	stop_service TERM
	assert_eq "$STATUS" 0 "the exit status"
}

test_a_service_manager_is_told_when_it_is_ready() {
	python3 - "$TEST_DIR/notify" >told <<-'END' &
		import socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind(sys.argv[1])
		s.settimeout(60)
		for _ in range(2):
		    print(s.recv(100).decode(), flush=True)
	END
	wait_until test -S notify
	NOTIFY_SOCKET=$TEST_DIR/notify start_service
	wait_until grep -qx READY=1 told
	stop_service TERM
	wait_until grep -qx STOPPING=1 told
}
