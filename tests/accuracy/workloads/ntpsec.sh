# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# ntpd of NTPsec answers as a user of its own that keeps the capability to set the clock. Its capset asks for one that containers do not have.
PACKAGES="ntpsec"
OPTIONS=(--cap-add SYS_TIME --cap-add SYS_NICE)
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/ntpsec/test.conf" <<CONF
driftfile /var/lib/ntpsec/ntp.drift
disable ntp
restrict default
CONF')
COMMAND=(ntpd -n -g -x -N -u ntpsec:ntpsec -c /etc/ntpsec/test.conf)

# A client's question, and a server's answer: RFC 5905, section 7.3.
ASK='import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.sendto(b"\x23" + 47 * b"\0", (sys.argv[1], 123))
sys.exit(s.recv(100)[0] & 7 != 4)'

answered() {
	peer_outside python3 -c "$ASK" "$ADDRESS"
}

works() {
	eventually 15 answered
	[[ $(users_of ntpd) == "$(uid_of ntpsec)" ]] || fail "ntpd runs as $(users_of ntpd)"
	still_running 1
	stopped_cleanly
	! logs | grep -iE 'fatal|failed to drop|need root' >&2 || fail "errors in its output"
}

PROVEN="NET_BIND_SERVICE SETGID SETUID SYS_NICE SYS_TIME"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, ntpsec 1.2.2+dfsg1-1+deb12u1"
