# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# redis as its official image starts it: root gives the data directory to redis, and gosu becomes that user.
PACKAGES="redis-server gosu"
COMMAND=(sh -c 'mkdir -p /data && : >/data/seed && chown -R redis /data && cd /data &&
	exec gosu redis redis-server --protected-mode no --save 60 1 --dir /data')

ponged() {
	[[ $(redis PING) == +PONG* ]]
}

works() {
	eventually 10 ponged
	[[ $(redis SET key value) == +OK* ]]
	[[ $(redis SAVE) == +OK* ]]
	[[ $(users_of redis-server) == "$(uid_of redis)" ]] || fail "redis runs as $(users_of redis-server)"
	file_in /data/dump.rdb | grep -qa value
	still_running 1
	stopped_cleanly
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, redis-server 5:7.0.15-1~deb12u7"
