# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Capabilities that are used by a detour: through a credential that is not the task's own, far below in user namespaces, or by
# 32-bit calls. The list is as exact as for who goes straight.
REQUIRES=docker

# list_of OPTION... -- COMMAND...: what is on the list of a container that runs COMMAND from start to end and must succeed.
list_of() {
	local options=()
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	"$LEASTCAP" record -o "$PROFILE" leastcap-detour -- "$DOCKER" run --rm --label leastcap-test --name leastcap-detour \
		-v "$PROGRAMS:/programs:ro" "${options[@]}" "$IMAGE" "$@" >&2 || fail "the container's own exit status is not 0"
	query "$PROFILE" leastcap-detour '.cap_add | join(" ")'
}

# assert_needs "CHOWN SETUID" OPTION... -- COMMAND...: exactly these.
assert_needs() {
	local expected=$1
	shift
	list_of "$@" >list
	assert_list "$PROFILE" leastcap-detour "$expected"
	assert_eq "$(<list)" "$expected" "the list"
}

# A file that nobody but user 1234 may open, on no overlay.
closed_file() {
	mkdir -p closed
	echo secret >closed/file
	chown -R 1234:1234 closed
	chmod 600 closed/file
}

# Lower layers whose file nobody but user 1234 may read; root of a container can mount them.
layers() {
	mkdir -p layers/{lower,other}/directory
	echo secret >layers/lower/directory/file
	chown -R 1234:1234 layers/lower/directory
	chmod 700 layers/lower/directory
	chmod 600 layers/lower/directory/file
}

MOUNTING=(--cap-add SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined)

# --- io_uring

test_a_personality_that_was_registered_before_all_was_dropped_is_the_workloads() {
	closed_file
	assert_needs DAC_OVERRIDE -v "$PWD/closed:/closed" -- /programs/opens_by_uring personality /closed/file
}

test_what_the_polling_thread_does_is_the_workloads() {
	closed_file
	assert_needs "DAC_OVERRIDE SETGID" -v "$PWD/closed:/closed" -- /programs/opens_by_uring poller /closed/file
}

test_a_request_in_a_worker_with_older_credentials_is_the_workloads() {
	closed_file
	assert_needs "DAC_OVERRIDE SETGID" -v "$PWD/closed:/closed" -- /programs/opens_by_uring worker /closed/file
}

# --- overlays

test_an_overlay_that_the_container_has_mounted_works_with_its_capabilities() {
	layers
	assert_needs "DAC_OVERRIDE SETGID SETUID SYS_ADMIN" "${MOUNTING[@]}" -v "$PWD/layers:/layers:ro" -- sh -ec '
		mount -t overlay -o lowerdir=/layers/lower:/layers/other mine /mnt
		setpriv --reuid=1234 --regid=1234 --clear-groups cat /mnt/directory/file'
}

test_an_overlay_that_was_mounted_without_them_works_without() {
	layers
	assert_needs "SETGID SETUID SYS_ADMIN" "${MOUNTING[@]}" --cap-drop DAC_OVERRIDE -v "$PWD/layers:/layers:ro" -- sh -ec '
		mount -t overlay -o lowerdir=/layers/lower:/layers/other mine /mnt
		! setpriv --reuid=1234 --regid=1234 --clear-groups cat /mnt/directory/file'
}

test_chown_in_a_default_container_needs_nothing_of_the_engines() {
	assert_needs CHOWN -- chown 1234 /etc/issue
}

test_chown_in_a_privileged_container_needs_nothing_of_the_engines() {
	local runtime
	runtime=$(privileged_runtime)
	[[ $runtime ]] || skip "no runtime here starts privileged containers"
	assert_needs CHOWN --privileged --runtime "$runtime" -- chown 1234 /etc/issue
}

# --- user namespaces

test_root_kills_a_process_ten_user_namespaces_down() {
	assert_needs "KILL SETGID SETUID" --security-opt seccomp=unconfined -- /programs/kills_far_below 10
}

test_root_kills_a_process_thirty_user_namespaces_down() {
	assert_needs "KILL SETGID SETUID" --security-opt seccomp=unconfined -- /programs/kills_far_below 30
}
