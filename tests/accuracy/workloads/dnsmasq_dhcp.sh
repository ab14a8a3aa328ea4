# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# dnsmasq leases addresses. It reads its own capabilities when it starts, and ends where NET_ADMIN is not among them.
PACKAGES="dnsmasq dns-root-data bind9-host"
OPTIONS=(--cap-add NET_ADMIN)
# shellcheck disable=SC2016
COMMAND=(sh -c 'net=$(hostname -I | cut -d. -f1-3) && exec dnsmasq --keep-in-foreground --log-facility=- --user=dnsmasq --no-resolv \
	--port=0 --dhcp-range="$net.210,$net.250,1h" --dhcp-authoritative')

# lease: asks for an address as a client does (RFC 2131), and prints the one that it gets: from another container on the same network.
lease() {
	# shellcheck disable=SC2016
	peer_outside perl -MSocket -e '
		socket(my $s, PF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
		setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1) or die "broadcast: $!\n";
		bind($s, pack_sockaddr_in(68, INADDR_ANY)) or die "bind: $!\n";
		$SIG{ALRM} = sub { die "no answer\n" };
		alarm 10;
		# Says what it wants, broadcasts it, and waits for an answer of the kind: the address and the server.
		sub ask {
			my ($options, $kind) = @_;
			my $hello = pack("CCCCNnnNNNNa16x192N", 1, 1, 6, 0, 4711, 0, 0x8000, 0, 0, 0, 0, "\2\0\0\0\0\1", 0x63825363);
			send($s, $hello . $options . "\xff", 0, pack_sockaddr_in(67, INADDR_BROADCAST)) or die "send: $!\n";
			while (defined recv($s, my $answer, 1500, 0)) {
				next if substr($answer, 4, 4) ne pack("N", 4711) or $answer !~ /\x35\x01$kind/s;
				return (substr($answer, 16, 4), $answer =~ /\x36\x04(.{4})/s);
			}
		}
		my ($address, $server) = ask("\x35\x01\x01", "\x02");
		($address) = ask("\x35\x01\x03\x32\x04$address\x36\x04$server", "\x05");
		print inet_ntoa($address), "\n";'
}

leased() {
	[[ $(lease) == "${ADDRESS%.*}."2[1-5]? ]]
}

works() {
	eventually 30 leased
	[[ $(users_of dnsmasq) == "$(uid_of dnsmasq)" ]] || fail "dnsmasq runs as $(users_of dnsmasq)"
	still_running 1
	stopped_cleanly
	! logs | grep -E 'cannot|failed|error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN NET_ADMIN NET_RAW SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, bind9-host 1:9.18.49-1~deb12u1, dns-root-data 2024071801~deb12u1, dnsmasq 2.90-4~deb12u2"
