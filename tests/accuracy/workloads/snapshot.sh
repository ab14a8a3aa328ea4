# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A snapshot of other users' files by hard links: what may be linked, the kernel decides by DAC_OVERRIDE or FOWNER.
PACKAGES="rsync"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/home/alice/notes" "$1/srv/home/bob"'
	'--customize-hook=echo today >"$1/srv/home/alice/notes/diary"; echo list >"$1/srv/home/bob/list"'
	'--customize-hook=cd "$1/srv/home"; chown -R 1001:1001 alice; chown -R 1002:1002 bob')
COMMAND=(sh -ec '
	cp -al /srv/home /srv/snapshot
	cd /srv/snapshot
	stat -c "%h %u:%g %a" alice alice/notes/diary bob/list')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'3 1001:1001 755\n2 1001:1001 644\n2 1002:1002 644' ]]
}

PROVEN="CHOWN FOWNER"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, rsync 3.2.7-1+deb12u6"
EXTRA_BECAUSE="DAC_OVERRIDE: hard links to other users' files are allowed by it or by FOWNER, and the kernel asks for it first; FOWNER, which cp needs for times and modes, is enough"
