# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# caddy on port 80 as an ordinary user: its file has the capability for that, as in its official image.
PACKAGES="caddy libcap2-bin"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" setcap cap_net_bind_service=ep /usr/bin/caddy'
	'--customize-hook=cat >"$1/etc/caddy/letter" <<CONFIGURATION
{
	admin off
	auto_https off
}
http://:{\$PORT} {
	respond "good day"
}
CONFIGURATION')
IMAGE_USER=65534
OPTIONS=(--sysctl net.ipv4.ip_unprivileged_port_start=1024 --env HOME=/tmp --env PORT=80)
COMMAND=(caddy run --config /etc/caddy/letter --adapter caddyfile)

# served PORT
served() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS:$1/") == "good day" ]]
}

works() {
	eventually 10 served 80
	[[ $(users_of caddy) == 65534 ]] || fail "caddy runs as $(users_of caddy)"
	still_running 1
	stopped_cleanly
}

PROVEN="NET_BIND_SERVICE"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, caddy 2.6.2-5, libcap2-bin 1:2.66-4+deb12u3+b1"
