# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The manual: a page for each command, with the options that the command has and no others, and examples that work.

MAN=$ROOT/src/man

commands() {
	"$LEASTCAP" --help | sed -nE 's/^  ([a-z-]+) +[^ ].*/\1/p' | grep -vxE 'help|version|leastcap'
}

# The options of COMMAND as its help has them: "-o --output=FILE".
options_in_help() {
	"$LEASTCAP" "$1" --help | sed -nE '/^Examples:$/q; s/^  (-(.), |    )--([a-z-]+)(\[?=([^ ]*))?( .*)?$/-\2 --\3\4/p' |
		sed 's/^- //' | grep -vE -- '--(help|usage)$' | LC_ALL=C sort
}

# Those of COMMAND as its page has them.
options_in_page() {
	sed -n '/^# OPTIONS$/,/^# [^O]/s/^\*-/-/p' "$MAN/leastcap-$1.1.scd" | tr -d '*_' | sed 's/, --/ --/' |
		grep -vE -- '--(help|usage)$' | LC_ALL=C sort
}

# The words in bold that FILE has, a line each.
bold() {
	tr '\n' ' ' <"$1" | grep -oE '\*[^*]+\*' | tr -d '*'
}

# assert_known COMMAND FILE OPTION: COMMAND ("" for any of them) has it.
assert_known() {
	grep -qE -- "(^| )$3( |=|\[|\$)" "options${1:+.$1}" || fail "$2 speaks of $3, which ${1:-no command} does not have"
}

test_every_command_has_a_page_and_every_page_is_named_by_leastcap_1() {
	local page
	assert_eq "$(find "$MAN" -name 'leastcap-*.1.scd' -printf '%f\n' | sed 's/^leastcap-//; s/\.1\.scd$//' | LC_ALL=C sort)" \
		"$(commands | LC_ALL=C sort)" "the commands that have a page"
	for page in "$MAN"/leastcap-*.scd; do
		page=$(basename "$page" .scd)
		grep -qF "*${page%.*}*(${page##*.})" "$MAN/leastcap.1.scd" || fail "leastcap(1) does not name $page"
	done
	for page in $(grep -ohE '\*leastcap(-[a-z]+)?\*\([0-9]\)' "$MAN"/*.scd | tr -d '*)' | tr '(' . | sort -u); do
		[[ -f $MAN/$page.scd ]] || fail "there is no page $page"
	done
}

test_every_option_is_in_the_page_of_its_command_and_none_besides() {
	local command
	for command in $(commands); do
		assert_match "$(options_in_help "$command")" '--[a-z]' "the options of $command"
		assert_eq "$(options_in_page "$command")" "$(options_in_help "$command")" "the options in leastcap-$command(1)"
	done
}

test_no_page_speaks_of_an_option_that_is_not_there() {
	local command file words word
	for command in $(commands); do
		{ options_in_help "$command" && printf '%s\n' '-h -\? --help' '--usage' '--'; } >"options.$command"
	done
	{ cat options.* && echo '--version'; } >options
	for file in "$MAN"/*.scd; do
		while read -r words; do
			words=${words#leastcap }
			command=${words%% *}
			if [[ ! -f options.$command ]]; then
				[[ $words == -* ]] || continue
				command=$(basename "$file" .1.scd)
				command=${command#leastcap-}
				[[ -f options.$command ]] || command=
			fi
			for word in $words; do
				[[ $word != -- ]] || break
				[[ ! $word =~ ^-[-a-zA-Z]+ ]] || assert_known "$command" "${file##*/}" "${BASH_REMATCH[0]}"
			done
		done < <(bold "$file")
	done
}

test_the_pages_are_clean_for_mandoc_and_man_finds_what_they_are_about() {
	local page
	[[ $(command -v mandoc) ]] || skip "mandoc is not installed"
	[[ $(command -v scdoc) ]] || skip "scdoc is not installed"
	for page in "$MAN"/*.scd; do
		"$ROOT/scripts/manual" "$page" >"$(basename "$page" .scd)"
	done
	assert_eq "$(mandoc -T lint ./leastcap*)" "" "what mandoc says of the pages"
	for page in ./leastcap*; do
		assert_match "$(lexgrog "$page")" "\"$(basename "${page%.*}") - " "what the page is about"
	done
}

# shown FILE: what stands between ``` in a page, without the page's escapes; a line "%%" between two of them.
shown() {
	sed -n '/^```$/,/^```$/p' "$1" | sed 's/^```$/%%/; s/\\\\/\\/g'
}

# The commands that FILE shows, without those that need root.
commands_in() {
	shown "$1" | sed -nE 's/^\$ ((leastcap|cat) .*)/\1/p'
}

# What the pages' examples are made with: profiles that were recorded once, under the names that the pages have.
write_examples() {
	local fixtures=$ROOT/tests/unit/fixtures
	jq '.targets[0] |= (.name = "shop-web-1" | .image = "nginx:1.22" | .project = "shop" | .service = "web")' "$fixtures/nginx_container.json" >web.json
	jq '.targets[0] |= (.name = "nginx" | .image = "nginx:1.22" | .pod = "web-6d4cf56db6-x7k2p" | .namespace = "default" | .engine = "containerd")' \
		"$fixtures/nginx_container.json" >pods.json
	jq '.targets[0] |= (.name = "ping" | .image = "debian:12")' "$fixtures/ping_refused_container.json" >ping.json
	cp "$fixtures/audit/three_containers.json" audit.json
}

# leastcap ARGUMENT...: as it is installed.
leastcap() {
	"$LEASTCAP" "$@"
}

test_the_tutorial_shows_what_its_commands_print() {
	local line command='' expected='' n=0
	write_examples
	while IFS= read -r line; do
		if [[ $line != '$ '* && $line != %% ]]; then
			expected+=$line$'\n'
			continue
		fi
		# A file that is shown before anything has made it is the reader's own.
		[[ $command != cat\ * || -e ${command#cat } ]] || printf '%s' "$expected" >"${command#cat }"
		if [[ $command == @(leastcap|cat)\ * ]]; then
			eval "$command" >printed 2>&1 || true
			assert_eq "$(<printed)" "${expected%$'\n'}" "what '$command' prints"
			((++n))
		fi
		command=${line#'$ '} expected=
	done < <(shown "$MAN/leastcap-tutorial.7.scd")
	((n >= 10)) || fail "only $n commands of the tutorial were run"
}

# The exit status says that a line could not be understood: 2.
test_the_examples_of_the_pages_are_understood() {
	local page command status n=0
	write_examples
	cp web.json old.json && cp web.json new.json && cp web.json run1.json && cp web.json run2.json
	mkdir k8s ci
	cp web.json ci/
	printf 'services:\n  web:\n    image: nginx:1.22\n' | tee compose.yaml >base.yaml
	printf 'FROM nginx:1.22\n' >Dockerfile
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - {name: web, image: "nginx:1.22"}\n' >k8s/web.yaml
	cp k8s/web.yaml web.yaml
	for page in "$MAN"/leastcap*.1.scd; do
		while IFS= read -r command; do
			# Some examples are about files that this test does not make.
			[[ ! $command =~ (base\.yaml|--store|--baseline|helm) ]] || continue
			status=0
			eval "$command" >printed 2>&1 </dev/null || status=$?
			((status != 2 && status < 126)) || fail "${page##*/}: '$command' ended with $status: $(<printed)"
			((++n))
		done < <(commands_in "$page")
	done
	((n >= 20)) || fail "only $n examples were run"
}

# What needs root, or containers, is at least spelt as its help has it.
test_the_other_examples_have_options_that_are_there() {
	local page words command n=0
	for page in "$MAN"/*.scd; do
		while read -ra words; do
			[[ ${words[0]} == leastcap ]] || continue
			command=${words[1]}
			"$LEASTCAP" "$command" --help "${words[@]:2}" >/dev/null 2>err || fail "${page##*/}: ${words[*]}: $(<err)"
			((++n))
		done < <(shown "$page" | sed -nE 's/^\$ sudo (.*)/\1/p')
	done
	((n >= 15)) || fail "only $n examples were looked at"
}
