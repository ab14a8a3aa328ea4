# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A program that locks more memory than its limit allows.
PACKAGES="python3"
OPTIONS=(--cap-add IPC_LOCK --ulimit memlock=65536:65536)
COMMAND=(python3 -c '
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
size = 1 << 20
block = ctypes.create_string_buffer(size)
if libc.mlock(block, ctypes.c_size_t(size)):
    raise OSError(ctypes.get_errno(), "mlock")
print("locked", flush=True)
time.sleep(300)')

locked() {
	grep -q '^locked' < <(logs)
}

works() {
	eventually 5 locked
	file_in /proc/1/limits | grep -qE '^Max locked memory +65536 +65536 ' || fail "its limit is another one"
	file_in /proc/1/status | awk '/^VmLck:/ { exit $2 < 1024 }' || fail "less than a MiB is locked"
}

PROVEN="IPC_LOCK"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, python3 3.11.2-1+b1"
