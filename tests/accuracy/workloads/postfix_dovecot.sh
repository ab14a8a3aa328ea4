# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# postfix and dovecot in one container: postfix asks dovecot who may send a letter, and gives it to dovecot's LMTP service,
# which puts it into the user's mailbox as that user; dovecot shows it over IMAP.
PACKAGES="postfix dovecot-imapd dovecot-lmtpd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=chroot "$1" postconf -e maillog_file=/dev/stdout mydestination=localhost inet_interfaces=all inet_protocols=ipv4
		chroot "$1" postconf -e mailbox_transport=lmtp:unix:private/dovecot-lmtp smtpd_sasl_auth_enable=yes smtpd_sasl_type=dovecot
		chroot "$1" postconf -e smtpd_sasl_path=private/auth smtpd_client_restrictions=permit_sasl_authenticated,reject'
	'--customize-hook=cat >"$1/etc/dovecot/test.conf" <<CONFIGURATION
protocols = imap lmtp
log_path = /dev/stderr
ssl = no
disable_plaintext_auth = no
listen = 0.0.0.0
auth_username_format = %n
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = passwd
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    user = postfix
    mode = 0600
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    user = postfix
    mode = 0600
  }
}
CONFIGURATION')
COMMAND=(sh -c 'dovecot -c /etc/dovecot/test.conf && exec postfix start-fg')

# sent PASSWORD
sent() {
	curl --silent --show-error --max-time 3 "smtp://$ADDRESS/elsewhere.test" --user "tester:$1" --mail-from friend@elsewhere.test \
		--mail-rcpt tester@localhost --upload-file - <<<$'Subject: greeting\n\ngood day'
}

# shown N: the Nth letter of the mailbox.
shown() {
	curl --silent --show-error --max-time 5 --user tester:secret "imap://$ADDRESS/INBOX;MAILINDEX=$1" | grep -q 'good day'
}

works() {
	eventually 15 sent secret
	eventually 10 shown 1
	[[ $(owner_in /home/tester/Maildir) == "$(uid_of tester):"*" 700" ]] || fail "the mailbox is $(owner_in /home/tester/Maildir)"
	! sent wrong 2>/dev/null || fail "it takes any password"
	signal_container HUP
	sleep 1
	eventually 15 sent secret
	eventually 10 shown 2
	[[ $(users_of smtpd) == "$(uid_of postfix)" ]] || fail "smtpd runs as $(users_of smtpd)"
	still_running 1
	stopped_cleanly
	! logs | grep -v 'SASL PLAIN authentication failed' | grep -E 'fatal|Error|panic|warning|not permitted' >&2 || fail "warnings in its output"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, dovecot-imapd 1:2.3.19.1+dfsg1-2.1+deb12u6, dovecot-lmtpd 1:2.3.19.1+dfsg1-2.1+deb12u6, postfix 3.7.11-0+deb12u1"
EXTRA_BECAUSE="KILL: dovecot's capset keeps it and gives up the rest, and postfix's master signals every process when it ends; refused, they go on with what they have, and those that may not be signalled end with the container. NET_BIND_SERVICE: dovecot's capset keeps it; refused, it goes on with what it has"
