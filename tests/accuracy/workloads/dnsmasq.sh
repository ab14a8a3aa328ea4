# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# dnsmasq answers questions on port 53 as its own user.
PACKAGES="dnsmasq dns-root-data bind9-host"
COMMAND=(dnsmasq --keep-in-foreground --log-facility=- --user=dnsmasq --no-resolv --address=/router.test/10.1.2.3)

answered() {
	[[ $(peer_outside host -W 1 -t a router.test "$ADDRESS") == *"has address 10.1.2.3"* ]]
}

works() {
	eventually 5 answered
	[[ $(users_of dnsmasq) == "$(uid_of dnsmasq)" ]] || fail "dnsmasq runs as $(users_of dnsmasq)"
	signal_container HUP
	still_running 1
	answered
	stopped_cleanly
	! logs | grep -E 'cannot|failed|error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, bind9-host 1:9.18.49-1~deb12u1, dns-root-data 2024071801~deb12u1, dnsmasq 2.90-4~deb12u2"
