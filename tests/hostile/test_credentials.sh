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

test_a_request_that_was_refused_in_a_worker_is_wanted() {
	closed_file
	"$LEASTCAP" record -o "$PROFILE" leastcap-detour -- "$DOCKER" run --rm --label leastcap-test --name leastcap-detour \
		-v "$PROGRAMS:/programs:ro" -v "$PWD/closed:/closed" --cap-drop DAC_OVERRIDE "$IMAGE" \
		/programs/opens_by_uring worker /closed/file || true
	assert_list "$PROFILE" leastcap-detour SETGID
	assert_eq "$(query "$PROFILE" leastcap-detour '.wanted | join(" ")')" DAC_OVERRIDE "what it wanted"
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

test_an_overlay_of_its_own_as_its_root_hides_nothing_of_a_privileged_container() {
	local runtime link
	runtime=$(privileged_runtime)
	[[ $runtime ]] || skip "no runtime here starts privileged containers"
	layers
	mkdir -p layers/other/usr
	for link in bin lib lib64; do
		ln -s "usr/$link" "layers/other/$link"
	done
	assert_needs "DAC_READ_SEARCH SETGID SETUID SYS_CHROOT SYS_ADMIN" --privileged --runtime "$runtime" \
		-v "$PWD/layers:/layers:ro" -- sh -ec '
		mount -t overlay -o lowerdir=/layers/lower:/layers/other mine /mnt
		mount --rbind /usr /mnt/usr
		chroot --userspec=1234:1234 /mnt cat /directory/file'
}

# --- user namespaces

test_root_kills_a_process_ten_user_namespaces_down() {
	assert_needs "KILL SETGID SETUID" --security-opt seccomp=unconfined -- /programs/kills_far_below 10
}

test_root_kills_a_process_thirty_user_namespaces_down() {
	assert_needs "KILL SETGID SETUID" --security-opt seccomp=unconfined -- /programs/kills_far_below 30
}

# --- 32-bit calls

need_32_bit_calls() {
	[[ $(uname -m) == x86_64 ]] || skip "int 0x80 is x86's"
	"$PROGRAMS/calls_32" chown /dev/null || skip "this kernel knows no 32-bit calls"
	chown 0 /dev/null
}

test_a_32_bit_capset_implies_what_it_names() {
	need_32_bit_calls
	assert_needs "NET_RAW SYS_CHROOT" -- /programs/calls_32 capset
}

test_a_32_bit_prctl_implies_what_it_raises() {
	need_32_bit_calls
	assert_needs NET_RAW -- /programs/calls_32 ambient
}

test_a_32_bit_program_that_takes_the_ids_that_it_has_needs_nothing() {
	need_32_bit_calls
	assert_needs "" -- /programs/calls_32 same
}

test_a_32_bit_program_that_takes_another_users_ids_needs_setuid_and_setgid() {
	need_32_bit_calls
	assert_needs "SETGID SETUID" -- /programs/calls_32 other
	assert_eq "$(query "$PROFILE" leastcap-detour '.evidence[] | select(.class == "required") | "\(.syscall) \(.about)"' |
		sort | paste -sd';')" "setresgid32 gid 1000,1000,1000;setuid uid 1000" "the evidence"
}

test_a_small_buffer_by_socketcall_needs_nothing() {
	need_32_bit_calls
	assert_needs "" --cap-add NET_ADMIN -- /programs/calls_32 buffer
}

test_a_32_bit_bind_is_about_its_port() {
	need_32_bit_calls
	assert_needs NET_BIND_SERVICE --sysctl net.ipv4.ip_unprivileged_port_start=1024 -- /programs/calls_32 bind
	assert_eq "$(query "$PROFILE" leastcap-detour '.evidence[] | select(.class == "required") | "\(.syscall) \(.about)"')" \
		"socketcall 0.0.0.0:80" "the evidence"
}

test_a_32_bit_call_is_about_its_path() {
	need_32_bit_calls
	closed_file
	assert_needs CHOWN -v "$PWD/closed:/closed" --workdir /closed -- /programs/calls_32 chown file
	assert_eq "$(query "$PROFILE" leastcap-detour '.evidence[] | select(.class == "required") | "\(.syscall) \(.about)"')" \
		"chown32 /closed/file" "the evidence"
}

test_a_32_bit_execve_is_an_execve() {
	need_32_bit_calls
	assert_needs NET_RAW -- sh -c "/programs/calls_32 exec /usr/bin/ping || true"
}
