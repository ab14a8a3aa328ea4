# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A server on port 80 where ports below 1024 are privileged, as they are outside of Docker.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--sysctl net.ipv4.ip_unprivileged_port_start=1024)
COMMAND=(socat 'TCP-LISTEN:80,fork,reuseaddr' EXEC:'echo served')

served() {
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:80,connect-timeout=2") == served ]]
}

works() {
	eventually 5 served
}

PROVEN="NET_BIND_SERVICE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, socat 1.7.4.4-2"
