# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What lets an image and its service do with less, as a patch; and the proof that it does, made while the project's files stay as they are.

REQUIRES=docker

# prove [OPTION...] STEP: as in test_prove.sh, in this directory.
prove() {
	local step=${*: -1}
	STATUS=0
	"$LEASTCAP" prove -o "$PROFILE" "${@:1:$#-1}" -- "$E2E/child" "$TEST_FILE" "$step" 2>"$TEST_DIR/told" || STATUS=$?
	TOLD=$(<"$TEST_DIR/told")
}

# A project whose service is told in the file `options` what it gets and what it does. With the patch it does what takes no capability.
make_project() {
	printf '%s\n' --cap-add CHOWN "$IMAGE" chown nobody /etc/hostname >options
	printf '%s\n' --cap-drop ALL "$IMAGE" cat /etc/hostname >better
	diff -u --label a/options --label b/options options better >better.patch || true
	rm better
	sha256sum options better.patch >sums
}

start_project() {
	local options
	mapfile -t options <"$TEST_DIR/options"
	run_container leastcap-project "${options[@]}"
}

assert_untouched() {
	sha256sum --quiet --check sums >&2 || fail "the project's files have changed"
	assert_no_match "$(cat /proc/self/mountinfo)" "$TEST_DIR/options" "the mounts"
}

test_a_proof_with_a_patch_leaves_the_project_as_it_is_and_says_so() {
	make_project
	prove --with better.patch start_project
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-project ""
	assert_match "$TOLD" 'the command finds options as better.patch makes it' "what is told"
	assert_eq "$(query "$PROFILE" leastcap-project '.proven|.patch + " " + .patch_sha256')" \
		"better.patch $(sha256sum better.patch | cut -d ' ' -f 1)" "the certificate"
	assert_match "$("$LEASTCAP" report "$PROFILE" | head -n 1)" '^proven in [0-9]+ runs with better.patch applied \(SHA-256 ' "the report's first line"
	assert_match "$("$LEASTCAP" report -f docker "$PROFILE")" '# proven in .* with better.patch applied' "the comment beside the list"
	assert_untouched
}

test_what_is_proven_with_a_patch_only_is_no_proof_of_the_project_as_it_is() {
	make_project
	prove --with better.patch start_project
	assert_refused 1 'leastcap-project: its list is proven only with a patch' "$LEASTCAP" check --require-proof --allow "$PROFILE" "$PROFILE"
	jq 'del(.targets[].proven)' "$PROFILE" >as-it-is.json
	assert_match "$("$LEASTCAP" diff "$PROFILE" as-it-is.json | tr -s ' \n' ' ')" 'the proof of the old list was made with better.patch applied' "the difference"
	assert_eq "$("$LEASTCAP" diff --json as-it-is.json "$PROFILE" | jq -r '.targets[0].patched_proof.new.name')" better.patch "the difference as JSON"
}

test_a_patch_that_does_not_apply_ends_it_before_any_run() {
	make_project
	sed -i 's/^-nobody/-somebody/' better.patch
	assert_refused 2 'better.patch does not apply: .*Hunk #1 FAILED' "$LEASTCAP" prove --with better.patch -- touch ran
	printf -- '--- a/../options\n+++ b/../options\n@@ -1 +1 @@\n-a\n+b\n' >up.patch
	assert_refused 2 'up.patch:1: the file.s name does not lie plainly below' "$LEASTCAP" prove --with up.patch -- touch ran
	printf -- '--- a%s\n+++ b%s\n@@ -1 +1 @@\n-a\n+b\n' /link /link >link.patch
	ln -s options link
	assert_refused 2 'link.patch: cannot change link: a symbolic link leads to it' "$LEASTCAP" prove --with link.patch -- touch ran
	printf -- '--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+b\n' >new.patch
	assert_refused 2 'new.patch:1: it makes or removes a file' "$LEASTCAP" prove --with new.patch -- touch ran
	assert_refused 2 "'web' already runs" "$LEASTCAP" prove --with better.patch web -- touch ran
	[[ ! -e ran ]] || fail "the command has run"
}

wait_in_project() {
	cat "$TEST_DIR/options" >"$TEST_DIR/seen"
	sleep 30
}

has_seen() {
	[[ -s $TEST_DIR/seen ]]
}

test_a_proof_that_is_killed_leaves_nothing_behind() {
	make_project
	"$LEASTCAP" prove --with better.patch -- "$E2E/child" "$TEST_FILE" wait_in_project 2>told &
	wait_until has_seen
	kill -9 $!
	wait $! 2>/dev/null || true
	assert_match "$(<seen)" '--cap-drop' "what the command saw"
	assert_untouched
	assert_eq "$(find . -newer sums ! -name seen ! -name told ! -name . -printf '%f\n')" "" "files that were left"
}

test_who_changes_a_patched_file_changes_only_a_copy() {
	make_project
	"$LEASTCAP" prove --with better.patch -- sh -c 'echo more >>options; cat options >seen' 2>told || true
	assert_match "$(<seen)" '--cap-drop.*more' "what the command saw"
	assert_untouched
}
