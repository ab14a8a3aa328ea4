# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that configures the network: a pair of interfaces, addresses, a route, the MTU of eth0.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--cap-add NET_ADMIN)
COMMAND=(sh -ec '
	ip link add inner0 type veth peer name inner1
	ip address add 192.0.2.1/24 dev inner0
	ip link set inner0 up
	ip link set inner1 up
	ip route add 203.0.113.0/24 via 192.0.2.2
	ip link set eth0 mtu 1400
	echo configured
	exec sleep 300')

configured() {
	grep -q '^configured' < <(logs)
}

works() {
	eventually 5 configured
	[[ $(peer ip -4 -o address show dev inner0) == *" 192.0.2.1/24 "* ]] || fail "inner0 has no address"
	[[ $(peer ip route get 203.0.113.9) == *"via 192.0.2.2 dev inner0 src 192.0.2.1"* ]] || fail "there is no route"
	[[ $(peer ip -o link show dev eth0) == *" mtu 1400 "* ]] || fail "eth0 has the MTU that it had"
}

PROVEN="NET_ADMIN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3"
