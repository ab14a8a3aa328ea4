# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who floods a recording spoils no more than his own part of it: a quiet container beside has its list, whole and exact.
# shellcheck source=tests/e2e/lib.sh
source "$E2E/lib.sh"

# beside COMMAND...: records a quiet container, asked for by name, while another runs COMMAND; then what that cost.
beside() {
	local before after
	start_container leastcap-flood -v "$PROGRAMS:/x:ro" "$IMAGE" sh -c 'while [ ! -e /tmp/go ]; do sleep 0.1; done; "$@"; touch /tmp/done; sleep 60' sh "$@"
	start_container leastcap-quiet "$IMAGE" sh -c 'while [ ! -e /tmp/go ]; do sleep 0.1; done; : >/tmp/f; chown 1:1 /tmp/f; touch /tmp/done; sleep 60'
	start_recording leastcap-quiet
	"$DOCKER" exec leastcap-flood touch /tmp/go
	wait_until "$DOCKER" exec leastcap-flood test -e /tmp/done
	"$DOCKER" exec leastcap-quiet touch /tmp/go
	wait_until "$DOCKER" exec leastcap-quiet test -e /tmp/done
	RESIDENT=$(awk '/^VmHWM:/ { print $2 }' "/proc/$RECORDER/status")
	before=${EPOCHREALTIME/./}
	stop_recording INT
	after=${EPOCHREALTIME/./}
	assert_eq "$STATUS" 0 "the exit status"
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost"
	assert_list "$PROFILE" leastcap-quiet CHOWN
	((RESIDENT < 100 * 1024)) || fail "the recorder had $RESIDENT KiB resident"
	((after - before < 2000000)) || fail "the file was written after $((after - before)) microseconds"
}

test_random_sets_leave_the_others_alone() {
	beside /x/asks_for_sets 6
}

test_thousands_of_programs_leave_the_others_alone() {
	beside /x/runs_many_programs 4000
}
