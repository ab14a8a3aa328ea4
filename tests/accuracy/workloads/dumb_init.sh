# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A small init, as root, hands on the signal to end to its child, which became another user.
PACKAGES="dumb-init"
COMMAND=(dumb-init -- setpriv --reuid=nobody --regid=nogroup --clear-groups
	sh -c 'trap "echo goodbye; exit 0" TERM; echo ready; while :; do sleep 0.1; done')

printed() {
	grep -qx "$1" < <(logs)
}

works() {
	eventually 5 printed ready
	[[ $(users_of sh) == "$(uid_of nobody)" ]] || fail "the child runs as $(users_of sh)"
	stopped_cleanly 3
	printed goodbye || fail "the child was not told"
}

PROVEN="KILL SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, dumb-init 1.2.5-2"
