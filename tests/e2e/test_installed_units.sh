# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The user's task: recording as a service. leastcap's own units are started by systemd, confined as they are.

# shellcheck source=tests/e2e/systemd.sh
source "$E2E/systemd.sh"

CONTAINER=leastcap-units-${TEST_DIR##*/}

# start_own UNIT: as it is installed, but for where the program is, and where its messages go
start_own() {
	start_systemd
	sed "s|@BINDIR@|$(realpath "${LEASTCAP%/*}")|" "$ROOT/scripts/systemd/$1.service.in" >"$UNITS/$1.service"
	unit "$1.service.d/test.conf" '[Service]' "StandardError=append:$TEST_DIR/said"
	# One container is there before, and another one comes.
	use before
	systemctl daemon-reload
	systemctl start "$1" 2>/dev/null || fail "it does not start: $(<said)"
	assert_eq "$(systemctl is-active "$1")" active "the service"
}

# use NAME: that of it which is a container, a cgroup with a mount namespace of its own, changes the owner of a file. Its cgroup stays.
use() {
	# shellcheck disable=SC2016
	beside_systemd sh -c 'mkdir -p "$0" && echo $$ >"$0/cgroup.procs" && exec unshare --mount chown 1:1 "$1"' \
		"/sys/fs/cgroup/systemd-under-test/lxc.payload.$CONTAINER-$1" "$TEST_DIR/file"
}

# status UNIT: of its process
status() {
	beside_systemd cat "/proc/$(systemctl show -p MainPID --value "$1")/status"
}

# assert_confined UNIT: its process may gain no privileges, and has a filter of system calls.
assert_confined() {
	status "$1" >said.status
	assert_match "$(<said.status)" $'NoNewPrivs:\t1' "what it may not gain"
	assert_match "$(<said.status)" $'Seccomp:\t2' "its filter"
}

# bounded UNIT MASK: is that its bounding set?
bounded() {
	[[ $(status "$1") == *$'\nCapBnd:\t'$(printf '%016x' "$2")$'\n'* ]]
}

stop_own() {
	systemctl stop "$1"
	assert_eq "$(systemctl show -p Result -p ExecMainStatus -p ActiveState "$1" | sort | paste -sd ' ')" "ActiveState=inactive ExecMainStatus=0 Result=success" "how it ended"
}

# list OF...: what a report prints for the container that came
list() {
	"$LEASTCAP" report -t "$CONTAINER-after" -f docker "$@" 2>/dev/null
}

test_leastcap_service_records_answers_and_ends() {
	touch file
	start_own leastcap
	assert_confined leastcap
	# BPF, PERFMON, SYSLOG, SYS_PTRACE, DAC_READ_SEARCH
	bounded leastcap $((1 << 39 | 1 << 38 | 1 << 34 | 1 << 19 | 1 << 2)) || fail "it is bounded otherwise: $(<said.status)"
	assert_eq "$(curl --silent --unix-socket run/leastcap/http http://localhost/readyz)" ready "whether it is ready"
	use after
	wait_until eval 'curl --silent --unix-socket run/leastcap/http http://localhost/metrics | grep "^leastcap_capability_required{.*$CONTAINER-after.*CHOWN"'
	stop_own leastcap
	[[ ! -e run/leastcap ]] || fail "its socket is still there"
	assert_match "$(list --store state/leastcap)" '--cap-add=CHOWN' "the list"
}

test_leastcap_record_service_writes_a_profile_when_it_is_stopped() {
	touch file
	start_own leastcap-record
	assert_confined leastcap-record
	# It gives everything up when it records.
	wait_until bounded leastcap-record 0
	use after
	stop_own leastcap-record
	assert_match "$(list state/leastcap/*.json)" '--cap-add=CHOWN' "the list"
}
