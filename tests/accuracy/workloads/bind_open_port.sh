# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# The same server with Docker's own setting, where every port is anybody's: it needs nothing.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
COMMAND=(socat 'TCP-LISTEN:80,fork,reuseaddr' EXEC:'echo served')

served() {
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:80,connect-timeout=2") == served ]]
}

works() {
	eventually 5 served
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, socat 1.7.4.4-2"
