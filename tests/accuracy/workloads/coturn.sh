# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# coturn as its official image has it: nobody, with a file capability for low ports that it does not use. It relays between
# two clients that have the password.
PACKAGES="coturn libcap2-bin"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" setcap cap_net_bind_service=+ep /usr/bin/turnserver')
IMAGE_USER=nobody:nogroup
OPTIONS=(--workdir /tmp)
COMMAND=(turnserver -n --log-file=stdout --pidfile=/tmp/pid --userdb=/tmp/users --lt-cred-mech --fingerprint
	--user=tester:secret --realm=test --no-tls --no-dtls --no-cli --relay-threads=1)

# relayed PASSWORD
relayed() {
	[[ $(peer_outside timeout 5 turnutils_uclient -y -c -n 1 -m 1 -u tester -w "$1" "$ADDRESS" 2>&1) == *"Total lost packets 0 "* ]]
}

works() {
	eventually 10 relayed secret
	! relayed wrong || fail "it takes any password"
	[[ $(users_of turnserver) == "$(uid_of nobody)" ]] || fail "turnserver runs as $(users_of turnserver)"
	still_running 1
}

PROVEN="NET_BIND_SERVICE"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, coturn 4.6.1-1, libcap2-bin 1:2.66-4+deb12u3+b1"
