# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that makes a file immutable: not even root can then write to it.
PACKAGES="util-linux"
OPTIONS=(--cap-add LINUX_IMMUTABLE --tmpfs /data)
COMMAND=(sh -c '
	echo kept >/data/file
	chattr +i /data/file || exit
	lsattr /data/file
	echo lost 2>/dev/null >/data/file || cat /data/file')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^-*i-* /data/file$' "$OUTPUT"
	grep -qx 'kept' "$OUTPUT"
}

PROVEN="LINUX_IMMUTABLE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
