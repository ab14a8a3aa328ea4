# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A service that renices: itself to -5, and an ordinary user's process to -10.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYS_NICE)
COMMAND=(sh -c '
	setpriv --reuid=nobody --regid=nogroup --clear-groups sleep 301 &
	sleep 0.3
	renice -n -10 -p $!
	exec nice -n -5 sleep 300')

# The nice value and the uid of the process `sleep $1`.
nice_of() {
	"$DOCKER" top "$CONTAINER" -eo pid,ni,uid,args | awk -v args="sleep $1" '$4 " " $5 == args { print $2, $3 }'
}

started() {
	[[ $(nice_of 300) ]]
}

works() {
	eventually 5 started
	[[ $(nice_of 300) == "-5 0" ]] || fail "the service's nice and user: $(nice_of 300)"
	[[ $(nice_of 301) == "-10 $(uid_of nobody)" ]] || fail "the other's nice and user: $(nice_of 301)"
}

PROVEN="SETGID SETUID SYS_NICE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
