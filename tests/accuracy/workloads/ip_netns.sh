# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that makes network namespaces: one, joined to the container's own by a pair of interfaces.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--cap-add SYS_ADMIN --cap-add NET_ADMIN)
COMMAND=(sh -ec '
	ip netns add inner
	ip link add outside type veth peer name inside netns inner
	ip address add 192.0.2.1/24 dev outside
	ip link set outside up
	ip -n inner address add 192.0.2.2/24 dev inside
	ip -n inner link set inside up
	ip netns exec inner socat TCP-LISTEN:8080,fork,reuseaddr EXEC:"echo from inside" &
	wait')

answered() {
	[[ $(peer socat -T 2 - TCP:192.0.2.2:8080,connect-timeout=2) == "from inside" ]]
}

works() {
	eventually 5 answered
}

PROVEN="NET_ADMIN SYS_ADMIN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3, socat 1.7.4.4-2"
