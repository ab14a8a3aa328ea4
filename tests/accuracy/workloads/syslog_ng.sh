# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# syslog-ng, as root, receives messages from the network and writes them to a file that it gives to another user. Granted is
# what its maintainer said to add.
PACKAGES="syslog-ng-core"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd tester'
	'--customize-hook=cat >"$1/etc/syslog-ng/network.conf" <<CONFIGURATION
@version: 3.38
options { chain_hostnames(off); stats_freq(0); use-dns(no); };
source network { network(ip("0.0.0.0") port(514) transport("tcp")); };
destination remote { file("/var/log/remote.log" owner("tester") group("adm") perm(0640)); };
log { source(network); destination(remote); };
CONFIGURATION')
OPTIONS=(--cap-add NET_BIND_SERVICE --cap-add NET_BROADCAST --cap-add NET_RAW --cap-add DAC_READ_SEARCH --cap-add DAC_OVERRIDE
	--cap-add CHOWN --cap-add SYSLOG)
COMMAND=(syslog-ng -F -f /etc/syslog-ng/network.conf)

# received TEXT: sends TEXT and looks for it in the file.
received() {
	printf '<13>Nov 22 08:00:00 elsewhere test: %s\n' "$1" | timeout 5 bash -c 'cat >/dev/tcp/$0/514' "$ADDRESS" || return 1
	sleep 0.2
	file_in /var/log/remote.log | grep -q "test: $1"
}

works() {
	eventually 10 received "good day"
	[[ $(owner_in /var/log/remote.log) == "$(uid_of tester):4 640" ]] || fail "the file is $(owner_in /var/log/remote.log)"
	signal_container HUP
	eventually 5 received "good night"
	still_running 1
	stopped_cleanly
	! logs | grep -i 'capability management disabled' >&2 || fail "it gives up no capability"
}

PROVEN="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER NET_BIND_SERVICE NET_BROADCAST NET_RAW SYSLOG"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, syslog-ng-core 3.38.1-5+deb12u1"
