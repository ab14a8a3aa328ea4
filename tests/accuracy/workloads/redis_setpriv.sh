# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# redis as its newer official images start it: what in the volume is not redis's is given to it, and setpriv becomes that
# user. It has what it saved when it is started again.
PACKAGES="redis-server gosu"
OPTIONS=(--volume /data --workdir /data)
COMMAND=(sh -c 'find . \! -user redis -exec chown redis {} + && umask 0077 &&
	exec setpriv --reuid=redis --regid=redis --clear-groups redis-server --protected-mode no')

# answers QUESTION LINE
answers() {
	[[ $(redis "$1") == "$2"* ]]
}

works() {
	eventually 10 answers PING +PONG
	answers 'SET key value' +OK
	[[ $(users_of redis-server) == "$(uid_of redis)" ]] || fail "redis runs as $(users_of redis-server)"
	started_again
	eventually 10 answers 'STRLEN key' :5
	[[ $(owner_in /data/dump.rdb) == "$(uid_of redis):"*" 600" ]] || fail "what it saved is $(owner_in /data/dump.rdb)"
	still_running 1
	stopped_cleanly
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, redis-server 5:7.0.15-1~deb12u7"
