# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# stunnel takes TLS on port 443 as a user of its own, in a chroot, and hands it on in plain text.
PACKAGES="stunnel4 openssl socat"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=test -keyout /etc/stunnel/key.pem -out /etc/stunnel/cert.pem'
	'--customize-hook=mkdir -p "$1/var/lib/stunnel4/empty"'
	'--customize-hook=cat >"$1/etc/stunnel/test.conf" <<CONF
foreground = yes
pid =
setuid = stunnel4
setgid = stunnel4
chroot = /var/lib/stunnel4/empty
socket = l:SO_REUSEADDR=1
[echo]
accept = 0.0.0.0:443
connect = 127.0.0.1:7777
cert = /etc/stunnel/cert.pem
key = /etc/stunnel/key.pem
CONF')
COMMAND=(sh -c 'setpriv --reuid nobody --regid nogroup --clear-groups socat TCP-LISTEN:7777,bind=127.0.0.1,fork,reuseaddr EXEC:cat & exec stunnel4 /etc/stunnel/test.conf')

answered() {
	[[ $( (echo good day; sleep 1) | peer_outside timeout 5 openssl s_client -quiet -connect "$ADDRESS:443" 2>/dev/null) == "good day" ]]
}

works() {
	eventually 10 answered
	[[ $(users_of stunnel4) == "$(uid_of stunnel4)" ]] || fail "stunnel runs as $(users_of stunnel4)"
	still_running 1
	eventually 5 answered
	! logs | grep -iE 'error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, openssl 3.0.20-1~deb12u2, socat 1.7.4.4-2, stunnel4 3:5.68-2+deb12u1"
