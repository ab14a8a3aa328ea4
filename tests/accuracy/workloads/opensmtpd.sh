# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A mail server whose parts are chroots and users of their own takes a letter on port 25 and delivers it to its user.
PACKAGES="opensmtpd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=mkdir -p "$1/var/spool/smtpd" && chmod 711 "$1/var/spool/smtpd" && printf "%s\n" "listen on 0.0.0.0 hostname mail.test" "action \"deliver\" maildir" "match from any for domain \"test\" action \"deliver\"" >"$1/etc/smtpd.conf" && echo mail.test >"$1/etc/mailname"')
COMMAND=(smtpd -d)

# shellcheck disable=SC2016
letter='exec 3<>"/dev/tcp/$0/25"
answer() { while read -r line <&3; do line=${line%$'"'\r'"'}; [[ ${line:3:1} == - ]] || break; done; [[ $line == $1* ]]; }
say() { printf "%s\r\n" "$1" >&3; answer "$2"; }
answer 220 && say "HELO other.test" 250 && say "MAIL FROM:<a@other.test>" 250 && say "RCPT TO:<tester@test>" 250 && say DATA 354 &&
	say "Subject: hello"$'"'\r\n\r\n'"'"good day"$'"'\r\n'"'. 250 && say QUIT 221'

sent() {
	timeout 10 bash -c "$letter" "$ADDRESS" 2>/dev/null
}

delivered() {
	local pid
	pid=$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")
	# shellcheck disable=SC2016
	[[ $(nsenter --target "$pid" --mount sh -c 'cat /home/tester/Maildir/new/* && stat -c owner:%u /home/tester/Maildir/new/*' 2>/dev/null) == *"good day"*"owner:$(uid_of tester)" ]]
}

works() {
	eventually 10 sent
	eventually 10 delivered
	[[ " $(users_of smtpd) " == *" $(uid_of opensmtpd) "* ]] || fail "its parts run as $(users_of smtpd)"
	still_running 1
# The directory of letters to be removed is made when the first one is.
	! logs | grep -v 'purge_task: opendir: No such file' | grep -iE 'fatal|not permitted|warn:' >&2 || fail "errors in its output"
}

PROVEN="CHOWN FOWNER SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, opensmtpd 6.8.0p2-4+b4"
EXTRA_BECAUSE="DAC_OVERRIDE: its first process empties directories that are its parts', and goes on where it may not"
