# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# atd runs a job as the user who left it, as cron does with one of a file. Who that was is known by a program that is set-user-ID.
# shellcheck source=tests/accuracy/workloads/cron.sh
source "$ACCURACY/workloads/cron.sh"
PACKAGES="at"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester')
COMMAND=(sh -c 'setpriv --reuid tester --regid tester --init-groups env HOME=/home/tester sh -c "cd; echo \"grep -E ^.id: /proc/self/status >letter; echo finished >>letter\" | at now"; exec atd -f')

PROVEN="DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, at 3.2.5-1+b1"
EXTRA_BECAUSE="AUDIT_WRITE: PAM writes to the host's audit log and goes on where it may not; sshd, for one, does not. CHOWN: it gives the file for the job's output away, and runs the job where it may not"
