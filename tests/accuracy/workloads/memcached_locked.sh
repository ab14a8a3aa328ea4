# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# memcached with its memory locked, as an ordinary user. The entry point gives the program's file the capability for that, and takes it
# away again where the program cannot be executed with it, as vault's does.
PACKAGES="memcached gosu libcap2-bin"
OPTIONS=(--cap-add IPC_LOCK --ulimit memlock=65536)
COMMAND=(sh -ec '
	cp /usr/bin/memcached /usr/local/bin/memcached
	setcap cap_ipc_lock=ep /usr/local/bin/memcached
	gosu memcache memcached --version >/dev/null || setcap -r /usr/local/bin/memcached
	exec gosu memcache memcached --lock-memory --listen=0.0.0.0 --memory-limit=16')

# memcached LINE...: sends the lines to it and prints the first line of its answer.
memcached() {
	timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/11211" && printf "%s\r\n" "$@" >&3 && head -n 1 <&3' "$ADDRESS" "$@"
}

stored() {
	[[ $(memcached "set letter 0 60 8" "good day") == STORED* ]]
}

# kib_locked: how much of its memory.
kib_locked() {
	local pid
	for pid in $(processes); do
		! named "$pid" memcached || awk '/^VmLck:/ { print $2 }' "/proc/$pid/status"
	done
}

works() {
	eventually 10 stored
	[[ $(memcached "get letter") == "VALUE letter 0 8"* ]] || fail "the letter is not there"
	[[ $(users_of memcached) == "$(uid_of memcache)" ]] || fail "memcached runs as $(users_of memcached)"
	(($(kib_locked) > 1000)) || fail "of its memory $(kib_locked) KiB are locked"
	still_running 1
	stopped_cleanly
}

PROVEN="IPC_LOCK SETFCAP SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, libcap2-bin 1:2.66-4+deb12u3+b1, memcached 1.6.18-1"
