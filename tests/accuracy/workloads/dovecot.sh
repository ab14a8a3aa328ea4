# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# dovecot lets a user log in over IMAP, takes a letter into that user's mailbox, and shows it.
PACKAGES="dovecot-imapd tini curl"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=cat >"$1/etc/dovecot/imap.conf" <<CONFIGURATION
protocols = imap
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
listen = 0.0.0.0
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = passwd
}
CONFIGURATION')
COMMAND=(tini -- dovecot -F -c /etc/dovecot/imap.conf)

imap() {
	curl --silent --show-error --max-time 5 --user tester:secret "$@"
}

works() {
	eventually 10 imap "imap://$ADDRESS/"
	printf 'Subject: greeting\r\n\r\ngood day\r\n' >"$SCRATCH/letter"
	imap --upload-file "$SCRATCH/letter" "imap://$ADDRESS/INBOX" || fail "the letter was not taken"
	imap "imap://$ADDRESS/INBOX;MAILINDEX=1" | grep -q 'good day' || fail "the letter is not there"
	still_running 1
	stopped_cleanly
	! logs | grep -v 'signal 15' | grep -iE 'fatal|error|not permitted|killed' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-29, Docker 20.10.24, Linux 6.18, curl 7.88.1-10+deb12u15, dovecot-imapd 1:2.3.19.1+dfsg1-2.1+deb12u6, tini 0.19.0-1+b3"
EXTRA_BECAUSE="DAC_OVERRIDE, KILL, NET_BIND_SERVICE: its capset keeps them and gives up the rest; refused, it goes on with what it has"
