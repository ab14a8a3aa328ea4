# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# nginx as its unprivileged image has it: port 8080, and never root. It is reloaded, and ends gracefully.
PACKAGES="nginx-light"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/nginx/nginx.conf" <<CONF
pid /tmp/nginx.pid;
error_log stderr;
events {}
http {
	client_body_temp_path /tmp/body;
	proxy_temp_path /tmp/proxy;
	fastcgi_temp_path /tmp/fastcgi;
	uwsgi_temp_path /tmp/uwsgi;
	scgi_temp_path /tmp/scgi;
	access_log off;
	server {
		listen 8080;
		root /var/www/html;
		index index.nginx-debian.html;
	}
}
CONF')
IMAGE_USER=101:101
OPTIONS=(--stop-signal QUIT)
COMMAND=(nginx -g 'daemon off;')

page() {
	curl --silent --fail --max-time 2 "http://$ADDRESS:8080/"
}

workers() {
	local pid
	for pid in $(processes); do
		! grep -qa 'worker process' "/proc/$pid/cmdline" || printf '%s\n' "$pid"
	done
}

# replaced PIDS: are there workers, and none of the old ones?
replaced() {
	[[ $(workers) && ! $(comm -12 <(sort <<<"$1") <(workers | sort)) ]]
}

works() {
	local old
	eventually 5 page
	old=$(workers)
	signal_container HUP
	eventually 5 replaced "$old"
	page | grep -q 'Welcome to nginx'
	[[ $(users_of nginx) == 101 ]] || fail "nginx runs as $(users_of nginx)"
	stopped_cleanly
	! logs | grep -E '\[(alert|emerg|crit|error)\]' >&2 || fail "alerts in its output"
}

PROVEN=""
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, nginx-light 1.22.1-9+deb12u9"
