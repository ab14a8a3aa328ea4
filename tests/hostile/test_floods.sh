# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who floods a recording spoils no more than his own part of it: a quiet container beside has its list, whole and exact.
# shellcheck source=tests/e2e/lib.sh
source "$E2E/lib.sh"

# How the container that floods is started.
FLOOD=()

# tell CONTAINER WORD: what waits there for WORD goes on.
tell() {
	"$DOCKER" exec "$1" touch "/tmp/$2"
}

has_said() {
	"$DOCKER" exec "$1" test -e "/tmp/$2"
}

# What a container runs first.
WAITS='await() { while [ ! -e /tmp/$1 ]; do sleep 0.1; done; }'

# beside COMMAND...: records a quiet container, asked for by name, which does one thing while another runs COMMAND and one
# afterwards; then what that cost.
beside() {
	local before after
	start_container leastcap-flood "${FLOOD[@]}" -v "$PROGRAMS:/x:ro" "$IMAGE" sh -c "$WAITS"'; await go; "$@"; touch /tmp/done; sleep 300' sh "$@"
	start_container leastcap-quiet "$IMAGE" sh -c "$WAITS"'; : >/tmp/f; await go; chown 1:1 /tmp/f; touch /tmp/done
		await more; chroot / nice -n -5 true; touch /tmp/all; sleep 300'
	start_recording leastcap-quiet
	tell leastcap-flood go
	sleep 0.5
	tell leastcap-quiet go
	wait_until has_said leastcap-quiet "done"
	wait_until has_said leastcap-flood "done"
	tell leastcap-quiet more
	wait_until has_said leastcap-quiet all
	RESIDENT=$(awk '/^VmHWM:/ { print $2 }' "/proc/$RECORDER/status")
	before=${EPOCHREALTIME/./}
	stop_recording INT
	after=${EPOCHREALTIME/./}
	assert_eq "$STATUS" 0 "the exit status"
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost"
	assert_list "$PROFILE" leastcap-quiet "CHOWN SYS_CHROOT"
	assert_eq "$(query "$PROFILE" leastcap-quiet '[.evidence[] | select(.cap == "CHOWN" and .class == "required") | [.exe, .about, .syscall] | join(" ")] | unique | join(", ")')" \
		"/usr/bin/chown /tmp/f fchownat" "what is known of what it did in the flood"
	assert_eq "$(query "$PROFILE" leastcap-quiet '[.evidence[] | select(.cap == "SYS_NICE") | [.class, .result] | join(" ")] | join(", ")')" \
		"blocked EACCES" "what became of what it was denied afterwards"
	((RESIDENT < 100 * 1024)) || fail "the recorder had $RESIDENT KiB resident"
	((after - before < 2000000)) || fail "the file was written after $((after - before)) microseconds"
}

test_random_sets_leave_the_others_alone() {
	beside /x/asks_for_sets 6
}

test_thousands_of_programs_leave_the_others_alone() {
	beside /x/runs_many_programs 4000
}

test_namespaces_without_end_leave_the_others_alone() {
	FLOOD=(--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined)
	beside /x/makes_namespaces 4000
}

test_outcomes_of_every_kind_leave_the_others_alone() {
	[[ -c /dev/fuse ]] || skip "no FUSE here"
	FLOOD=(--device /dev/fuse --cap-add SYS_ADMIN --cap-drop FSETID --security-opt apparmor=unconfined --security-opt seccomp=unconfined)
	# shellcheck disable=SC2016
	beside sh -c '/x/fails_in_many_ways serve /m
		for i in 1 2 3 4 5 6; do cp /x/fails_in_many_ways /tmp/$i && /tmp/$i /m || exit 1; done'
}

# What makes $own a container's cgroup in a hierarchy of its own.
# shellcheck disable=SC2016
OWN_CGROUP='mkdir /cg && { mount -t cgroup -o pids none /cg || mount -t cgroup2 none /cg; } || exit 1
	own=/cg$(sed -n "s/^[0-9]*:pids://p" /proc/self/cgroup | grep . || sed -n s/^0:://p /proc/self/cgroup)'

test_processes_that_stay_in_set_up_leave_the_start_of_others_alone() {
	start_recording
	# shellcheck disable=SC2016
	start_container leastcap-flood --cgroupns host --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
		-v "$PROGRAMS:/x:ro" "$IMAGE" sh -c "$OWN_CGROUP"'; exec /x/stays_in_setup "$own" >/tmp/said'
	wait_until "$DOCKER" exec leastcap-flood grep -q stays /tmp/said
	run_container leastcap-after "$IMAGE" chroot / true
	stop_recording INT
	remove_container leastcap-flood
	assert_list "$PROFILE" leastcap-after SYS_CHROOT
	assert_eq "$(query "$PROFILE" leastcap-after .lost)" null "what it lost"
	assert_eq "$(query "$PROFILE" leastcap-after 'any(.evidence[]; .phase == "setup")')" true "whether its start was seen"
	(($(jq '[.targets[].lost.setup // 0] | add' "$PROFILE") > 1000)) || fail "the flood lost $(jq -c '[.targets[] | [.name, .lost]]' "$PROFILE")"
}

test_cgroups_that_a_container_nests_leave_the_others_alone() {
	[[ -d /sys/fs/cgroup/pids ]] || skip "a container's own mount of its hierarchy is that of v1 here"
	FLOOD=(--cap-add SYS_ADMIN --security-opt apparmor=unconfined)
	# shellcheck disable=SC2016
	beside sh -c 'mkdir /cg && mount -t cgroup -o pids none /cg || exit 1
		own=/cg$(sed -n "s/^[0-9]*:pids://p" /proc/self/cgroup)
		/x/makes_cgroups "$own" 30000
		cd "$own" && seq 9000 | xargs mkdir
		for i in $(seq 300); do echo $$ >$i/cgroup.procs; chroot / true; done
		echo $$ >cgroup.procs; find . -mindepth 1 -type d -exec rmdir {} +'
}

test_a_process_with_children_without_number_is_followed_with_all() {
	local server
	"$PROGRAMS/forks_many" 2000 "$PWD/go" &
	server=$!
	start_recording -p "$server"
	touch go
	wait_until test -e go.done
	stop_recording INT
	kill -9 "$server"
	assert_eq "$STATUS" 0 "the exit status"
	assert_eq "$(jq .lost "$PROFILE")" 0 "lost"
	assert_eq "$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")" SYS_CHROOT "the list"
	assert_eq "$(jq '[.targets[0].evidence[] | select(.cap == "SYS_CHROOT") | .count] | add' "$PROFILE")" 2000 "the checks"
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

# has_links PID: it has attached what it records with, and begins to look for what is there.
has_links() {
	(($(links_of "$1") > 0))
}

test_a_signal_while_a_users_cgroups_are_walked_ends_the_recording() {
	local sent
	users_directory
	make_cgroups "$DIRECTORY"
	env --default-signal=INT "$LEASTCAP" record -o "$PROFILE" 2>said &
	RECORDER=$!
	# The walk takes a tenth of a second: there is no time to sleep between two looks.
	until has_links "$RECORDER"; do
		kill -0 "$RECORDER" || fail "it ended before it had attached: $(<said)"
	done
	sent=${EPOCHREALTIME/./}
	stop_recording INT
	((${EPOCHREALTIME/./} - sent < 2000000)) || fail "it ended after $((${EPOCHREALTIME/./} - sent)) microseconds"
	assert_match "$(<said)" "interrupted before all containers were found" "what is said"
	assert_eq "$STATUS" 1 "the exit status"
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
