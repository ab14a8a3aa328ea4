# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The user's task: a container records itself, because it is annotated so, with no root shell beside it.

# Where the notes of the recorders are, which are to be gone in the end.
NOTES=/run/leastcap/hook

# The hooks as they are installed, in $TEST_DIR/hooks.d.
install_hooks() {
	local stage
	mkdir -p hooks.d
	printf '#!/bin/sh\nexec "%s" "$@"\n' "$LEASTCAP" >leastcap
	chmod 755 leastcap
	for stage in createRuntime poststop; do
		sed "s|@BINDIR@|$TEST_DIR|" "$ROOT/scripts/hook/leastcap-$stage.json.in" >"hooks.d/leastcap-$stage.json"
	done
}

# bundle ANNOTATION WORD...: an OCI bundle in $TEST_DIR/bundle with our hooks, whose program is called with the words.
bundle() {
	local annotation=$1
	command -v runc >/dev/null || skip "runc is not installed"
	shift
	install_hooks
	make_root bundle/rootfs set_capabilities
	cp /bin/busybox bundle/rootfs/
	printf 'root:x:0:0::/:/busybox\n' >bundle/rootfs/passwd
	(cd bundle && runc spec)
	jq --arg annotation "$annotation" --args --slurpfile create hooks.d/leastcap-createRuntime.json --slurpfile stop hooks.d/leastcap-poststop.json \
		'.process.terminal = false | .process.args = $ARGS.positional | .root.readonly = false
		| .annotations = {"io.leastcap.record": $annotation} | .process.capabilities[] = ["CAP_CHOWN", "CAP_KILL"]
		| .hooks = {createRuntime: [$create[0].hook], poststop: [$stop[0].hook]}' "$@" <bundle/config.json >config.json
	mv config.json bundle/config.json
	CONTAINER=leastcap-hook-$$
	trap 'runc delete --force "$CONTAINER" 2>/dev/null || true' EXIT
}

# run_bundle: runs it as the container $CONTAINER to its end.
run_bundle() {
	runc run --bundle bundle "$CONTAINER" </dev/null
}

no_recorder() {
	[[ ! -e $NOTES/${CONTAINER-} ]] && ! pgrep -f 'leastcap hook createRuntime' >/dev/null
}

test_a_container_of_runc_is_recorded_from_its_first_process_on() {
	local place=/tmp/leastcap-hook-$$.json
	bundle "of:$place" /busybox chown 5 /passwd
	run_bundle
	# The profile is there when the container is gone.
	mv "$place" "$PROFILE"
	assert_list "$PROFILE" "$CONTAINER" CHOWN
	assert_eq "$(query "$PROFILE" "$CONTAINER" '[.kind, .user, .seen.from, .seen.until, (.granted | join(","))] | join(" ")')" \
		"container 0:0 start end CHOWN,KILL" "what it was"
	assert_eq "$(query "$PROFILE" "$CONTAINER" '[.evidence[] | select(.cap == "SYS_ADMIN" and .phase == "workload" and .class == "required")] | length')" 0 "the runtime's own work"
	assert_eq "$(stat -c '%a %U' "$PROFILE")" "600 root" "whose the profile is"
	no_recorder || fail "something is left"
}

test_a_container_of_podman_is_recorded_by_its_annotation() {
	local place=/tmp/leastcap-hook-$$.json
	need_podman
	install_hooks
	make_root root set_capabilities
	cp /bin/busybox root/
	own_podman --hooks-dir "$TEST_DIR/hooks.d" run --rm --name web --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
		--annotation "io.leastcap.record=of:$place" --rootfs "$TEST_DIR/root" /busybox chown 5 /busybox
	mv "$place" "$PROFILE"
	assert_list "$PROFILE" web CHOWN
	assert_eq "$(query "$PROFILE" web '[.engine, .seen.from] | join(" ")')" "podman start" "what it was"
	# Without the annotation nothing is recorded.
	own_podman --hooks-dir "$TEST_DIR/hooks.d" run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
		--rootfs "$TEST_DIR/root" /busybox true
	[[ ! -e $place ]] || fail "a container without the annotation was recorded"
}

test_a_recorder_and_its_container_may_be_killed() {
	local place=/tmp/leastcap-hook-$$.json recorder container
	bundle "of:$place" /busybox sleep 60
	run_bundle &
	container=$!
	wait_until test -e "$NOTES/$CONTAINER"
	wait_until runc kill "$CONTAINER" 0
	# Whoever holds the lock.
	recorder=$(awk -v file=":$(stat -c %i "$NOTES/$CONTAINER")\$" '$2 == "FLOCK" && $6 ~ file { print $5 }' /proc/locks | head -n 1)
	kill -KILL "$recorder"
	wait_until test ! -e "/proc/$recorder"
	runc kill "$CONTAINER" KILL
	wait "$container" || true
	no_recorder || fail "something is left of a recorder that was killed"
	[[ ! -e $place ]] || fail "there is a profile of a recorder that was killed"
	# A container that is killed has a profile.
	run_bundle &
	container=$!
	wait_until runc kill "$CONTAINER" 0
	wait_until grep -q sleep "/proc/$(runc state "$CONTAINER" | jq .pid)/cmdline"
	runc kill "$CONTAINER" KILL
	wait "$container" || true
	assert_eq "$(query "$place" "$CONTAINER" .seen.until)" end "how long it was recorded"
	rm "$place"
	no_recorder || fail "something is left"
}

test_an_annotation_does_not_choose_what_root_overwrites() {
	bundle of:/etc/leastcap-hook.json /busybox true
	assert_refused_start 'this hook writes to no such place'
	set_annotation of:/tmp/../etc/leastcap-hook.json
	assert_refused_start 'this hook writes to no such place'
	mkdir "/tmp/$CONTAINER"
	trap 'rm -rf "/tmp/$CONTAINER"; runc delete --force "$CONTAINER" 2>/dev/null || true' EXIT
	ln -s /etc/passwd "/tmp/$CONTAINER/passwd.json"
	set_annotation "of:/tmp/$CONTAINER/passwd.json"
	assert_refused_start 'no profile of root'
	chown nobody "/tmp/$CONTAINER"
	set_annotation "of:/tmp/$CONTAINER/web.json"
	assert_refused_start 'others than root decide'
	set_annotation /tmp/web.json
	assert_refused_start 'write of:/DIRECTORY/NAME.json'
}

set_annotation() {
	jq --arg annotation "$1" '.annotations = {"io.leastcap.record": $annotation}' bundle/config.json >config.json
	mv config.json bundle/config.json
}

# assert_refused_start REGEX: the container does not start, and runc says why.
assert_refused_start() {
	assert_eq "$(status_of run_bundle 2>refused)" 1 "the exit status of runc"
	assert_match "$(<refused)" "$1" "what it says"
	no_recorder || fail "something is left"
}

test_without_root_of_the_host_it_is_said() {
	printf '{"id": "web", "pid": %d, "annotations": {"io.leastcap.record": "of:/tmp/leastcap-hook-none.json"}}' $$ >state.json
	unshare --user --map-root-user --mount bash -c 'mount -t tmpfs run /run && "$0" hook createRuntime <state.json' "$LEASTCAP" 2>said &&
		fail "a user namespace's root recorded"
	assert_match "$(<said)" 'user namespace' "what is said"
	assert_refused 2 'which stage' "$LEASTCAP" hook
	assert_refused 2 'no container.s state' "$LEASTCAP" hook poststop
}
