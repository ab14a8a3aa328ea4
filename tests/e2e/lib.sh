# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The words that the end-to-end tests are written in. Sourced by tests/e2e/child, in the test's own directory.
# shellcheck disable=SC2034

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$E2E/../.." && pwd)
# shellcheck source=tests/containers.sh
source "$E2E/../containers.sh"
LEASTCAP=${LEASTCAP:-$ROOT/build/leastcap}
PROGRAMS=$ROOT/build/tests/${SUITE:-e2e}/programs
PROFILE=$TEST_DIR/profile.json
ESC=$'\033'

# --- saying how it went

# assert_eq ACTUAL EXPECTED WHAT
assert_eq() {
	[[ $1 == "$2" ]] || fail "$3: expected '$2', got '$1'"
}

# assert_match TEXT REGEX WHAT
assert_match() {
	[[ $1 =~ $2 ]] || fail "$3: nothing matches /$2/ in: $1"
}

# assert_no_match TEXT REGEX WHAT
assert_no_match() {
	[[ ! $1 =~ $2 ]] || fail "$3: /$2/ matches in: $1"
}

# assert_one_line TEXT WHAT
assert_one_line() {
	[[ $1 && $1 != *$'\n'* ]] || fail "$2: expected one line, got: '$1'"
}

# assert_refused STATUS REGEX COMMAND...: COMMAND ends with STATUS, prints nothing, and says why in one line.
assert_refused() {
	local expected=$1 regex=$2 status=0
	shift 2
	"$@" >"$TEST_DIR/refused.out" 2>"$TEST_DIR/refused.err" </dev/null || status=$?
	assert_one_line "$(<"$TEST_DIR/refused.err")" "the message of '$*'"
	assert_match "$(<"$TEST_DIR/refused.err")" "$regex" "the message of '$*'"
	assert_eq "$(<"$TEST_DIR/refused.out")" "" "the output of '$*'"
	assert_eq "$status" "$expected" "the exit status of '$*'"
}

# wait_until COMMAND...: tries it for a minute, because a machine may be busy; on a slow one for $LEASTCAP_PATIENCE.
wait_until() {
	local seconds=${LEASTCAP_PATIENCE:-60}
	local deadline=$((SECONDS + seconds))
	while ((SECONDS <= deadline)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	fail "waited $seconds seconds for: $*"
}

# status_of COMMAND...: prints its exit status; its output goes to standard error.
status_of() {
	local status=0
	"$@" >&2 || status=$?
	printf '%s\n' "$status"
}

# --- containers; the runner removes every one that has the label

start_container() {
	local name=$1
	shift
	"$DOCKER" run -d --label leastcap-test --name "$name" "$@" >/dev/null
}

run_container() {
	local name=$1
	shift
	"$DOCKER" run --rm --label leastcap-test --name "$name" "$@"
}

# --- engines beside Docker

# make_root DIRECTORY PROGRAM: a root directory, with one of $PROGRAMS in it.
make_root() {
	mkdir -p "$1"/{proc,dev,sys}
	cp "$PROGRAMS/$2" "$1/"
}

need_podman() {
	[[ -x /usr/bin/podman ]] || skip "podman is not installed"
}

# Podman with a storage that goes with the test; runc, because not every crun takes every kind of cgroup hierarchy.
own_podman() {
	/usr/bin/podman --root "$TEST_DIR/storage" --runroot "$TEST_DIR/runroot" --tmpdir "$TEST_DIR/podman" \
		--cgroup-manager cgroupfs --runtime runc "$@"
}

# podman_status OPTION...: the /proc/PID/status of a program that Podman runs so; with limits that any root may set.
podman_status() {
	make_root root prints_status
	own_podman run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@" \
		--rootfs "$TEST_DIR/root" /prints_status
}

# What containerd grants where nobody says what.
CONTAINERD_GRANTS="AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT"

# The socket of the containerd that runs here, the system's or Docker's own; nothing when none answers.
containerd_socket() {
	local socket
	for socket in /run/containerd/containerd.sock /run/docker/containerd/containerd.sock \
		/run/leastcap-dockerd/exec/containerd/containerd.sock; do
		if [[ -S $socket ]] && timeout 5 ctr --address "$socket" version >/dev/null 2>&1; then
			printf '%s\n' "$socket"
			return
		fi
	done
}

# --- what answers in a container

# serves CONTAINER PORT: does it answer with a page?
serves() {
	curl --silent --fail --max-time 2 --output /dev/null "http://$(address_of "$1"):$2/"
}

# redis_answers CONTAINER: from outside, because a `docker exec` would be recorded too.
redis_answers() {
	local address
	address=$(address_of "$1")
	[[ $(timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/6379" && printf "PING\r\n" >&3 && head -n1 <&3' "$address") == +PONG* ]]
}

# --- recordings

# record_while STEP...: records what STEP, a function of the test file, starts in a shell of its own, and ends with it. STEP waits for what it wants.
record_while() {
	"$LEASTCAP" record --settle 0 -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" "$@"
}

# The same, and what ran before.
record_all_while() {
	"$LEASTCAP" record -a --settle 0 -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" "$@"
}

# links_of PID: prints how many programs it has attached. Nothing is run for it, because it is asked again and again while a slow
# machine loads programs.
links_of() {
	local file line n=0
	for file in /proc/"$1"/fdinfo/*; do
		while read -r line; do
			[[ $line != link_type:* ]] || n=$((n + 1))
		done 2>/dev/null <"$file"
	done 2>/dev/null
	printf '%s\n' "$n"
}

attached() {
	local before after
	before=$(links_of "$1")
	((before > 0)) || return 1
	sleep 0.1
	after=$(links_of "$1")
	((before == after))
}

# start_recording ARGUMENT...: `leastcap record` in the background, as an interactive shell starts it (a script's
# background jobs ignore Ctrl-C); its process is $RECORDER.
start_recording() {
	env --default-signal=INT,QUIT "$LEASTCAP" record -o "$PROFILE" "$@" &
	RECORDER=$!
	wait_until attached "$RECORDER"
}

# stop_recording SIGNAL: ends it; the exit status is $STATUS.
stop_recording() {
	STATUS=0
	kill -s "$1" "$RECORDER"
	wait "$RECORDER" || STATUS=$?
}

# The cgroups that leastcap made for itself and did not remove.
cgroups_of_leastcap() {
	find /sys/fs/cgroup -type d -name '*leastcap*' ! -path '*docker*'
}

# --- profiles

# query PROFILE NAME FILTER: what the jq FILTER prints for the one target called NAME.
query() {
	jq -r --arg name "$2" '[.targets[] | select(.name == $name)]
		| if length == 1 then .[0] else error("\(length) targets are called \($name)") end | '"$3" "$1"
}

# refused SYSCALL: "CAUSE RESULT COUNT" of those calls that were refused, in $PROFILE
refused() {
	jq -r --arg call "$1" '.targets[].failures // [] | map(select(.syscall == $call)) | group_by([.cause, .result])
		| .[] | "\(.[0].cause) \(.[0].result) \(map(.count) | add)"' "$PROFILE"
}

# assert_list PROFILE NAME "CHOWN SETUID": the list is exactly this one.
assert_list() {
	local list
	list=$(query "$1" "$2" '.cap_add | join(" ")') || fail "the targets in $1 are: $(jq -c '[.targets[] | {kind, name, id}]' "$1")"
	[[ $list == "$3" ]] || query "$1" "$2" '.evidence[] | "\(.class) \(.cap) \(.verdict) \(.authority) \(.credential)
		\(.phase) \(.count) \(.syscall) \(.caller) \(.exe)" | gsub("\\s+"; " ")' >&2
	assert_eq "$list" "$3" "the list of $2"
}

# docker_options PROFILE NAME: the line of options that the docker report gives for NAME.
docker_options() {
	"$LEASTCAP" report -f docker "$1" | awk -v name="$2" 'found && !/^#/ { print; exit } /^#/ { found = index($0, name) }'
}
