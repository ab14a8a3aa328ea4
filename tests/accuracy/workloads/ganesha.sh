# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# NFS-Ganesha exports a directory. It knows files by their handles, for which Docker 20.10's filter of system calls wants SYS_ADMIN, and
# creates them as whoever asks for it.
PACKAGES="nfs-ganesha nfs-ganesha-vfs libnfs-utils"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/ganesha/export.conf" <<CONFIGURATION
NFS_CORE_PARAM {
	Protocols = 4;
	Enable_NLM = false;
	Enable_RQUOTA = false;
}
NFSv4 {
	Graceless = true;
	RecoveryBackend = fs;
}
EXPORT {
	Export_Id = 1;
	Path = /export;
	Pseudo = /export;
	Protocols = 4;
	Transports = TCP;
	SecType = sys;
	Access_Type = RW;
	Squash = No_Root_Squash;
	FSAL {
		Name = VFS;
	}
}
CONFIGURATION')
OPTIONS=(--cap-add DAC_READ_SEARCH --cap-add SYS_ADMIN --tmpfs /export:mode=777)
COMMAND=(sh -c 'mkdir -p /run/ganesha && exec ganesha.nfsd -F -L /dev/stdout -f /etc/ganesha/export.conf -p /run/ganesha.pid')

# url PATH: of what it exports, for the user 1000.
url() {
	printf 'nfs://%s%s?version=4&uid=1000&gid=1000' "$ADDRESS" "$1"
}

works() {
	eventually 30 peer_outside nfs-ls "$(url /export)"
	peer_outside nfs-cp /etc/debian_version "$(url /export/letter)" || fail "the file was not taken"
	[[ $(peer_outside nfs-cat "$(url /export/letter)") == 12.* ]] || fail "the file did not come back"
	[[ $(owner_in /export/letter) == 1000:1000* ]] || fail "the file is $(owner_in /export/letter)"
	still_running 1
}

PROVEN="DAC_READ_SEARCH FOWNER SETGID SETUID SYS_ADMIN"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, libnfs-utils 4.0.0-1, nfs-ganesha 4.3-2, nfs-ganesha-vfs 4.3-2"
EXTRA_BECAUSE="DAC_OVERRIDE: it opens the file that it has just given away for reading and writing; refused, it opens it for reading, and goes on"
