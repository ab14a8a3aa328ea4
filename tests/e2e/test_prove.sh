# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Lists that trials have proven: what a test passes without goes, what it needs or is worse without stays, and what flaps proves nothing.

REQUIRES=docker

# prove [OPTION...] STEP: proves the containers of STEP, a function of this file that runs in a shell of its own. Its messages are in $TOLD.
prove() {
	local step=${*: -1}
	STATUS=0
	"$LEASTCAP" prove -o "$PROFILE" "${@:1:$#-1}" -- "$E2E/child" "$TEST_FILE" "$step" 2>"$TEST_DIR/told" || STATUS=$?
	TOLD=$(<"$TEST_DIR/told")
}

proven() {
	query "$PROFILE" "$1" ".proven.$2"
}

# `nice` says that it was refused, and goes on.
be_nice() {
	run_container leastcap-nice --network none --cap-add SYS_NICE "$IMAGE" nice -n -5 true
}

chown_or_fail() {
	run_container leastcap-chown --network none "$IMAGE" chown nobody /etc/hostname
}

test_what_an_earlier_list_lacks_is_added_and_that_proof_is_demanded_and_merged_away() {
	"$LEASTCAP" record -o "$TEST_DIR/earlier.json" -- "$E2E/child" "$TEST_FILE" chown_or_fail
	jq '.targets[].cap_add = [] | .targets[].evidence = []' "$TEST_DIR/earlier.json" >"$TEST_DIR/less.json"
	prove --from "$TEST_DIR/less.json" chown_or_fail
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-chown "CHOWN"
	assert_eq "$(proven leastcap-chown 'added|join(" ")')" CHOWN "what was added"
	assert_eq "$(proven leastcap-chown 'untried|length')" 0 "what was not tried"
	assert_match "$TOLD" 'run 3: the recorded lists alone: failed.*run 4: the recorded lists alone: passed' "what is told"
	assert_eq "$(status_of "$LEASTCAP" check --require-proof --allow "$PROFILE" "$PROFILE")" 0 "the check of what is proven"
	assert_eq "$(status_of "$LEASTCAP" check --require-proof --allow "$PROFILE" "$TEST_DIR/earlier.json")" 1 "the check of what is not"
	assert_match "$("$LEASTCAP" report "$PROFILE" | head -n 1)" '^proven in [0-9]+ runs$' "the report's first line"
	"$LEASTCAP" merge -o "$TEST_DIR/all.json" "$PROFILE" "$TEST_DIR/earlier.json"
	assert_eq "$(query "$TEST_DIR/all.json" leastcap-chown .proven)" null "the proof of the merged profiles"
}

chown_and_shrug() {
	run_container leastcap-chown --network none "$IMAGE" sh -c 'chown nobody /etc/hostname || true'
}

serve_nginx() {
	trap 'remove_container leastcap-nginx' EXIT
	start_container leastcap-nginx "$IMAGE" nginx -g 'daemon off;'
	come_up leastcap-nginx 80
}

# come_up CONTAINER PORT: waits until it serves; where it ends instead, that fails at once.
come_up() {
	wait_until serves_or_ends "$1" "$2"
	serves "$1" "$2" || return 1
}

serves_or_ends() {
	serves "$1" "$2" || [[ $("$DOCKER" inspect -f '{{.State.Running}}' "$1") != true ]]
}

test_nginx_keeps_its_four_capabilities_because_its_test_needs_them() {
	prove serve_nginx
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-nginx "CHOWN DAC_OVERRIDE SETGID SETUID"
	assert_match "$(proven leastcap-nginx image_digest)" '^sha256:[0-9a-f]{64}$' "the image's digest"
	assert_match "$TOLD" 'without CHOWN: failed: exit status 1' "what is told of the trial"
	assert_eq "$(proven leastcap-nginx 'untried|join(" ")')" "SETGID SETUID" "what was not tried"
}

# It drops root where it can, and serves as root where it can't.
serve_as_somebody() {
	trap 'remove_container leastcap-server' EXIT
	start_container leastcap-server "$IMAGE" python3 -c '
import http.server, os
try:
    os.setuid(33)
except OSError:
    pass
http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()'
	wait_until serves leastcap-server 8080
	# As long as a test takes.
	sleep 2
}

test_a_server_that_stays_root_without_setuid_keeps_it() {
	prove --exhaustive serve_as_somebody
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-server "SETUID"
	assert_match "$TOLD" 'without SETUID: degraded: .* no longer a process python3 of user 33:0' "what is told of the trial"
}

test_what_is_accepted_goes_although_the_server_is_worse() {
	prove --accept SETUID serve_as_somebody
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-server ""
}

# Jobs whose end nobody looks at, and which fail without CHOWN. Of the second nothing is left to ask.
leave_jobs() {
	local id
	"$DOCKER" rm -f leastcap-job >/dev/null 2>&1 || true
	id=$("$DOCKER" run -d --rm --label leastcap-test --name leastcap-gone --network none "$IMAGE" sh -c 'sleep 1; chown nobody /etc/hostname')
	start_container leastcap-job --network none "$IMAGE" chown nobody /etc/hostname
	"$DOCKER" wait leastcap-job >/dev/null
	# Of one that may be gone already nobody can ask to be told.
	wait_until is_gone "$id"
}

is_gone() {
	! "$DOCKER" inspect "$1" >/dev/null 2>&1
}

test_containers_that_end_otherwise_keep_their_capabilities_also_when_they_are_removed() {
	prove leave_jobs
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-job "CHOWN"
	assert_list "$PROFILE" leastcap-gone "CHOWN"
	assert_match "$TOLD" 'without CHOWN: degraded: leastcap-job is no longer one that ends with exit status 0' "what is told of one"
	assert_match "$TOLD" 'without CHOWN: degraded: leastcap-gone is no longer one that ends with exit status 0' "what is told of the other"
}

# Without CHOWN it never ends by itself, and hears no SIGTERM.
chown_until_it_works() {
	run_container leastcap-until --network none "$IMAGE" sh -c 'until chown nobody /etc/hostname 2>/dev/null; do sleep 1; done'
}

test_a_trial_that_hangs_is_ended_and_leaves_nothing() {
	local began=$SECONDS
	# So long that no machine is too slow for the others.
	"$LEASTCAP" record -o "$TEST_DIR/once.json" -- "$E2E/child" "$TEST_FILE" chown_until_it_works
	prove --timeout "$((4 + 3 * (SECONDS - began)))s" chown_until_it_works
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-until "CHOWN"
	assert_match "$TOLD" 'without CHOWN: failed: it was ended after [0-9]+ s' "what is told of the trial"
	assert_eq "$("$DOCKER" ps -aq --filter label=leastcap.prove)" "" "what is left"
}

flap() {
	run_container leastcap-flap --network none "$IMAGE" true
	[[ ! -e $TEST_DIR/ran ]] || return 1
	: >"$TEST_DIR/ran"
}

test_a_test_that_flaps_is_refused() {
	prove flap
	assert_eq "$STATUS" 1 "the exit status"
	assert_match "$TOLD" 'not proven: .*does not come out the same each time.*: exit status 1' "what is told"
	[[ ! -e $PROFILE ]] || fail "a profile was written"
}

test_a_test_that_fails_proves_nothing() {
	prove fails
	assert_eq "$STATUS" 1 "the exit status"
	assert_match "$TOLD" 'not proven: the command does not pass with nothing refused.*: exit status 3' "what is told"
}

fails() {
	return 3
}

# Two that shrug, and one that is only started.
two_containers() {
	be_nice
	chown_and_shrug
	"$DOCKER" start leastcap-other >/dev/null
}

test_what_two_containers_shrug_at_leaves_their_lists_in_the_same_runs() {
	"$DOCKER" create --label leastcap-test --name leastcap-other --network none "$IMAGE" true >/dev/null
	prove two_containers
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-nice ""
	assert_list "$PROFILE" leastcap-chown ""
	assert_eq "$(proven leastcap-nice 'removed|join(" ")')" SYS_NICE "what was removed"
	assert_eq "$(proven leastcap-nice 'runs|length')" 5 "the number of runs"
	assert_match "$TOLD" 'run 4: leastcap-nice without SYS_NICE; leastcap-chown without CHOWN: passed' "what is told of the trial"
	assert_match "$TOLD" 'the command started 5 times containers that it had not created, which stayed as they were' "what is told of the other"
}

# As often as it happens to be needed.
two_without_names() {
	"$DOCKER" run --rm --label leastcap-test --network none "$IMAGE" chown nobody /etc/hostname
	"$DOCKER" run --rm --label leastcap-test --network none "$IMAGE" sh -c 'chown nobody /etc/hostname || true'
	[[ -e $TEST_DIR/often ]] || "$DOCKER" run --rm --label leastcap-test --network none "$IMAGE" sh -c 'chown nobody /etc/hostname || true'
	: >"$TEST_DIR/often"
}

test_containers_without_names_are_known_by_their_commands() {
	prove two_without_names
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$TOLD" "run [0-9]+: $IMAGE: chown nobody /etc/hostname without CHOWN, once more: failed: exit status 1" "what is told of one"
	assert_eq "$(jq -c '[.targets[].cap_add | join(" ")] | sort' "$PROFILE")" '["","","CHOWN"]' "the lists"
}

another_name() {
	run_container "leastcap-$(date +%s%N)" --network none "$IMAGE" chown nobody /etc/hostname
}

test_a_container_that_changes_its_name_is_not_tried() {
	prove another_name
	assert_eq "$STATUS" 1 "the exit status"
	assert_match "$TOLD" 'created in only one of the first two runs' "what is told of each"
	assert_match "$TOLD" 'not proven: the command created no container of which something is to be proven' "what is told"
}

# The fourth run, which is the first trial behind the recorded list, takes so long that it is stopped.
slow_nice() {
	be_nice
	echo >>"$TEST_DIR/runs"
	(($(wc -l <"$TEST_DIR/runs") != 4)) || exec sleep 60
}

has_run() {
	[[ -f $TEST_DIR/runs ]] && (($(wc -l <"$TEST_DIR/runs") >= $1))
}

# stop_slow_nice: its proof, stopped when the recorded list alone has passed. The exit status.
stop_slow_nice() {
	local prover status=0
	env --default-signal=INT,QUIT "$LEASTCAP" prove -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" slow_nice 2>"$TEST_DIR/told" &
	prover=$!
	wait_until has_run 4
	kill -INT "$prover"
	wait "$prover" || status=$?
	printf '%s\n' "$status"
}

test_ctrl_c_leaves_the_best_list_that_has_passed_and_that_proof_is_gone_on_with() {
	assert_eq "$(stop_slow_nice)" 1 "the exit status"
	assert_list "$PROFILE" leastcap-nice "SYS_NICE"
	assert_eq "$(proven leastcap-nice stopped)" true "that it was stopped"
	assert_eq "$(proven leastcap-nice 'untried|join(" ")')" SYS_NICE "what was not tried"
	cp "$PROFILE" "$TEST_DIR/stopped.json"
	prove --resume "$TEST_DIR/stopped.json" slow_nice
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-nice ""
	assert_no_match "$TOLD" 'the recorded lists alone' "what is told of a trial that was made before"
	assert_eq "$(proven leastcap-nice 'runs|map(.purpose)|join(" ")')" \
		"baseline baseline recorded without final" "the runs of the certificate"
	assert_eq "$(status_of "$LEASTCAP" prove --resume "$TEST_DIR/stopped.json" -- "$E2E/child" "$TEST_FILE" be_nice)" 1 "another command"
}

test_the_list_of_a_command_itself_is_proven() {
	touch "$TEST_DIR/file"
	"$LEASTCAP" run --prove -o "$PROFILE" -- sh -c "set -e; chown nobody $TEST_DIR/file; nice -n -5 true" 2>"$TEST_DIR/told"
	assert_list "$PROFILE" sh "CHOWN"
	assert_eq "$(proven sh method)" "bounding set" "the method"
	assert_match "$(<"$TEST_DIR/told")" 'the command without SYS_NICE: passed' "what is told of what it does without"
	assert_match "$(<"$TEST_DIR/told")" 'the command without CHOWN.*: failed: exit status 1' "what is told of what it needs"
	assert_refused 2 'belong to --prove' "$LEASTCAP" run --exhaustive -- true
}

# What remains of the user that it was to become.
become_somebody() {
	python3 -c '
import os, time
try:
    os.setgid(65534); os.setuid(65534)
except OSError:
    pass
time.sleep(2)'
}

test_a_command_that_stays_root_without_setuid_keeps_it() {
	"$LEASTCAP" run --prove --exhaustive -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" become_somebody 2>"$TEST_DIR/told"
	assert_list "$PROFILE" child "SETGID SETUID"
	assert_match "$(<"$TEST_DIR/told")" 'the command without SETUID.*: degraded: .* no longer a process python3 of user 65534:65534' "what is told of the trial"
}

# leave_and_clean: each run leaves a container, and cleans while it has it.
leave_and_clean() {
	local id
	id=$("$DOCKER" run -d --label leastcap-test --network none --cap-add SYS_NICE "$IMAGE" sh -c 'nice -n -5 true; exec sleep 600')
	env -u DOCKER_HOST "$LEASTCAP" prove --clean 2>>"$TEST_DIR/cleaned"
	# Until it has been nice.
	sleep 1
	"$DOCKER" inspect "$id" >/dev/null
}

test_clean_removes_what_trials_have_left_and_nothing_else_and_leaves_a_proof_that_goes_on_alone() {
	start_container leastcap-other --network none "$IMAGE" sleep 600
	prove leave_and_clean
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(<"$TEST_DIR/cleaned")" 'container [0-9a-f]{12} stays: it is of a proof that goes on, process [0-9]+' "what is told of it"
	assert_match "$("$DOCKER" ps -q --filter label=leastcap.prove)" . "what trials have left"
	assert_match "$TOLD" "'leastcap prove --clean' removes them" "what is told of it"
	"$LEASTCAP" prove --clean 2>/dev/null
	assert_eq "$("$DOCKER" ps -aq --filter label=leastcap.prove)" "" "what is left then"
	assert_match "$("$DOCKER" ps --format '{{.Names}}')" leastcap-other "the other containers"
}

privileged_chown() {
	run_container leastcap-privileged --network none --privileged --runtime "$(privileged_runtime)" "$IMAGE" chown nobody /etc/hostname
}

test_a_privileged_container_is_tried_without_its_privilege_when_that_is_asked() {
	[[ $(privileged_runtime) ]] || skip "root lacks a capability here: Docker cannot start privileged containers"
	prove privileged_chown
	assert_eq "$STATUS" 1 "the exit status when that is not asked"
	assert_match "$TOLD" 'leastcap-privileged is privileged, which no list narrows \(--unprivileged tries it without\)' "what is told of it"
	prove --unprivileged privileged_chown
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-privileged "CHOWN"
	assert_eq "$(proven leastcap-privileged unprivileged)" true "that it was none in the trials"
	assert_match "$("$LEASTCAP" report "$PROFILE" | head -n 1)" '^proven in [0-9]+ runs without --privileged$' "the report's first line"
}

# start_engine [OPTION...]: an engine of the test's own, which may be restarted. Its image has little of the real one.
start_engine() {
	mkdir -p "$TEST_DIR/engine"
	dockerd --host "unix://$TEST_DIR/engine.sock" --pidfile "$TEST_DIR/engine.pid" --data-root "$TEST_DIR/engine" --exec-root "$TEST_DIR/exec" \
		--bridge none --iptables=false "$@" >>"$TEST_DIR/engine.log" 2>&1 </dev/null &
	LEASTCAP_PATIENCE=60 wait_until "$DOCKER" version
	[[ $("$DOCKER" images -q "$IMAGE") ]] || "$DOCKER" import "$TEST_DIR/image.tar" "$IMAGE" >/dev/null
}

stop_engine() {
	local pid
	pid=$(<"$TEST_DIR/engine.pid")
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
	done
}

# use_engine [OPTION...]: from here on that is the engine.
use_engine() {
	# shellcheck disable=SC2016
	run_container leastcap-files "$IMAGE" sh -c 'set -- /bin/sh /bin/chown /bin/sleep /etc/passwd
		exec tar -ch $({ printf "%s\n" "$@" && ldd "$@" | grep -o "/[^ :]*"; } | sort -u)' >"$TEST_DIR/image.tar" 2>/dev/null
	export DOCKER_HOST=unix://$TEST_DIR/engine.sock
	trap remove_engine EXIT
	start_engine "$@"
}

remove_engine() {
	"$DOCKER" ps -aq | xargs -r "$DOCKER" rm -f >/dev/null
	stop_engine
}

# The fourth run, which is the first trial behind the recorded list, loses its container to the engine's restart.
serve_over_a_restart() {
	trap 'remove_container leastcap-server' EXIT
	start_container leastcap-server --network none "$IMAGE" sh -c 'chown nobody /etc/hostname || true; exec sleep 600'
	echo >>"$TEST_DIR/runs"
	if (($(wc -l <"$TEST_DIR/runs") == 4)); then
		DOCKER_HOST=unix://$TEST_DIR/engine.sock
		stop_engine
		start_engine
	fi
	[[ $("$DOCKER" inspect -f '{{.State.Running}}' leastcap-server) == true ]]
}

test_a_trial_that_the_engines_restart_has_failed_keeps_nothing() {
	use_engine
	prove serve_over_a_restart
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$TOLD" 'run 4: leastcap-server without CHOWN: failed: exit status 1' "what is told of the trial"
	assert_list "$PROFILE" leastcap-server ""
}

# A runtime that is slow to start the first two containers, whose first process waits for that.
write_slow_runtime() {
	cat >"$TEST_DIR/runtime" <<-SCRIPT
		#!/bin/bash
		if [[ " \$* " == *" start "* ]]; then
			echo >>$TEST_DIR/starts
			((\$(wc -l <$TEST_DIR/starts) > 2)) || sleep 3
		fi
		exec $(command -v runc) "\$@"
	SCRIPT
	chmod +x "$TEST_DIR/runtime"
}

chown_in_slow_runtime() {
	run_container leastcap-chown --runtime slow --network none "$IMAGE" chown nobody /etc/hostname
}

test_what_a_runtime_still_prepares_is_no_process_of_the_container() {
	write_slow_runtime
	use_engine --add-runtime "slow=$TEST_DIR/runtime"
	prove chown_in_slow_runtime
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-chown "CHOWN"
	assert_no_match "$TOLD" 'runc' "what is told"
}

# Nobody looks at what becomes of a save and of a reload. Redis' root may not write to /data, but for DAC_OVERRIDE.
start_redis() {
	mkdir -p "$TEST_DIR/data"
	chown 1234:1234 "$TEST_DIR/data"
	start_container leastcap-redis -v "$TEST_DIR/data:/data" "$IMAGE" redis-server --dir /data --save "" --protected-mode no
	wait_until redis_answers leastcap-redis
}

# save: from outside, because an exec takes longer.
save() {
	[[ $(timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/6379" && printf "SET key value\r\nBGSAVE\r\n" >&3 && head -n2 <&3' \
		"$(address_of leastcap-redis)") == *'Background saving started'* ]]
}

# All that it needs at the start is there already; the reload makes one more directory, and has to give that away.
start_nginx() {
	local name
	rm -rf "$TEST_DIR/srv"
	mkdir -p "$TEST_DIR/srv"
	for name in client_body proxy fastcgi uwsgi scgi; do
		mkdir "$TEST_DIR/srv/$name"
		echo "${name}_temp_path /srv/$name;"
	done >"$TEST_DIR/temp_paths"
	chown 33 "$TEST_DIR"/srv/*
	write_conf "$(<"$TEST_DIR/temp_paths")"
	start_container leastcap-nginx --cap-drop ALL --cap-add CHOWN --cap-add SETGID --cap-add SETUID \
		-v "$TEST_DIR/srv:/srv" "$IMAGE" nginx -e stderr -c /srv/nginx.conf
	come_up leastcap-nginx 80
}

write_conf() {
	cat >"$TEST_DIR/srv/nginx.conf" <<-CONF
		daemon off;
		user www-data;
		error_log stderr;
		events {}
		http {
			access_log off;
			$1
			server { listen 80; root /usr/share/nginx/html; }
		}
	CONF
}

reload() {
	write_conf "$(sed 's,/srv/proxy;,/srv/new;,' "$TEST_DIR/temp_paths")"
	"$DOCKER" kill --signal HUP leastcap-nginx >/dev/null
}

save_in_the_background() {
	trap 'remove_container leastcap-redis' EXIT
	start_redis
	save
	sleep 2
	redis_answers leastcap-redis
}

test_redis_whose_background_save_fails_keeps_its_capability() {
	prove save_in_the_background
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(query "$PROFILE" leastcap-redis '.cap_add|join(" ")')" 'DAC_OVERRIDE' "the list"
	assert_match "$TOLD" 'without DAC_OVERRIDE: degraded: leastcap-redis now logs .*Background saving error' "what is told of the trial"
}

reload_nginx() {
	trap 'remove_container leastcap-nginx' EXIT
	start_nginx
	reload
	sleep 2
	serves leastcap-nginx 80
}

test_nginx_whose_reload_fails_keeps_its_capability() {
	prove reload_nginx
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(query "$PROFILE" leastcap-nginx '.cap_add|join(" ")')" 'CHOWN' "the list"
	assert_match "$TOLD" 'without CHOWN: degraded: leastcap-nginx now logs .*\[emerg\].* chown' "what is told of the trial"
}

save_and_reload() {
	trap 'remove_container leastcap-redis; remove_container leastcap-nginx' EXIT
	start_redis
	start_nginx
	save
	reload
	sleep 2
	serves leastcap-nginx 80
	redis_answers leastcap-redis
}

test_redis_whose_background_save_may_fail_and_nginx_whose_reload_may_fail_go_without() {
	local why
	prove --accept DAC_OVERRIDE,CHOWN save_and_reload
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_no_match "$(query "$PROFILE" leastcap-redis '.cap_add|join(" ")')" 'DAC_OVERRIDE' "the list of redis"
	assert_no_match "$(query "$PROFILE" leastcap-nginx '.cap_add|join(" ")')" 'CHOWN' "the list of nginx"
	why=$(proven leastcap-redis 'runs | map(select(.accepted).why) | join(" ")')
	assert_match "$why" 'Background saving error' "why redis is worse"
	assert_match "$why" '\[emerg\].* chown' "why nginx is worse"
}

# daemons: the image of those that the others have no use for.
daemons() {
	# shellcheck disable=SC2016
	"$ROOT/scripts/debian-image" leastcap-test-daemons \
		'--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester' \
		'--customize-hook=chroot "$1" ssh-keygen -q -t ed25519 -N "" -f /root/key' \
		'--customize-hook=mkdir -m 700 "$1/home/tester/.ssh" && cp "$1/root/key.pub" "$1/home/tester/.ssh/authorized_keys"' \
		'--customize-hook=chroot "$1" chown -R tester: /home/tester/.ssh' \
		apache2 openssh-server openssh-client
}

# A child that can't become www-data serves a page all the same, and ends.
serve_apache() {
	trap 'remove_container leastcap-apache' EXIT
	# shellcheck disable=SC2016
	start_container leastcap-apache --cap-drop ALL --cap-add SETGID --cap-add SETUID "$DAEMONS" bash -c '. /etc/apache2/envvars && mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR" && exec apache2 -D FOREGROUND'
	come_up leastcap-apache 80
	sleep 2
}

test_apache_that_serves_as_root_without_setuid_keeps_it() {
	DAEMONS=$(daemons)
	export DAEMONS
	LEASTCAP_PATIENCE=4 prove --exhaustive serve_apache
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(query "$PROFILE" leastcap-apache '.cap_add|join(" ")')" 'SETGID SETUID' "the list"
	assert_match "$TOLD" 'without SETUID: (degraded: .* no longer a process apache2 of user 33:33|failed)' "what is told of the trial"
}

# A login works without AUDIT_WRITE, but for one to a terminal, which nobody looks at: sshd says that it can't be audited, and closes it.
log_in() {
	trap 'remove_container leastcap-sshd' EXIT
	start_container leastcap-sshd --network none --cap-drop ALL --cap-add AUDIT_WRITE --cap-add CHOWN --cap-add SETGID --cap-add SETUID \
		--cap-add SYS_CHROOT "$DAEMONS" sh -c 'mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e'
	wait_until ssh_into leastcap-sshd -T
	ssh_into leastcap-sshd -tt || true
}

ssh_into() {
	"$DOCKER" exec "$1" timeout 10 ssh -q "$2" -i /root/key -o StrictHostKeyChecking=no -o BatchMode=yes tester@127.0.0.1 true
}

test_sshd_whose_logins_are_not_audited_keeps_its_capability() {
	DAEMONS=$(daemons)
	export DAEMONS
	LEASTCAP_PATIENCE=4 prove log_in
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_match "$(query "$PROFILE" leastcap-sshd '.cap_add|join(" ")')" 'AUDIT_WRITE' "the list"
	assert_match "$TOLD" 'without AUDIT_WRITE: degraded: .*leastcap-sshd now logs .*audit' "what is told of the trial"
}

test_sshd_whose_logins_need_not_be_audited_goes_without() {
	DAEMONS=$(daemons)
	export DAEMONS
	LEASTCAP_PATIENCE=4 prove --accept AUDIT_WRITE log_in
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_no_match "$(query "$PROFILE" leastcap-sshd '.cap_add|join(" ")')" 'AUDIT_WRITE' "the list"
	assert_match "$(proven leastcap-sshd 'runs | map(select(.accepted).why) | join(" ")')" 'audit' "why that is worse"
}

# The entry point goes on where it can't give the file away, and nobody asks for its health.
give_a_file_away() {
	trap 'remove_container leastcap-owner' EXIT
	start_container leastcap-owner -v /data --network none --health-cmd 'chown nobody /etc/hostname' --health-interval 1s --health-retries 1 "$IMAGE" \
		sh -c 'touch /data/file /made; chown 33:33 /data/file /made 2>/dev/null; exec sleep 300'
	wait_until has_health leastcap-owner
	sleep 1
}

has_health() {
	[[ $("$DOCKER" inspect -f '{{.State.Health.Status}}' "$1") != starting ]]
}

test_files_that_have_another_owner_and_a_health_check_that_fails_keep_the_capability() {
	prove give_a_file_away
	assert_eq "$STATUS" 0 "the exit status ($TOLD)"
	assert_list "$PROFILE" leastcap-owner "CHOWN"
	assert_match "$TOLD" 'without CHOWN: degraded: .*leastcap-owner now has /data/file of user 0:0' "what is told of the volume"
	assert_match "$TOLD" 'without CHOWN: degraded: .*leastcap-owner now has /made of user 0:0' "what is told of the container's own file"
	assert_match "$TOLD" 'without CHOWN: degraded: .*leastcap-owner now fails its health check' "what is told of its health"
}

# Ends the process that serves the socket: the one child of the prover that is not our ancestor.
end_the_socket() {
	local recorder prover child
	recorder=$PPID
	[[ $(<"/proc/$recorder/comm") == leastcap ]] || recorder=$(parent_of "$recorder")
	prover=$(parent_of "$recorder")
	for child in $(<"/proc/$prover/task/$prover/children"); do
		[[ $child == "$recorder" ]] || kill -KILL "$child"
	done
	sleep 60
}

parent_of() {
	awk '$1 == "PPid:" { print $2 }' "/proc/$1/status"
}

test_a_socket_that_nobody_serves_any_more_ends_the_proof() {
	prove end_the_socket
	assert_eq "$STATUS" 1 "the exit status"
	assert_match "$TOLD" 'the socket in front of the engine failed in run 1: the process that serves it has ended' "what is told"
	[[ ! -e $PROFILE ]] || fail "a profile was written"
}

test_a_method_that_does_not_fit_is_refused() {
	assert_refused 2 'to whom' "$LEASTCAP" prove --method kernel -- true
	assert_refused 2 'already runs' "$LEASTCAP" prove web --method engine -- true
	assert_refused 2 'none of engine, kernel and auto' "$LEASTCAP" prove --method magic -- true
	assert_refused 2 'say --yes' "$LEASTCAP" prove web -- true
	assert_refused 2 'no command given' "$LEASTCAP" prove
}
