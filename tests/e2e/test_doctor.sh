# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# leastcap doctor: what it says of this host is what a recording then meets.

# as_nobody COMMAND...: without root and without any capability.
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set -all --inh-caps -all "$@"
}

# A copy of the program that everybody may execute, wherever it was built.
everybodys_leastcap() {
	chmod 755 "$TEST_DIR"
	install -m 755 "$LEASTCAP" "$TEST_DIR/leastcap"
}

# check NAME FILTER: what the jq FILTER prints for the check NAME of doctor.json.
check() {
	jq -r --arg name "$1" '[.checks[] | select(.name == $name)]
		| if length == 1 then .[0] else error("\(length) checks are called \($name)") end | '"$2" doctor.json
}

# Its text, whatever its exit status.
text_of_doctor() {
	"$LEASTCAP" doctor || true
}

# doctor OPTION...: its JSON is in doctor.json, its exit status in $STATUS.
doctor() {
	STATUS=0
	"$LEASTCAP" doctor --json "$@" >doctor.json || STATUS=$?
}

works() {
	"$LEASTCAP" run -q -o /dev/null "$@" -- true 2>/dev/null
}

test_the_first_line_says_whether_recording_works_here() {
	local said
	said=$(text_of_doctor | head -n1)
	works || fail "this host cannot record: $said"
	assert_match "$said" '^leastcap can record here' "the first line"
	doctor
	assert_eq "$(jq .can_record doctor.json)" true "can_record"
}

test_the_hooks_that_it_names_are_those_that_work() {
	local hook found
	doctor
	found=$(check hooks .found)
	for hook in fexit tp_btf kprobe; do
		if works --hook "$hook"; then
			assert_match "${found%%;*}" "(^|, )$hook(,|$)" "the hooks that work"
		else
			assert_match "${found#*;}" "not here: .*$hook \\(.+\\)" "the hooks that do not, with the reason"
		fi
	done
	assert_eq "$(check hooks .state)" ok "one that works is enough: the state"
}

test_the_exit_status_goes_with_the_worst_state() {
	local worst
	doctor
	worst=$(jq -r '[.checks[].state] | if any(. == "missing") then 2 elif all(. == "ok") then 0 else 1 end' doctor.json)
	assert_eq "$STATUS" "$worst" "the exit status"
	doctor --btf /etc/passwd
	assert_eq "$STATUS" 2 "the exit status with a file that holds no types"
}

test_json_has_an_object_for_each_line_of_the_text() {
	doctor
	assert_eq "$(jq -r .schema doctor.json)" leastcap-doctor/1 "the schema"
	assert_eq "$(jq -r '.checks[] | "\(.state) \(.name)"' doctor.json)" \
		"$(text_of_doctor | awk 'NR > 2 && /^[a-z]/ { print $1, $2 }')" "states and names"
	assert_eq "$(jq '[.checks[] | keys[]] - ["name", "state", "found", "cost", "remedy"] | length' doctor.json)" 0 \
		"the number of other keys"
	assert_eq "$(jq '[.checks[] | select(.state == "degraded" or .state == "missing") | select(.cost | not)] | length' \
		doctor.json)" 0 "the number of faults that cost nothing"
}

test_without_root_it_says_plainly_what_is_missing() {
	local status=0
	everybodys_leastcap
	as_nobody "$TEST_DIR/leastcap" doctor >said 2>err || status=$?
	assert_eq "$status" 2 "the exit status"
	assert_match "$(head -n2 said)" '^leastcap cannot record here: .*CAP_BPF.*CAP_PERFMON' "the first line"
	assert_match "$(<said)" 'do: .*root' "what to do"
	assert_match "$(<said)" 'hooks +can.t be told' "what can't be told"
	assert_match "$(<said)" "kernel +$(uname -r)" "what can be told"
	assert_eq "$(<err)" "" "standard error"
}

test_what_it_calls_missing_record_refuses_for() {
	local caps=-all,+bpf,+perfmon,+sys_resource
	setpriv --inh-caps -all --bounding-set "$caps" "$LEASTCAP" doctor --json >doctor.json || true
	assert_match "$(check privileges '"\(.state) \(.found)"')" '^missing CAP_SYS_PTRACE' "the privileges"
	assert_refused 1 'CAP_SYS_PTRACE' setpriv --inh-caps -all --bounding-set "$caps" "$LEASTCAP" record --for 1s
}

test_with_capabilities_that_only_tell_less_it_says_what_is_lost() {
	setpriv --inh-caps -all --bounding-set -all,+bpf,+perfmon,+sys_ptrace,+sys_resource "$LEASTCAP" doctor --json \
		>doctor.json || true
	assert_match "$(check privileges '"\(.state) \(.found) \(.cost)"')" \
		'^degraded .*CAP_DAC_READ_SEARCH.*without CAP_DAC_READ_SEARCH: ' "the privileges"
}

test_in_a_container_it_says_so() {
	unshare --pid --fork --cgroup --mount-proc "$LEASTCAP" doctor --json >doctor.json || true
	assert_match "$(check place '"\(.state) \(.found)"')" '^degraded in a container' "the place"
	unshare --user --map-root-user "$LEASTCAP" doctor --json >doctor.json || true
	assert_match "$(check privileges '"\(.state) \(.found)"')" '^missing .*user namespace' "the privileges"
}

test_an_engine_that_misbehaves_degrades_and_is_not_waited_for() {
	local mode pid started
	for mode in nonsense garbage error endless closes slow hang; do
		"$E2E/fake-engine" "$mode" "$TEST_DIR/$mode.sock" &
		pid=$!
		wait_until test -S "$mode.sock"
		started=$SECONDS
		DOCKER_HOST=unix://$TEST_DIR/$mode.sock doctor
		kill "$pid"
		assert_match "$(check docker '"\(.state) \(.found)"')" "^degraded .*$mode.sock" "an engine that is $mode"
		((SECONDS - started < 30)) || fail "an engine that is $mode: it took $((SECONDS - started)) s"
	done
}

test_docker_is_told_with_the_version_that_it_says() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	doctor
	assert_eq "$(check docker '"\(.state) \(.found | split(" ")[0])"')" "ok $("$DOCKER" version -f '{{.Server.Version}}')" "docker"
}

test_it_reads_well_where_no_terminal_is() {
	everybodys_leastcap
	(
		text_of_doctor
		as_nobody "$TEST_DIR/leastcap" doctor || true
	) >said
	assert_no_match "$(<said)" "$ESC" "what is written to a file"
	assert_eq "$(LC_ALL=C.UTF-8 grep -E '^.{81}' said)" "" "the long lines"
}

test_colours_are_for_terminals_without_no_color() {
	assert_match "$(TERM=xterm script -qec "$LEASTCAP doctor" /dev/null)" "${ESC}\[32mok" "what a terminal shows"
	assert_no_match "$(NO_COLOR=1 TERM=xterm script -qec "$LEASTCAP doctor" /dev/null)" "$ESC" "what it shows with NO_COLOR"
}

# What a recording could leave on the host.
traces() {
	find /sys/fs/cgroup -type d -name '*leastcap*'
	find "$TEST_DIR" /sys/fs/bpf -mindepth 1 2>/dev/null || true
	grep -rhs leastcap /sys/kernel/tracing/kprobe_events /sys/kernel/debug/tracing/kprobe_events || true
}

test_it_leaves_nothing_behind() {
	local before
	before=$(traces)
	text_of_doctor >/dev/null
	assert_eq "$(traces)" "$before" "what is on the host"
}

test_it_takes_no_words() {
	assert_refused 2 'web' "$LEASTCAP" doctor web
	assert_refused 2 'jsn.*--json' "$LEASTCAP" doctor --jsn
}
