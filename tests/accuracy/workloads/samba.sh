# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# smbd lets a user put a file into that user's share, keeps its access control list, and shows it.
PACKAGES="samba samba-vfs-modules smbclient"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd tester'
	'--customize-hook=cat >"$1/etc/samba/share.conf" <<CONFIGURATION
[global]
 server role = standalone
 map to guest = never
 log file = /dev/stdout
 logging = file
 smb ports = 445
 disable netbios = yes
 load printers = no
 printcap name = /dev/null
[share]
 path = /srv/share
 read only = no
CONFIGURATION'
	'--customize-hook=mkdir -p "$1/srv/share" && chroot "$1" chown tester: /srv/share'
	'--customize-hook=printf "secret\nsecret\n" | chroot "$1" smbpasswd -c /etc/samba/share.conf -s -a tester')
COMMAND=(smbd --foreground --no-process-group --configfile /etc/samba/share.conf)

smb() {
	peer smbclient --user tester%secret //127.0.0.1/share --command "$1"
}

works() {
	eventually 10 smb ls
	smb 'put /etc/hostname name' >"$SCRATCH/put" 2>&1 || fail "the file was not taken: $(tail -n 1 "$SCRATCH/put")"
	[[ $(smb 'get name -') ]] || fail "the file is not there"
	[[ $(owner_in /srv/share/name) == "$(uid_of tester):$(uid_of tester) 744" ]] || fail "the file is $(owner_in /srv/share/name)"
	still_running 1
	stopped_cleanly
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-29, Docker 20.10.24, Linux 6.18, samba 2:4.17.12+dfsg-0+deb12u4, samba-vfs-modules 2:4.17.12+dfsg-0+deb12u4, smbclient 2:4.17.12+dfsg-0+deb12u4"
EXTRA_BECAUSE="DAC_OVERRIDE: it opens /dev/stdout anew as its log; refused, it goes on with the one that it has"
