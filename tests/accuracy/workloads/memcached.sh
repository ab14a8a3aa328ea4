# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# memcached, started as root, keeps a value as its own user.
PACKAGES="memcached"
COMMAND=(memcached -u memcache -l 0.0.0.0)

# memcached REQUEST: what it answers, up to the first STORED or END.
memcached() {
	# shellcheck disable=SC2016
	timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/11211" && printf "$1" >&3 && sed -u "/^\\(END\\|STORED\\)/q" <&3' "$ADDRESS" "$1"
}

stored() {
	[[ $(memcached 'set greeting 0 0 8\r\ngood day\r\n') == STORED* ]]
}

works() {
	eventually 5 stored
	[[ $(memcached 'get greeting\r\n') == *"good day"* ]] || fail "the value did not come back"
	[[ $(users_of memcached) == "$(uid_of memcache)" ]] || fail "memcached runs as $(users_of memcached)"
	still_running 1
	stopped_cleanly
	! logs | grep -iE "can't|failed|not permitted" >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, memcached 1.6.18-1"
