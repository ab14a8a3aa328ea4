# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# root becomes root with su, as scripts do that run a list of commands as given users: its uid does not change.
PACKAGES="util-linux"
COMMAND=(su - root -c 'id -u; id -G; pwd')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'0\n0\n/root' ]]
}

PROVEN="SETGID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
