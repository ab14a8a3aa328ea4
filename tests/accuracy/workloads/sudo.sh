# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An ordinary user runs a command as another one with sudo; what the rules do not allow is refused.
PACKAGES="sudo"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd -m alice'
	'--customize-hook=chroot "$1" useradd -m -G users bob'
	'--customize-hook=echo "alice ALL=(bob) NOPASSWD: /bin/sh" >"$1/etc/sudoers.d/alice"'
	'--customize-hook=chmod 440 "$1/etc/sudoers.d/alice"')
IMAGE_USER=alice
COMMAND=(sh -c '
	cd /home/bob
	sudo -n -u bob /bin/sh -c "id -un; id -Gn; touch made; stat -c %U made" 2>&1
	sudo -n -u bob /usr/bin/id 2>&1 || echo refused')
ONESHOT=yes

works() {
	((STATUS == 0))
	# No complaint either, as about an audit message that could not be sent.
	[[ $(<"$OUTPUT") == $'bob\nbob users\nbob\nsudo: a password is required\nrefused' ]]
	"$DOCKER" cp "$CONTAINER:/run/sudo" - | tar -tv --numeric-owner | grep -E '^drwx--x--x 0/0 .* sudo/$' >/dev/null ||
		fail "sudo's own directory is not root's"
}

PROVEN="AUDIT_WRITE CHOWN SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, sudo 1.9.13p3-1+deb12u4"
