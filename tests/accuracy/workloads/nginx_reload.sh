# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nginx that is reloaded, which replaces its workers (it tells them through a socket, not by a signal), and ends gracefully.
PACKAGES="nginx-light"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chown 33:4 "$1/var/log/nginx"')
OPTIONS=(--stop-signal QUIT)
COMMAND=(nginx -g 'daemon off;')

page() {
	curl --silent --fail --max-time 2 "http://$ADDRESS/"
}

workers() {
	local pid
	for pid in $(processes); do
		! grep -qa 'worker process' "/proc/$pid/cmdline" || printf '%s\n' "$pid"
	done
}

replaced() {
	local now
	now=$(workers)
	[[ $now ]] && ! grep -qxF "$1" <<<"$now"
}

works() {
	local before
	eventually 5 page
	before=$(workers)
	[[ $before ]]
	signal_container HUP
	eventually 5 replaced "$before"
	page | grep -q 'Welcome to nginx'
	[[ $(users_of nginx) == "0 $(uid_of www-data)" ]] || fail "nginx runs as $(users_of nginx)"
	! file_in /var/log/nginx/error.log | grep -E '\[(alert|emerg|crit)\]' >&2 || fail "alerts in the log"
	stopped_cleanly
}

PROVEN="CHOWN DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, nginx-light 1.22.1-9+deb12u9"
