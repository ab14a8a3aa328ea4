# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nsd answers for its zone on port 53 from a chroot as its own user, and reads the zone again.
PACKAGES="nsd bind9-host"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/etc/nsd/zones" && cat >"$1/etc/nsd/test.conf" <<CONF
server:
	ip-address: 0.0.0.0
	username: nsd
	chroot: "/etc/nsd"
	zonesdir: "/etc/nsd/zones"
	pidfile: ""
	xfrdir: "/etc/nsd"
	database: ""
	zonelistfile: "/etc/nsd/zone.list"
	xfrdfile: "/etc/nsd/xfrd.state"
	verbosity: 1
remote-control:
	control-enable: no
zone:
	name: test
	zonefile: test.zone
CONF'
	'--customize-hook=printf "%s\n" "test. 60 IN SOA ns.test. x.test. 1 60 60 60 60" "test. 60 IN NS ns.test." "ns.test. 60 IN A 10.1.2.4" "router.test. 60 IN A 10.1.2.3" >"$1/etc/nsd/zones/test.zone"'
	'--customize-hook=chroot "$1" chown -R nsd: /etc/nsd')
COMMAND=(nsd -d -c /etc/nsd/test.conf)

answered() {
	[[ $(peer_outside host -W 1 -t a router.test "$ADDRESS") == *"has address 10.1.2.3"* ]]
}

works() {
	eventually 5 answered
	[[ $(users_of nsd) == "$(uid_of nsd)" ]] || fail "nsd runs as $(users_of nsd)"
	signal_container HUP
	still_running 2
	eventually 5 answered
	stopped_cleanly
	! logs | grep -iE 'error|fatal|not permitted' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, bind9-host 1:9.18.49-1~deb12u1, nsd 4.6.1-1"
