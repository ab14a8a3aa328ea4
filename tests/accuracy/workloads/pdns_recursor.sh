# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A resolver on port 53 gives up root, and answers from a file of hosts.
PACKAGES="pdns-recursor bind9-host"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=echo 10.1.2.3 router.test >"$1/etc/test.hosts"')
COMMAND=(sh -c 'mkdir -p /run/pdns-recursor && exec pdns_recursor --daemon=no --local-address=0.0.0.0 --allow-from=0.0.0.0/0 --setuid=pdns --setgid=pdns --socket-dir=/run/pdns-recursor --chroot= --export-etc-hosts=yes --etc-hosts-file=/etc/test.hosts')

answered() {
	[[ $(peer_outside host -W 1 -t a router.test "$ADDRESS") == *"has address 10.1.2.3"* ]]
}

works() {
	eventually 15 answered
	[[ $(users_of pdns_recursor) == "$(uid_of pdns)" ]] || fail "it runs as $(users_of pdns_recursor)"
	still_running 1
	eventually 5 answered
	! logs | grep -iE 'not permitted|exception' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, bind9-host 1:9.18.49-1~deb12u1, pdns-recursor 4.8.8-1+deb12u1"
