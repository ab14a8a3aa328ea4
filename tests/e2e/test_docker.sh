# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers as people run them: the list is exact, and with that list the container still does its work.
# The options of a report are words for the shell to split.
# shellcheck disable=SC2046

REQUIRES=docker

run_nginx() {
	start_container leastcap-nginx "$@" "$IMAGE" nginx -g 'daemon off;'
	wait_until serves leastcap-nginx 80
}

test_nginx_as_root_on_port_80_needs_four_capabilities() {
	record_while run_nginx
	assert_list "$PROFILE" leastcap-nginx "CHOWN DAC_OVERRIDE SETGID SETUID"
}

test_nginx_serves_its_page_with_the_list_that_the_docker_report_gives() {
	record_while run_nginx
	remove_container leastcap-nginx
	run_nginx $(docker_options "$PROFILE" leastcap-nginx)
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.CapDrop}}' leastcap-nginx)" "[ALL]" "what docker was told to drop"
}

run_redis() {
	start_container leastcap-redis "$@" "$IMAGE" \
		sh -c 'mkdir /data && : >/data/seed && chown -R redis /data && cd /data && exec gosu redis redis-server --protected-mode no'
	wait_until redis_answers leastcap-redis
}

test_redis_behind_chown_and_gosu_needs_three_capabilities() {
	record_while run_redis
	assert_list "$PROFILE" leastcap-redis "CHOWN SETGID SETUID"
}

test_redis_answers_with_the_list_that_the_docker_report_gives() {
	record_while run_redis
	remove_container leastcap-redis
	run_redis $(docker_options "$PROFILE" leastcap-redis)
}

chown_once() {
	run_container leastcap-chown "$IMAGE" chown nobody /etc/hostname
}

test_a_container_that_lives_for_200_ms_has_its_name_and_exactly_chown() {
	record_while chown_once
	assert_list "$PROFILE" leastcap-chown "CHOWN"
	assert_match "$(query "$PROFILE" leastcap-chown .id)" '^[0-9a-f]{64}$' "its id"
	assert_eq "$(query "$PROFILE" leastcap-chown .engine)" docker "its engine"
	assert_eq "$(query "$PROFILE" leastcap-chown .image)" "$IMAGE" "its image"
	assert_eq "$(query "$PROFILE" leastcap-chown .kind)" container "its kind"
}

# A file of the image: changing it makes overlayfs copy it up, under its mounter's credentials.
chown_in_lower_layer() {
	run_container leastcap-chown "$IMAGE" chown nobody /usr/bin/ping
}

test_what_overlayfs_asks_under_its_mounters_credentials_is_shown_as_overridden_and_not_listed() {
	record_while chown_in_lower_layer
	assert_list "$PROFILE" leastcap-chown "CHOWN"
	assert_match "$(query "$PROFILE" leastcap-chown '[.evidence[] | select(.class == "overridden") | .cap] | unique | join(" ")')" \
		SYS_ADMIN "the overridden checks"
}

test_what_the_runtime_asks_before_the_first_exec_is_shown_as_setup_and_not_listed() {
	record_while chown_once
	assert_match "$(query "$PROFILE" leastcap-chown '[.evidence[] | select(.class == "setup") | .cap] | unique | join(" ")')" \
		SYS_ADMIN "the setup checks"
	assert_eq "$(query "$PROFILE" leastcap-chown '[.evidence[] | select(.class == "required") | .phase] | unique | join(" ")')" \
		workload "the phase of what is required"
}

chown_by_a_false_runc() {
	run_container leastcap-mask -v "$PROGRAMS:/programs:ro" "$IMAGE" /programs/calls_itself_runc /etc/hostname
}

test_a_process_that_calls_itself_runc_is_counted_all_the_same() {
	record_while chown_by_a_false_runc
	assert_list "$PROFILE" leastcap-mask "CHOWN"
	assert_eq "$(query "$PROFILE" leastcap-mask '[.evidence[] | select(.class == "required") | .comm] | unique | .[]')" "runc:[2:INIT]" "its name"
}

test_docker_exec_counts_what_the_program_uses_and_not_what_runc_does_to_get_there() {
	start_container leastcap-exec "$IMAGE" sleep 60
	record_while "$DOCKER" exec leastcap-exec chown nobody /etc/hostname
	assert_list "$PROFILE" leastcap-exec "CHOWN"
}

test_docker_exec_of_a_program_that_needs_nothing_leaves_the_list_empty() {
	start_container leastcap-exec "$IMAGE" sleep 60
	record_while "$DOCKER" exec -u 65534 leastcap-exec cat /etc/hostname
	! jq -e '.targets[] | select(.name == "leastcap-exec")' "$PROFILE" >/dev/null || assert_list "$PROFILE" leastcap-exec ""
}

serve_as_ordinary_user() {
	start_container leastcap-web --user 65534:65534 "$IMAGE" python3 -m http.server 8000 --directory /usr/share/nginx/html
	wait_until serves leastcap-web 8000
}

test_a_web_server_on_port_8000_as_an_ordinary_user_needs_nothing_and_the_report_says_so() {
	local report
	record_while serve_as_ordinary_user
	assert_list "$PROFILE" leastcap-web ""
	report=$("$LEASTCAP" report "$PROFILE")
	assert_match "$report" '--cap-drop=ALL' "the report"
	assert_no_match "$report" '--cap-add' "the report"
	assert_match "${report,,}" 'none|no capabilit|nothing|needs no' "the report"
	assert_no_match "$(docker_options "$PROFILE" leastcap-web)" '--cap-add' "the docker report"
}

test_granted_capabilities_that_nobody_asked_for_are_named_as_unused() {
	local granted
	record_while chown_once
	granted=$(query "$PROFILE" leastcap-chown '.granted | sort | join(" ")')
	assert_eq "$granted" "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT" \
		"Docker's default set"
	assert_match "$(query "$PROFILE" leastcap-chown '.unused | join(" ")')" 'NET_RAW' "the unused"
	assert_no_match " $(query "$PROFILE" leastcap-chown '.unused | join(" ")') " ' CHOWN ' "the unused"
}

chown_without_permission() {
	! run_container leastcap-denied --cap-drop=ALL "$IMAGE" chown nobody /etc/hostname
}

test_a_denied_capability_that_made_the_syscall_fail_is_named_as_wanted() {
	record_while chown_without_permission
	assert_list "$PROFILE" leastcap-denied ""
	assert_eq "$(query "$PROFILE" leastcap-denied '.wanted | join(" ")')" CHOWN "what it wanted"
	assert_eq "$(query "$PROFILE" leastcap-denied '.evidence[] | select(.class == "blocked") | .cap + " " + .verdict')" \
		"CHOWN denied" "the evidence"
}

twenty_short_containers() {
	local number
	for number in {1..20}; do
		run_container "leastcap-short-$number" "$IMAGE" chown nobody /etc/hostname &
		((number % 4)) || wait
	done
	wait
}

test_twenty_short_containers_are_all_named_and_all_exact() {
	record_while twenty_short_containers
	assert_eq "$(jq '[.targets[] | select(.name | test("^leastcap-short-")) | select(.cap_add == ["CHOWN"])] | length' "$PROFILE")" \
		20 "containers with exactly CHOWN"
}

run_privileged() {
	run_container leastcap-privileged --privileged --runtime "$RUNTIME" "$IMAGE" chown nobody /etc/hostname
}

test_a_privileged_container_is_marked_and_gets_its_short_list() {
	RUNTIME=$(privileged_runtime)
	[[ $RUNTIME ]] || skip "root lacks a capability here: Docker cannot start privileged containers"
	export RUNTIME
	record_while run_privileged
	assert_list "$PROFILE" leastcap-privileged "CHOWN"
	assert_eq "$(query "$PROFILE" leastcap-privileged .privileged)" true "privileged"
}

test_a_name_limits_the_recording_to_that_container() {
	start_container leastcap-one "$IMAGE" sleep 60
	start_container leastcap-two "$IMAGE" sleep 60
	start_recording leastcap-one
	"$DOCKER" exec leastcap-one chown nobody /etc/hostname
	"$DOCKER" exec leastcap-two chown nobody /etc/hostname
	stop_recording INT
	assert_list "$PROFILE" leastcap-one "CHOWN"
	assert_eq "$(jq -r '[.targets[].name] | join(" ")' "$PROFILE")" leastcap-one "the targets"
}

test_what_a_killed_engine_left_of_its_containers_is_not_reported_to_need_nothing() {
	local id cgroup names
	id=$(printf '%064d' $$)
	start_container leastcap-idle "$IMAGE" sleep 60
	for cgroup in /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker; do
		[[ ! -d $cgroup ]] || mkdir "$cgroup/$id"
	done
	"$LEASTCAP" record -q -a -o "$PROFILE" -- true || :
	rmdir /sys/fs/cgroup/docker/"$id" /sys/fs/cgroup/*/docker/"$id" 2>/dev/null || :
	names=$(jq -r '[.targets[] | .name, .cgroup] | join(" ")' "$PROFILE")
	assert_match "$names" 'leastcap-idle ' "the targets"
	assert_no_match "$names" "$id" "the targets"
}

test_the_start_of_an_id_names_a_container_too() {
	local id
	start_container leastcap-one "$IMAGE" sleep 60
	id=$("$DOCKER" inspect -f '{{.Id}}' leastcap-one)
	start_recording "${id:0:8}"
	"$DOCKER" exec leastcap-one chown nobody /etc/hostname
	stop_recording INT
	assert_list "$PROFILE" leastcap-one "CHOWN"
}

test_a_container_removed_while_it_is_being_read_keeps_its_list() {
	local number
	start_recording
	for number in {1..8}; do
		start_container "leastcap-gone-$number" "$IMAGE" chown nobody /etc/hostname
		remove_container "leastcap-gone-$number"
	done
	stop_recording INT
	assert_eq "$STATUS" 0 "the exit status"
	assert_eq "$(jq '[.targets[] | select(.engine == "docker") | select(.cap_add - ["CHOWN"] != [])] | length' "$PROFILE")" 0 \
		"containers with more than CHOWN"
}

start_short_ones() {
	local number
	for number in {1..16}; do
		run_container "leastcap-early-$number" --network none "$IMAGE" chown nobody /etc/hostname
	done
}

test_a_container_that_is_being_started_when_the_recording_begins_shows_nothing_of_its_runtime() {
	local number starter
	(start_short_ones) &
	starter=$!
	for number in {1..12}; do
		"$LEASTCAP" record -q -o "early-$number.json" --for 0.2s
	done
	wait "$starter"
	assert_eq "$(jq -r '.targets[] | select(.name | startswith("leastcap-early")) | .cap_add - ["CHOWN"] | .[]' early-*.json)" "" \
		"capabilities besides CHOWN"
	assert_match "$(jq -r '.targets[].name' early-*.json)" leastcap-early "the names"
}
