# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# exim takes a letter from the network and puts it into a local user's mailbox, as that user.
PACKAGES="exim4-daemon-light"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=sed -i "/^dc_local_interfaces/s/=.*/=/" "$1/etc/exim4/update-exim4.conf.conf"')
COMMAND=(sh -c 'update-exim4.conf && exec exim4 -bd -q30m -v')

sent() {
	curl --silent --show-error --max-time 5 "smtp://$ADDRESS/elsewhere.test" --mail-from friend@elsewhere.test \
		--mail-rcpt tester@localhost --upload-file - <<<$'Subject: greeting\n\ngood day'
}

delivered() {
	[[ $(file_in /var/mail/tester) == *"good day"* ]]
}

works() {
	eventually 5 sent
	eventually 5 delivered
	[[ $(owner_in /var/mail/tester) == "$(uid_of tester):8 660" ]] || fail "the mailbox is $(owner_in /var/mail/tester)"
	still_running 1
	[[ $(users_of exim4) == "$(uid_of Debian-exim)" ]] || fail "exim4 runs as $(users_of exim4)"
	stopped_cleanly
	! file_in /var/log/exim4/mainlog | grep -iE 'not permitted|denied|failed' >&2 || fail "errors in its log"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, exim4-daemon-light 4.96-15+deb12u10"
