# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs tests with containers one after the other, ends what each left behind, and counts them. Sourced by tests/*/run,
# after scripts/lib.sh.
# shellcheck source=tests/containers.sh
source "$ROOT/tests/containers.sh"

passed=0 failed=0 skipped=0
session=
LIMIT='' LABEL='' scratch=''
# The lock of only_one, which nothing that a test leaves running gets.
exec {lock}</dev/null

# only_one LABEL: waits until no other suite that removes what has LABEL runs. It comes before begin_suite, whose end removes.
only_one() {
	mkdir -p "$CACHE"
	exec {lock}>"$CACHE/$1.lock"
	flock --nonblock "$lock" && return
	printf 'waiting for the end of another run, whose containers have the label %s, too\n' "$1" >&2
	flock "$lock"
}

# begin_suite NAME LIMIT LABEL: a test has LIMIT seconds; the containers and networks that have LABEL go after it.
begin_suite() {
	LIMIT=$2 LABEL=$3
	need_root
	[[ -x ${LEASTCAP:-$ROOT/build/leastcap} ]] || die "there is no ${LEASTCAP:-$ROOT/build/leastcap}: run make"
	scratch=$(mktemp -d "/var/tmp/leastcap-$1.XXXXXX")
	cgroups_of_engines >"$scratch/cgroups"
	trap on_exit EXIT
	trap 'exit 130' INT TERM
}

# The cgroups of Podman and of containerd for Kubernetes, which they leave behind when the containers are gone.
cgroups_of_engines() {
	find /sys/fs/cgroup -type d \( -path '*/libpod_parent*' -o -path '*/k8s.io*' \) 2>/dev/null | LC_ALL=C sort
}

# Those that were not there before and have no process; and what a test of hostile users did not come to remove.
remove_cgroups() {
	cgroups_of_engines | LC_ALL=C comm -13 "$scratch/cgroups" - | sort -r | xargs -r rmdir 2>/dev/null
	find /sys/fs/cgroup -mindepth 2 -maxdepth 2 -type d \( -name 'leastcap-hostile*' -o -name 'hostile-*' \) -exec find {} -depth -type d -exec rmdir {} + \; 2>/dev/null
}

# Ends what the test left: the processes of its session, its containers, its mounts, its cgroups.
clean_up() {
	local interrupted=
	# What an interrupted test has trapped is done; timeout sees to it that it ends.
	[[ ! $session ]] || ! kill "$session" 2>/dev/null || interrupted=yes
	[[ ! $interrupted ]] || wait "$session" || true
	[[ ! $session ]] || { pkill -KILL -s "$session" && wait "$session"; } 2>/dev/null || true
	session=
	if docker_answers; then
		# Docker may still be creating one.
		[[ ! $interrupted ]] || sleep 1
		remove_labelled "$LABEL"
	fi
	awk -v dir="$scratch/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l || true
	remove_cgroups || true
}

on_exit() {
	clean_up
	rm -rf "$scratch"
}

# run_test TITLE COMMAND...: COMMAND runs in a directory of its own, $TEST_DIR.
run_test() {
	local title=$1 status=0 started=$EPOCHREALTIME seconds
	shift
	# A short name: the address of a UNIX socket has room for 107 bytes.
	export TEST_DIR=$scratch/$((passed + failed + skipped + 1))
	mkdir "$TEST_DIR"
	# A session of its own, so that everything it started can be found again.
	(cd "$TEST_DIR" && exec setsid timeout --kill-after=5 "$LIMIT" "$@") >"$TEST_DIR/log" 2>&1 </dev/null {lock}>&- &
	session=$!
	wait "$session" || status=$?
	clean_up
	seconds=$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
	report_test "$title" "$status" "$seconds"
	rm -rf "$TEST_DIR"
}

report_test() {
	local title=$1 status=$2 seconds=$3 reason=
	if ((status == 77)); then
		reason=$(cat "$TEST_DIR/skip")
		[[ ${LEASTCAP_NO_SKIP-} ]] || { printf 'skip %s # %s\n' "$title" "$reason" && ((++skipped)) && return; }
		reason="skipped, and LEASTCAP_NO_SKIP is set: $reason"
	elif ((status == 124 || status == 137)); then
		reason="not done after $LIMIT s"
	fi
	if ((status == 0)); then
		printf 'ok %s (%s s)\n' "$title" "$seconds"
		((++passed))
	else
		printf 'not ok %s (%s s)%s\n' "$title" "$seconds" "${reason:+ # $reason}"
		sed 's/^/    /' "$TEST_DIR/log" | tail -n 60
		((++failed))
	fi
}

# The last line; is all well?
finish_suite() {
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
	((failed == 0 && passed + skipped > 0))
}
