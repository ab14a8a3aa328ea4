# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# bird keeps the kernel's routes as its file says, as its own user with the capabilities that it keeps.
PACKAGES="bird2 iproute2"
OPTIONS=(--cap-add NET_ADMIN --cap-add NET_BROADCAST)
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=printf "%s\n" "router id 10.9.9.9;" "log stderr all;" "protocol device {}" "protocol kernel { ipv4 { export all; }; }" "protocol static { ipv4; route 10.99.0.0/16 blackhole; }" >"$1/etc/bird/bird.conf"')
COMMAND=(sh -c 'mkdir -p /run/bird && chown bird: /run/bird && exec bird -f -u bird -g bird')

routed() {
	[[ $(peer ip route show) == *"blackhole 10.99.0.0/16"* ]]
}

works() {
	eventually 10 routed
	[[ $(users_of bird) == "$(uid_of bird)" ]] || fail "it runs as $(users_of bird)"
	signal_container HUP
	still_running 1
	routed || fail "the route went"
	! logs | grep -iE 'error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, bird2 2.0.12-7, iproute2 6.1.0-3"
