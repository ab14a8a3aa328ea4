# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of the command line: what the program tells the shells, and what comes of it in real ones.

COMPLETIONS=$ROOT/src/completions

# tells N WORD...: what the program tells of word N, without the descriptions; the first line is what the shell adds.
tells() {
	"$LEASTCAP" complete "$@" | cut -f1
}

profiles() {
	cp "$ROOT/tests/unit/fixtures/nginx_container.json" web.json
	mkdir -p sub
	cp web.json sub/in.json
	: >readme.txt
	: >compose.yaml
	jq '.targets[0] as $t | .targets = [("a$(touch pwned)b", "c;touch pwned", "it'\''s", "two words", "e`touch pwned`", "h=i", "j:k", "~l",
		"q\"r", "m\\n") as $n | $t | .name = $n]' web.json >evil.json
}

# What is typed, and then what leastcap gets when Enter is pressed.
typed() {
	cat <<-'TYPED'
		leastcap explain w\t dac_o\t
		<explain><web.json><DAC_OVERRIDE>
		leastcap rep\tweb.json -f qua\t
		<report><web.json><-f><quadlet>
		leastcap report --color=al\tweb.json --form\tdockerf\t
		<report><--color=always><web.json><--format=dockerfile>
		leastcap report -o re\tsub/\t
		<report><-o><readme.txt><sub/in.json>
		leastcap check --allow=co\tw\t
		<check><--allow=compose.yaml><web.json>
		leastcap record --refuse NET_RAW,mkn\t--cgroup su\t
		<record><--refuse><NET_RAW,MKNOD><--cgroup><sub/>
		leastcap report web.json -t le\t--image=leas\t
		<report><web.json><-t><leastcap-fixture><--image=leastcap-test:a024181f18c2>
		leastcap run -k -- setpri\t--reui\t
		<run><-k><--><setpriv><--reui>
		leastcap trace fast\t
		<trace><fast-web>
		leastcap record --image ngi\t--project sh\te\t
		<record><--image><nginx:1.22><--project><shop><e$(touch pwned)>
		leastcap report evil.json -t a\t-t c\t-t i\t
		<report><evil.json><-t><a$(touch pwned)b><-t><c;touch pwned><-t><it's>
		leastcap report evil.json -t tw\t-t e\t-t h\t
		<report><evil.json><-t><two words><-t><e`touch pwned`><-t><h=i>
		leastcap report evil.json --target=j\t--target=\\~\t--target=h\t
		<report><evil.json><--target=j:k><--target=~l><--target=h=i>
		leastcap report evil.json -t q\t-t m\t
		<report><evil.json><-t><q"r><-t><m\n>
	TYPED
}

# completes_in SETUP SHELL...: types all of it there.
completes_in() {
	local setup=$1 got expected
	shift
	[[ $(command -v "$1") ]] || skip "$1 is not installed"
	[[ $(command -v python3) ]] || skip "python3 is not installed"
	profiles
	"$E2E/fake-engine" containers "$TEST_DIR/engine.sock" &
	wait_until test -S engine.sock
	export DOCKER_HOST=unix://$TEST_DIR/engine.sock LEASTCAP COMPLETIONS TEST_DIR HOME=$TEST_DIR LC_ALL=C.UTF-8
	# shellcheck disable=SC2059
	typed | sed -n 'p;n' | sed 's/\\t/\t/g; s/\\\\/\\/g' >keys
	typed | sed -n 'n;p' >expected
	expected=$(<expected)
	# On a machine that is busy an engine, or what reads a profile, may take longer than a person waits.
	for _ in 1 2 3; do
		rm -f trace
		"$E2E/keys" trace "$setup" "$@" <keys
		got=$(tail -n +2 trace)
		# setpriv's own options are only known where the shell knows setpriv.
		got=${got//--reuid/--reui}
		# zsh takes a directory's last slash away again.
		got=${got//<sub>/<sub/>}
		[[ $got != "$expected" ]] || break
	done
	assert_eq "$got" "$expected" "what was typed with tabs"
	[[ ! -e pwned ]] || fail "what a container is called was run"
}

test_bash_completes_what_is_typed() {
	# shellcheck disable=SC2016
	completes_in 'leastcap() { [[ $1 != complete ]] || { "$LEASTCAP" "$@"; return; }; { printf "<%s>" "$@"; echo; } >>trace; }; source "$COMPLETIONS/leastcap.bash"; leastcap' \
		bash --norc --noprofile -i
}

test_zsh_completes_what_is_typed() {
	mkdir functions
	cp "$COMPLETIONS/leastcap.zsh" functions/_leastcap
	# shellcheck disable=SC2016
	completes_in 'leastcap() { [[ $1 != complete ]] || { "$LEASTCAP" "$@"; return; }; { printf "<%s>" "$@"; echo; } >>trace; }; autoload -Uz compinit; fpath=($PWD/functions $fpath); compinit -u -D; leastcap' \
		zsh -f -i
}

test_fish_completes_what_is_typed() {
	# shellcheck disable=SC2016
	completes_in 'function leastcap; test "$argv[1]" != complete; or begin; command $LEASTCAP $argv; return; end; begin; printf "<%s>" $argv; echo; end >>trace; end; source $COMPLETIONS/leastcap.fish; leastcap' \
		fish --no-config -i
}

test_subcommands_and_options_are_those_of_help() {
	local command
	assert_eq "$(tells 1 '' | tail -n +2 | grep -vxE 'help|version' | LC_ALL=C sort)" \
		"$("$LEASTCAP" --help | sed -nE 's/^  ([a-z-]+) +[^ ].*/\1/p' | grep -vxE 'help|version|leastcap' | LC_ALL=C sort)" "the subcommands"
	for command in $(tells 2 help '' | tail -n +2); do
		assert_eq "$(tells 2 "$command" -- | tail -n +2 | sed 's/=$//' | LC_ALL=C sort)" \
			"$("$LEASTCAP" "$command" --help | sed -nE '/^Examples:$/q; s/^  (-., |    )(--[a-z-]+).*/\2/p' | grep -vx -- --usage | LC_ALL=C sort)" \
			"the options of $command"
	done
}

# An argument that is a name, or is called as in no row of the table, would have nothing.
test_every_argument_that_is_no_free_text_is_completed() {
	local command option argument
	profiles
	for command in $(tells 2 help '' | tail -n +2); do
		while read -r option argument; do
			case $argument in
			N | VERSION) continue ;;
			esac
			# What runs is asked of an engine that is not there, and ends with the question.
			[[ $command == record && $option == --image ]] || [[ $option == --@(project|helm-path) ]] ||
				assert_match "$(DOCKER_HOST=unix:///none tells 3 "$command" "$option" '' web.json)" $'^(files|directories|words\n.)' "$command $option=$argument"
		done < <("$LEASTCAP" "$command" --help | sed -nE '/^Examples:$/q; s/^  (-., |    )(--[a-z-]+)=([^ ]+).*/\2 \3/p')
	done
}

test_values_are_those_that_the_option_takes() {
	assert_eq "$(tells 3 report -f d)" $'words\ndocker\ndockerfile' "formats"
	assert_eq "$(tells 3 check -f j)" $'words\njson\njunit' "formats of check"
	assert_eq "$(tells 3 caps --engine '')" $'words\ndocker\npodman\ncontainerd\ncri-o' "engines"
	assert_eq "$(tells 3 trace -e 'cause=filter,!d')" $'words\ncause=filter,!device' "causes"
	assert_eq "$(tells 2 record --refuse=chown,sys_b)" $'words\n--refuse=chown,SYS_BOOT' "capabilities"
	assert_match "$(tells 3 trace -u ro)" $'\nroot' "users"
	assert_match "$(tells 3 trace -p $$)" $'\n'"$$" "processes"
	assert_eq "$(tells 3 run nginx -)" "command 2" "a command's own words"
	assert_eq "$(tells 4 record -- ls -)" "command 3" "a command's own words behind --"
	assert_eq "$(tells 2 nonsense '')" "" "what is no command's"
}

test_what_a_profile_tells_of_is_completed_before_and_behind_it() {
	profiles
	assert_eq "$(tells 3 explain web.json dac)" $'words\nDAC_OVERRIDE\nDAC_READ_SEARCH' "capabilities"
	assert_eq "$(tells 3 report -t '' web.json)" $'words\nleastcap-fixture' "targets of a profile that follows"
	assert_eq "$(tells 4 report /nonexistent -t '')" words "targets of no profile"
}

# A shell must not hang because an engine does.
test_an_engine_that_does_not_answer_costs_no_more_than_300_ms() {
	local started
	"$E2E/fake-engine" hang "$TEST_DIR/engine.sock" &
	wait_until test -S engine.sock
	export DOCKER_HOST=unix://$TEST_DIR/engine.sock
	started=${EPOCHREALTIME/./}
	assert_eq "$(tells 2 record '')" words "what is told without an engine"
	# A machine that is busy takes a while to start a program.
	((${EPOCHREALTIME/./} - started < 1300000)) || fail "it took $((${EPOCHREALTIME/./} - started)) µs"
}
