# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# proftpd lets a user log in with a password, shuts it into its home directory, and stores and gives files; it reads its
# configuration again, and stops.
PACKAGES="proftpd-core"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester'
	'--customize-hook=echo tester:open-sesame | chroot "$1" chpasswd'
	'--customize-hook=cat >"$1/etc/proftpd/test.conf" <<CONF
ServerName test
UseIPv6 off
User proftpd
Group nogroup
DefaultRoot ~
WtmpLog off
SystemLog /var/log/proftpd/proftpd.log
TransferLog none
CONF')
COMMAND=(sh -c 'mkdir -p /run/proftpd && exec proftpd --nodaemon --config /etc/proftpd/test.conf')

ftp() {
	curl --silent --show-error --max-time 5 --user tester:open-sesame "$@"
}

stored() {
	ftp --upload-file - "ftp://$ADDRESS/$1" <<<"good day"
}

# Who serves someone that has logged in: the listener nobody in particular, one process the user, shut in.
session_is_safe() {
	local session
	exec {session}<>"/dev/tcp/$ADDRESS/21"
	printf 'USER tester\r\nPASS open-sesame\r\n' >&"$session"
	eventually 5 serves_as "$(uid_of tester)"
	exec {session}>&-
}

# serves_as UID: what the session's process asks with is that user's, and its root is the user's home directory.
serves_as() {
	local pid
	for pid in $(processes); do
		[[ $(awk '/^Uid:/ { print $3 }' "/proc/$pid/status") != "$1" || $(readlink "/proc/$pid/root") != */home/tester ]] || return 0
	done
	return 1
}

works() {
	local uid
	uid=$(uid_of tester)
	eventually 10 stored letter
	[[ $(ftp "ftp://$ADDRESS/letter") == "good day" ]] || fail "the file did not come back"
	[[ $(owner_in /home/tester/letter) == "$uid:$uid 644" ]] || fail "the file is $(owner_in /home/tester/letter)"
	session_is_safe
	! ftp --output /dev/null "ftp://$ADDRESS//etc/passwd" || fail "the user is not shut into its home"
	! curl --silent --max-time 5 --user tester:wrong "ftp://$ADDRESS/" || fail "it takes any password"
	signal_container HUP
	still_running 1
	eventually 5 stored answer
	stopped_cleanly
	! file_in /var/log/proftpd/proftpd.log | grep -iE 'not permitted|denied|error|unable' >&2 || fail "errors in its log"
	# Where it may not keep the few capabilities that it names, it keeps all that it has, and the way back to root.
	! logs | grep -iE 'not permitted' >&2 || fail "errors in its output"
}

PROVEN="AUDIT_WRITE CHOWN NET_BIND_SERVICE SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, proftpd-core 1.3.8+dfsg-4+deb12u5"
