# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# supervisord, root, runs redis as another user: it starts anew what died, restarts everything at a reload, and stops it.
PACKAGES="supervisor redis-server"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/supervisor/test.conf" <<CONF
[supervisord]
nodaemon=true
user=root
[program:cache]
command=redis-server --protected-mode no --dir /var/lib/redis
user=redis
autorestart=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
CONF')
COMMAND=(supervisord -c /etc/supervisor/test.conf)

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
	old=$(cache)
	signal_container HUP
	eventually 5 replaced "$old"
	[[ $(users_of redis-server) == "$(uid_of redis)" ]] || fail "redis runs as $(users_of redis-server)"
	still_running 1
	stopped_cleanly
	logs | tail -n 5 | grep -q 'ready to exit' || fail "redis was not stopped"
}

PROVEN="KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, redis-server 5:7.0.15-1~deb12u7, supervisor 4.2.5-1"
