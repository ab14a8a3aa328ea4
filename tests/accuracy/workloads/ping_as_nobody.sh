# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# ping as an ordinary user: the capability comes from the file.
PACKAGES="iputils-ping"
IMAGE_USER=nobody
COMMAND=(ping -c 2 -i 0.2 127.0.0.1)
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q '2 packets transmitted, 2 received' "$OUTPUT"
}

PROVEN="NET_RAW"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, iputils-ping 3:20221126-1+deb12u1"
