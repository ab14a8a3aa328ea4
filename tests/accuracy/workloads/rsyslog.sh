# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# rsyslog receives messages from the network and writes them to a file that the group adm may read: Debian's own rules.
PACKAGES="rsyslog"
# The kernel's log is not a container's to read.
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=sed -i -e /imklog/d -e "/imudp/s/^#//" "$1/etc/rsyslog.conf"')
COMMAND=(rsyslogd -n)

# received TEXT: sends TEXT and looks for it in the file.
received() {
	printf '<13>Nov 22 08:00:00 elsewhere test: %s\n' "$1" >"/dev/udp/$ADDRESS/514"
	[[ $(file_in /var/log/syslog) == *"elsewhere test: $1"* ]]
}

works() {
	eventually 5 received "good day"
	signal_container HUP
	eventually 5 received "good night"
	still_running 1
	# 4 is adm.
	[[ $(owner_in /var/log/syslog) == "0:4 640" ]] || fail "/var/log/syslog is $(owner_in /var/log/syslog)"
	stopped_cleanly
	! logs | grep -E 'rsyslogd: .*(error|failed|denied|not permitted)' >&2 || fail "errors in its output"
}

PROVEN="CHOWN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, rsyslog 8.2302.0-1+deb12u1"
