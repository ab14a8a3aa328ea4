# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An ordinary user becomes another one with su, a set-user-id program, and that one's password; a wrong one is refused.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd -m -G users alice'
	'--customize-hook=chroot "$1" useradd -m bob'
	'--customize-hook=echo bob:open-sesame | chroot "$1" chpasswd')
IMAGE_USER=alice
COMMAND=(sh -c '
	echo open-sesame | su - bob -c "id -un; id -Gn; pwd; touch made; stat -c %U made" 2>&1
	echo wrong | su bob -c id 2>&1 || echo refused')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(sed 's/^Password: *//' "$OUTPUT" | grep .) == $'bob\nbob\n/home/bob\nbob\nsu: Authentication failure\nrefused' ]]
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
EXTRA_BECAUSE="AUDIT_WRITE: its message for the audit log is sent and accepted; refused, it goes on without a word"
