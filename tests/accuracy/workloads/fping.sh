# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# fping, whose file has a capability, asks a host whether it is there, for an ordinary user, where the unprivileged way is closed.
PACKAGES="fping iproute2"
OPTIONS=(--user nobody --sysctl 'net.ipv4.ping_group_range=1 0')
# shellcheck disable=SC2016
COMMAND=(sh -ec 'exec fping -c 1 "$(ip route show default | cut -d " " -f 3)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q '0% loss' "$OUTPUT"
}

PROVEN="NET_RAW"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, fping 5.1-1, iproute2 6.1.0-3"
