# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The command line: help for who asks, one line and the nearest name for who mistypes.

COMMANDS=(record run prove report apply harden trace explain audit check diff merge caps hook doctor)

test_the_version_is_one_line_that_names_commit_and_features() {
	local version
	version=$("$LEASTCAP" --version)
	assert_match "$version" '^leastcap [0-9]+\.[0-9]+\.[0-9]+ \(commit ([0-9a-f]{12}(-dirty)?|unknown), [^ ()]+\): [^'$'\n'']+$' "the version"
	assert_match "$version" ' hooks .*; system calls of Linux [0-9.]+; libbpf [0-9.]+, .* libcurl [0-9.]+' "the features"
	[[ ${LEASTCAP} != "$ROOT/build/leastcap" || ! -e $ROOT/.git ]] || assert_match "$version" "commit $(git -C "$ROOT" rev-parse --short=12 HEAD)" "the commit"
}

test_help_is_the_same_in_both_forms_and_names_every_option() {
	local command
	for command in "${COMMANDS[@]}"; do
		assert_eq "$("$LEASTCAP" help "$command")" "$("$LEASTCAP" "$command" --help)" "help for $command"
		assert_match "$("$LEASTCAP" --help)" $'\n'"  $command " "help"
	done
	assert_match "$("$LEASTCAP" record --help)" '--for' "help for record"
}

test_help_ends_with_two_examples_and_what_the_exit_status_says() {
	local command help
	for command in "${COMMANDS[@]}"; do
		help=$("$LEASTCAP" "$command" -h)
		assert_eq "$help" "$("$LEASTCAP" help "$command")" "what $command says to -h"
		assert_eq "$(sed '1,/^Examples:$/d; /^$/,$d' <<<"$help" | grep -cE "^  leastcap $command( |\$)")" 2 "the examples of $command"
		assert_match "$help" $'\nExit status:\n  0 .*\n  4  ' "the help of $command"
	done
	assert_eq "$("$LEASTCAP" version)" "$("$LEASTCAP" --version)" "the version"
	assert_eq "$("$LEASTCAP" caps chown)" "$("$LEASTCAP" caps --explain CHOWN)" "what a capability is"
}

test_json_is_asked_for_in_one_way_everywhere() {
	: >file
	"$LEASTCAP" run -q -o "$PROFILE" -- chown nobody file
	assert_eq "$("$LEASTCAP" report --json "$PROFILE")" "$("$LEASTCAP" report -f json "$PROFILE")" "the report"
	assert_eq "$("$LEASTCAP" diff --json "$PROFILE" "$PROFILE")" "$("$LEASTCAP" diff -f json "$PROFILE" "$PROFILE")" "the difference"
	assert_eq "$("$LEASTCAP" caps --json CHOWN)" "$("$LEASTCAP" caps -f json CHOWN)" "a capability"
	assert_refused 2 "unknown format 'jsn'; did you mean 'json'" "$LEASTCAP" doctor -f jsn
}

test_help_stays_under_80_columns() {
	local command
	for command in "${COMMANDS[@]}"; do
		assert_eq "$("$LEASTCAP" help "$command" | awk 'length > 80')" "" "the long lines of help $command"
	done
}

test_a_mistyped_command_names_the_nearest_one() {
	assert_refused 2 'recrod.*record' "$LEASTCAP" recrod
	assert_refused 2 'reprot.*report' "$LEASTCAP" reprot x.json
}

test_a_mistyped_option_names_the_nearest_one() {
	local command
	for command in "${COMMANDS[@]}"; do
		assert_refused 2 'hepl.*--help' "$LEASTCAP" "$command" --hepl
	done
	assert_refused 2 'fro.*--for' "$LEASTCAP" record --fro 30s
	assert_refused 2 'fromat.*--format' "$LEASTCAP" report --fromat text x.json
	assert_refused 2 'verson.*--version' "$LEASTCAP" --verson
}

test_a_mistyped_format_names_the_nearest_one() {
	: >file
	"$LEASTCAP" run -q -o "$PROFILE" -- chown nobody file
	assert_refused 2 'compsoe.*compose' "$LEASTCAP" report -f compsoe "$PROFILE"
}

test_what_is_missing_or_wrong_is_said_in_one_line() {
	assert_refused 2 'command' "$LEASTCAP" run
	assert_refused 2 'profile|file' "$LEASTCAP" report
	assert_refused 2 '30x' "$LEASTCAP" record --for 30x
	assert_refused 2 '-1s' "$LEASTCAP" record --for=-1s
	assert_refused 2 'abc' "$LEASTCAP" record -p abc
	assert_refused 2 'argument' "$LEASTCAP" record -o
}

test_a_process_that_does_not_exist_is_said_in_one_line() {
	assert_refused 1 '4194304|no such|No such' "$LEASTCAP" record -o /dev/null -p 4194304 --for 1s
}

test_a_cgroup_that_does_not_exist_is_said_in_one_line() {
	assert_refused 1 'no-such-cgroup' "$LEASTCAP" record -o /dev/null --cgroup /sys/fs/cgroup/no-such-cgroup --for 1s
}

test_without_arguments_it_says_how_it_is_used() {
	local status=0
	"$LEASTCAP" >out 2>err || status=$?
	assert_eq "$status" 2 "the exit status"
	assert_match "$(cat out err)" 'record' "what is printed"
}

test_a_mistyped_word_of_an_option_names_the_nearest_one() {
	assert_refused 2 "--color: 'alwasy' is none of auto, always and never; did you mean 'always'" "$LEASTCAP" doctor --color=alwasy
	assert_refused 2 "--hook: .*did you mean 'fexit'" "$LEASTCAP" record --hook fexti --for 1s
	assert_refused 2 "--engine: .*did you mean 'podman'" "$LEASTCAP" caps --engine podmna
	assert_refused 2 "--refuse: 'NET_RWA' is no capability; did you mean NET_RAW" "$LEASTCAP" record --refuse NET_RWA web
	assert_refused 2 'is chown meant' "$LEASTCAP" trace -e chwon web
}

test_a_mistyped_name_in_a_profile_names_the_nearest_one() {
	local profile=$ROOT/tests/unit/fixtures/nginx_container.json
	assert_refused 2 "did you mean 'leastcap-fixture'" "$LEASTCAP" report -t leastcap-fixtrue "$profile"
	assert_refused 2 "did you mean 'leastcap-test:a024181f18c2'" "$LEASTCAP" report --image leastcap-tset:a024181f18c2 "$profile"
	assert_refused 2 'did you mean SETUID' "$LEASTCAP" explain "$profile" SETUDI
	assert_refused 2 'did you mean mount' "$LEASTCAP" explain "$profile" mont
}

test_colour_is_as_the_option_says_then_as_the_environment_does() {
	local profile=$ROOT/tests/unit/fixtures/nginx_container.json words
	for words in "report $profile" "explain $profile CHOWN" "diff $profile $ROOT/tests/unit/fixtures/ping_container.json" doctor; do
		# shellcheck disable=SC2086
		{
			assert_no_match "$("$LEASTCAP" $words || true)" "$ESC" "$words in a pipe"
			assert_match "$("$LEASTCAP" $words --color=always || true)" "$ESC" "$words with --color=always"
			assert_match "$(CLICOLOR_FORCE=1 "$LEASTCAP" $words || true)" "$ESC" "$words with CLICOLOR_FORCE"
			assert_no_match "$(CLICOLOR_FORCE=1 NO_COLOR=1 "$LEASTCAP" $words || true)" "$ESC" "$words with NO_COLOR"
			assert_no_match "$(CLICOLOR_FORCE=1 "$LEASTCAP" $words --color=never || true)" "$ESC" "$words with --color=never"
		}
	done
	assert_no_match "$("$LEASTCAP" report --color=always -f docker "$profile")" "$ESC" "what is pasted"
}

# on_terminal COMMAND...: what it prints to a terminal.
on_terminal() {
	script --quiet --return --command "$(printf '%q ' "$@")" /dev/null </dev/null | tr -d '\r'
}

test_help_opens_the_page_of_a_command_where_there_is_one() {
	[[ $(command -v man) ]] || skip "man is not installed"
	mkdir -p man/man1
	export MANPATH=$TEST_DIR/man MANPAGER=cat PAGER=cat TERM=dumb MANWIDTH=78 MAN_KEEP_FORMATTING=
	assert_match "$(on_terminal "$LEASTCAP" help caps)" '^Usage: leastcap caps' "help where there is no page"
	printf '.TH LEASTCAP-CAPS 1\n.SH NAME\nleastcap-caps \\- a page of the test\n' >man/man1/leastcap-caps.1
	assert_match "$(on_terminal "$LEASTCAP" help caps)" 'a page of the test' "help on a terminal"
	assert_match "$("$LEASTCAP" help caps)" '^Usage: leastcap caps' "help in a pipe"
	assert_match "$(PATH=/nowhere "$LEASTCAP" help caps)" '^Usage: leastcap caps' "help without man"
	assert_match "$(on_terminal env PATH=/nowhere "$LEASTCAP" caps --help)" '^Usage: leastcap caps' "--help on a terminal"
}
