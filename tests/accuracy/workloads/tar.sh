# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# Unpacking a system's files: tar, as root, restores owners, set-id bits, a device and a file's capability.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/made/home" "$1/srv/made/shared" "$1/srv/new"'
	'--customize-hook=cd "$1/srv/made"; cp "$1/bin/true" setuid; cp "$1/bin/true" setgid; cp "$1/bin/true" capable'
	'--customize-hook=cd "$1/srv/made"; echo mine >home/file; mknod -m 666 null c 1 3'
	'--customize-hook=cd "$1/srv/made"; chown -R 1001:1001 home; chown 0:1003 shared setgid; chown 1002:0 setuid'
	'--customize-hook=cd "$1/srv/made"; chmod 700 home; chmod 2775 shared; chmod 4755 setuid; chmod 2755 setgid'
	'--customize-hook=setcap cap_net_raw+ep "$1/srv/made/capable"'
	'--customize-hook=cd "$1/srv"; tar -C made "--xattrs-include=security.capability" --numeric-owner -cf made.tar .'
	'--customize-hook=rm -r "$1/srv/made"')
COMMAND=(tar -C /srv/new --xattrs '--xattrs-include=security.capability' --numeric-owner -xpf /srv/made.tar)
ONESHOT=yes

# Modes, owners, sizes, times (to the second) and names in the archive on standard input, whose top is TOP.
list() {
	tar -tv --numeric-owner --full-time |
		awk -v top="$1/" '{ sub(/\..*/, "", $5); $6 = substr($6, length(top) + 1); print }' | LC_ALL=C sort -k 6
}

works() {
	((STATUS == 0))
	[[ ! -s $OUTPUT ]]
	grep -q '^-rwxr-sr-x 0/1003 .* setgid$' < <(file_in /srv/made.tar | list .) || fail "the archive is not as meant"
	diff <(file_in /srv/made.tar | list .) <("$DOCKER" cp "$CONTAINER:/srv/new" - | list new) >&2 ||
		fail "what it unpacked differs"
	"$DOCKER" cp "$CONTAINER:/srv/new/capable" - | grep -a 'SCHILY.xattr.security.capability=' >/dev/null ||
		fail "the file has no capability"
}

PROVEN="CHOWN FOWNER FSETID MKNOD SETFCAP"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
