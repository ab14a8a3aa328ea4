# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nmap scans a host with packets of its own.
PACKAGES="nmap iproute2"
# shellcheck disable=SC2016
COMMAND=(sh -ec 'exec nmap -n -sS -p 1 -PE --max-retries 1 "$(ip route show default | cut -d " " -f 3)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q 'Host is up' "$OUTPUT"
	grep -qE '^1/tcp +(closed|filtered|open)' "$OUTPUT"
}

PROVEN="NET_RAW"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, iproute2 6.1.0-3, nmap 7.93+dfsg1-1"
