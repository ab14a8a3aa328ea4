# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# `leastcap top`: who uses which capability now, on a screen of 80 by 24 and as lines.

RECORDED=$ROOT/tests/unit/fixtures

need_tmux() {
	[[ $(command -v tmux) ]] || skip "tmux is not installed"
	trap 'at_terminal kill-server >/dev/null 2>&1 || true' EXIT
}

at_terminal() {
	# A socket's path is short.
	tmux -u -L "leastcap-$$" -f /dev/null "$@"
}

# open_terminal ARGUMENT...: `leastcap top` in a terminal of 80 by 24, as a shell there starts it.
open_terminal() {
	cat >start <<-'END'
		echo "before it"
		stty -g >before
		"$LEASTCAP" top "$@"
		echo "left with $?"
		stty -g >after
		sleep 300
	END
	rm -f after
	LEASTCAP=$LEASTCAP at_terminal new-session -d -x 80 -y 24 bash "$PWD/start" "$@"
}

on_screen() {
	grep -qE -- "$1" <(at_terminal capture-pane -p)
}

see() {
	wait_until on_screen "$1"
}

press() {
	at_terminal send-keys "$@"
}

# assert_sane STATUS: it has left with that, and the terminal is as it was.
assert_sane() {
	wait_until test -s after
	see "left with $1"
	see 'before it'
	assert_eq "$(<after)" "$(<before)" "the terminal"
	assert_eq "$(at_terminal display-message -p '#{cursor_flag} #{alternate_on}')" "1 0" "cursor and screen"
}

screen_of() {
	at_terminal capture-pane -p "$@"
}

pid_of_top() {
	pgrep -P "$(at_terminal display-message -p '#{pane_pid}')" -x leastcap
}

import() {
	local name
	for name in "$@"; do
		"$LEASTCAP" store import --store team "$RECORDED/$name.json" 2>/dev/null
	done
}

busy_container() {
	start_container "$1" "$IMAGE" sh -c 'touch /tmp/f; while :; do chown www-data /tmp/f; chown root /tmp/f; sleep 0.1; done'
}

test_on_a_screen_a_container_is_seen_at_work_and_explained_and_the_terminal_is_sane_afterwards() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	need_tmux
	busy_container leastcap-top-busy
	open_terminal -d 1 leastcap-top-busy
	see '^ +[0-9]+  leastcap-top-busy +[1-9][0-9.k]* +0 +0  \*CHOWN'
	press Enter
	see '^CHOWN +required +[0-9]+ +\+[0-9]+  /usr/bin/chown'
	press e
	see 'leastcap-top-busy \(.*\): CHOWN is on the list'
	press Escape
	see '^CHOWN +required'
	press p
	see 'wrote leastcap-top-busy-[0-9]+-[0-9]+\.json'
	assert_list leastcap-top-busy-*.json leastcap-top-busy CHOWN
	press q
	assert_sane 0
	assert_eq "$(cgroups_of_leastcap)" "" "what is left behind"
}

test_lines_for_a_pipe_tell_what_a_container_uses() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	busy_container leastcap-top-piped
	"$LEASTCAP" top -b -n 2 -d 1 leastcap-top-piped | cat >lines
	assert_eq "$(grep -c '^leastcap top  ' lines)" 2 "how often it looked"
	assert_match "$(tail -n 1 lines)" '^ +[0-9]+  leastcap-top-piped +[1-9][0-9.k]* +0 +0  \*CHOWN' "the last line"
	assert_no_match "$(<lines)" "$ESC" "what is piped"
}

test_a_store_is_looked_at_as_others_write_to_it() {
	need_tmux
	import chown_container
	open_terminal --store team -d 0.2 --sort name
	see '0  leastcap-fixture +0 +0 +0  CHOWN'
	see '^store team, by name'
	import chown
	see '2 targets'
	see '\*CHOWN'
	press f
	press -l chown
	see 'filter: chown_'
	press Enter
	see 'filter chown$'
	press s h
	see 'who uses which capability now'
	press C-c
	assert_sane 0
}

test_a_service_is_looked_at_and_waited_for() {
	local service
	need_tmux
	cp "$RECORDED/chown_container.json" one.json
	"$LEASTCAP" serve --replay --listen "unix:$PWD/s" one.json >served 2>&1 &
	service=$!
	wait_until test -S s
	assert_match "$("$LEASTCAP" top -b -n 1 --connect "unix:$PWD/s")" 'leastcap-fixture .*  CHOWN' "the list"
	open_terminal -d 0.3 --connect "unix:$PWD/s"
	see 'leastcap-fixture .*  CHOWN'
	kill "$service"
	see 'cannot be asked'
	press q
	assert_sane 0
	assert_refused 1 'cannot be asked' "$LEASTCAP" top -b --connect "unix:$PWD/s"
	assert_refused 2 'is no address of a service' "$LEASTCAP" top -b --connect ftp://nobody
	assert_refused 2 'one of the two' "$LEASTCAP" top -b --connect "unix:$PWD/s" --store team
}

test_the_screen_follows_the_terminals_size_and_is_without_colour_where_that_is_asked_for() {
	need_tmux
	import ping_refused_container
	NO_COLOR=1 open_terminal --store team
	see '^SCORE +NAME +CHECKS/S +REFUSED +LOST'
	# 39 and 49 are the terminal's own.
	assert_no_match "$(screen_of -e)" "$ESC"'\[([0-9]+;)*(3|4)[0-8]' "the screen"
	at_terminal resize-window -x 40 -y 10
	see '^SCORE +NAME +CAPABILITIES'
	see '^h help  q leave'
	at_terminal resize-window -x 120 -y 30
	see '^SCORE +NAME +CHECKS/S +REFUSED +LOST'
	press q
	assert_sane 0
	at_terminal kill-server
	open_terminal --store team
	see '^SCORE +NAME'
	assert_match "$(screen_of -e)" "$ESC"'\[[0-9;]*31m' "the screen"
}

test_hostile_names_move_nothing_on_the_screen() {
	need_tmux
	jq '.targets[0].name = "a\u001b[2J\u001b]0;x\u0007\nb\u202e漢字"' "$RECORDED/chown_container.json" >hostile.json
	"$LEASTCAP" store import --store team hostile.json
	open_terminal --store team
	see '0  a\\033\[2J.*漢字 '
	press Enter
	see '^a\\033\[2J\\033\]0;x\\x07\\nb\\xe2\\x80\\xae漢字'
	press p
	see 'wrote a__2J__0_x__b_+-[0-9]+-[0-9]+\.json'
	press q
	assert_sane 0
}

test_however_it_ends_the_terminal_is_given_back() {
	local signal status
	need_tmux
	import chown_container
	while read -r signal status; do
		open_terminal --store team
		see '^SCORE +NAME'
		kill -s "$signal" "$(pid_of_top)"
		assert_sane "$status"
		at_terminal kill-server
	done <<-'END'
		TERM 0
		HUP 0
		SEGV 139
	END
}

test_without_a_terminal_one_line_says_what_to_do() {
	import chown_container
	assert_refused 2 'no terminal.*-b' "$LEASTCAP" top --store team
	assert_refused 2 'no terminal.*-b' "$LEASTCAP" top
	assert_match "$(TERM=dumb script -qec "$LEASTCAP top --store team" /dev/null || true)" '^leastcap: TERM=dumb is no terminal for a screen.*-b' "what is said"
	assert_refused 2 "'0'.*from 1 on" "$LEASTCAP" top -b -n 0
	assert_refused 2 "'often'.*seconds" "$LEASTCAP" top -b -d often
	assert_refused 2 "'color'" "$LEASTCAP" top -b --sort color
	assert_refused 2 'there is no store' "$LEASTCAP" top -b --store none
}
