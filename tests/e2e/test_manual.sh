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
