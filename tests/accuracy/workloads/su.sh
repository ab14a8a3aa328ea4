# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# root becomes an ordinary user with su, whose groups PAM sets up.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd -m -G users alice'
	'--customize-hook=chroot "$1" useradd -m bob'
	'--customize-hook=echo bob:open-sesame | chroot "$1" chpasswd')
COMMAND=(su - alice -c 'id -un; id -Gn; pwd; touch made; stat -c %U made')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'alice\nalice users\n/home/alice\nalice' ]]
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
EXTRA_BECAUSE="AUDIT_WRITE: its message for the audit log is sent and accepted; refused, it goes on without a word"
