# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# root reads what only its owner may read: a file in a private directory.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=install -d -o 1001 -g 1001 -m 700 "$1/srv/private"; echo secret >"$1/srv/private/file"'
	'--customize-hook=chown 1001:1001 "$1/srv/private/file"; chmod 600 "$1/srv/private/file"')
COMMAND=(cat /srv/private/file)
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == secret ]]
}

PROVEN="DAC_OVERRIDE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
