# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nginx as root on port 80, its workers as www-data, its log directory www-data's, as after Debian's upgrades.
PACKAGES="nginx-light"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chown 33:4 "$1/var/log/nginx"')
COMMAND=(nginx -g 'daemon off;')

page() {
	curl --silent --fail --max-time 2 "http://$ADDRESS/"
}

works() {
	eventually 5 page
	page | grep -q 'Welcome to nginx'
	still_running 2
	page >/dev/null
	[[ $(users_of nginx) == "0 $(uid_of www-data)" ]] || fail "nginx runs as $(users_of nginx)"
	[[ $(file_in /var/log/nginx/access.log | grep -c 'GET / ') -ge 2 ]] || fail "requests are not in the log"
	! file_in /var/log/nginx/error.log | grep -E '\[(alert|emerg|crit)\]' >&2 || fail "alerts in the log"
}

PROVEN="CHOWN DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, nginx 1.22.1-9+deb12u9"
