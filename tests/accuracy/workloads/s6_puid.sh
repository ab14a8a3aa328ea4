# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# s6 as many images have it: the entry point gives the user the number that PUID says, and the volume to the user, and a
# service of s6-svscan becomes that user. It is started anew when it died, and told to stop.
PACKAGES="s6 redis-server"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --uid 911 --user-group --home-dir /config --shell /bin/false abc'
	'--customize-hook=mkdir -p "$1/etc/services.d/cache" && printf "%s\n" "#!/bin/sh" "exec s6-setuidgid abc redis-server --protected-mode no --dir /config" >"$1/etc/services.d/cache/run"'
	'--customize-hook=chmod +x "$1/etc/services.d/cache/run"')
OPTIONS=(--volume /config --env PUID=1000 --env PGID=1000)
COMMAND=(sh -c 'groupmod -o -g "$PGID" abc && usermod -o -u "$PUID" abc && chown -R abc:abc /config && exec s6-svscan /etc/services.d')

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
	[[ $(redis SET key value) == +OK* && $(redis SAVE) == +OK* ]]
	old=$(cache)
	kill -KILL "$old"
	eventually 5 replaced "$old"
	[[ $(redis STRLEN key) == :5* ]] || fail "the value is gone"
	[[ $(users_of redis-server) == 1000 ]] || fail "redis runs as $(users_of redis-server)"
	still_running 1
	started_again
	eventually 5 replaced ''
	[[ $(redis STRLEN key) == :5* ]] || fail "the value is gone after a restart"
	stopped_cleanly
	logs | tail -n 5 | grep -q 'ready to exit' || fail "redis was not stopped"
}

PROVEN="CHOWN KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, redis-server 5:7.0.15-1~deb12u7, s6 2.11.3.2-1"
EXTRA_BECAUSE="AUDIT_WRITE: groupmod's and usermod's messages for the audit log are sent and accepted; refused, they go on without a word"
