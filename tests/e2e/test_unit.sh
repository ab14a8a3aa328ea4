# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The user's task: the drop-in of a service of systemd's.

# shellcheck source=tests/e2e/systemd.sh
source "$E2E/systemd.sh"

# recording ARGUMENT...: leastcap where there is no cgroup hierarchy but the one that the systemd of the test has.
recording() {
	# shellcheck disable=SC2016
	unshare --mount bash -c 'umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"' bash "$LEASTCAP" record "$@"
}

# What recording prints, but for comments.
drop_in() {
	recording "$@" | sed '/^#/d; /^$/d' | paste -sd ' '
}

# Says hello to whoever is at PORT of the test's own network, and reads two bytes.
connect() {
	local n
	for n in 1 2; do
		exec {peer}<>"/dev/tcp/127.0.0.1/$1"
		head -c 2 <&"$peer"
		exec {peer}<&-
	done
}

test_a_service_is_restarted_and_runs_with_the_drop_in_that_is_printed() {
	start_systemd
	unit web.service '[Service]' Type=notify NotifyAccess=all \
		"ExecStartPre=+/bin/sh -c 'chroot / true'" "ExecStartPre=!chown daemon $TEST_DIR/data" \
		"ExecStart=/bin/sh -c 'systemd-notify --ready; exec sleep 1000'" User=nobody
	touch data
	systemctl daemon-reload
	systemctl start web
	recording --unit web -o "$PROFILE" -- true
	assert_list "$PROFILE" web.service CHOWN
	assert_eq "$(query "$PROFILE" web.service '[.kind, .user, .seen.from] | join(" ")')" "service 65534:65534 start" "what it is"
	assert_eq "$(query "$PROFILE" web.service '[.evidence[] | select(.cap == "SYS_CHROOT") | .class] | unique | join(" ")')" setup "the command with +"
	assert_eq "$(systemctl is-active web)" active "a service that ran before"
	"$LEASTCAP" report -f systemd "$PROFILE" >drop-in
	assert_eq "$(grep -v '^#' drop-in | paste -sd ' ')" " [Service] CapabilityBoundingSet= CapabilityBoundingSet=CAP_CHOWN AmbientCapabilities=" "the drop-in"
	unit web.service.d/50-leastcap.conf "$(<drop-in)"
	systemctl daemon-reload
	systemctl restart web
	assert_eq "$(systemctl show -p ActiveState -p CapabilityBoundingSet web | sort | paste -sd ' ')" \
		"ActiveState=active CapabilityBoundingSet=cap_chown" "the service with it"
	# One capability less is refused.
	sed -i 's/CAP_CHOWN//' "$UNITS/web.service.d/50-leastcap.conf"
	systemctl daemon-reload
	assert_eq "$(status_of recording --unit web -o "$PROFILE" -- touch "$TEST_DIR/ran" 2>refused)" 1 "the exit status where it does not start"
	assert_match "$(<refused)" "cannot start web.service: Job for web.service failed" "what is said"
	assert_eq "$(query "$PROFILE" web.service '.wanted | join(" ")')" CHOWN "what it lacked"
	[[ ! -e $TEST_DIR/ran ]] || fail "the command ran although the service did not"
}

test_users_that_systemd_makes_and_what_only_ends() {
	start_systemd
	unit dynamic.service '[Service]' DynamicUser=yes AmbientCapabilities=CAP_NET_BIND_SERVICE \
		"ExecStart=/usr/bin/python3 -c 'import socket; socket.create_server((\"127.0.0.1\", 82)).accept()'"
	unit private.service '[Service]' PrivateUsers=yes Type=oneshot RemainAfterExit=yes \
		"ExecStartPre=+/bin/sh -c ': >$TEST_DIR/plus; chown nobody $TEST_DIR/plus'" "ExecStart=chroot / true"
	unit once.service '[Service]' Type=oneshot "ExecStart=/bin/sh -c ': >$TEST_DIR/once; chown nobody $TEST_DIR/once'" "ExecStopPost=+chroot / true"
	ln -s ../once.service "$UNITS/default.target.wants/"
	systemctl daemon-reload
	assert_eq "$(drop_in --unit dynamic --for 1s)" \
		"[Service] CapabilityBoundingSet= CapabilityBoundingSet=CAP_NET_BIND_SERVICE AmbientCapabilities= AmbientCapabilities=CAP_NET_BIND_SERVICE NoNewPrivileges=yes" \
		"of a dynamic user"
	assert_eq "$(systemctl is-active dynamic || true)" inactive "a service that did not run before"
	assert_eq "$(drop_in --unit private.service --for 1s)" "[Service] CapabilityBoundingSet= CapabilityBoundingSet=CAP_SYS_CHROOT NoNewPrivileges=yes" "in a user namespace"
	assert_eq "$(drop_in --unit once --for 1s)" "[Service] CapabilityBoundingSet= CapabilityBoundingSet=CAP_CHOWN NoNewPrivileges=yes" "of one that ends"
}

test_a_socket_starts_its_service() {
	start_systemd
	unit echo.socket '[Socket]' ListenStream=127.0.0.1:77
	unit echo.service '[Service]' "ExecStart=/usr/bin/python3 -c 'import os, socket; server = socket.socket(fileno=3); os.chroot(\"/\"); [server.accept()[0].send(b\"hi\") for _ in range(2)]; server.accept()'"
	unit each.socket '[Socket]' ListenStream=127.0.0.1:78 Accept=yes
	unit each@.service '[Service]' StandardInput=socket "ExecStart=/bin/sh -c 'chroot / echo hi'"
	systemctl daemon-reload
	export -f connect
	assert_eq "$(recording --unit echo.socket -o "$PROFILE" -- bash -c 'connect 77')" hihi "what the service says"
	# The port is systemd's to bind.
	assert_list "$PROFILE" echo.service SYS_CHROOT
	assert_eq "$(systemctl is-active echo.socket || true)" inactive "a socket that did not listen before"
	assert_eq "$(recording --unit each.socket -o "$PROFILE" -- bash -c 'connect 78')" hihi "what one for each connection says"
	assert_list "$PROFILE" each@.service SYS_CHROOT
	systemctl start echo.socket
	assert_match "$(recording --unit echo -- true 2>&1)" 'first connection to echo.socket starts echo.service.*echo.service was not started: nobody connected' "without a connection"
	assert_eq "$(systemctl is-active echo.socket)" active "a socket that listened before"
}

test_what_is_no_unit_is_said_in_a_line() {
	start_systemd
	unit web.service '[Service]' ExecStart=true
	unit web@.service '[Service]' ExecStart=true
	unit wrong.service '[Service]' ExecStrat=true
	ln -s /dev/null "$UNITS/hidden.service"
	systemctl daemon-reload
	assert_refused 2 'no wbe.service; did you mean web.service' recording --unit wbe
	assert_refused 2 'hidden.service is masked.*unmask' recording --unit hidden
	assert_refused 2 "wrong.service can't be loaded \(bad-setting\)" recording --unit wrong
	assert_refused 2 'web@.service is a template.*web@NAME.service' recording --unit web@.service
	assert_refused 2 'basic.target has no commands of its own' recording --unit basic.target
	assert_refused 2 "'w\*' is no name of a unit" recording --unit 'w*'
	assert_refused 2 '-unit.*-a,' recording --unit web -a
	assert_refused 2 '-unit.*--restart' recording --unit web --restart
	printf '#!/bin/sh\nexit 127\n' >"$TEST_DIR/bin/systemctl"
	assert_refused 2 'systemd does not run here' recording --unit web
	printf '#!/bin/sh\necho "System has not been booted with systemd as init system (PID 1). Can'\''t operate." >&2; exit 1\n' >"$TEST_DIR/bin/systemctl"
	assert_refused 2 'has not been booted with systemd' recording --unit web
}
