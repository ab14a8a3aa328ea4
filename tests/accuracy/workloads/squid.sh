# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# squid fetches a page for a client as its own user, reads its configuration again, and stops.
PACKAGES="squid"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/squid/conf.d/test.conf" <<CONF
http_access allow all
shutdown_lifetime 1 seconds
pinger_enable off
CONF')
COMMAND=(squid --foreground -YC)

# A server with one page, beside the proxy.
serve_pages() {
	# shellcheck disable=SC2016
	peer timeout 30 perl -MIO::Socket::INET -e '
		$server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die $!;
		while ($client = $server->accept) {
			do { $line = <$client> } until $line =~ /^\r?$/;
			print $client "HTTP/1.0 200 OK\r\nCache-Control: no-store\r\n\r\ngood day\n";
			close $client;
		}' &
	PAGES=$!
}

fetched() {
	[[ $(curl --silent --max-time 3 --proxy "http://$ADDRESS:3128" "http://127.0.0.1:8000/") == "good day" ]]
}

reconfigured() {
	[[ $(file_in /var/log/squid/cache.log) == *"Reconfiguring Squid Cache"* ]]
}

works() {
	local user
	serve_pages
	eventually 8 fetched
	signal_container HUP
	eventually 5 reconfigured
	eventually 5 fetched
	still_running 1
	kill "$PAGES"
	user=$(uid_of proxy)
	[[ $("$DOCKER" top "$CONTAINER" -eo pid,euid,comm) == *" $user "*squid* ]] || fail "no squid runs as $user"
	[[ $(users_of log_file_daemon) == "$user" ]] || fail "its log writer runs as $(users_of log_file_daemon)"
	stopped_cleanly
	! file_in /var/log/squid/cache.log | grep -iE 'error|fatal|not permitted|denied|cannot' >&2 || fail "errors in its log"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, squid 5.7-2+deb12u5"
EXTRA_BECAUSE="NET_BIND_SERVICE: its capset keeps it and gives up the rest; refused, it goes on with what it has"
