# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Why a capability is on the list: the story that explain tells, and the stacks that record -k takes.

need_docker() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
}

# Wrapped at 80 columns: as one line.
explain() {
	"$LEASTCAP" explain "$@" | tr -s '\n ' ' '
}

# stack_of CAP: the functions of the program's stack in the first evidence on CAP, the outermost first.
stack_of() {
	jq -r --arg cap "$1" '.stacks as $stacks | [.targets[].evidence[] | select(.cap == $cap and .class == "required" and .user_stack != null)][0]
		| $stacks[.user_stack].frames | reverse | map(.function // .module) | join(" ")' "$PROFILE"
}

test_a_program_without_frame_pointers_is_unwound_to_main_with_file_and_line() {
	"$LEASTCAP" run -k -o "$PROFILE" -- "$PROGRAMS/called_deeply"
	assert_match "$(stack_of SYS_ADMIN)" 'main middle innermost( syscall)?$' "the stack"
	assert_match "$(explain "$PROFILE" SYS_ADMIN)" 'main \(called_deeply\.c:[0-9]+\) → middle \(called_deeply\.c:[0-9]+\) → innermost' "the story"
}

test_a_process_that_is_gone_still_has_its_stack() {
	# A thousand short-lived ones: some are gone before anybody can look at them.
	"$LEASTCAP" run -k -o "$PROFILE" -- sh -c 'for i in 1 2 3 4 5 6 7 8; do cp "$0" "$1/$i"; "$1/$i" & done; wait' \
		"$PROGRAMS/called_deeply" "$TEST_DIR"
	assert_eq "$(jq '[.targets[].evidence[] | select(.cap == "SYS_ADMIN" and .syscall == "sethostname" and .user_stack != null)] | length' "$PROFILE")" 8 \
		"how many of eight have a stack"
}

test_nginx_in_a_container_has_its_stack_though_it_is_stripped() {
	need_docker
	"$LEASTCAP" record -k -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" run_nginx
	assert_match "$(stack_of NET_BIND_SERVICE)" '(main|nginx) .*bind' "the stack of its bind"
}

run_nginx() {
	start_container leastcap-nginx --sysctl net.ipv4.ip_unprivileged_port_start=1024 "$IMAGE" nginx -g 'daemon off;'
	wait_until serves leastcap-nginx 80
}

test_the_story_names_the_call_what_it_was_about_and_what_a_refusal_would_mean() {
	local story
	"$LEASTCAP" run -o "$PROFILE" -- chown nobody .
	story=$(explain "$PROFILE" CHOWN)
	assert_match "$story" 'chown: CHOWN is on the list|CHOWN is on the list' "the answer"
	assert_match "$story" "chown fchownat $TEST_DIR" "the heading"
	assert_match "$story" 'required: without it this call fails' "the consequence"
	assert_match "$story" 'kernel: .*fchownat.* → .*' "the kernel's functions"
	assert_match "$story" 'record with -k' "what to do for more"
}

test_the_story_of_an_advisory_capability_says_why_it_does_not_matter() {
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_match "$(explain "$PROFILE" SYS_ADMIN)" 'SYS_ADMIN is not on the list .*refusing it would have changed nothing: asked by every mmap' "the story"
}

test_a_capability_that_was_never_asked_for_is_said_to_be_so() {
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_match "$(explain "$PROFILE" cap_sys_time)" 'never asked for' "the story"
}

test_a_target_that_is_not_in_the_profile_is_refused_with_those_that_are() {
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_refused 2 "no target is called 'web'; there are: true" "$LEASTCAP" explain "$PROFILE" -t web CHOWN
}

test_what_is_no_capability_is_refused() {
	"$LEASTCAP" run -o "$PROFILE" -- true
	assert_refused 2 "'NONSENSE' is no capability" "$LEASTCAP" explain "$PROFILE" NONSENSE
}

test_a_corrupt_program_in_a_container_costs_its_stack_and_nothing_else() {
	local size tail=30000
	need_docker
	cp "$PROGRAMS/called_deeply" corrupt
	size=$(stat -c %s corrupt)
	# Symbols, debug information and section headers become garbage: the kernel does not look at them.
	head -c "$tail" /dev/urandom | dd of=corrupt bs=4096 oflag=seek_bytes seek=$((size - tail)) conv=notrunc status=none
	"$LEASTCAP" record -k -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" run_corrupt
	assert_eq "$(query "$PROFILE" leastcap-corrupt '[.evidence[] | select(.syscall == "sethostname" and .phase == "workload") | .count] | add')" 3 "the count"
	assert_eq "$(jq .lost "$PROFILE")" 0 "what was lost"
}

run_corrupt() {
	run_container leastcap-corrupt --security-opt seccomp=unconfined -v "$TEST_DIR/corrupt:/corrupt:ro" "$IMAGE" /corrupt 3 || true
}
