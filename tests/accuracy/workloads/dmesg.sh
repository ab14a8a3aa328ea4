# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# The kernel's log, which Docker's filter of system calls and the kernel give to who has SYSLOG.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYSLOG)
COMMAND=(dmesg)
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q . "$OUTPUT"
}

PROVEN="SYSLOG"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
