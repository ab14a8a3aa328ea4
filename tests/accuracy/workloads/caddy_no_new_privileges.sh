# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# caddy on port 8080, with no_new_privs, which makes the capability of its file void. To be executed it needs that all the same: execve
# asks whether the bounding set has it, before it takes it back.
# shellcheck source=tests/accuracy/workloads/caddy.sh
source "$ACCURACY/workloads/caddy.sh"
OPTIONS=(--security-opt no-new-privileges --env HOME=/tmp --env PORT=8080)

works() {
	eventually 10 served 8080
	[[ $(users_of caddy) == 65534 ]] || fail "caddy runs as $(users_of caddy)"
	still_running 1
	stopped_cleanly
}

PROVEN="NET_BIND_SERVICE"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, caddy 2.6.2-5, libcap2-bin 1:2.66-4+deb12u3+b1"
