# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An entry point that starts its command as root by the way of gosu: the uid does not change, only the groups do.
PACKAGES="redis-server gosu"
COMMAND=(gosu root sh -c 'id -u; id -G')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'0\n0' ]]
}

PROVEN="SETGID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, redis-server 5:7.0.15-1~deb12u7"
