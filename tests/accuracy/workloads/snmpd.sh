# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# snmpd on port 161 tells its host's name as its own user, also after it has read its configuration again.
PACKAGES="snmpd snmp"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=printf "%s\n" "agentaddress udp:161" "rocommunity public" "sysContact tester" >"$1/etc/snmp/test.conf"')
OPTIONS=(--env MIBS=)
COMMAND=(snmpd -f -Lo -u Debian-snmp -g Debian-snmp -C -c /etc/snmp/test.conf)

# asked COMMUNITY: the contact.
asked() {
	[[ $(peer_outside snmpget -v 2c -c "$1" -t 1 -r 0 -Ovq "$ADDRESS" .1.3.6.1.2.1.1.4.0) == *tester* ]]
}

works() {
	eventually 5 asked public
	signal_container HUP
	still_running 1
	eventually 5 asked public
	! asked private || fail "it takes any community"
	[[ $(users_of snmpd) == "$(uid_of Debian-snmp)" ]] || fail "snmpd runs as $(users_of snmpd)"
	stopped_cleanly
	[[ $(file_in /var/lib/snmp/snmpd.conf) == *engineBoots* ]] || fail "it has not saved its state"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, snmp 5.9.3+dfsg-2+deb12u1, snmpd 5.9.3+dfsg-2+deb12u1"
EXTRA_BECAUSE="CHOWN: it gives its directory to its user, whose that is already. DAC_OVERRIDE: there it makes a directory for certificates; refused, it goes on without"
