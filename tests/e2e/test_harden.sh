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
	run_container leastcap-project --network none "${options[@]}"
}

assert_untouched() {
	sha256sum --quiet --check sums >&2 || fail "the project's files have changed"
	assert_no_match "$(cat /proc/self/mountinfo)" "$TEST_DIR/options" "the mounts"
}

test_a_proof_with_a_patch_leaves_the_project_as_it_is_and_is_no_proof_of_that() {
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

# --- a service as official images start it: root gives its data away and becomes another user, unless it is that already

make_cache() {
	cat >Dockerfile <<-EOF
		FROM $IMAGE
		COPY entry /entry
		VOLUME /data
		# It becomes redis.
		ENTRYPOINT ["/entry"]
		CMD ["redis-server", "--protected-mode", "no", "--dir", "/data"]
	EOF
	cat >entry <<-'EOF'
		#!/bin/sh
		set -e
		if [ "$(id -u)" = 0 ]; then
			chown -R redis:redis /data
			exec gosu redis "$0" "$@"
		fi
		exec "$@"
	EOF
	chmod +x entry
	cat >compose.yaml <<-'EOF'
		name: leastcap-harden
		services:
		  cache:
		    build: .  # made here
		    image: leastcap-harden
		    labels: [leastcap-test]
	EOF
}

compose() {
	DOCKER_BUILDKIT=0 "$DOCKER" compose -f "$TEST_DIR/compose.yaml" "$@"
}

stores() {
	[[ $(compose exec -T cache redis-cli set key value) == OK && $(compose exec -T cache redis-cli save) == OK ]]
}

# The test of that project: it stores something.
use_cache() {
	trap 'compose down -v 2>/dev/null' EXIT
	compose up -d --build >/dev/null 2>&1
	wait_until stores
	# It stays so, as a server does.
	sleep 1
}

record_cache() {
	"$DOCKER" compose version >/dev/null || skip "no Docker Compose"
	make_cache
	"$LEASTCAP" record -o "$TEST_DIR/all.json" -- "$E2E/child" "$TEST_FILE" use_cache >/dev/null 2>recording || fail "$(<recording)"
	# Other tests' containers may run meanwhile.
	jq '.targets |= map(select(.service == "cache"))' all.json >cache.json
}

# A person is told the steps, of which a hostile path is never a line of its own.
assert_steps() {
	local evil=$'/data/x"]\nRUN ["rm", "-rf", "/'
	assert_match "$("$LEASTCAP" harden cache.json | tr -s ' \n' ' ')" \
		'needs CHOWN, SETGID, SETUID 1\. When the image is built, .* RUN chown -R [0-9]+:[0-9]+ /data\. .* 2\. Start it as that user: .* \(gosu\) .* 3\. Drop ALL, and add nothing\.' "the steps"
	jq --arg evil "$evil" '(.targets[].evidence[] | select(.cap == "CHOWN") | .about, .object.path) = $evil' cache.json >evil.json
	assert_eq "$(status_of "$LEASTCAP" harden --dockerfile Dockerfile evil.json 2>said)" 1 "the exit status"
	assert_match "$(<said)" 'CHOWN stays: /data/x"\]\\nRUN .* cannot be written into a Dockerfile safely' "the reason"
	assert_no_match "$("$LEASTCAP" harden evil.json 2>&1)" $'\nRUN' "the steps"
}

test_what_drops_root_at_the_start_is_told_and_patched_to_start_as_that_user_and_then_needs_nothing() {
	record_cache
	assert_list cache.json leastcap-harden-cache-1 "CHOWN SETGID SETUID"
	assert_steps
	"$LEASTCAP" harden --compose-file compose.yaml --dockerfile Dockerfile cache.json >harden.patch 2>said || fail "$(<said)"
	assert_match "$(<harden.patch)" $'\n\+RUN \["chown", "-R", "[0-9]+:[0-9]+", "/data"\]\n VOLUME /data\n\+USER [0-9]+:[0-9]+\n # It becomes redis' "the patch"
	sha256sum Dockerfile compose.yaml entry >sums
	prove --with harden.patch use_cache
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-harden-cache-1 ""
	assert_eq "$(query "$PROFILE" leastcap-harden-cache-1 '.proven.patch')" harden.patch "the certificate"
	sha256sum --quiet --check sums >&2 || fail "the project's files have changed"
	# And applied it does the same.
	patch --silent --fuzz=0 -p1 <harden.patch
	"$LEASTCAP" record -o "$TEST_DIR/all.json" -- "$E2E/child" "$TEST_FILE" use_cache >/dev/null 2>recording || fail "$(<recording)"
	assert_list all.json leastcap-harden-cache-1 ""
	assert_eq "$(query all.json leastcap-harden-cache-1 '.granted|length')" 0 "what it was granted"
	"$DOCKER" rmi leastcap-harden >/dev/null
}

test_where_nothing_can_be_done_one_line_says_so() {
	"$LEASTCAP" record -o "$TEST_DIR/all.json" -- "$E2E/child" "$TEST_FILE" change_name 2>/dev/null
	jq '.targets |= map(select(.name == "leastcap-name"))' all.json >name.json
	printf 'FROM scratch\n' >Dockerfile
	assert_eq "$(status_of "$LEASTCAP" harden --dockerfile Dockerfile name.json 2>said)" 1 "the exit status"
	assert_match "$(<said)" 'leastcap-name: NET_ADMIN stays: as root it uses it' "the reason"
	assert_match "$(<said)" 'nothing was found by which the containers would need less than their lists' "what is said"
	assert_refused 2 'no profile given' "$LEASTCAP" harden
	assert_refused 2 'none: No such file' "$LEASTCAP" harden --dockerfile none name.json
}

change_name() {
	run_container leastcap-name --network none --cap-add NET_ADMIN "$IMAGE" python3 -c '
import fcntl, socket, struct
s = socket.socket()
name = struct.pack("16sh", b"lo", 0)
flags = struct.unpack("16sh", fcntl.ioctl(s, 0x8913, name))[1]
fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", flags))'
}
