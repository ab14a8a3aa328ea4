# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the kernel asks when a limit is reached: who may go beyond it needs the capability, though nothing would be refused with
# less to do.

# listed CAPABILITY: "list", "verify" (on the list too) or "wanted", as far as CAPABILITY is there in the profile.
listed() {
	jq -r --arg capability "$1" '[.targets[] | (select(.cap_add | index($capability)) | "list"),
		(select(.verify | index($capability)) | "verify"), (select(.wanted | index($capability)) | "wanted")] | join(" ")' "$PROFILE"
}

# --- io_uring

# register_buffers OPTION...: 16 MiB of them, in a container that may lock 64 KiB; what the program says.
register_buffers() {
	"$LEASTCAP" record -q -o "$PROFILE" leastcap-ring -- "$DOCKER" run --rm --label leastcap-test --name leastcap-ring \
		--ulimit memlock=65536:65536 -v "$PROGRAMS:/programs:ro" "$@" "$IMAGE" /programs/registers_buffers 16 || true
}

test_buffers_that_io_uring_locks_beyond_the_limit_need_ipc_lock() {
	local said
	said=$(register_buffers --cap-add IPC_LOCK)
	[[ $said != "no ring"* ]] || skip "$said"
	assert_eq "$said" registered "with the capability"
	assert_eq "$(listed IPC_LOCK)" "list verify" "what is said of it"
}

test_buffers_that_io_uring_refuses_to_lock_are_wanted_ipc_lock_for() {
	local said
	said=$(register_buffers)
	[[ $said != "no ring"* ]] || skip "$said"
	assert_eq "$said" "not registered: Cannot allocate memory" "without the capability"
	assert_eq "$(listed IPC_LOCK)" wanted "what is said of it"
}

# --- a search of PATH

# search_path COMMAND: in a container whose PATH begins with a directory that only user 4711 may search.
search_path() {
	install -d -o 4711 -m 700 closed
	"$LEASTCAP" record -q -o "$PROFILE" leastcap-path -- "$DOCKER" run --rm --label leastcap-test --name leastcap-path \
		-v "$PWD/closed:/closed" -e PATH=/closed:/usr/bin:/bin "$IMAGE" "$@"
}

test_execvp_past_a_closed_directory_of_path_needs_nothing() {
	search_path /usr/bin/env -u X true
	assert_eq "$(listed DAC_OVERRIDE)$(listed DAC_READ_SEARCH)" "" "what is said of them"
	assert_eq "$(query "$PROFILE" leastcap-path '.evidence[] | select(.cap == "DAC_OVERRIDE" and .syscall == "execve" and .phase == "workload")
		| "\(.class) \(.about) \(.result)"')" "advisory /closed/true ENOENT" "why not"
}

test_a_shells_search_past_a_closed_directory_of_path_is_to_be_verified() {
	search_path sh -c 'ls >/dev/null; exit 0'
	assert_eq "$(listed DAC_OVERRIDE)" "list verify" "what is said of it"
}

test_a_program_in_a_closed_directory_needs_dac_override() {
	install -d -o 4711 -m 700 closed
	install -m 755 "$PROGRAMS/registers_buffers" closed/true
	search_path /usr/bin/env -u X true >/dev/null || true
	assert_eq "$(listed DAC_OVERRIDE)" list "what is said of it"
}
