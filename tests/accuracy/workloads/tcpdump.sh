# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A packet capture: tcpdump opens the interface as root and becomes the user tcpdump, as Debian built it.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
COMMAND=(tcpdump --immediate-mode -l -n -i eth0 icmp)

printed() {
	grep -qE "$1" < <(logs)
}

works() {
	eventually 5 printed '^listening on eth0'
	[[ $(users_of tcpdump) == "$(uid_of tcpdump)" ]] || fail "tcpdump runs as $(users_of tcpdump)"
	peer_outside ping -q -c 1 -W 2 "$ADDRESS" >/dev/null
	eventually 5 printed "> $ADDRESS: ICMP echo request"
	eventually 5 printed "$ADDRESS > .*: ICMP echo reply"
	signal_container INT
	"$DOCKER" wait "$CONTAINER" >/dev/null
	printed "^[1-9][0-9]* packets captured"
}

PROVEN="NET_RAW SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, tcpdump 4.99.3-1"
