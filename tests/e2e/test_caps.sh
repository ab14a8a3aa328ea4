# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# leastcap caps: what it says that a configuration grants is what the engines grant; masks, processes and explanations.

# in_bounds MASK: without what nobody on this machine can have.
in_bounds() {
	local bounds
	bounds=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
	printf '%016x\n' $((16#$1 & 16#$bounds))
}

# answer OPTION...: the five sets that leastcap says, as far as this machine can give them, in the order of /proc/PID/status.
answer() {
	local mask
	"$LEASTCAP" caps --json "$@" >answer.json
	while read -r mask; do
		in_bounds "$mask"
	done < <(jq -r '.inheritable, .permitted, .effective, .bounding, .ambient | .mask' answer.json)
}

# The same of a process whose /proc/PID/status is the input.
sets_of_status() {
	awk '/^Cap(Inh|Prm|Eff|Bnd|Amb):/ { print $2 }'
}

assert_granted() {
	local expected=$1 granted=$2 what=$3
	[[ $granted == *$'\n'* ]] || fail "$what: the engine says: $granted"
	assert_eq "$(paste -sd' ' <<<"$expected")" "$(paste -sd' ' <<<"$granted")" "inheritable, permitted, effective, bounding, ambient of $what"
}

# --- Docker

# docker_agrees OPTION...: docker run and leastcap caps with the same options.
docker_agrees() {
	local version
	version=$("$DOCKER" version -f '{{.Server.Version}}')
	assert_granted "$(answer --engine docker --engine-version "$version" "$@")" \
		"$("$DOCKER" run --rm --label leastcap-test ${RUNTIME:+--runtime "$RUNTIME"} "$@" "$IMAGE" cat /proc/self/status 2>&1 | sets_of_status)" \
		"docker run $*"
}

need_docker() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
}

need_all() {
	need_docker
	RUNTIME=$(privileged_runtime)
	[[ $RUNTIME ]] || skip "nothing can start privileged containers here"
}

test_docker_grants_root_what_it_says() {
	need_docker
	docker_agrees
	docker_agrees --user root
	docker_agrees --cap-add NET_ADMIN
	docker_agrees --cap-drop MKNOD --cap-drop NET_RAW
	docker_agrees --cap-drop ALL
	docker_agrees --cap-drop ALL --cap-add CHOWN --cap-add SETUID
}

test_docker_takes_either_spelling_and_any_case() {
	need_docker
	docker_agrees --cap-add CAP_NET_ADMIN --cap-drop cap_mknod
	docker_agrees --cap-drop all --cap-add Cap_Chown
}

test_docker_adds_what_is_both_added_and_dropped() {
	need_docker
	docker_agrees --cap-add NET_RAW --cap-drop NET_RAW
	docker_agrees --cap-add NET_ADMIN --cap-drop CAP_NET_ADMIN
	docker_agrees --cap-drop ALL --cap-drop CHOWN --cap-add CHOWN
}

test_docker_grants_an_ordinary_user_nothing_but_the_bounding_set() {
	need_docker
	docker_agrees --user 1000
	docker_agrees --user 1000:1000 --cap-add NET_ADMIN
	docker_agrees --user nobody --cap-drop ALL --cap-add NET_BIND_SERVICE
}

test_docker_grants_all_as_it_says() {
	need_all
	docker_agrees --cap-add ALL
	docker_agrees --cap-add ALL --cap-drop NET_RAW
	docker_agrees --cap-add ALL --cap-drop ALL
	docker_agrees --cap-add ALL --user 1000
}

test_docker_grants_a_privileged_container_what_it_says() {
	need_all
	docker_agrees --privileged
	docker_agrees --privileged --cap-drop ALL
	docker_agrees --privileged --user 1000
}

test_what_docker_refuses_it_refuses() {
	need_docker
	! "$DOCKER" create --cap-add NET_AMIN "$IMAGE" true >/dev/null 2>&1 || fail "docker took NET_AMIN"
	assert_refused 2 'NET_AMIN.*NET_ADMIN' "$LEASTCAP" caps --engine docker --cap-add NET_AMIN
	assert_refused 2 'CAP_NET_AMIN.*NET_ADMIN' "$LEASTCAP" caps --engine docker --cap-drop CAP_NET_AMIN
}

# --- Podman: a directory is enough for it, no image.

podman_agrees() {
	assert_granted "$(answer --engine podman "$@")" "$(podman_status "$@" 2>&1 | sets_of_status)" "podman run $*"
}

# podman_refuses REGEX OPTION...: both refuse, and leastcap for the reason that REGEX tells.
podman_refuses() {
	local regex=$1
	shift
	! podman_status "$@" >/dev/null 2>&1 || fail "podman run $* works"
	assert_refused 2 "$regex" "$LEASTCAP" caps --engine podman "$@"
}

test_podman_grants_root_what_it_says() {
	need_podman
	podman_agrees
	podman_agrees --cap-add net_admin,CAP_NET_RAW
	podman_agrees --cap-drop all --cap-add cap_chown
	podman_agrees --cap-add ALL --cap-drop NET_RAW
}

test_podman_grants_an_ordinary_user_what_is_added_as_ambient() {
	need_podman
	podman_agrees --user 1000
	podman_agrees --user 1000 --cap-add NET_ADMIN --cap-drop FOWNER
	podman_agrees --user 1000:1000 --cap-drop ALL --cap-add NET_BIND_SERVICE
	podman_agrees --user 1000 --cap-add ALL
}

test_podman_grants_a_privileged_container_what_it_says() {
	need_podman
	podman_agrees --privileged
	podman_agrees --privileged --user 1000
	podman_agrees --privileged --user 1000 --cap-add NET_ADMIN --cap-drop NET_RAW
}

test_what_podman_refuses_it_refuses() {
	need_podman
	podman_refuses 'NET_RAW' --cap-add NET_RAW --cap-drop CAP_NET_RAW
	podman_refuses 'ALL' --cap-add ALL --cap-drop ALL
	podman_refuses 'NET_AMIN.*NET_ADMIN' --cap-add NET_AMIN
	podman_refuses 'NET_RAW.*ambient' --user 1000 --cap-add ALL --cap-drop NET_RAW
}

# --- containerd

# Once nothing is at work in it.
remove_namespace() {
	! pgrep -f " caps-$$ " && ctr --address "$SOCKET" namespace rm e2e-caps
}

# containerd_agrees OPTION...: ctr wants the prefix that Kubernetes must not write. It runs in no cgroup, for containerd would
# leave the namespace's behind, and in a session of its own: interrupted it would leave a shim, left alone it ends.
containerd_agrees() {
	setsid --wait ctr --address "$SOCKET" --namespace e2e-caps run --rm --rootfs --cgroup '' "$@" \
		"$TEST_DIR/root" "caps-$$" /prints_status >status 2>&1 || fail "ctr run $*: $(<status)"
	assert_granted "$(answer --engine containerd "${@//CAP_/}")" "$(sets_of_status <status)" "ctr run $*"
}

test_containerd_grants_what_it_says() {
	SOCKET=$(containerd_socket)
	[[ $SOCKET ]] || skip "no containerd answers"
	trap 'wait_until remove_namespace' EXIT
	make_root root prints_status
	containerd_agrees
	containerd_agrees --cap-add CAP_NET_ADMIN --cap-drop CAP_MKNOD
	containerd_agrees --cap-add CAP_NET_ADMIN --cap-drop CAP_NET_ADMIN
	containerd_agrees --cap-add CAP_CHOWN --cap-drop CAP_CHOWN
}

# --- masks, processes, explanations

test_a_mask_is_decoded_as_capsh_does() {
	local mask
	for mask in 00000000a80425fb 0x3000 1 ffffffff 0000000000000000; do
		assert_eq "$("$LEASTCAP" caps --json --decode "$mask" | jq -r '.[0].names | sort | join(",")')" \
			"$(names_of_mask "${mask#0x}" | grep . | LC_ALL=C sort | paste -sd,)" "the names in $mask"
	done
}

test_names_become_the_mask_that_they_came_from() {
	local names
	names=$("$LEASTCAP" caps --json --decode 0x200000a80425fb | jq -r '.[0].names | join(",")')
	assert_eq "$("$LEASTCAP" caps --json --decode "$names" | jq -r '.[0].mask')" 00200000a80425fb "the mask of $names"
}

test_several_masks_are_decoded_in_their_order() {
	assert_eq "$("$LEASTCAP" caps --decode 1 CAP_SYS_ADMIN,chown 0 | awk '{ print $1 }' | paste -sd' ')" \
		"0000000000000001 0000000000200001 0000000000000000" "the masks"
}

test_what_is_no_set_is_said_in_one_line() {
	assert_refused 2 "0xzz" "$LEASTCAP" caps --decode 0xzz
	assert_refused 2 "12345678901234567" "$LEASTCAP" caps --decode 12345678901234567
	assert_refused 2 "CHWON.*CHOWN" "$LEASTCAP" caps --decode NET_RAW,CHWON
	assert_refused 2 "''" "$LEASTCAP" caps --decode ''
}

test_the_sets_of_a_process_are_those_of_its_status() {
	local pid status
	setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps +net_raw --ambient-caps +net_raw \
		--bounding-set -all,+net_raw,+chown sleep 60 &
	pid=$!
	wait_until grep -q '^Name:.*sleep' "/proc/$pid/status"
	status=$(<"/proc/$pid/status")
	"$LEASTCAP" caps --json --pid "$pid" >sets.json
	assert_eq "$(jq -r '.inheritable, .permitted, .effective, .bounding, .ambient | .mask' sets.json)" \
		"$(sets_of_status <<<"$status")" "the sets of $pid"
	assert_eq "$(jq -c '[.comm, .uid, .gid, .no_new_privs]' sets.json)" '["sleep",65534,65534,true]' "what else is said of it"
	assert_match "$("$LEASTCAP" caps --pid "$pid")" 'ambient +0000000000002000 +NET_RAW' "the text"
	assert_match "$("$LEASTCAP" caps --pid "$pid")" 'no_new_privs is set' "the text"
}

test_a_process_in_another_user_namespace_is_told() {
	local pid
	unshare --user --map-root-user sleep 60 &
	pid=$!
	wait_until grep -q '^Name:.*sleep' "/proc/$pid/status"
	assert_match "$("$LEASTCAP" caps --pid "$pid" | tr '\n' ' ')" 'another user namespace' "the text"
}

test_a_hostile_name_of_a_process_stays_on_its_line() {
	local pid
	cp "$(command -v sleep)" "$TEST_DIR"/$'\033[31m"x'
	"$TEST_DIR"/$'\033[31m"x' 60 &
	pid=$!
	wait_until grep -q '^Name:.*31m' "/proc/$pid/status"
	assert_no_match "$("$LEASTCAP" caps --pid "$pid")" "$ESC" "the text"
	"$LEASTCAP" caps --json --pid "$pid" | jq -e . >/dev/null || fail "the JSON is none"
}

test_a_process_that_is_not_there_is_said_in_one_line() {
	assert_refused 1 '4194304' "$LEASTCAP" caps --pid 4194304
	assert_refused 2 'abc' "$LEASTCAP" caps --pid abc
}

test_every_capability_is_listed_with_dockers_defaults() {
	assert_eq "$("$LEASTCAP" caps | tail -n +2 | wc -l)" "$(($(cat /proc/sys/kernel/cap_last_cap) + 1))" "the lines"
	assert_eq "$("$LEASTCAP" caps | awk '$3 == "yes"' | wc -l)" 14 "Docker's defaults"
	assert_match "$("$LEASTCAP" caps)" $'\n21  SYS_ADMIN' "the list"
}

test_every_capability_is_explained_within_80_columns() {
	"$LEASTCAP" caps --explain ALL >explained
	assert_eq "$(awk 'length > 80' explained)" "" "the long lines"
	assert_eq "$(grep -c '^  Danger ' explained)" "$(grep -cE '^[A-Z_]+ \([0-9]+\): ' explained)" "the dangers"
	assert_match "$("$LEASTCAP" caps --explain CAP_sys_admin)" 'SYS_ADMIN \(21\).*PERFMON' "the explanation of SYS_ADMIN"
	assert_eq "$(grep -cE '^  Filter ' explained)" 14 "the capabilities that open something in Docker's filter"
	assert_match "$("$LEASTCAP" caps --explain SYS_CHROOT)" 'Filter .* by it: chroot\.' "the filter in the explanation of SYS_CHROOT"
	assert_eq "$( ("$LEASTCAP" caps && "$LEASTCAP" caps --help) | awk 'length > 80')" "" "the long lines of the list and of help"
}

test_what_is_mistyped_names_the_nearest() {
	assert_refused 2 'podmn.*podman' "$LEASTCAP" caps --engine podmn
	assert_refused 2 'SYS_ADMN.*SYS_ADMIN' "$LEASTCAP" caps --explain SYS_ADMN
	assert_refused 2 'engien.*--engine' "$LEASTCAP" caps --engien docker
	assert_refused 2 'decode.*pid|pid.*decode' "$LEASTCAP" caps --decode 1 --pid 1
	assert_refused 2 'x.y' "$LEASTCAP" caps --engine docker --engine-version x.y
}
