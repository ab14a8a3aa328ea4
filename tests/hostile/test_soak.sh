# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# All attacks at once, beside an nginx. SOAK_SECONDS (20) is how long they go on.
REQUIRES=docker
SOAK_SECONDS=${SOAK_SECONDS:-20}

# Who has no right to anything here, and may make cgroups in $DELEGATED.
STRANGER=47110

# What nginx needs from its start on, and what it needs to begin anew when it is told to.
NGINX="CHOWN DAC_OVERRIDE SETGID SETUID"
NGINX_AGAIN="DAC_OVERRIDE SETGID SETUID"

# Where engines put their cgroups: the pids controller's hierarchy, or cgroup v2.
hierarchy() {
	findmnt -rno TARGET -t cgroup -O pids | head -n 1 | grep . || findmnt -rno TARGET -t cgroup2 | head -n 1
}

as_stranger() {
	setpriv --reuid "$STRANGER" --regid "$STRANGER" --clear-groups "$@"
}

clean_up() {
	local pid
	rm -rf "${SHARED:-}"
	while read -r pid; do
		kill -KILL "$pid" 2>/dev/null || true
	done < <(find "$DELEGATED" -name cgroup.procs -exec cat {} + 2>/dev/null)
	sleep 0.2
	find "$DELEGATED" -depth -type d -exec rmdir {} + 2>/dev/null || true
}

# $DELEGATED is a cgroup that the stranger owns, and $SHARED a directory that everybody may write to.
make_places() {
	DELEGATED=$(hierarchy)/hostile-user.slice
	# What was killed has left its own.
	[[ ! -d $DELEGATED ]] || clean_up
	SHARED=$(mktemp -d /var/tmp/hostile-shared.XXXXXX)
	trap clean_up EXIT
	chmod 1777 "$SHARED"
	mkdir "$DELEGATED"
	chown "$STRANGER" "$DELEGATED" "$DELEGATED/cgroup.procs"
}

start_attacker() {
	local name=$1
	shift
	start_container "leastcap-$name" -v "$PROGRAMS:/x:ro" "$@"
}

# Runs from a file that is gone, forks before it could be called old, and uses what it has.
hide() {
	# shellcheck disable=SC2016
	start_attacker hider "$IMAGE" sh -c 'cp /usr/bin/perl /tmp/p; /tmp/p -e '\''
		unlink "/tmp/p"; open F, ">/tmp/f";
		for (;;) { for (1..50) { chown 1234, 1234, "/tmp/f"; chroot "/"; select undef, undef, undef, .2 } exit if fork }'\''; exec sleep 1000'
}

# A container whose users' names take a megabyte.
start_with_many_users() {
	start_attacker users "$IMAGE" sh -c 'awk "BEGIN { for (i = 0; i < 28000; i++) printf \"u%d:x:%d:%d::/:/bin/sh\\n\", i, i, i }" >>/etc/passwd
		awk "BEGIN { for (i = 0; i < 40000; i++) printf \"g%d:x:%d:\\n\", i, i }" >>/etc/group
		exec /x/floods files'
}

# A stranger's cgroups: many, a deep chain, and one that is called by the container ID, in which he is root of his own.
start_stranger() {
	as_stranger "$PROGRAMS/plants_cgroups" "$DELEGATED" 17000 1900
	mkdir "$DELEGATED/$1"
	chown -R "$STRANGER" "$DELEGATED/$1"
	# shellcheck disable=SC2016
	(echo "$BASHPID" >"$DELEGATED/$1/cgroup.procs" && exec setpriv --reuid "$STRANGER" --regid "$STRANGER" --clear-groups sh -c '
		while :; do unshare -Urm mount -t tmpfs x /mnt; sleep 0.2; done') &
}

# Every name that a predictable temporary file could have, and an unprivileged user who makes them.
squat() {
	# shellcheck disable=SC2016
	as_stranger sh -c 'cd "$1" && for i in $(seq 1 4000); do mkdir ".web.json.leastcap-$i"; done' sh "$SHARED"
}

start_attackers() {
	make_places
	squat
	hide
	start_with_many_users
	start_attacker sets "$IMAGE" /x/floods sets
	start_attacker programs "$IMAGE" /x/floods programs
	start_attacker processes --ulimit nproc=8000 "$IMAGE" /x/floods processes
	start_attacker namespaces --security-opt seccomp=unconfined "$IMAGE" /x/floods namespaces
}

start_nginx() {
	start_container "$1" "$IMAGE" nginx -g 'daemon off;'
	LEASTCAP_PATIENCE=30 wait_until serves "$1" 80
}

# start_recorder NAME ARGUMENT...: `leastcap record` in the background; its process is $RECORDER. It is given a processor before the
# hundreds that run beside it: what is measured is how long it takes, and not how long it waits for its turn.
start_recorder() {
	local name=$1
	shift
	nice -n -15 env --default-signal=INT,QUIT "$LEASTCAP" record -q -o "$SHARED/$name.json" "$@" 2>"$TEST_DIR/$name.err" &
	RECORDER=$!
	LEASTCAP_PATIENCE=30 wait_until attached "$RECORDER"
}

# When something was done.
step() {
	printf '%s s: %s\n' "$SECONDS" "$1" >&2
}

# The most memory that process PID had at once, in MiB.
peak_of() {
	awk '/^VmHWM:/ { print int($2 / 1024) }' "/proc/$1/status"
}

# end_recorder NAME PID: it ends within two seconds and stayed under 100 MiB; its exit status is $STATUS.
end_recorder() {
	local peak started=$EPOCHREALTIME ended
	peak=$(peak_of "$2")
	STATUS=0
	kill -s INT "$2"
	# What is still there then is not waited for.
	{ sleep 20; kill -KILL "$2" 2>/dev/null || true; } &
	wait "$2" || STATUS=$?
	ended=$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d", 1000 * (b - a) }')
	printf '%s: %s MiB, ended after %s ms with status %s; %s bytes, %s checks lost\n' "$1" "$peak" "$ended" "$STATUS" \
		"$(stat -c %s "$SHARED/$1.json")" "$(jq .lost "$SHARED/$1.json")" >&2 || true
	cat "$TEST_DIR/$1.err" >&2
	jq -c '.targets[] | [.kind, .name, .id[:12], .lost // {}, (.cap_add | join(" "))]' "$SHARED/$1.json" |
		head -n 20 >&2 || true
	((peak < 100)) || fail "$1 had $peak MiB"
	((ended < 2000)) || fail "$1 took $ended ms to end"
}

# What was asked for alone is as if nothing else were there.
test_nginx_s_list_is_exact_under_all_attacks_at_once() {
	local web everything
	start_nginx leastcap-nginx
	step "nginx answers"
	start_attackers
	step "the attackers run"
	start_stranger "$("$DOCKER" inspect -f '{{.Id}}' leastcap-nginx)"
	step "the stranger has his cgroups"
	start_recorder web leastcap-nginx
	web=$RECORDER
	start_recorder everything
	everything=$RECORDER
	step "both recorders run"
	start_nginx leastcap-late
	step "another nginx answers"
	"$DOCKER" kill -s HUP leastcap-nginx >/dev/null
	sleep "$SOAK_SECONDS"
	end_recorder web "$web"
	assert_eq "$STATUS" 0 "the exit status of who asked for nginx alone"
	assert_eq "$(jq .lost "$SHARED/web.json")" 0 "the checks lost of nginx"
	assert_list "$SHARED/web.json" leastcap-nginx "$NGINX_AGAIN"
	end_recorder everything "$everything"
	assert_list "$SHARED/everything.json" leastcap-nginx "$NGINX_AGAIN"
	assert_list "$SHARED/everything.json" leastcap-late "$NGINX"
	assert_match "$(query "$SHARED/everything.json" leastcap-late .image)" leastcap-test "the image of leastcap-late"
	assert_match "$(query "$SHARED/everything.json" leastcap-hider '.cap_add | join(" ")')" "CHOWN.*SYS_CHROOT" \
		"the list of who hides"
	assert_eq "$(status_of "$LEASTCAP" report -f text "$SHARED/everything.json" 2>/dev/null)" "$STATUS" "the exit status of the report"
}
