# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A service that asks for the real-time class of disk access, for which the kernel takes SYS_ADMIN or SYS_NICE.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYS_NICE)
COMMAND=(ionice -c realtime -n 3 sh -c 'ionice')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "realtime: prio 3" ]]
}

PROVEN="SYS_NICE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
