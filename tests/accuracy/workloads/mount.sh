# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that mounts: a tmpfs, a directory bound elsewhere read-only, and one that it unmounts again.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYS_ADMIN)
COMMAND=(sh -ec '
	mkdir /mnt/memory /mnt/bound /mnt/gone
	mount -t tmpfs -o size=1m,mode=0750 memory /mnt/memory
	echo kept >/mnt/memory/file
	mount --bind /mnt/memory /mnt/bound
	mount -o remount,bind,ro /mnt/bound
	mount -t tmpfs gone /mnt/gone
	umount /mnt/gone
	echo mounted
	exec sleep 300')

mounted() {
	grep -q '^mounted' < <(logs)
}

works() {
	local mounts
	eventually 5 mounted
	mounts=$(file_in /proc/1/mountinfo)
	grep -q ' / /mnt/memory rw,.* tmpfs memory .*size=1024k,mode=750' <<<"$mounts" || fail "there is no tmpfs: $mounts"
	grep -q ' / /mnt/bound ro,.* tmpfs memory ' <<<"$mounts" || fail "nothing is bound read-only: $mounts"
	! grep -q ' /mnt/gone ' <<<"$mounts" || fail "/mnt/gone is still mounted"
	[[ $(file_in /mnt/bound/file) == kept ]]
}

PROVEN="SYS_ADMIN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
