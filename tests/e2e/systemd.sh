# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A systemd of the test's own: it runs in a pid namespace and a cgroup, with no units but the test's, its /run is ./run and its /var/lib ./state.
# Sourced by the tests that need one.

# Starts it, and puts into PATH a systemctl that speaks to it, and beside_systemd, which runs a command where it is.
start_systemd() {
	local unit
	[[ -x /lib/systemd/systemd ]] || skip "systemd is not installed"
	# From 255 on a program of its own prepares services; which one that is is told by its parent, process 1 of the host.
	(($(systemctl --version | awk 'NR == 1 { print $2 }') < 255)) || skip "systemd's systemd-executor is known only below the host's process 1"
	UNITS=$TEST_DIR/units
	mkdir -p "$UNITS/default.target.wants" "$TEST_DIR"/{run,state,none,bin}
	chmod 755 "$TEST_DIR" "$UNITS" "$TEST_DIR/run"
	for unit in default sysinit basic shutdown sockets umount final; do
		printf '[Unit]\nDefaultDependencies=no\n' >"$UNITS/$unit.target"
	done
	trap stop_systemd EXIT
	# shellcheck disable=SC2016
	unshare --mount --pid --ipc --uts --fork --kill-child bash -c '
		mount --make-rprivate /
		umount -R /sys/fs/cgroup
		mount -t cgroup2 cgroup2 /sys/fs/cgroup
		mkdir /sys/fs/cgroup/systemd-under-test
		echo 0 >/sys/fs/cgroup/systemd-under-test/cgroup.procs
		mount -t proc proc /proc
		mount --bind "$0/run" /run
		mount --bind "$0/state" /var/lib
		export container=test SYSTEMD_UNIT_PATH=$0/units SYSTEMD_GENERATOR_PATH=$0/none SYSTEMD_ENVIRONMENT_GENERATOR_PATH=$0/none
		export SYSTEMD_LOG_TARGET=console
		exec /lib/systemd/systemd --system --show-status=false --unit=default.target' "$TEST_DIR" >"$TEST_DIR/systemd.log" 2>&1 </dev/null &
	SYSTEMD=$!
	# shellcheck disable=SC2016
	printf '#!/bin/bash\nexec nsenter -t "$(pgrep -P %s)" -m -p -i -u "$@"\n' "$SYSTEMD" >"$TEST_DIR/bin/beside_systemd"
	printf '#!/bin/bash\nexec beside_systemd /usr/bin/systemctl "$@"\n' >"$TEST_DIR/bin/systemctl"
	chmod 755 "$TEST_DIR"/bin/*
	PATH=$TEST_DIR/bin:$PATH
	wait_until systemctl is-system-running
}

stop_systemd() {
	local cgroup
	pkill -KILL -P "$SYSTEMD" || true
	wait "$SYSTEMD" || true
	for cgroup in /sys/fs/cgroup{,/unified}/systemd-under-test; do
		[[ ! -d $cgroup ]] || wait_until find "$cgroup" -depth -type d -exec rmdir {} +
	done
} 2>/dev/null

# unit NAME LINE...: that unit, of these lines.
unit() {
	local name=$1
	shift
	mkdir -p "$(dirname "$UNITS/$name")"
	{ [[ $name == */* ]] || printf '[Unit]\nDefaultDependencies=no\n' && printf '%s\n' "$@"; } >"$UNITS/$name"
}
