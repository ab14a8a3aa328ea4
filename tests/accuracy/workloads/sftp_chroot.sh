# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# sshd that gives files only, as images for that have it: the entry point makes the user, whose sessions sshd shuts into the
# user's home directory.
PACKAGES="openssh-server openssh-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" ssh-keygen -q -t ed25519 -N "" -f /root/key'
	'--customize-hook=cat >"$1/etc/ssh/sshd_config" <<CONF
HostKey /etc/ssh/ssh_host_ed25519_key
UseDNS no
PermitRootLogin no
AllowTcpForwarding no
Subsystem sftp internal-sftp
ForceCommand internal-sftp
ChrootDirectory %h
CONF')
COMMAND=(bash -c 'set -e
	useradd --no-user-group tester
	echo tester:open-sesame | chpasswd
	mkdir -p /home/tester/.ssh /home/tester/upload /run/sshd
	chown root:root /home/tester
	chmod 755 /home/tester
	cat /root/key.pub >>/home/tester/.ssh/authorized_keys
	chown tester /home/tester/.ssh/authorized_keys /home/tester/upload
	chmod 600 /home/tester/.ssh/authorized_keys
	exec /usr/sbin/sshd -D -e')

# sftp COMMAND...: has a session do these.
sftp() {
	printf '%s\n' "$@" |
		peer timeout 10 sftp -q -i /root/key -o StrictHostKeyChecking=no -o BatchMode=yes -b - tester@127.0.0.1
}

# Who serves someone that has logged in: the listener and the session's monitor root, and the session the user, shut in.
session_is_safe() {
	local pid roots=''
	[[ $(users_of sshd) == "0 $1" ]] || return 1
	for pid in $(processes); do
		[[ $(awk '/^Uid:/ { print $3 }' "/proc/$pid/status") != "$1" ]] || roots+=$(readlink "/proc/$pid/root")
	done
	[[ $roots == */home/tester ]]
}

works() {
	local uid session
	eventually 10 sftp 'put /etc/hostname upload/letter'
	uid=$(uid_of tester)
	[[ $(owner_in /home/tester/upload/letter) == "$uid:"*" 644" ]] || fail "the file is $(owner_in /home/tester/upload/letter)"
	[[ $(sftp 'get upload/letter /tmp/letter' '!cat /tmp/letter') ]] || fail "the file did not come back"
	sftp ls '!sleep 3' >"$SCRATCH/session" &
	session=$!
	eventually 10 session_is_safe "$uid"
	wait "$session"
	! sftp 'get /etc/passwd /tmp/passwd' 2>/dev/null || fail "the user is not shut into its home"
	! peer timeout 10 ssh -q -i /root/key -o StrictHostKeyChecking=no -o BatchMode=yes tester@127.0.0.1 id || fail "it runs commands"
	still_running 1
	stopped_cleanly
	! logs | grep -iE 'error|fatal|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN FOWNER SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, openssh-client 1:9.2p1-2+deb12u10, openssh-server 1:9.2p1-2+deb12u10"
EXTRA_BECAUSE="AUDIT_WRITE: useradd's and chpasswd's messages for the audit log are sent and accepted; refused, they go on without a word"
