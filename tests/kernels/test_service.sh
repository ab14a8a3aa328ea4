# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is seen of a service's life on every kernel, with every hook: its first connection, its ports, its signals.

# The cgroup hierarchies by which leastcap may know a container, a directory each.
hierarchies() {
	awk '$3 == "cgroup2" || $3 == "cgroup" && $4 ~ /,(pids|memory|freezer|devices)(,|$)/ { print $2 }' /proc/self/mounts
}

# Binds a port that only the privileged have. Listens at two ports, takes a connection at one of them, sends itself HUP, and handles that and USR1. TERM ends it.
served=$(
	cat <<'EOF'
import os, signal, socket, sys
for number in (signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, lambda number, frame: None)
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 69))
server = socket.create_server(("127.0.0.1", 8080))
unused = socket.create_server(("127.0.0.1", 8081))
client = socket.create_connection(("127.0.0.1", 8080))
connection, _ = server.accept()
os.kill(os.getpid(), signal.SIGHUP)
open(sys.argv[1], "w").close()
signal.pause()
EOF
)

# In a container: a cgroup that is called so, and a mount namespace of its own.
live() {
	local directory
	mkfifo "$TEST_DIR/gate"
	# shellcheck disable=SC2016
	sh -c 'read -r _ <"$1/gate"; exec unshare --mount python3 -c "$2" "$1/ready"' sh "$TEST_DIR" "$served" &
	hierarchies | while read -r directory; do
		mkdir -p "$directory/lxc.payload.life"
		echo $! >"$directory/lxc.payload.life/cgroup.procs"
	done
	echo >"$TEST_DIR/gate"
	wait_until test -e "$TEST_DIR/ready"
	kill $!
	wait $! || true
	hierarchies | while read -r directory; do
		rmdir "$directory/lxc.payload.life"
	done
}

test_connections_ports_and_signals_of_a_service_are_seen() {
	ip link set lo up
	"$LEASTCAP" record -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" live
	assert_eq "$(query "$PROFILE" life .life.sign)" accept "the sign that its start was over"
	assert_eq "$(query "$PROFILE" life '[.coverage.ports[] | "\(.port) \(.connections)"] | join(", ")')" "8080 1, 8081 0" "its ports"
	assert_eq "$(query "$PROFILE" life .coverage.lowest_port)" 69 "the lowest port"
	assert_eq "$(query "$PROFILE" life '.coverage.sent | join(" ")')" "HUP TERM" "the signals that it was sent"
	assert_match "$(query "$PROFILE" life '.coverage.handled | join(" ")')" 'HUP.*USR1' "the signals that it handles"
	assert_match "$(query "$PROFILE" life .life.stopping)" '^20' "when it was told to stop"
}
