# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What Yama refuses: to trace a process of the same user that is no child.

SCOPE=/proc/sys/kernel/yama/ptrace_scope
AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)

test_who_may_not_trace_because_of_yama_is_told_so() {
	[[ -e $SCOPE ]] || skip "this kernel runs without Yama"
	"${AS_NOBODY[@]}" sleep 600 &
	VICTIM=$!
	export VICTIM
	# shellcheck disable=SC2064
	trap "echo $(<"$SCOPE") >$SCOPE; kill $VICTIM" EXIT
	echo 1 >"$SCOPE"
	"$LEASTCAP" run -o "$PROFILE" -- "${AS_NOBODY[@]}" "$PROGRAMS/is_confined" attach >said.txt
	assert_eq "$(<said.txt)" "attach EPERM" "what the program says"
	assert_match "$(jq -r '.targets[].failures[] | select(.syscall == "ptrace") | "\(.cause) \(.caps) \(.why) \(.help)"' "$PROFILE")" \
		'^capability ."SYS_PTRACE". .* Yama asks for it .* kernel.yama.ptrace_scope=0' "the cause"
	# Either of the two that it names opens it.
	assert_eq "$(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+sys_ptrace --ambient-caps=+sys_ptrace "$PROGRAMS/is_confined" attach)" \
		"attach 0" "what the program says with SYS_PTRACE"
	echo 0 >"$SCOPE"
	assert_eq "$("${AS_NOBODY[@]}" "$PROGRAMS/is_confined" attach)" "attach 0" "what the program says without Yama"
}
