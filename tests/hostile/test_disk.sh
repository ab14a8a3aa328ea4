# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Where a recording writes, in a directory where everybody may: what somebody has put there before, puts there meanwhile, and
# what the file lets others do.

MALLORY=65534
NGINX=$ROOT/tests/unit/fixtures/nginx_container.json

# A directory like /tmp, which is the working directory from here on.
enter_shared() {
	chmod 755 "$TEST_DIR" "${TEST_DIR%/*}"
	mkdir shared
	chmod 1777 shared
	cd shared || fail "no directory"
}

as_mallory() {
	setpriv --reuid=$MALLORY --regid=$MALLORY --clear-groups "$@"
}

# assert_all_refuse NAME REGEX: every command that writes refuses to write to NAME, before it does anything else.
assert_all_refuse() {
	rm -f begun
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" record -o "$1" -- touch begun
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" run -o "$1" -- touch begun
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" trace -o "$1" -- touch begun
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" audit -o "$1"
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" audit --for 1s -o "$1"
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" merge -o "$1" "$NGINX"
	assert_refused 2 "cannot write $1: $2" "$LEASTCAP" report -o "$1" "$NGINX"
	[[ ! -e begun ]] || fail "$1: the command was run"
}

test_what_is_planted_under_the_name_is_refused_at_the_start() {
	enter_shared
	as_mallory mkfifo fifo
	as_mallory sh -c 'umask 0; : >file'
	as_mallory ln -s /etc/leastcap-new link
	as_mallory ln -s fifo link_to_fifo
	as_mallory mkdir directory
	mknod device c 1 3
	ln -s fifo own_link
	as_mallory perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
	assert_all_refuse fifo 'a FIFO is in its place; remove it or choose another name'
	assert_all_refuse own_link 'a FIFO is in its place'
	assert_all_refuse file "a file of user $MALLORY is in its place, where everybody may write; remove it"
	assert_all_refuse link "a symbolic link of user $MALLORY is in its place"
	assert_all_refuse link_to_fifo "a symbolic link of user $MALLORY|Permission denied"
	assert_all_refuse directory 'Is a directory'
	assert_all_refuse device 'a device is in its place'
	assert_all_refuse socket 'a socket is in its place'
	[[ ! -e /etc/leastcap-new ]] || fail "the link was followed"
	assert_eq "$(stat -c '%s %u' file)" "0 $MALLORY" "the planted file"
}

test_names_that_others_occupy_do_not_matter() {
	enter_shared
	as_mallory perl -e '$p = (split " ", `cat /proc/loadavg`)[4]; mkdir ".web.json.leastcap-$_" for $p .. $p + 6000'
	"$LEASTCAP" run -q -o web.json -- true
	jq -e .schema web.json >/dev/null
}

# mode FILE: "600 0"
mode() {
	stat -c '%a %u' "$1"
}

test_the_file_is_roots_alone_unless_he_says_otherwise() {
	enter_shared
	umask 0
	"$LEASTCAP" run -q -o web.json -- true
	assert_eq "$(mode web.json)" "600 0" "a new file"
	chmod 666 web.json
	"$LEASTCAP" run -q -o web.json -- true
	assert_eq "$(mode web.json)" "600 0" "a file that was everybody's"
	"$LEASTCAP" run -q --mode 0644 -o web.json -- true
	assert_eq "$(mode web.json)" "644 0" "with --mode"
	"$LEASTCAP" trace -q -o trace -- true
	assert_eq "$(mode trace)" "600 0" "a trace"
	"$LEASTCAP" audit -q --mode 640 -o audit || true
	assert_eq "$(mode audit)" "640 0" "an audit"
	"$LEASTCAP" merge --mode 0604 -o merged "$NGINX"
	assert_eq "$(mode merged)" "604 0" "what was merged"
	assert_refused 2 "--mode: '888' is no mode" "$LEASTCAP" merge --mode 888 -o merged "$NGINX"
	assert_refused 2 "--mode: '04755' is no mode" "$LEASTCAP" merge --mode 04755 -o merged "$NGINX"
}

test_an_ordinary_users_file_is_as_his_umask_says() {
	enter_shared
	as_mallory sh -c 'umask 022; exec "$@"' sh "$LEASTCAP" merge -o merged "$NGINX"
	assert_eq "$(mode merged)" "644 $MALLORY" "the file"
}

# names: what is in the directory
names() {
	find . -mindepth 1 -printf '%P\n' | sort | xargs
}

test_nothing_is_left_of_a_recorder_that_is_killed() {
	enter_shared
	PROFILE=$PWD/web.json
	start_recording -q -p $$
	assert_eq "$(names)" "" "what is there while it records"
	kill -KILL "$RECORDER"
	wait "$RECORDER" || true
	assert_eq "$(names)" "" "what is left"
}

test_a_file_system_without_nameless_files_does_as_well() {
	enter_shared
	PROFILE=$PWD/web.json
	printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$PROGRAMS/without_tmpfile" "$LEASTCAP" >"$TEST_DIR/leastcap"
	chmod 755 "$TEST_DIR/leastcap"
	LEASTCAP=$TEST_DIR/leastcap
	start_recording -q -p $$
	assert_match "$(names)" '^\.web\.json\.leastcap-[0-9a-f]{16}$' "what is there while it records"
	stop_recording TERM
	assert_eq "$(names)" "web.json" "what is there then"
	assert_eq "$(mode web.json)" "600 0" "the file"
	assert_refused 2 'no-such' "$LEASTCAP" merge -o merged no-such
	assert_eq "$(names)" "web.json" "what a mistake leaves"
	mkfifo "$TEST_DIR/never"
	"$LEASTCAP" merge -o merged "$TEST_DIR/never" &
	wait_until eval '[[ $(names) != web.json ]]'
	kill %1
	wait %1 || true
	assert_eq "$(names)" "web.json" "what a signal leaves"
}

test_a_name_that_is_taken_meanwhile_costs_no_recording() {
	enter_shared
	PROFILE=$PWD/web.json
	start_recording -q -p $$ 2>err
	as_mallory mkfifo web.json
	stop_recording INT
	assert_eq "$STATUS" 1 "the exit status"
	assert_match "$(<err)" 'cannot write .*web.json: somebody has put something else there meanwhile; what was written is in .*/\.web\.json\.leastcap-' "what is said"
	jq -e .schema .web.json.leastcap-* >/dev/null
	assert_eq "$(stat -c %F web.json)" fifo "what was put there"
}

test_a_directory_that_is_swapped_meanwhile_changes_nothing() {
	chmod 755 "$TEST_DIR"
	mkdir there elsewhere
	PROFILE=$PWD/there/web.json
	start_recording -q -p $$
	mv there moved
	ln -s elsewhere there
	stop_recording INT
	assert_eq "$(ls elsewhere) $(ls moved)" " web.json" "where it went"
}

test_descriptors_that_we_are_given_are_written_as_they_are() {
	local name
	for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
		"$LEASTCAP" merge -o $name "$NGINX" | jq -e .schema >/dev/null || fail "$name into a pipe"
		"$LEASTCAP" merge -o $name "$NGINX" >out
		jq -e .schema out >/dev/null || fail "$name into a file"
	done
	"$LEASTCAP" merge -o >(cat >from_pipe) "$NGINX"
	wait_until jq -e .schema from_pipe
	"$LEASTCAP" run -q -o /dev/stdout -- true | jq -e .schema >/dev/null
	"$LEASTCAP" run -q -o /dev/null -- true
	assert_eq "$(stat -c %F /dev/null)" "character special file" "/dev/null"
}

test_a_trace_can_be_watched() {
	"$LEASTCAP" trace -q -o lines -- sh -c 'chroot / true; sleep 100' &
	wait_until grep -q SYS_CHROOT lines
	kill %1
	wait %1 || true
}
