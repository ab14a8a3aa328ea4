# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Trials by the kernel, which not every kernel allows. Runs by tests/e2e/child, in a test's own directory.

UNIFIED=$(findmnt -n -t cgroup2 -o TARGET | head -n1)

# begin_asking NAME: a process in a cgroup of that name, which asks for CHOWN again and again, and forks. NAME.log has "y" or "n" for each answer.
begin_asking() {
	local cgroup=$UNIFIED/leastcap-$1-$$
	mkdir "$cgroup"
	: >"$1.file"
	# shellcheck disable=SC2016
	perl -e 'use IO::Handle; open P, ">", "$ARGV[0]/cgroup.procs"; print P $$; close P; exec "perl", "-e", q{
			use IO::Handle; open L, ">>", "$ARGV[0].log"; L->autoflush(1);
			for (my $i = 1; ; $i++) { print L chown(1000 + $i % 2, -1, "$ARGV[0].file") ? "y\n" : "n\n"; my $pid = fork // next; exit unless $pid; waitpid $pid, 0; select(undef, undef, undef, 0.2) }
		}, $ARGV[1]' "$cgroup" "$1" &
	ASKING+=("$!")
	ASKED+=("$cgroup")
	wait_until test -s "$1.log"
}

ASKING=()
ASKED=()

end_asking() {
	local cgroup
	kill "${ASKING[@]}" 2>/dev/null || true
	wait "${ASKING[@]}" 2>/dev/null || true
	for cgroup in "${ASKED[@]}"; do
		wait_until rmdir "$cgroup"
	done
}

# answers NAME ANSWER: whether that is the last one.
answers() {
	[[ $(tail -n1 "$1.log") == "$2" ]]
}

# await_answer NAME ANSWER: waits for it, and looks seldom, because an emulated machine needs its processor for the verifier.
await_answer() {
	local deadline=$((SECONDS + ${LEASTCAP_PATIENCE:-60}))
	until answers "$@"; do
		((SECONDS <= deadline)) || fail "$1 did not get the answer $2"
		sleep 2
	done
}

# refuse NAME OPTION...: a trial that refuses CHOWN to NAME's cgroup.
refuse() {
	"$LEASTCAP" record --refuse CHOWN --yes --cgroup "$UNIFIED/leastcap-$1-$$" -o "$PROFILE" "${@:2}"
}

set_up_both() {
	begin_asking one
	begin_asking two
	trap end_asking EXIT
}

test_one_cgroup_is_refused_and_its_neighbour_is_not() {
	set_up_both
	refuse one -- sleep 3 >messages.txt 2>&1
	await_answer one y
	assert_match "$(<one.log)" n "the answers to the one"
	assert_no_match "$(<two.log)" n "the answers to its neighbour"
	assert_eq "$(jq -r '[.targets[].evidence[] | select(.cap == "CHOWN" and .tried) | .verdict + " " + .class + " " + (.result // "-")] | unique | join(", ")' "$PROFILE")" \
		"denied blocked EPERM" "what is recorded of it"
	assert_eq "$(jq -r '[.targets[].evidence[] | select(.tried) | .caller] | unique | join(" ")' "$PROFILE")" setattr_prepare "who asked"
	assert_eq "$(jq -r '.targets[].wanted | join(" ")' "$PROFILE")" CHOWN "what is wanted"
}

test_everything_is_granted_again_when_the_time_is_over_though_the_tool_hangs() {
	local tool status=0
	set_up_both
	refuse one --trial 20s -- sleep 25 >messages.txt 2>&1 &
	tool=$!
	await_answer one n
	pkill -STOP -P "$tool"
	await_answer one y
	pkill -CONT -P "$tool"
	wait "$tool" || status=$?
	assert_eq "$status" 3 "the exit status"
	assert_match "$(<messages.txt)" "time was over before sleep had ended" "the messages"
}

test_everything_is_granted_again_when_the_tool_is_killed() {
	local tool
	set_up_both
	refuse one --trial 1m --for 1m >messages.txt 2>&1 &
	tool=$!
	await_answer one n
	pkill -9 -P "$tool" || true
	# The shell around it may have ended with it.
	kill -9 "$tool" 2>/dev/null || true
	await_answer one y
}

test_what_a_runtime_does_there_is_not_refused() {
	set_up_both
	# It runs no program there, so that it is what prepares one.
	refuse one -- perl -e 'open P, ">", "$ARGV[0]/cgroup.procs"; print P $$; close P; exit(chown(1, -1, "runtime.file") ? 0 : 1) if open F, ">", "runtime.file"; exit 2' \
		"$UNIFIED/leastcap-one-$$" >messages.txt 2>&1
	assert_eq "$(stat -c %u runtime.file)" 1 "the owner"
}

test_only_one_trial_goes_on_at_a_time() {
	set_up_both
	refuse one --trial 1m --for 1m >messages.txt 2>&1 &
	await_answer one n
	assert_match "$(refuse two -- true 2>&1 || true)" 'another trial goes on' "what the second says"
	pkill -TERM -P "$!"
	wait "$!" || true
	assert_no_match "$(<two.log)" n "the answers to its neighbour"
}

test_what_a_user_namespace_of_its_own_grants_is_not_refused() {
	local cgroup=$UNIFIED/leastcap-one-$$
	mkdir "$cgroup"
	mkfifo go
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$1/cgroup.procs"; read -r _ <go
		hostname "$(hostname)" || echo refused
		unshare -Ur --uts hostname sandbox && echo granted || echo failed' sh "$cgroup" >answers.txt 2>&1 &
	ASKING+=("$!")
	ASKED+=("$cgroup")
	trap end_asking EXIT
	wait_until grep -q . "$cgroup/cgroup.procs"
	"$LEASTCAP" record --refuse SYS_ADMIN --yes --cgroup "$cgroup" -o "$PROFILE" -- \
		sh -c 'echo >go; until grep -qE "granted|failed" answers.txt; do sleep 1; done' >messages.txt 2>&1
	assert_eq "$(grep -E '^(refused|granted|failed)$' answers.txt)" $'refused\ngranted' "the answers"
}

test_what_execve_demands_for_a_file_is_said_to_be_out_of_reach() {
	set_up_both
	cp "$(type -P true)" carries
	setcap cap_chown=ep carries 2>/dev/null || skip "this file system keeps no file capabilities"
	refuse one -- sh -c 'echo $$ >"$1/cgroup.procs" && ./carries' sh "$UNIFIED/leastcap-one-$$" >messages.txt 2>&1
	assert_match "$(<messages.txt)" "CHOWN all the same where execve demands it for what a file carries" "the messages"
}

test_what_asks_past_the_refusal_is_said() {
	set_up_both
	# capset asks before anything else.
	# shellcheck disable=SC2016
	"$LEASTCAP" record --refuse SETPCAP --yes --cgroup "$UNIFIED/leastcap-one-$$" -o "$PROFILE" -- \
		sh -c 'echo $$ >"$1/cgroup.procs" && exec setpriv --inh-caps=-all true' sh "$UNIFIED/leastcap-one-$$" >messages.txt 2>&1
	assert_match "$(<messages.txt)" 'SETPCAP [0-9]+ times in (cap_capset|cap_inh_is_capped|security_capset)' "the messages"
}
