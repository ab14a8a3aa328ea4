# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# apache2 serves pages from children that run as www-data, reloads its configuration, and stops.
PACKAGES="apache2"
# shellcheck disable=SC2016
COMMAND=(bash -c '. /etc/apache2/envvars && mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" && exec apache2 -D FOREGROUND')

page() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS/") == *"Apache2 Debian Default Page"* ]]
}

reloaded() {
	[[ $(file_in /var/log/apache2/error.log) == *"Doing graceful restart"* ]]
}

# A child that cannot become www-data serves a page first, and ends.
children_are_safe() {
	[[ $(users_of apache2) == "0 $(uid_of www-data)" ]] || fail "apache2 runs as $(users_of apache2)"
}

works() {
	eventually 5 page
	children_are_safe
	signal_container USR1
	eventually 5 reloaded
	sleep 1
	still_running 2
	page
	children_are_safe
	stopped_cleanly 5
	! file_in /var/log/apache2/error.log | grep -E ':(warn|error|crit|alert|emerg)\]' >&2 || fail "alerts in the log"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, apache2 2.4.68-1~deb12u1"
EXTRA_BECAUSE="KILL: at its end it tells its children over a pipe and signals them too; they end by either"
