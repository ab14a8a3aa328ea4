# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# mtr finds the way to a host as an ordinary user, by a program of its own whose file has the capability.
PACKAGES="mtr-tiny iproute2"
IMAGE_USER=65534
# shellcheck disable=SC2016
COMMAND=(sh -ec 'exec mtr --no-dns --report --report-cycles 2 "$(ip route show default | cut -d " " -f 3)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^ *1\.\|-- [0-9.]+ +0\.0%' "$OUTPUT"
}

PROVEN="NET_RAW"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3, mtr-tiny 0.95-1"
