# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# runit's runsvdir with a service that chpst makes another user's; the first process, a shell, has it stopped in the end.
PACKAGES="runit redis-server"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/service/cache" && printf "%s\n" "#!/bin/sh" "exec chpst -u redis:redis redis-server --protected-mode no --dir /var/lib/redis" >"$1/srv/service/cache/run"'
	'--customize-hook=chmod +x "$1/srv/service/cache/run"')
COMMAND=(sh -c 'trap "sv -w 5 stop /srv/service/cache && kill -HUP \$! && wait; exit 0" TERM; runsvdir -P /srv/service & wait')

cache() {
	local pid
	for pid in $(processes); do
		! named "$pid" redis-server || printf '%s\n' "$pid"
	done
}

# replaced PID: does another process answer?
replaced() {
	[[ $(cache) && $(cache) != "$1" && $(redis PING) == +PONG* ]]
}

works() {
	local old
	eventually 10 replaced ''
	old=$(cache)
	kill -KILL "$old"
	eventually 5 replaced "$old"
	[[ $(redis SET key value) == +OK* && $(redis SAVE) == +OK* ]]
	[[ $(users_of redis-server) == "$(uid_of redis)" ]] || fail "redis runs as $(users_of redis-server)"
	still_running 1
	stopped_cleanly
	logs | tail -n 5 | grep -q 'ready to exit' || fail "redis was not stopped: $(logs | tail -n 2)"
}

PROVEN="KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, redis-server 5:7.0.15-1~deb12u7, runit 2.1.2-54"
