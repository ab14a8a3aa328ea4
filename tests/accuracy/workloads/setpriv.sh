# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A service with an ambient capability: setpriv gives up everything but NET_BIND_SERVICE, becomes an ordinary user, and
# the server that it starts binds port 80.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--sysctl net.ipv4.ip_unprivileged_port_start=1024)
COMMAND=(setpriv --reuid=nobody --regid=nogroup --clear-groups '--inh-caps=-all,+net_bind_service'
	'--ambient-caps=-all,+net_bind_service' '--bounding-set=-all,+net_bind_service'
	socat 'TCP-LISTEN:80,fork,reuseaddr' EXEC:'echo served')

served() {
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:80,connect-timeout=2") == served ]]
}

works() {
	local sets
	eventually 5 served
	[[ $(users_of socat) == "$(uid_of nobody)" ]] || fail "socat runs as $(users_of socat)"
	sets=$(file_in /proc/1/status | awk '/^Cap/ { print $2 }' | sort -u)
	[[ $sets == 0000000000000400 ]] || fail "its capability sets are not all NET_BIND_SERVICE: $sets"
}

PROVEN="NET_BIND_SERVICE SETGID SETPCAP SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, socat 1.7.4.4-2"
