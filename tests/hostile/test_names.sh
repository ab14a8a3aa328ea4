# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Who calls a cgroup, an image or a machine by another's name is not taken for it; and an audit looks at more than process 1.

REQUIRES=docker

USER_ID=4711

# The directory of the hierarchy that leastcap reads.
hierarchy() {
	if [[ -d /sys/fs/cgroup/pids ]]; then
		printf '/sys/fs/cgroup/pids\n'
	else
		printf '/sys/fs/cgroup\n'
	fi
}

as_user() {
	setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "$@"
}

# A part of the hierarchy that an ordinary user owns, as systemd gives one to each user's manager.
delegate() {
	DELEGATED=$(hierarchy)/leastcap-hostile.$$
	mkdir -p "$DELEGATED"
	chown -R "$USER_ID:$USER_ID" "$DELEGATED"
	trap remove_delegated EXIT
}

remove_delegated() {
	local pid directory
	find "$DELEGATED" -depth -type d | while read -r directory; do
		while read -r pid; do
			kill -KILL "$pid" 2>/dev/null || true
		done <"$directory/cgroup.procs"
		wait_until rmdir "$directory"
	done
}

# in_cgroup CGROUP COMMAND...: the user runs COMMAND in the cgroup CGROUP of his own.
in_cgroup() {
	local cgroup=$DELEGATED/$1
	shift
	as_user mkdir -p "$cgroup"
	# shellcheck disable=SC2016
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
		setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "$@"
}

# What looks bad on a list: in a user namespace of its own the user mounts, and changes another's file.
misbehave() {
	in_cgroup "$1" unshare --user --map-root-user --mount sh -c 'for i in 1 2 3 4 5; do mount -t tmpfs none /mnt; sleep 0.2; done'
}

id_of() {
	"$DOCKER" inspect -f '{{.Id}}' "$1"
}

start_victim() {
	start_container leastcap-victim "$IMAGE" sleep 300
	VICTIM=$(id_of leastcap-victim)
}

# assert_victim PROFILE: the victim did nothing, is there once, and nobody else has its name or its id.
assert_victim() {
	assert_list "$1" leastcap-victim ""
	assert_eq "$(jq --arg id "$VICTIM" '[.targets[] | select(.id == $id)] | length' "$1")" 1 "the targets with the victim's id"
}

test_a_users_cgroup_with_a_containers_id_is_listed_by_its_path_as_an_attempt() {
	local name=leastcap-hostile.$$
	start_victim
	delegate
	start_recording
	misbehave "$VICTIM"
	stop_recording INT 2>&1
	assert_eq "$STATUS" 0 "the exit status"
	assert_victim "$PROFILE"
	assert_eq "$(jq -r --arg name "/$name/$VICTIM" '.targets[] | select(.name == $name) | [.kind, .id, .claim] | tojson' "$PROFILE")" \
		"[\"cgroup\",null,\"claims to be container leastcap-victim (${VICTIM::12}), whose cgroup is another\"]" "the twin"
	assert_match "$("$LEASTCAP" report "$PROFILE")" "It claims to be container leastcap-victim" "the report"
	assert_match "$("$LEASTCAP" report -f markdown "$PROFILE")" "It claims to be container leastcap-victim" "the markdown"
}

test_a_users_cgroup_that_is_there_before_the_recording_is_no_container_either() {
	start_victim
	delegate
	in_cgroup "$VICTIM" sleep 60 &
	wait_until grep -q . "$DELEGATED/$VICTIM/cgroup.procs"
	start_recording 2>said
	misbehave "$VICTIM"
	stop_recording INT
	assert_victim "$PROFILE"
	assert_match "$(<said)" "warning: cgroup .*$VICTIM claims to be container leastcap-victim" "what is said"
}

test_a_recording_of_one_container_has_nothing_of_a_users_cgroup_with_its_id() {
	local asked
	start_victim
	delegate
	for asked in leastcap-victim "${VICTIM::12}"; do
		start_recording "$asked" 2>said
		misbehave "$VICTIM"
		stop_recording INT
		assert_eq "$(jq '.targets | length' "$PROFILE")" 1 "the targets recorded as $asked"
		assert_victim "$PROFILE"
	done
	"$LEASTCAP" report -f compose "$PROFILE" >compose.yaml
	assert_no_match "$(<compose.yaml)" "SYS_ADMIN" "the compose file"
}

test_a_trace_of_one_container_shows_nothing_of_a_users_cgroup_with_its_id() {
	start_victim
	delegate
	in_cgroup "$VICTIM" sleep 60 &
	wait_until grep -q . "$DELEGATED/$VICTIM/cgroup.procs"
	env --default-signal=INT "$LEASTCAP" trace "${VICTIM::12}" >trace.txt 2>said &
	RECORDER=$!
	wait_until attached "$RECORDER"
	misbehave "$VICTIM"
	kill -INT "$RECORDER"
	wait "$RECORDER" || true
	assert_no_match "$(<trace.txt)" "SYS_ADMIN|mount" "the trace"
}

test_an_audit_of_a_container_has_nothing_of_a_users_cgroup_with_its_id() {
	start_victim
	delegate
	in_cgroup "$VICTIM" sleep 60 &
	wait_until grep -q . "$DELEGATED/$VICTIM/cgroup.procs"
	"$LEASTCAP" audit -f json leastcap-victim >audit.json 2>said
	assert_eq "$(jq '.targets | length' audit.json)" 1 "the targets called as the victim"
	assert_eq "$(jq -r '.targets[0].user' audit.json)" "0:0" "the victim's user"
	"$LEASTCAP" audit >audit.txt 2>said
	assert_match "$(<audit.txt)" "It claims to be container leastcap-victim" "the audit of everything"
}

test_every_other_name_that_a_user_can_give_to_a_cgroup_is_only_a_path() {
	local name
	delegate
	for name in "$(printf '%064d' 7)" "docker-$(printf '%064d' 7).scope" "libpod-$(printf '%064d' 7).scope" \
		"kubepods/cri-containerd-$(printf '%064d' 7).scope" lxc.payload.web lxc/web machine-web.scope 'systemd-nspawn@web.service'; do
		in_cgroup "$name" sleep 60 &
		wait_until grep -q . "$DELEGATED/$name/cgroup.procs"
	done
	"$LEASTCAP" audit -f json >audit.json 2>said
	assert_eq "$(jq --arg under "/${DELEGATED##*/}/" '[.targets[] | select(.cgroup | startswith($under))] | length' audit.json)" 8 "the targets"
	assert_eq "$(jq -c --arg under "/${DELEGATED##*/}/" '[.targets[] | select(.cgroup | startswith($under)) |
		select(.kind != "cgroup" or .name != .cgroup or .id != null or (.claim | contains("user 4711") | not)).cgroup]' audit.json)" \
		"[]" "those that are called otherwise than by their path"
}

test_a_users_plain_cgroup_is_not_called_by_a_name_that_a_container_may_have() {
	delegate
	start_container web-of-root "$IMAGE" sleep 60
	start_recording
	misbehave web-of-root
	stop_recording INT
	assert_list "$PROFILE" web-of-root ""
}

test_a_containers_own_cgroup_with_anothers_id_is_listed_by_its_path() {
	local own inner
	start_victim
	[[ -d /sys/fs/cgroup/pids ]] || skip "a container's own mount of its hierarchy is that of v1 here"
	start_recording 2>said
	# shellcheck disable=SC2016
	run_container leastcap-attacker --cap-add SYS_ADMIN --security-opt apparmor=unconfined "$IMAGE" sh -c '
		mkdir /cg && mount -t cgroup -o pids none /cg || exit 1
		own=$(sed -n "s/^[0-9]*:pids://p" /proc/self/cgroup)
		mkdir -p "/cg$own/$0" && echo $$ >"/cg$own/$0/cgroup.procs"
		chroot / true; mount -t tmpfs none /mnt
		echo $$ >"/cg$own/cgroup.procs"; rmdir "/cg$own/$0"' "$VICTIM"
	stop_recording INT
	assert_victim "$PROFILE"
	assert_match "$(<said)" "claims to be container leastcap-victim" "what is said"
	inner=$(jq -r --arg id "$VICTIM" '.targets[] | select(.cgroup | endswith("/" + $id)) | select(.id == null) | [.kind, .claim] | tojson' "$PROFILE")
	assert_match "$inner" '^\["cgroup","claims to be container leastcap-victim ' "the cgroup in the container"
}

test_a_nested_container_is_called_after_the_one_that_it_lies_in() {
	local outer inner
	inner=$(printf '%064d' 8)
	start_container leastcap-outer "$IMAGE" sleep 60
	outer=$(jq -rn --arg id "$(id_of leastcap-outer)" '"/docker/" + $id')
	[[ -d $(hierarchy)$outer ]] || skip "Docker's cgroups are elsewhere: not $outer"
	mkdir -p "$(hierarchy)$outer/docker/$inner"
	sleep 60 &
	echo $! >"$(hierarchy)$outer/docker/$inner/cgroup.procs"
	"$LEASTCAP" audit -f json >audit.json
	kill $!
	wait $! || true
	wait_until rmdir "$(hierarchy)$outer/docker/$inner" && rmdir "$(hierarchy)$outer/docker"
	assert_eq "$(query audit.json "leastcap-outer/${inner::12}" '[.kind, .id, .claim] | tojson')" '["container",null,null]' "the nested one"
}

# label_image TAG LABEL...: an image that carries the labels itself.
label_image() {
	local tag=$1 label changes=()
	shift
	for label; do
		changes+=(--change "LABEL $label")
	done
	start_container leastcap-labelled "$IMAGE" true
	"$DOCKER" commit "${changes[@]}" leastcap-labelled "$tag" >/dev/null
	remove_container leastcap-labelled
	trap '"$DOCKER" image rm -f '"$tag"' >/dev/null' EXIT
}

test_compose_labels_that_an_image_carries_are_not_believed() {
	label_image leastcap-hostile-labels com.docker.compose.project=shop com.docker.compose.service=web \
		com.docker.compose.config-hash=0123 io.kubernetes.pod.name=web-0 io.kubernetes.pod.namespace=shop
	mkdir shop
	printf 'services:\n  web:\n    image: nginx\n    cap_drop: [ALL]\n    cap_add: [CHOWN]\n' >shop/compose.yaml
	start_recording
	run_container leastcap-labelled leastcap-hostile-labels sh -c ': >/f; chown nobody /f; chroot / true'
	stop_recording INT
	assert_eq "$(query "$PROFILE" leastcap-labelled '[.project, .service, .pod, .namespace] | tojson')" '[null,null,null,null]' "what the labels say"
	"$LEASTCAP" report -f compose --compose-file shop/compose.yaml "$PROFILE" >patch.diff 2>said || true
	assert_eq "$(<patch.diff)" "" "the patch"
}

test_labels_that_the_engine_was_given_are_believed_whatever_the_image_carries() {
	label_image leastcap-hostile-labels com.docker.compose.project=shop com.docker.compose.service=web
	start_recording
	run_container leastcap-labelled --label com.docker.compose.project=shop --label com.docker.compose.service=web \
		--label com.docker.compose.config-hash=4567 leastcap-hostile-labels true
	stop_recording INT
	assert_eq "$(query "$PROFILE" leastcap-labelled '[.project, .service] | tojson')" '["shop","web"]' "what the labels say"
}

test_a_first_process_that_drops_everything_does_not_hide_what_another_holds() {
	start_container leastcap-hidden --cap-add SYS_ADMIN --cap-add SYS_PTRACE "$IMAGE" \
		sh -c 'sleep 300 & exec setpriv --bounding-set -all --inh-caps -all --reuid 1000 --regid 1000 --clear-groups sleep 300'
	wait_until grep -q '^CapBnd:.0*$' "/proc/$("$DOCKER" inspect -f '{{.State.Pid}}' leastcap-hidden)/status"
	"$LEASTCAP" audit leastcap-hidden >audit.txt
	assert_match "$(<audit.txt)" "^1 running.* 1 dangerous" "the first line"
	assert_match "$(tr -s '\n ' ' ' <audit.txt)" "Process [0-9]+ \(sleep\) holds .*SYS_ADMIN.* and the first process, [0-9]+ \(sleep\), does not" "who differs"
	assert_match "$(<audit.txt)" "It holds SYS_ADMIN, which" "the reason"
}

test_a_first_process_in_its_own_user_namespace_confines_nobody_else() {
	start_container leastcap-hidden --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt seccomp=unconfined "$IMAGE" \
		sh -c 'sleep 300 & exec unshare --user sleep 300'
	wait_until grep -q sleep "/proc/$("$DOCKER" inspect -f '{{.State.Pid}}' leastcap-hidden)/comm"
	"$LEASTCAP" audit -f json leastcap-hidden >audit.json
	assert_eq "$(query audit.json leastcap-hidden '[.rating.level, .init.own_userns, (.processes.own_userns // false)] | tojson')" \
		'["dangerous",true,false]' "the rating"
}

# The host's root may put a process of its own there; a runtime's exec with privileges does no other.
test_a_process_with_more_than_the_engine_was_told_to_grant_is_named() {
	local first
	start_container leastcap-hidden "$IMAGE" sleep 300
	first=$("$DOCKER" inspect -f '{{.State.Pid}}' leastcap-hidden)
	sleep 300 &
	echo $! >"$(hierarchy)$(sed -n 's/^[0-9]*:\(pids\)\?://p' "/proc/$first/cgroup" | head -n 1)/cgroup.procs"
	"$LEASTCAP" audit leastcap-hidden >audit.txt
	kill $!
	assert_match "$(tr -s '\n ' ' ' <audit.txt)" "It holds more than docker was told to grant: .*SYS_ADMIN" "the audit"
}

# nest DIRECTORY DEPTH: cgroups one within the other.
nest() {
	python3 - "$1" "$2" <<-'END'
		import os, sys
		os.chdir(sys.argv[1])
		for _ in range(int(sys.argv[2])):
		    os.mkdir("a")
		    os.chdir("a")
	END
}

unnest() {
	python3 - "$1" "$2" <<-'END'
		import os, sys
		os.chdir(sys.argv[1])
		for _ in range(int(sys.argv[2])):
		    os.chdir("a")
		for _ in range(int(sys.argv[2])):
		    os.chdir("..")
		    os.rmdir("a")
	END
}

test_cgroups_nested_1900_deep_are_walked_with_few_descriptors() {
	local command status
	start_victim
	delegate
	as_user mkdir "$DELEGATED/lxc.payload.x"
	as_user bash -c "$(declare -f nest); nest \"\$@\"" nest "$DELEGATED/lxc.payload.x" 1900
	ulimit -n 1024
	for command in audit "trace leastcap-victim" "record -q -o $PROFILE"; do
		status=0
		# shellcheck disable=SC2086
		env --default-signal=INT timeout --signal=INT 5 "$LEASTCAP" $command >out 2>said || status=$?
		((status != 124)) || status=0
		assert_no_match "$(<said)" "Too many open files" "what $command says"
		assert_eq "$status" 0 "the exit status of $command: $(<said)"
	done
	unnest "$DELEGATED/lxc.payload.x" 1900
	assert_victim "$PROFILE"
}
