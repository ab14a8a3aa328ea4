# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# lighttpd on port 80 as www-data: it opens its log anew, is restarted gracefully, which keeps its socket, and stops.
PACKAGES="lighttpd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/www" && echo good day >"$1/srv/www/index.html"'
	'--customize-hook=cat >"$1/etc/lighttpd/test.conf" <<CONF
server.document-root = "/srv/www"
server.username = "www-data"
server.groupname = "www-data"
server.errorlog = "/var/log/lighttpd/error.log"
index-file.names = ( "index.html" )
CONF')
OPTIONS=(--stop-signal INT)
COMMAND=(lighttpd -D -f /etc/lighttpd/test.conf)

answered() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS/") == "good day" ]]
}

# logged WORD N: is it in the log so often?
logged() {
	[[ $(file_in /var/log/lighttpd/error.log | grep -c "$1") == "$2" ]]
}

works() {
	eventually 5 answered
	signal_container HUP
	still_running 1
	signal_container USR1
	eventually 5 logged 'server started' 2
	eventually 5 answered
	[[ $(users_of lighttpd) == "$(uid_of www-data)" ]] || fail "lighttpd runs as $(users_of lighttpd)"
	still_running 1
	stopped_cleanly
	! file_in /var/log/lighttpd/error.log | grep -iE 'fail|denied|not permitted' >&2 || fail "errors in its log"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, lighttpd 1.4.69-1"
