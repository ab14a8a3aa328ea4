# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# The same traceroute with Docker's own setting, where anybody may send ICMP echo requests: it needs nothing.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
# shellcheck disable=SC2016
COMMAND=(sh -ec 'exec traceroute -n -I -m 3 -q 1 -w 2 "$(ip route show default | cut -d " " -f 3)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^ 1  [0-9.]+  [0-9.]+ ms' "$OUTPUT"
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3, traceroute 1:2.1.2-1"
EXTRA_BECAUSE="NET_RAW: the raw socket that it tries first was granted; refused, it asks for the kind that anybody may have"
