# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that makes a device, and writes to what it made.
PACKAGES="util-linux"
COMMAND=(sh -ec 'mknod -m 622 /tmp/sink c 1 3; echo gone >/tmp/sink; stat -c "%F %t %T %a %s" /tmp/sink')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "character special file 1 3 622 0" ]]
}

PROVEN="MKNOD"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
