# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A disk that is full but for what is reserved, and quotas: what they ask decides. Here because it takes SYS_RESOURCE, loop
# devices and the kernel's quota format.

# listed CAPABILITY: "list", "verify" (on the list too) or "wanted", as far as CAPABILITY is there in the profile.
listed() {
	jq -r --arg capability "$1" '[.targets[] | (select(.cap_add | index($capability)) | "list"),
		(select(.verify | index($capability)) | "verify"), (select(.wanted | index($capability)) | "wanted")] | join(" ")' "$PROFILE"
}

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
	"$ROOT/build/tests/hostile/programs/sets_quota" "$(findmnt -no SOURCE disk)" 0 1024
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
