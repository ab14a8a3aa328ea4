# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# varnishd on port 80 keeps what a server behind it says; its worker is another user.
PACKAGES="varnish socat gcc libc6-dev"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=printf "%s\n" "#!/bin/sh" "printf \"HTTP/1.0 200 OK\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 9\\r\\n\\r\\ngood day\\n\"" >"$1/answer" && chmod 755 "$1/answer"')
COMMAND=(sh -c 'setpriv --reuid nobody --regid nogroup --clear-groups socat TCP-LISTEN:7777,bind=127.0.0.1,fork,reuseaddr EXEC:/answer & exec varnishd -F -a :80 -b 127.0.0.1:7777 -s malloc,16m')

answered() {
	# shellcheck disable=SC2016
	[[ $(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/80" && printf "GET / HTTP/1.0\r\n\r\n" >&3 && cat <&3' "$ADDRESS" 2>/dev/null) == *"good day"* ]]
}

works() {
	eventually 20 answered
	[[ " $(users_of cache-main) $(users_of varnishd) " == *" $(uid_of vcache) "* ]] || fail "it runs as $(users_of varnishd), $(users_of cache-main)"
	still_running 2
	eventually 5 answered
	! logs | grep -iE 'error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, binutils-x86-64-linux-gnu 2.40-2, cpp-12 12.2.0-14+deb12u1, gcc-12 12.2.0-14+deb12u1, socat 1.7.4.4-2, varnish 7.1.1-2+deb12u1"
EXTRA_BECAUSE="DAC_OVERRIDE: its first process empties the directory of files of its worker, and goes on where it may not; they are written anew"
