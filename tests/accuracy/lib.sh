# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The words that the workloads are written in, and how one is run. Sourced by attempt, compare and prove.
# shellcheck disable=SC2034

ACCURACY=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
source "$ACCURACY/../../scripts/lib.sh"
# shellcheck source=tests/containers.sh
source "$ACCURACY/../containers.sh"
LEASTCAP=${LEASTCAP:-$ROOT/build/leastcap}

# What Docker grants to every container.
DEFAULTS="AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP
SETUID SYS_CHROOT"
# Seconds that a container whose command ends by itself has for that.
ONESHOT_LIMIT=60

# --- workloads

# load_workload NAME: reads its file. OPTIONS are taken apart: what they grant is GRANTED (words), EVERYTHING (is that all
# there are?) and PRIVILEGED; the rest is PLAIN_OPTIONS.
load_workload() {
	WORKLOAD=$1
	WORKLOAD_FILE=$ACCURACY/workloads/$1.sh
	[[ -f $WORKLOAD_FILE ]] || die "there is no $WORKLOAD_FILE"
	PACKAGES='' IMAGE_OPTIONS=() IMAGE_USER='' OPTIONS=() COMMAND=() ONESHOT=''
	PROVEN_BY='' EXTRA_BECAUSE=''
	unset PROVEN
	# shellcheck source=/dev/null
	source "$WORKLOAD_FILE"
	[[ $PACKAGES && ${#COMMAND[@]} -gt 0 && $(type -t works) == function ]] ||
		die "$WORKLOAD_FILE has no PACKAGES, no COMMAND or no works()"
	read_options
}

read_options() {
	local option value=''
	GRANTED=$DEFAULTS PRIVILEGED='' EVERYTHING='' PLAIN_OPTIONS=()
	for option in "${OPTIONS[@]}"; do
		case $value$option in
		--cap-add | --privileged=false) ;;
		--cap-add=* | --cap-add\ *)
			option=${option#--cap-add=}
			option=${option^^}
			GRANTED+=" ${option#CAP_}"
			;;
		--privileged | --privileged=true) PRIVILEGED=yes ;;
		*) PLAIN_OPTIONS+=("$option") ;;
		esac
		value=
		[[ $option != --cap-add ]] || value='--cap-add '
	done
	[[ ! $PRIVILEGED && " $GRANTED " != *" ALL "* ]] || EVERYTHING=yes
	GRANTED=$(sorted "$GRANTED")
}

# sorted "B A": A B
sorted() {
	local words
	read -r -d '' -a words <<<"$1" || true
	printf '%s\n' "${words[@]}" | LC_ALL=C sort -u | paste -sd ' '
}

# without "A B C" B...: A C
without() {
	local word kept=()
	for word in $1; do
		[[ " ${*:2} " == *" $word "* ]] || kept+=("$word")
	done
	printf '%s\n' "${kept[*]}"
}

# options_of_set SET: grant exactly these capabilities; a privileged container keeps its other liberties, as far as options
# can give them.
options_of_set() {
	local capability
	printf '%s\n' --cap-drop=ALL
	for capability in $1; do
		printf '%s\n' "--cap-add=$capability"
	done
	[[ ! $PRIVILEGED ]] || printf '%s\n' --security-opt=seccomp=unconfined --security-opt=apparmor=unconfined \
		--security-opt=systempaths=unconfined '--device-cgroup-rule=a *:* rwm'
}

# Prints the tag of the workload's image. Workloads with the same packages and options share it; one of them builds it.
image_of_workload() {
	local key
	# In front, because debian-image removes the older tarballs whose names begin like a new one's.
	key=$(printf '%s\n' "$PACKAGES" "${IMAGE_OPTIONS[@]}" | sha256sum | cut -c1-8)
	mkdir -p "$CACHE"
	# shellcheck disable=SC2086
	flock "$CACHE/leastcap-accuracy-$key.lock" "$ROOT/scripts/debian-image" "leastcap-accuracy-$key-${PACKAGES%% *}" \
		"${IMAGE_OPTIONS[@]}" $PACKAGES
}

# skip_unless_possible: where Docker is missing, or this machine's root lacks what the workload is granted.
skip_unless_possible() {
	local lacking
	docker_answers || skip "no Docker Engine answers"
	[[ ! $EVERYTHING || $(privileged_runtime) ]] ||
		skip "root lacks a capability here: Docker cannot start privileged containers"
	lacking=$(without "$GRANTED" ALL "$(paste -sd ' ' < <(bounds))")
	[[ -z $lacking ]] || skip "root lacks ${lacking// /, } here"
}

# set_of_everything: what Docker grants to a container that is to have all; it may not know the newest.
set_of_everything() {
	local mask
	mask=$("$DOCKER" run --rm --label "$LABEL" --cap-add ALL --runtime "$(privileged_runtime)" "$IMAGE" \
		awk '/^CapBnd:/ { print $2 }' /proc/self/status)
	sorted "$(names_of_mask "$mask")"
}

# --- how to run one: in $CONTAINER, labelled $LABEL

# start_workload [SET]: starts the container, granted as its OPTIONS say or exactly the capabilities of SET.
start_workload() {
	local options=(--label "$LABEL" --name "$CONTAINER")
	[[ ${IMAGE-} ]] || IMAGE=$(image_of_workload) || exit 2
	[[ -z $IMAGE_USER ]] || options+=(--user "$IMAGE_USER")
	if (($#)); then
		mapfile -t -O "${#options[@]}" options < <(options_of_set "$1")
		options+=("${PLAIN_OPTIONS[@]}")
	else
		options+=("${OPTIONS[@]}")
		[[ ! $EVERYTHING ]] || options+=(--runtime "$(privileged_runtime)")
	fi
	STATUS=0
	OUTPUT=$SCRATCH/output
	if [[ $ONESHOT ]]; then
		timeout "$ONESHOT_LIMIT" "$DOCKER" run "${options[@]}" "$IMAGE" "${COMMAND[@]}" >"$OUTPUT" 2>&1 </dev/null || STATUS=$?
		((STATUS != 124)) || fail "it had not ended after $ONESHOT_LIMIT s"
	else
		"$DOCKER" run -d "${options[@]}" "$IMAGE" "${COMMAND[@]}" >"$OUTPUT" 2>&1 || STATUS=$?
		ADDRESS=$(address_of "$CONTAINER" 2>/dev/null) || true
	fi
	((STATUS != 125)) || { cat "$OUTPUT" >&2 && exit 2; }
	[[ $ONESHOT || $STATUS == 0 ]] || fail "it was not started: $(<"$OUTPUT")"
}

# stop_workload: what people do with a container in the end.
stop_workload() {
	! is_running || "$DOCKER" stop -t 2 "$CONTAINER" >/dev/null
}

is_running() {
	[[ $("$DOCKER" inspect -f '{{.State.Running}}' "$CONTAINER" 2>/dev/null) == true ]]
}

# --- for works(): asking the service

# peer COMMAND...: runs COMMAND in another container of the same image that has the same network; its checks are not the
# workload's.
peer() {
	run_peer --network "container:$CONTAINER" "$IMAGE" "$@"
}

# peer_outside COMMAND...: the same, with an address of its own on the same bridge.
peer_outside() {
	run_peer "$IMAGE" "$@"
}

run_peer() {
	"$DOCKER" run --rm -i --label "$LABEL" --name "$CONTAINER-peer-${EPOCHREALTIME/./}" \
		--cap-add NET_RAW --cap-add NET_ADMIN "$@"
}

# eventually SECONDS COMMAND...: tries COMMAND until it passes, for so long, or until the container has ended.
eventually() {
	local seconds=$1 deadline=$((SECONDS + $1)) ended=
	shift
	while ((SECONDS <= deadline)) && [[ ! $ended ]]; do
		[[ $ONESHOT ]] || is_running || ended=yes
		! "$@" >"$SCRATCH/eventually" 2>&1 || return 0
		sleep 0.2
	done
	[[ ! $ended ]] || fail "it has ended before this: $*: $(logs | tail -n 1)"
	fail "not within $seconds s: $*: $(tail -n 1 "$SCRATCH/eventually")"
}

# signal_container SIGNAL: to its first process.
signal_container() {
	"$DOCKER" kill -s "$1" "$CONTAINER" >/dev/null
}

# redis WORD...: sends one command to the redis at $ADDRESS and prints the first line of its answer.
redis() {
	timeout 5 bash -c 'exec 3<>"/dev/tcp/$0/6379" && printf "%s\r\n" "$*" >&3 && head -n 1 <&3' "$ADDRESS" "$*"
}

# stopped_cleanly [SECONDS]: `docker stop` ends it within SECONDS (10), and it was not killed.
stopped_cleanly() {
	local seconds=${1:-10} status
	"$DOCKER" stop -t "$seconds" "$CONTAINER" >/dev/null
	status=$("$DOCKER" inspect -f '{{.State.ExitCode}}' "$CONTAINER")
	[[ $status == 0 || $status == 143 ]] || fail "it did not stop cleanly within $seconds s: exit status $status"
}

# started_again: stops it, and starts it with the files that it has. Its address may be another.
started_again() {
	"$DOCKER" restart -t 10 "$CONTAINER" >/dev/null
	ADDRESS=$(address_of "$CONTAINER")
}

# logs: what it printed.
logs() {
	"$DOCKER" logs "$CONTAINER" 2>&1
}

# --- for works(): looking in from outside, because what a `docker exec` asks for would be the workload's

# The container's processes, as process ids of the host, a line each.
processes() {
	"$DOCKER" top "$CONTAINER" -eo pid 2>/dev/null | tail -n +2 | tr -d ' '
}

# The container's processes but its first one.
workers() {
	local pid first
	first=$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")
	for pid in $(processes); do
		[[ $pid == "$first" ]] || printf '%s\n' "$pid"
	done
}

# replaced PIDS: are there workers, and none of the old ones?
replaced() {
	[[ $(workers) && ! $(comm -12 <(sort <<<"$1") <(workers | sort)) ]]
}

# named PID PROGRAM: is PID's process called PROGRAM, by itself or by its file?
named() {
	local comm exe
	comm=$(cat "/proc/$1/comm" 2>/dev/null) && exe=$(readlink "/proc/$1/exe") || return 1
	[[ $comm == "${2:0:15}" || ${exe##*/} == "$2" ]]
}

# users_of PROGRAM: the uids that its processes have, real, effective, saved and of the file system, each once: "0 33".
users_of() {
	local pid
	for pid in $(processes); do
		! named "$pid" "$1" || awk '/^Uid:/ { print $2; print $3; print $4; print $5 }' "/proc/$pid/status" 2>/dev/null || true
	done | sort -nu | paste -sd ' '
}

# uid_of NAME: in the image.
uid_of() {
	file_in /etc/passwd | awk -F: -v name="$1" '$1 == name { print $3; found = 1 } END { exit !found }'
}

# file_in PATH: what is in it, also after the container ended (then not of its tmpfs mounts).
file_in() {
	local pid
	pid=$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")
	if ((pid)); then
		nsenter --target "$pid" --mount cat "$1"
	else
		"$DOCKER" cp -L "$CONTAINER:$1" - | tar -xO
	fi
}

# owner_in PATH: whose it is and its mode, while the container runs: "0:4 640".
owner_in() {
	nsenter --target "$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")" --mount stat -c '%u:%g %a' "$1"
}

# The processes with what does not change in their lives: "PID STARTED NAME".
lives() {
	local pid
	for pid in $(processes); do
		# The name may have blanks and parentheses in it.
		sed -nE 's/^([0-9]+) \((.*)\) (\S+ ){19}([0-9]+) .*/\1 \4 \2/p' "/proc/$pid/stat" 2>/dev/null || true
	done | sort
}

# still_running SECONDS: after so long it still runs, and no process of it has been replaced by another of its name.
still_running() {
	local before after gone come name
	before=$(lives)
	sleep "$1"
	is_running || fail "it has ended within $1 s: $(logs | tail -n 3)"
	after=$(lives)
	gone=$(comm -23 <(printf '%s\n' "$before") <(printf '%s\n' "$after") | cut -d ' ' -f 3-)
	come=$(comm -13 <(printf '%s\n' "$before") <(printf '%s\n' "$after") | cut -d ' ' -f 3-)
	while read -r name; do
		[[ -z $name ]] || ! grep -qxF -- "$name" <<<"$come" ||
			fail "a process called $name ended and was replaced: $(logs | tail -n 3)"
	done <<<"$gone"
}
