# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An ordinary user changes its password with passwd, a set-user-id program.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd -m -G users alice'
	'--customize-hook=chroot "$1" useradd -m bob'
	'--customize-hook=echo bob:open-sesame | chroot "$1" chpasswd')
IMAGE_USER=bob
COMMAND=(sh -c 'printf "%s\n" open-sesame Kalimera.5 Kalimera.5 | passwd 2>&1')
ONESHOT=yes

works() {
	local before after
	((STATUS == 0))
	grep -q 'passwd: password updated successfully' "$OUTPUT"
	before=$("$DOCKER" run --rm --label "$LABEL" "$IMAGE" cat /etc/shadow)
	after=$(file_in /etc/shadow)
	[[ $(grep '^bob:' <<<"$before") != "$(grep '^bob:' <<<"$after")" ]] || fail "the password is the old one"
	[[ $(grep -v '^bob:' <<<"$before") == "$(grep -v '^bob:' <<<"$after")" ]] || fail "others changed, too"
	# 42 is shadow.
	[[ $("$DOCKER" cp "$CONTAINER:/etc/shadow" - | tar -tv --numeric-owner) == "-rw-r----- 0/42 "* ]]
}

PROVEN="CHOWN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
EXTRA_BECAUSE="AUDIT_WRITE: its message for the audit log is sent and accepted; refused, it goes on without a word"
