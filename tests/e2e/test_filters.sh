# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of engines' default filters of system calls, held against the filters that their containers really have.

# Each opens something in some filter. What the others open together is nothing.
OPENERS=(SYS_ADMIN SYSLOG DAC_READ_SEARCH SYS_BOOT SYS_CHROOT SYS_MODULE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_TIME
	SYS_TTY_CONFIG SYS_NICE BPF PERFMON)
HOLDS=$ROOT/build/tests/e2e/filter_holds

# The capabilities of the containers to start, a line each: none, one opener, all others, all. Of those that Docker 20.10 knows.
sets() {
	local known=$1 name others=
	printf '\n'
	for name in $known; do
		if [[ " ${OPENERS[*]} " == *" $name "* ]]; then
			printf '%s\n' "$name"
		else
			others+=" $name"
		fi
	done
	printf '%s\n' "$others" "$known"
}

# options_for PREFIX NAMES: what adds the capabilities NAMES.
options_for() {
	local prefix=$1 name names
	read -rd '' -a names <<<"$2" || true
	for name in "${names[@]}"; do
		printf -- '--cap-add\n%s%s\n' "$prefix" "$name"
	done
}

# holds ENGINE VERSION PID NAMES: does the table say what the filter of process PID does?
holds() {
	"$HOLDS" "$1" "$2" "$3" >held 2>&1 || fail "$1 $2 with '$4': $(head -n 20 held)"
	assert_match "$(<held)" '[0-9]{3} calls, [1-9] filters' "what is compared for $1 with '$4'"
}

not_started() {
	fail "$*: $(<said)"
}

known_to_docker() {
	bounds | if [[ $1 == 20.10.* ]]; then grep -vxE 'PERFMON|BPF|CHECKPOINT_RESTORE'; else cat; fi | xargs
}

test_dockers_filter_is_what_the_table_says() {
	local version names pid n=0
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	version=$("$DOCKER" version -f '{{.Server.Version}}')
	while IFS= read -r names; do
		mapfile -t options < <(options_for '' "$names")
		start_container "filters-$((++n))" --network none --cap-drop ALL "${options[@]}" "$IMAGE" sleep infinity
		pid=$("$DOCKER" inspect -f '{{.State.Pid}}' "filters-$n")
		holds docker "$version" "$pid" "$names"
		remove_container "filters-$n"
	done < <(sets "$(known_to_docker "$version")")
	((n > 10)) || fail "$n containers"
}

clean_up_containerd() {
	ctr --address "$SOCKET" --namespace e2e-filters task rm --force "filters-$$" || true
	ctr --address "$SOCKET" --namespace e2e-filters container rm "filters-$$" || true
} >/dev/null 2>&1

remove_namespace() {
	clean_up_containerd
	ctr --address "$SOCKET" namespace rm e2e-filters
}

test_containerds_filter_is_what_the_table_says() {
	local version names n=0 defaults
	SOCKET=$(containerd_socket)
	[[ $SOCKET ]] || skip "no containerd answers"
	trap 'wait_until remove_namespace' EXIT
	version=$(ctr --address "$SOCKET" version | awk '/^Server:/ { server = 1 } server && /Version:/ { print $2 }')
	# What it gives by default is taken away first.
	mapfile -t defaults < <(options_for CAP_ "$CONTAINERD_GRANTS" | sed 's/^--cap-add$/--cap-drop/')
	make_root root waits
	while IFS= read -r names; do
		mapfile -t options < <(options_for CAP_ "$names")
		setsid --wait ctr --address "$SOCKET" --namespace e2e-filters run --detach --seccomp --rootfs --cgroup '' \
			--pid-file pid "${defaults[@]}" "${options[@]}" "$TEST_DIR/root" "filters-$$" /waits </dev/null >said 2>&1 ||
			not_started ctr run "$names"
		holds containerd "$version" "$(<pid)" "$names"
		clean_up_containerd
		n=$((n + 1))
	done < <(sets "$(bounds | xargs)")
	((n > 10)) || fail "$n containers"
}

test_podmans_filter_is_what_the_table_says() {
	local version names pid n=0
	need_podman
	version=$(/usr/bin/podman --version | awk '{ print $3 }')
	trap 'own_podman rm --force --all --time 0 >/dev/null 2>&1 || true' EXIT
	make_root root waits
	while IFS= read -r names; do
		mapfile -t options < <(options_for '' "$names")
		own_podman run --detach --name "filters-$((++n))" --network none --ulimit nofile=1024:1024 \
			--ulimit nproc=1024:1024 --cap-drop ALL "${options[@]}" --rootfs "$TEST_DIR/root" /waits </dev/null >said 2>&1 ||
			not_started podman run "$names"
		pid=$(own_podman inspect -f '{{.State.Pid}}' "filters-$n")
		holds podman "$version" "$pid" "$names"
		own_podman rm --force --time 0 "filters-$n" >/dev/null
	done < <(sets "$(bounds | xargs)")
	((n > 10)) || fail "$n containers"
}
