# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A program whose file carries a capability, run by root: arping asks who has the gateway's address.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
# shellcheck disable=SC2016
COMMAND=(sh -ec 'exec arping -f -w 5 -I eth0 "$(ip route show default | cut -d " " -f 3)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^Unicast reply from [0-9.]+ \[' "$OUTPUT"
}

PROVEN="NET_RAW"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3, iputils-arping 3:20221126-1+deb12u1"
