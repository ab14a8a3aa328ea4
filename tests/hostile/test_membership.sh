# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A process belongs to the target that it was started in, wherever it is moved: who leaves a container's cgroup, or enters another's,
# is on the container's list and no other's, and what runs in a container within is on it too.
REQUIRES=docker

# What a container with a cgroup hierarchy of its own runs there; $1 is MODE, $2 another container's cgroup.
MOVER='mkdir -p /cg; mount -t cgroup -o pids cgroup /cg || exit 1
own=$(sed -n "s/.*:pids:\(.*\)/\1/p" /proc/self/cgroup)
within=$own/$(printf "%064d" 7)
case $1 in
escape) echo $$ > /cg/cgroup.procs ;;
frame) echo $$ > "/cg$2/cgroup.procs" ;;
nested) mkdir -p "/cg$within"; echo $$ > "/cg$within/cgroup.procs" ;;
setup) mkdir -p "/cg$within"
	sh -c "sleep 1; echo \$\$ > /cg$own/cgroup.procs; exec chroot / true" &
	echo $! > "/cg$within/cgroup.procs"; wait; exit ;;
esac
exec chroot / sh -c "chown 1234 /tmp; sleep 1"'

MAY_MOVE=(--cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined)

need_v1() {
	[[ -d /sys/fs/cgroup/pids ]] || skip "cgroup v2 alone: a container can't mount another hierarchy"
}

# move MODE [CGROUP]: a container whose process moves so, and then uses CHOWN and SYS_CHROOT.
move() {
	"$DOCKER" run --rm --label leastcap-test --name leastcap-moved "${MAY_MOVE[@]}" "$IMAGE" sh -c "$MOVER" sh "$@"
}

test_who_leaves_for_the_topmost_cgroup_still_counts_and_is_named() {
	need_v1
	record_while move escape
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_eq "$(query "$PROFILE" leastcap-moved .left)" 1 "how many left"
	assert_match "$("$LEASTCAP" report "$PROFILE")" "1 process left its cgroup \(sh → /\)" "the report"
}

frame() {
	local pid
	pid=$("$DOCKER" inspect -f '{{.State.Pid}}' leastcap-framed)
	move frame "$(sed -n 's/.*:pids:\(.*\)/\1/p' "/proc/$pid/cgroup")"
}

test_who_enters_another_containers_cgroup_is_on_its_own_list_alone() {
	need_v1
	start_container leastcap-framed "$IMAGE" sleep 100
	record_while frame
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_list "$PROFILE" leastcap-framed ""
}

test_what_runs_in_a_cgroup_within_is_the_containers_too() {
	need_v1
	record_while move nested
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
}

test_who_is_moved_within_the_container_is_not_being_prepared() {
	need_v1
	record_while move setup
	assert_list "$PROFILE" leastcap-moved "SYS_CHROOT SYS_ADMIN"
}

leave_and_run() {
	"$LEASTCAP" run -o "$PROFILE" -- sh -c 'echo $$ > /sys/fs/cgroup/pids/cgroup.procs; chroot / true'
}

test_a_command_that_leaves_its_cgroup_is_still_recorded() {
	need_v1
	leave_and_run
	assert_eq "$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")" SYS_CHROOT "the list"
	assert_eq "$(jq -r '.targets[0].left_to' "$PROFILE")" "sh → /" "where it went"
}
