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

# The hierarchy that is recorded: the v1 pids controller's where there is one.
hierarchy() {
	findmnt -rn -t cgroup -O pids -o TARGET | grep . || findmnt -rn -t cgroup2 -o TARGET
}

# make_cgroups DIRECTORY: as its owner, an ordinary user, 17000 of them.
make_cgroups() {
	local i
	for i in {1..17}; do
		seq -f "$1/c$i-%g" 1000 | xargs setpriv --reuid 47112 --clear-groups mkdir
	done
}

# users_directory: makes $DIRECTORY, a cgroup of an ordinary user's.
users_directory() {
	DIRECTORY=$(hierarchy | head -n1)/leastcap-hostile-$$
	mkdir "$DIRECTORY"
	chown 47112 "$DIRECTORY"
	trap 'find "$DIRECTORY" -depth -type d -exec rmdir {} +' EXIT
}

test_a_users_cgroups_do_not_keep_a_new_container_from_being_recorded() {
	users_directory
	start_recording --for 60s
	make_cgroups "$DIRECTORY"
	run_container leastcap-after "$IMAGE" chroot / true
	stop_recording INT
	assert_list "$PROFILE" leastcap-after SYS_CHROOT
	assert_eq "$(query "$PROFILE" leastcap-after '.lost')" null "what it lost"
}

test_a_users_cgroups_that_come_and_go_leave_nothing_behind() {
	users_directory
	start_recording --for 60s
	setpriv --reuid 47112 --clear-groups "$PROGRAMS/makes_cgroups" "$DIRECTORY" 1000
	sleep 1
	BEFORE=$(awk '/^VmRSS:/ { print $2 }' "/proc/$RECORDER/status")
	setpriv --reuid 47112 --clear-groups "$PROGRAMS/makes_cgroups" "$DIRECTORY" 100000
	run_container leastcap-after "$IMAGE" chroot / true
	RESIDENT=$(awk '/^VmRSS:/ { print $2 }' "/proc/$RECORDER/status")
	stop_recording INT
	assert_list "$PROFILE" leastcap-after SYS_CHROOT
	((RESIDENT < BEFORE + 8 * 1024)) || fail "the recorder grew from $BEFORE to $RESIDENT KiB"
}
