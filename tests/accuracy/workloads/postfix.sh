# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# postfix takes a letter from the network and puts it into a local user's mailbox, as that user; it is reloaded, and stops.
PACKAGES="postfix"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=chroot "$1" postconf -e maillog_file=/dev/stdout mydestination=localhost'
	'--customize-hook=chroot "$1" postconf -e inet_interfaces=all inet_protocols=ipv4')
COMMAND=(postfix start-fg)

sent() {
	curl --silent --show-error --max-time 5 "smtp://$ADDRESS/elsewhere.test" --mail-from friend@elsewhere.test \
		--mail-rcpt tester@localhost --upload-file - <<<$'Subject: greeting\n\ngood day'
}

delivered() {
	[[ $(file_in /var/mail/tester | grep -c '^good day') == "$1" ]]
}

works() {
	eventually 5 sent
	eventually 5 delivered 1
	[[ $(owner_in /var/mail/tester) == "$(uid_of tester):8 600" ]] || fail "the mailbox is $(owner_in /var/mail/tester)"
	[[ $(users_of qmgr) == "$(uid_of postfix)" ]] || fail "qmgr runs as $(users_of qmgr)"
	[[ $(users_of smtpd) == "$(uid_of postfix)" ]] || fail "smtpd runs as $(users_of smtpd)"
	signal_container HUP
	sleep 1
	eventually 5 sent
	eventually 5 delivered 2
	still_running 1
	stopped_cleanly
	! logs | grep -E 'fatal|error|panic|warning|not permitted' >&2 || fail "warnings in its output"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, postfix 3.7.11-0+deb12u1"
EXTRA_BECAUSE="KILL: its master signals every process when it ends; those that it may not signal end with the container"
