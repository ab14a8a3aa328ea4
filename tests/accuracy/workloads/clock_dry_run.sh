# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# Setting the time, in a dry run: chronyd asks a server (another container in the same network) and only says how wrong
# the clock is.
PACKAGES="chrony"
COMMAND=(chronyd -Q -t 20 'server 127.0.0.1 iburst' 'cmdport 0')

server() {
	peer timeout 20 chronyd -x -d 'local stratum 3' 'allow 127.0.0.1' 'cmdport 0' 'pidfile /run/server.pid' &>/dev/null
}

works() {
	server &
	[[ $("$DOCKER" wait "$CONTAINER") == 0 ]] || fail "it ended without an answer"
	grep -q 'System clock wrong by .* seconds (ignored)' < <(logs)
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, chrony 4.3-2+deb12u3"
