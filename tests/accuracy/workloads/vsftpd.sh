# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# vsftpd lets a user log in with a password, shuts it into its home directory, and stores and gives files.
PACKAGES="vsftpd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester'
	'--customize-hook=echo tester:open-sesame | chroot "$1" chpasswd'
	'--customize-hook=cat >"$1/etc/vsftpd.conf" <<CONF
listen=YES
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
chroot_local_user=YES
allow_writeable_chroot=YES
secure_chroot_dir=/run/vsftpd/empty
pam_service_name=vsftpd
CONF')
# Not as the first process: it trips over children that it has not made.
COMMAND=(sh -c 'mkdir -p /run/vsftpd/empty && vsftpd /etc/vsftpd.conf; exit 1')

ftp() {
	curl --silent --show-error --max-time 5 --user tester:open-sesame "$@"
}

stored() {
	ftp --upload-file - "ftp://$ADDRESS/letter" <<<"good day"
}

# Who serves someone that has logged in: one process the user, one of another root nobody, and the listener.
session_is_safe() {
	local session
	exec {session}<>"/dev/tcp/$ADDRESS/21"
	printf 'USER tester\r\nPASS open-sesame\r\n' >&"$session"
	eventually 10 serves_as "0 $(uid_of tester) $(uid_of nobody)"
	exec {session}>&-
}

serves_as() {
	[[ $(users_of vsftpd) == "$1" ]]
}

works() {
	local uid
	uid=$(uid_of tester)
	eventually 5 stored
	[[ $(ftp "ftp://$ADDRESS/letter") == "good day" ]] || fail "the file did not come back"
	[[ $(owner_in /home/tester/letter) == "$uid:$uid 600" ]] || fail "the file is $(owner_in /home/tester/letter)"
	session_is_safe
	! ftp --output /dev/null "ftp://$ADDRESS//etc/passwd" || fail "the user is not shut into its home"
	! curl --silent --max-time 5 --user tester:wrong "ftp://$ADDRESS/" || fail "it takes any password"
	still_running 1
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, vsftpd 3.0.3-13+b2"
EXTRA_BECAUSE="AUDIT_WRITE: PAM writes to the host's audit log and goes on where it may not; sshd, for one, does not. SYS_ADMIN: where it has that, it shuts its processes into namespaces of their own; refused, it goes on without"
