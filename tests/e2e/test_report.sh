# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Reports: each form says the same thing, and nothing in a profile reaches the terminal as it is.

profile_of_chown() {
	: >file
	"$LEASTCAP" run -q -o "$PROFILE" -- chown nobody file
}

# on_terminal COMMAND: what COMMAND, a line for the shell, writes to a terminal.
on_terminal() {
	script --quiet --return --command "$1" /dev/null </dev/null
}

test_the_first_line_is_the_answer() {
	profile_of_chown
	assert_match "$("$LEASTCAP" report "$PROFILE" | head -n1)" '--cap-drop=ALL --cap-add=CHOWN$' "the first line"
}

test_text_stays_under_80_columns() {
	profile_of_chown
	assert_eq "$("$LEASTCAP" report "$PROFILE" | awk 'length > 80')" "" "the long lines"
}

test_the_json_report_is_the_profile() {
	profile_of_chown
	assert_eq "$("$LEASTCAP" report -f json "$PROFILE" | jq -S .targets)" "$(jq -S .targets "$PROFILE")" "the targets"
}

test_a_profile_comes_in_by_a_pipe() {
	profile_of_chown
	assert_eq "$("$LEASTCAP" report - <"$PROFILE")" "$("$LEASTCAP" report "$PROFILE")" "the report"
}

test_colour_only_on_a_terminal_and_without_no_color() {
	profile_of_chown
	assert_match "$(unset NO_COLOR && TERM=xterm on_terminal "'$LEASTCAP' report '$PROFILE'")" "$ESC" "on a terminal"
	assert_no_match "$(NO_COLOR=1 TERM=xterm on_terminal "'$LEASTCAP' report '$PROFILE'")" "$ESC" "on a terminal with NO_COLOR"
	assert_no_match "$("$LEASTCAP" report "$PROFILE")" "$ESC" "in a pipe"
}

# A file name and a process name that would take the terminal over.
be_hostile() {
	# shellcheck disable=SC2016
	run_container leastcap-hostile "$IMAGE" sh -c '
		name=$(printf "/tmp/\033]0;owned\007\033[2J\nsecond\t\"line\" \\ \377 `x` \$(x)")
		: >"$name"
		tool=$(printf "/tmp/\033[31mred\n")
		cp /bin/chown "$tool"
		"$tool" nobody "$name"'
}

test_hostile_names_reach_neither_the_terminal_nor_break_a_format() {
	local format
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	record_while be_hostile
	assert_list "$PROFILE" leastcap-hostile "CHOWN"
	for format in text docker compose json; do
		assert_no_match "$("$LEASTCAP" report -f "$format" "$PROFILE" | LC_ALL=C tr -d '\n')" '[[:cntrl:]]' "the $format report"
	done
	assert_no_match "$(TERM=xterm on_terminal "'$LEASTCAP' report '$PROFILE'")" "$ESC(\]|\[2J)|"$'\007' "on a terminal"
	assert_eq "$("$LEASTCAP" report "$PROFILE" | grep -c '^second')" 0 "lines that a file name made"
	python3 -c 'import json,sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$PROFILE"
}

hostile_profile() {
	profile_of_chown
	jq '.targets[0] |= (.name = "web\u001b[2J\n# x\n--privileged" | .kind = "container" | .image = "a\u009b31m\u0007"
		| .service = "web: {privileged: true}\n  evil" | .project = "\"p" | .evidence[0].about = "\u001b]0;t\u0007\u202e")' \
		"$PROFILE" >hostile.json
}

test_a_hostile_profile_reaches_neither_the_terminal_nor_breaks_a_format() {
	local format
	hostile_profile
	for format in text docker compose; do
		assert_no_match "$("$LEASTCAP" report -f "$format" hostile.json | LC_ALL=C tr -d '\n')" '[[:cntrl:]]' "the $format report"
	done
	assert_eq "$("$LEASTCAP" report -f docker hostile.json | grep -vc '^#')" 1 "lines of options"
	assert_eq "$("$LEASTCAP" report -f docker hostile.json | grep -v '^#')" "--cap-drop=ALL --cap-add=CHOWN" "the line of options"
	assert_no_match "$("$LEASTCAP" report -f compose hostile.json)" $'\n''  evil' "the compose report"
}

# refuses CONTENT: one line, exit status 2, nothing printed.
refuses() {
	printf '%s' "$1" >bad.json
	assert_refused 2 'bad.json' "$LEASTCAP" report bad.json
}

test_a_malformed_profile_is_refused_in_one_line() {
	profile_of_chown
	refuses ''
	refuses '{}'
	refuses '[]'
	refuses 'null'
	refuses "$(head -c 300 "$PROFILE")"
	refuses '{"schema": "leastcap-profile/2", "targets": []}'
	refuses "$(jq '.targets = 7' "$PROFILE")"
	refuses "$(jq '.targets[0].cap_add = ["NO_SUCH"]' "$PROFILE")"
	refuses "$(jq '.targets[0].name = null' "$PROFILE")"
	refuses "$(jq '.targets[0].evidence[0].count = -1' "$PROFILE")"
	refuses "$(head -c 100000 /dev/zero | tr '\0' '[')"
	refuses $'\033[2J\377\376'
}

test_an_unknown_field_is_ignored() {
	profile_of_chown
	jq '.later = {"a": 1} | .targets[0].later = [1]' "$PROFILE" >later.json
	assert_eq "$("$LEASTCAP" report later.json)" "$("$LEASTCAP" report "$PROFILE")" "the report"
}

test_a_file_that_is_not_there_is_said_in_one_line() {
	assert_refused 2 'nowhere.json.*[Nn]o such file' "$LEASTCAP" report nowhere.json
	assert_refused 2 'is a directory|Is a directory|not a regular' "$LEASTCAP" report .
}

test_lost_checks_are_said_first() {
	profile_of_chown
	jq '.lost = 1234' "$PROFILE" >lost.json
	assert_match "$("$LEASTCAP" report lost.json | head -n1)" '1,?234' "the first line"
}

test_a_closed_pipe_ends_it_quietly() {
	profile_of_chown
	assert_eq "$({ { "$LEASTCAP" report "$PROFILE" || true; } | true; } 2>&1)" "" "the messages"
}

test_a_full_output_is_an_error() {
	profile_of_chown
	local status=0
	"$LEASTCAP" report "$PROFILE" >/dev/full 2>err || status=$?
	assert_one_line "$(<err)" "the message"
	[[ $status -ne 0 ]] || fail "the exit status is 0"
}
