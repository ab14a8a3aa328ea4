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

# --- a disk that is full but for what is reserved, and quotas

# mount_disk OPTIONS [OPTION... of mkfs.ext4]: a file system of 20 MiB on "disk", of which half belongs to user 4711 alone.
mount_disk() {
	local options=$1
	shift
	modprobe -qa loop ext4 2>/dev/null || true
	truncate -s 20M disk.img
	mkfs.ext4 -q -m 50 "$@" disk.img
	mkdir disk
	mount -o "loop,resuid=4711,$options" disk.img disk 2>mount.err || skip "cannot mount it here: $(head -n 1 mount.err)"
	trap 'umount disk' EXIT
}

# fill MIB COMMAND...: records COMMAND, root's, writing a file of so many MiB; what dd says.
fill() {
	local mib=$1
	shift
	"$LEASTCAP" run -q -o "$PROFILE" -- "$@" dd if=/dev/zero of=disk/file bs=1M count="$mib" 2>&1 || true
}

need_sys_resource() {
	bounds | grep -qx SYS_RESOURCE || skip "root lacks SYS_RESOURCE here"
}

WITHOUT=(setpriv --bounding-set=-sys_resource)

test_blocks_that_are_reserved_need_sys_resource() {
	need_sys_resource
	mount_disk noatime
	assert_no_match "$(fill 14)" 'No space left' "with the capability"
	assert_eq "$(listed SYS_RESOURCE)" "list verify" "what is said of it"
}

test_blocks_that_are_reserved_are_wanted_sys_resource_for() {
	mount_disk noatime
	assert_match "$(fill 14 "${WITHOUT[@]}")" 'No space left' "without the capability"
	assert_eq "$(listed SYS_RESOURCE)" wanted "what is said of it"
}

# mount_limited: the same with a quota of 1 MiB for root.
mount_limited() {
	modprobe -q quota_v2 2>/dev/null || true
	mount_disk usrquota -O quota
	"$PROGRAMS/sets_quota" "$(findmnt -no SOURCE disk)" 0 1024
}

test_going_beyond_a_quota_needs_sys_resource() {
	need_sys_resource
	mount_limited
	assert_no_match "$(fill 3)" 'quota exceeded' "with the capability"
	assert_eq "$(listed SYS_RESOURCE)" "list verify" "what is said of it"
}

test_going_beyond_a_quota_is_wanted_sys_resource_for() {
	mount_limited
	assert_match "$(fill 3 "${WITHOUT[@]}")" 'quota exceeded' "without the capability"
	assert_eq "$(listed SYS_RESOURCE)" wanted "what is said of it"
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
