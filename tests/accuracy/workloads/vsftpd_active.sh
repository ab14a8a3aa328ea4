# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# vsftpd sends files from port 20, as its configuration in Debian has it: of all its capabilities it keeps NET_BIND_SERVICE for that, after it
# has read what it has.
# shellcheck source=tests/accuracy/workloads/vsftpd.sh
source "$ACCURACY/workloads/vsftpd.sh"
COMMAND=(sh -c 'mkdir -p /run/vsftpd/empty && vsftpd /etc/vsftpd.conf -oconnect_from_port_20=YES; exit 1')

works() {
	eventually 5 stored
	[[ $(ftp --ftp-port - "ftp://$ADDRESS/letter") == "good day" ]] || fail "the file did not come back"
	still_running 1
}

PROVEN="NET_BIND_SERVICE SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, vsftpd 3.0.3-13+b2"
