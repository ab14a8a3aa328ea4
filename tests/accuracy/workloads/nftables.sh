# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A packet filter: nft loads rules that let connections to one port through and refuse those to another.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--cap-add NET_ADMIN)
COMMAND=(sh -ec '
	nft "add table ip filter; add chain ip filter input { type filter hook input priority 0; }"
	nft "add rule ip filter input ip daddr != 127.0.0.0/8 tcp dport 8081 counter reject with tcp reset"
	socat TCP-LISTEN:8080,fork,reuseaddr EXEC:"echo open" &
	exec socat TCP-LISTEN:8081,fork,reuseaddr EXEC:"echo inside only"')

opened() {
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:8080,connect-timeout=2") == open ]] &&
		[[ $(peer socat -T 2 - "TCP:127.0.0.1:8081,connect-timeout=2") == "inside only" ]]
}

works() {
	eventually 5 opened
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:8081,connect-timeout=2" 2>&1) == *"Connection refused" ]] ||
		fail "the port that the rule closes is open"
}

PROVEN="NET_ADMIN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, nftables 1.0.6-2+deb12u2, socat 1.7.4.4-2"
