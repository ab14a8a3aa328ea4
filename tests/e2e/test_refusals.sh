# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every call that is refused has its cause, and what is said to open it does so: the calls of refusals.table, in real containers.

REQUIRES=docker
TABLE=$E2E/refusals.table
declare -A COLUMNS=([none]=3 [defaults]=4 [unconfined]=5 [podman]=6 [containerd]=7)

# --- the table

# cells COLUMN: "CALL SYSCALL CELL", of the calls that are tried there.
cells() {
	awk -v column="${COLUMNS[$1]}" '!/^(#|$)/ && $column != "." { print $1, $2, $column }' "$TABLE"
}

# taken_apart: to lines that end with a CELL it adds what is in that: CAUSE, WHAT, RESULT and "!" or "-" (a "-" where there is none).
taken_apart() {
	awk '{
		cell = $NF
		again = sub(/!$/, "", cell) ? "!" : "-"
		result = "EPERM"
		if (split(cell, halves, "=") > 1)
			result = halves[2]
		n = split(halves[1], parts, ":")
		print $0, parts[1], (n > 1 ? parts[2] : "-"), result, again
	}'
}

# expected COLUMN: "CALL SYSCALL RESULT CAUSE CAPABILITIES 1", of the calls that are refused there.
expected() {
	cells "$1" | grep -v -e ' -$' -e ' answer:' | taken_apart | awk '{
		n = split($5, what, ",")
		caps = ""
		for (i = 1; i <= n; i++)
			if (what[i] ~ /^[A-Z_]+$/)
				caps = caps (caps == "" ? "" : ",") what[i]
		print $1, $2, $6, $4, (caps == "" ? "-" : caps), 1
	}' | sort
}

# plan COLUMN...: "COLUMN WHAT CALL CELL CAUSE RESULT AGAIN": what has to be added in which container so that CALL is not refused any more.
# What a column before it has the same is not tried again.
plan() {
	local column
	for column; do
		cells "$column" | sed "s/^/$column /"
	done | taken_apart | awk '!seen[$2, $4]++ && $6 != "-" {
		n = split($6, what, ",")
		for (i = 1; i <= n; i++)
			print $1, what[i], $2, $4, $5, $7, $8
	}'
}

# --- the containers

# make_calls DIRECTORY COLUMN: the programs of the column's calls. Each is a file of its own.
make_calls() {
	local name _
	mkdir -p "$1"
	while read -r name _; do
		cp "$PROGRAMS/makes_call" "$1/$name"
	done < <(cells "$2" && printf 'makes_call\nnothing\nother_user\n')
	chown 65534:65534 "$1/other_user"
	chmod 4755 "$1/other_user"
}

# make_data DIRECTORY [attribute]: the files of the calls that are about files, with the immutable one not so.
make_data() {
	mkdir -p "$1/sticky"
	touch "$1/plain" "$1/immutable" "$1/private" "$1/sticky/file"
	chmod 600 "$1/private"
	chmod 1777 "$1/sticky"
	chown -R 1000:1000 "$1/private" "$1/sticky"
	[[ ${2-} == attribute ]] || chattr +i "$1/immutable"
}

remove_attributes() {
	chattr -R -f -i "$TEST_DIR"/data.* || true
}

# docker_run COLUMN WHAT: runs the calls that are its other arguments, with WHAT added ("-": nothing). What they say is NAME.results.
docker_run() {
	local column=$1 what=$2 name=leastcap-$1-$2 options node
	shift 2
	make_data "data.$name" "$what"
	options=(--network none --sysctl net.ipv4.ip_unprivileged_port_start=1024
		-v "$TEST_DIR/calls:/calls:ro" -v "$TEST_DIR/data.$name:/data")
	[[ $column == defaults ]] || options+=(--cap-drop ALL)
	[[ $column != unconfined && $what != unconfined ]] || options+=(--security-opt seccomp=unconfined)
	[[ $what == memlock ]] && options+=(--ulimit memlock=4194304:4194304) || options+=(--ulimit memlock=0:0)
	[[ $what == exec ]] && options+=(--tmpfs /noexec:exec) || options+=(--tmpfs /noexec:noexec)
	[[ $what != systempaths ]] || options+=(--security-opt systempaths=unconfined)
	[[ ! $what =~ ^[A-Z_]+$ ]] || options+=(--cap-add "$what")
	for node in kvm fuse; do
		[[ $what == device ]] && options+=(--device "$TEST_DIR/$node:/dev/$node") || options+=(-v "$TEST_DIR/$node:/dev/$node")
	done
	run_container "$name" "${options[@]}" "$IMAGE" /calls/makes_call /calls "$@" >"$name.results"
}

prepare_docker() {
	local version
	version=$("$DOCKER" version --format '{{.Server.Version}}')
	[[ $version == 20.10.* ]] || skip "the table holds for Docker 20.10, and this is $version"
	trap remove_attributes EXIT
	make_calls calls none
	cp "$PROGRAMS/makes_call" calls/nested_sethostname
	mknod kvm c 10 232
	mknod fuse c 10 229
}

# calls_of COLUMN: their names
calls_of() {
	cells "$1" | cut -d ' ' -f 1
}

every_column_of_docker() {
	local column
	for column in none defaults unconfined; do
		# shellcheck disable=SC2046
		docker_run "$column" - $(calls_of "$column")
	done
}

# every_step RUN COLUMN...: what plan says, two at a time; RUN is docker_run or one like it.
every_step() {
	local run=$1 column what call key n=0 _
	declare -A calls
	shift
	while read -r column what call _; do
		calls[$column $what]+=" $call"
	done < <(plan "$@")
	for key in "${!calls[@]}"; do
		# shellcheck disable=SC2086
		"$run" $key ${calls[$key]} &
		((++n % 2)) || wait
	done
	wait
}

# --- what was recorded

# failures NAME: what was recorded of NAME, as expected has it.
failures() {
	query "$PROFILE" "$1" '(.failures // [])[] | select(.exe // "" | startswith("/calls/"))
		| [(.exe | ltrimstr("/calls/")), .syscall, .result, .cause, ((.caps // []) | sort | join(",") | if . == "" then "-" else . end),
			.count] | map(tostring) | join(" ")' | sort
}

# not_there NAME: of the calls that NAME made without a filter, those that the kernel does not have, as a pattern for grep.
not_there() {
	printf '^('
	[[ $1 != *-unconfined-* ]] || sed -n 's/ ENOSYS$//p' "$1.results" | tr '\n' '|'
	printf ') '
}

# assert_refused_as COLUMN NAME: the calls ended as the table says, and were recorded so.
assert_refused_as() {
	local column=$1 name=$2 call cell result got _ wrong=''
	while read -r call _ cell _ _ result _; do
		read -r _ got < <(grep "^$call " "$name.results") || got=nothing
		[[ $got != ENOSYS || $column != unconfined ]] || continue
		[[ $cell != - || ! $got =~ ^(EPERM|EACCES|EROFS)$ ]] || wrong+=" $call:$got"
		[[ $cell == - || $got == "$result" ]] || wrong+=" $call:$got"
	done < <(cells "$column" | taken_apart)
	assert_eq "$wrong" "" "the results that differ from the table's column $column"
	diff -u --label "expected in $column" <(expected "$column" | grep -vE "$(not_there "$name")") \
		--label recorded <(failures "$name" | grep -vE "$(not_there "$name")") || fail "the refused calls of $name"
	assert_eq "$(query "$PROFILE" "$name" '[(.failures // [])[] | select(.why == null or .help == null) | .syscall] | unique | join(" ")')" "" \
		"the refused calls of $name without a sentence"
	while read -r call _ cell; do
		assert_match " $(query "$PROFILE" "$name" '[.evidence[] | select(.class == "blocked" and .exe == "/calls/'"$call"'") | .cap] | join(" ")') " \
			" ${cell#answer:} " "what $call wanted"
	done < <(cells "$column" | grep ' answer:')
}

# assert_opened COLUMN...: what every_step tried was enough.
assert_opened() {
	local column what call cause again got name _ wrong=''
	while read -r column what call _ cause _ again; do
		name=leastcap-$column-$what
		read -r _ got < <(grep "^$call " "$name.results") || got=nothing
		[[ $again == "!" || ! $got =~ ^(EPERM|EACCES|EROFS|nothing)$ ]] || wrong+=" $call:$got:$column+$what"
		! failures "$name" | grep -q "^$call [^ ]* [^ ]* $cause " || wrong+=" $call:$cause:$column+$what"
	done < <(plan "$@")
	assert_eq "$wrong" "" "the calls that are refused although they were opened"
}

# --- Docker

test_a_refused_call_has_its_cause_and_what_opens_it() {
	local column wrong=''
	prepare_docker
	record_while every_column_of_docker
	for column in none defaults unconfined; do
		(assert_refused_as "$column" "leastcap-$column--") || wrong+=" $column"
	done
	assert_eq "$wrong" "" "the columns that are wrong"
}

test_what_is_said_to_open_a_call_opens_it() {
	prepare_docker
	record_while every_step docker_run none defaults unconfined
	assert_opened none defaults unconfined
}

# --- Podman

# podman_run COLUMN WHAT CALL...: as docker_run.
podman_run() {
	local name=leastcap-$1-$2 what=$2 options=(--cap-drop ALL)
	shift 2
	[[ $what != unconfined ]] || options+=(--security-opt seccomp=unconfined)
	[[ ! $what =~ ^[A-Z_]+$ ]] || options+=(--cap-add "$what")
	own_podman run --rm --name "$name" --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "${options[@]}" \
		--rootfs "$TEST_DIR/root" /calls/makes_call /calls "$@" >"$name.results"
}

podman_steps() {
	# shellcheck disable=SC2046
	podman_run podman - $(calls_of podman)
	every_step podman_run podman
}

# make_call_root COLUMN: a root directory with the column's calls.
make_call_root() {
	make_root root makes_call
	mkdir -p root/mnt root/tmp root/data
	touch root/data/plain
	make_calls root/calls "$1"
}

test_calls_that_podman_refuses_have_their_cause_and_are_opened() {
	need_podman
	make_call_root podman
	record_while podman_steps
	assert_refused_as podman leastcap-podman--
	assert_opened podman
}

# --- containerd

# ctr_run COLUMN WHAT CALL...: as docker_run, in a pod's container, as the kubelet's containerd annotates it.
ctr_run() {
	local name=leastcap-$1-$2 what=$2 options=(--seccomp) capability
	shift 2
	for capability in $CONTAINERD_GRANTS; do
		[[ $capability == "$what" ]] || options+=(--cap-drop "CAP_$capability")
	done
	[[ $what != unconfined ]] || options=("${options[@]:1}")
	[[ ! $what =~ ^[A-Z_]+$ ]] || options+=(--cap-add "CAP_$what")
	ctr --address "$CONTAINERD" --namespace k8s.io run --rm --rootfs --annotation io.kubernetes.cri.container-type=container \
		--annotation "io.kubernetes.cri.container-name=$name" --annotation io.kubernetes.cri.sandbox-name=leastcap-calls \
		--annotation io.kubernetes.cri.sandbox-namespace=leastcap "${options[@]}" \
		"$TEST_DIR/root" "$(printf '%s' "$name$TEST_DIR" | sha256sum | cut -c 1-64)" /calls/makes_call /calls "$@" >"$name.results"
}

containerd_steps() {
	# shellcheck disable=SC2046
	ctr_run containerd - $(calls_of containerd)
	every_step ctr_run containerd
}

remove_pods() {
	ctr --address "$CONTAINERD" namespace rm k8s.io
} >/dev/null 2>&1

test_calls_that_containerd_refuses_have_their_cause_and_are_opened() {
	CONTAINERD=$(containerd_socket)
	[[ $CONTAINERD ]] || skip "no containerd answers"
	export CONTAINERD
	trap 'remove_pods || true' EXIT
	make_call_root containerd
	record_while containerd_steps
	assert_refused_as containerd leastcap-containerd--
	assert_opened containerd
}

# --- what the table has no column for

# one_call NAME OPTION... CALL: makes one call in a container.
one_call() {
	local name=$1
	shift
	run_container "$name" -v "$TEST_DIR/calls:/calls:ro" "${@:1:$#-1}" "$IMAGE" "/calls/${*: -1}" >"$name.results"
}

# The same, in a container that stays for a moment: what a file carries is read while its container is there.
one_call_and_a_moment() {
	local name=$1
	shift
	run_container "$name" -v "$TEST_DIR/calls:/calls:ro" "${@:1:$#-1}" "$IMAGE" sh -c "/calls/${*: -1}; sleep 0.5" >"$name.results"
}

# as_recorded NAME CALL: its cause and capabilities
as_recorded() {
	query "$PROFILE" "$1" "[(.failures // [])[] | select(.exe == \"/calls/$2\")] | map([.cause, (.caps // [])[]] | join(\" \")) | join(\", \")"
}

with_a_profile_of_ones_own() {
	one_call leastcap-own-mount --cap-drop ALL --security-opt "seccomp=$TEST_DIR/own.json" mount_tmpfs
	one_call leastcap-own-uring --security-opt "seccomp=$TEST_DIR/own.json" io_uring_setup
	one_call leastcap-own-both --cap-add SYS_ADMIN --security-opt "seccomp=$TEST_DIR/own.json" mount_tmpfs
}

test_a_profile_of_ones_own_is_opened_by_no_capability() {
	make_calls calls none
	jq -n '{defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mount", "io_uring_setup"], action: "SCMP_ACT_ERRNO"}]}' >own.json
	record_while with_a_profile_of_ones_own
	assert_eq "$(cat leastcap-own-*.results | sort | uniq -c | xargs)" "1 io_uring_setup EPERM 2 mount_tmpfs EPERM" "the results"
	assert_eq "$(as_recorded leastcap-own-mount mount_tmpfs)" filter "the cause without SYS_ADMIN"
	assert_eq "$(as_recorded leastcap-own-uring io_uring_setup)" filter "the cause of io_uring_setup"
	assert_eq "$(as_recorded leastcap-own-both mount_tmpfs)" filter "the cause with SYS_ADMIN"
	assert_eq "$(query "$PROFILE" leastcap-own-mount '.wanted | join(" ")')" "" "what it wanted"
	assert_eq "$(query "$PROFILE" leastcap-own-mount '.failures[] | select(.syscall == "mount") | .rule')" \
		"entry 1 of its syscalls says SCMP_ACT_ERRNO" "what the profile says"
}

with_and_without_new_privileges() {
	one_call_and_a_moment leastcap-nnp-set --user 65534 --security-opt no-new-privileges raw_socket
	one_call_and_a_moment leastcap-nnp-not --user 65534 raw_socket
}

test_file_capabilities_that_no_new_privs_makes_void_are_told_apart_from_the_list() {
	make_calls calls none
	setcap cap_net_raw=ep calls/raw_socket
	record_while with_and_without_new_privileges
	assert_eq "$(cat leastcap-nnp-set.results leastcap-nnp-not.results | xargs)" "raw_socket EPERM raw_socket 0" "the results"
	assert_eq "$(as_recorded leastcap-nnp-set raw_socket)" no_new_privs "the cause"
	assert_eq "$(query "$PROFILE" leastcap-nnp-set '.wanted | join(" ")')" "" "what it wanted"
}

a_program_that_carries_two() {
	run_container leastcap-two --cap-drop ALL -v "$TEST_DIR/calls:/calls:ro" "$IMAGE" sh -c '/calls/nothing; sleep 0.5'
}

test_a_file_that_carries_two_capabilities_wants_both() {
	make_calls calls none
	setcap cap_net_raw,cap_net_admin=eip calls/nothing
	record_while a_program_that_carries_two
	assert_eq "$(query "$PROFILE" leastcap-two '.wanted | join(" ")')" "NET_ADMIN NET_RAW" "what it wanted"
}

lacks_what_it_looks_for() {
	one_call leastcap-own-check own_check || true
}

has_what_it_looks_for() {
	one_call leastcap-own-check-granted --cap-add NET_ADMIN own_check
}

test_a_program_that_reads_its_capabilities_and_gives_up_was_refused() {
	mkdir calls
	cp "$PROGRAMS/makes_call" calls/own_check
	record_while lacks_what_it_looks_for
	assert_eq "$(<leastcap-own-check.results)" "own_check EPERM" "the result"
	assert_match "$(as_recorded leastcap-own-check own_check)" '^own_check( |$)' "the cause"
	assert_no_match "$("$LEASTCAP" report "$PROFILE")" 'needs no capabilities' "the report"
	record_while has_what_it_looks_for
	assert_eq "$(<leastcap-own-check-granted.results)" "own_check 0" "the result with NET_ADMIN"
	assert_eq "$(query "$PROFILE" leastcap-own-check-granted '.failures // [] | length')" 0 "the refused calls of one that has it"
}

test_a_report_of_what_was_refused_never_says_that_nothing_is_needed() {
	local report
	make_calls calls none
	record_while one_call leastcap-mount --cap-drop ALL mount_tmpfs
	report=$("$LEASTCAP" report "$PROFILE")
	assert_no_match "$report" 'needs no capabilities' "the report"
	assert_match "$report" 'used no capabilities' "the report"
	assert_match "$("$LEASTCAP" report --next -f docker "$PROFILE")" '--cap-drop=ALL --cap-add=SYS_ADMIN' "what to try next"
}
