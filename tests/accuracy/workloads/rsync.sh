# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A copy of other users' files: rsync, as root, reads private directories and gives the copies their owners and modes.
PACKAGES="rsync"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/home/alice/private" "$1/srv/home/bob" "$1/srv/home/team"'
	'--customize-hook=echo diary >"$1/srv/home/alice/private/diary"; echo list >"$1/srv/home/bob/list"'
	'--customize-hook=echo plan >"$1/srv/home/team/plan"'
	'--customize-hook=cd "$1/srv/home"; chown -R 1001:1001 alice; chown -R 1002:1002 bob; chown -R 1001:1003 team'
	'--customize-hook=cd "$1/srv/home"; chmod 700 alice alice/private; chmod 600 alice/private/diary; chmod 2770 team')
COMMAND=(rsync -a --numeric-ids /srv/home/ /srv/backup/)
ONESHOT=yes

# Modes, owners, times and names of what is in /srv/DIRECTORY.
list() {
	"$DOCKER" cp "$CONTAINER:/srv/$1" - | tar -tv --numeric-owner --full-time |
		awk -v top="$1/" '{ sub("^" top, "", $6); print }' | LC_ALL=C sort -k 6
}

works() {
	((STATUS == 0))
	[[ ! -s $OUTPUT ]]
	grep -q '^drwxrws--- 1001/1003 ' < <(list home) || fail "the source is not as meant"
	diff <(list home) <(list backup) >&2 || fail "the copy differs"
	[[ $(file_in /srv/backup/alice/private/diary) == diary ]]
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER FSETID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, rsync 3.2.7-1+deb12u6"
