# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A process belongs to the target that it was started in, wherever it is moved: who leaves a container's cgroup, or enters another's,
# is on the container's list and no other's, and what runs in a container within is on it too.
REQUIRES=docker

# The v1 controller whose hierarchy is recorded; empty: cgroup v2.
CONTROLLER=$([[ ! -d /sys/fs/cgroup/pids ]] || printf pids)
TOPMOST=/sys/fs/cgroup${CONTROLLER:+/$CONTROLLER}

# What a container with that hierarchy of its own runs there; $1 is MODE, $2 another container's cgroup.
MOVER='mkdir -p /cg; if [ "$CONTROLLER" ]; then mount -t cgroup -o "$CONTROLLER" cgroup /cg; else mount -t cgroup2 cgroup /cg; fi || exit 1
own=$(sed -n "s/^[0-9]*:$CONTROLLER://p" /proc/self/cgroup)
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

# In the host's cgroup namespace, so that all cgroups are there, whatever the hierarchy.
MAY_MOVE=(--cgroupns host --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined)

# move MODE [CGROUP]: a container whose process moves so, and then uses CHOWN and SYS_CHROOT.
move() {
	"$DOCKER" run --rm --label leastcap-test --name leastcap-moved "${MAY_MOVE[@]}" -e CONTROLLER="$CONTROLLER" "$IMAGE" sh -c "$MOVER" sh "$@"
}

# podman_move MODE [CGROUP]: the same by Podman, with the programs of the host.
podman_move() {
	local directory
	mkdir -p root/{proc,dev,sys,tmp,cg,usr}
	for directory in bin sbin lib lib64; do
		ln -sfn "usr/$directory" "root/$directory"
	done
	own_podman run --rm --name leastcap-moved --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "${MAY_MOVE[@]}" \
		--cap-add SYS_CHROOT -e CONTROLLER="$CONTROLLER" -v /usr:/usr:ro --rootfs "$TEST_DIR/root" /bin/sh -c "$MOVER" sh "$@"
}

# cgroup_of NAME: the path of Docker's container NAME in the hierarchy.
cgroup_of() {
	sed -n "s/^[0-9]*:$CONTROLLER://p" "/proc/$("$DOCKER" inspect -f '{{.State.Pid}}' "$1")/cgroup"
}

test_who_leaves_for_the_topmost_cgroup_still_counts_and_is_named() {
	record_while move escape
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_eq "$(query "$PROFILE" leastcap-moved .left)" 1 "how many left"
	assert_match "$("$LEASTCAP" report "$PROFILE")" "1 process left its cgroup \(sh → /\)" "the report"
}

test_who_enters_another_containers_cgroup_is_on_its_own_list_alone() {
	start_container leastcap-framed "$IMAGE" sleep 100
	record_all_while move frame "$(cgroup_of leastcap-framed)"
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_list "$PROFILE" leastcap-framed ""
}

test_what_runs_in_a_cgroup_within_is_the_containers_too() {
	record_while move nested
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
}

test_who_is_moved_within_the_container_is_not_being_prepared() {
	record_while move setup
	assert_list "$PROFILE" leastcap-moved "SYS_CHROOT SYS_ADMIN"
}

leave_and_run() {
	# shellcheck disable=SC2016
	"$LEASTCAP" run -o "$PROFILE" -- sh -c 'echo $$ >"$0/cgroup.procs"; chroot / true' "$TOPMOST"
}

test_a_command_that_leaves_its_cgroup_is_still_recorded() {
	leave_and_run
	assert_eq "$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")" SYS_CHROOT "the list"
	assert_eq "$(jq -r '.targets[0].left_to' "$PROFILE")" "sh → /" "where it went"
}

test_who_leaves_podmans_cgroup_still_counts_and_is_named() {
	need_podman
	record_while podman_move escape
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_eq "$(query "$PROFILE" leastcap-moved .left)" 1 "how many left"
}

test_who_goes_from_podmans_cgroup_to_dockers_is_on_its_own_list_alone() {
	need_podman
	start_container leastcap-framed "$IMAGE" sleep 100
	record_all_while podman_move frame "$(cgroup_of leastcap-framed)"
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
	assert_list "$PROFILE" leastcap-framed ""
}

test_what_runs_in_a_cgroup_within_podmans_is_the_containers_too() {
	need_podman
	record_while podman_move nested
	assert_list "$PROFILE" leastcap-moved "CHOWN SYS_CHROOT SYS_ADMIN"
}

test_who_is_moved_within_podmans_container_is_not_being_prepared() {
	need_podman
	record_while podman_move setup
	assert_list "$PROFILE" leastcap-moved "SYS_CHROOT SYS_ADMIN"
}
