# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# unbound answers questions on port 53 from a chroot as its own user, and reads its configuration again.
PACKAGES="unbound bind9-host"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/unbound/test.conf" <<CONF
server:
	interface: 0.0.0.0
	access-control: 0.0.0.0/0 allow
	chroot: /etc/unbound
	username: unbound
	directory: /etc/unbound
	pidfile: ""
	use-syslog: no
	logfile: ""
	do-daemonize: no
	local-zone: "test." static
	local-data: "router.test. A 10.1.2.3"
CONF')
COMMAND=(unbound -d -c /etc/unbound/test.conf)

answered() {
	[[ $(peer_outside host -W 1 -t a router.test "$ADDRESS") == *"has address 10.1.2.3"* ]]
}

# Its first process is the only one.
root_of_it() {
	readlink "/proc/$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")/root"
}

works() {
	eventually 5 answered
	[[ $(users_of unbound) == "$(uid_of unbound)" ]] || fail "unbound runs as $(users_of unbound)"
	[[ $(root_of_it) == */etc/unbound ]] || fail "its root is $(root_of_it)"
	signal_container HUP
	still_running 1
	eventually 5 answered
	stopped_cleanly
	! logs | grep -iE 'error|fatal|warning|not permitted' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, bind9-host 1:9.18.49-1~deb12u1, unbound 1.17.1-2+deb12u4"
