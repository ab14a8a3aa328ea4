# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of leastcap in bash: the program itself is asked, which has the tables. Needs nothing but bash 4.

# Joins what bash has split at "=" and ":" in COMP_WORDS to $words, and sets $current to the number of the word in which the cursor is.
_leastcap_words() {
	local line=$COMP_LINE i word
	words=()
	for ((i = 0; i <= COMP_CWORD || i < ${#COMP_WORDS[@]}; i++)); do
		word=${COMP_WORDS[i]-}
		if ((i == 0)) || [[ $line == [[:space:]]* || ! $word ]]; then
			words+=("$word")
		else
			words[${#words[@]} - 1]+=$word
		fi
		line=${line#"${line%%[![:space:]]*}"}
		line=${line#"$word"}
		((i != COMP_CWORD)) || current=$((${#words[@]} - 1))
	done
}

# The words as the program will get them: without their quotes.
_leastcap_unquote() {
	local i
	for ((i = 0; i < ${#words[@]}; i++)); do
		words[i]=${words[i]//[\'\"\\]/}
	done
}

# Completes another command's line, which begins at word $1 of this one.
_leastcap_command() {
	local first=$1
	if declare -F _comp_command_offset >/dev/null; then
		_comp_command_offset "$first"
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$first"
	elif ((COMP_CWORD == first)); then
		mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
	else
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
	fi
}

# _leastcap_files EXTENSION: files that end so, and directories; where there are none, all files.
_leastcap_files() {
	local typed=${words[current]}
	# What is repeated before it, as in --output=FILE, bash has split off already.
	typed=${typed#--*=}
	compopt -o filenames
	mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <({ compgen -d -- "$typed" && [[ ! $1 ]]; } ||
		{ [[ $1 ]] && compgen -f -X "!*.$1" -- "$typed"; } || compgen -f -- "$typed")
}

_leastcap() {
	local words current line cut kind candidates candidate
	_leastcap_words
	_leastcap_unquote
	mapfile -t candidates < <("${COMP_WORDS[0]}" complete "$current" "${words[@]:1}" 2>/dev/null)
	read -ra kind <<<"${candidates[0]-}"
	# Of a word that bash has split only the last part is replaced.
	cut=${words[current]%"${words[current]##*[=:]}"}
	[[ $COMP_WORDBREAKS == *=* ]] || cut=
	COMPREPLY=()
	for line in "${candidates[@]:1}"; do
		candidate=${line%%$'\t'*}
		[[ $candidate != *= ]] || compopt -o nospace
		candidate=${candidate#"$cut"}
		# What a container is called may be meant for the shell.
		printf -v candidate %q "$candidate"
		[[ $candidate != *\\= ]] || candidate=${candidate%\\=}=
		COMPREPLY+=("${candidate//\\,/,}")
	done
	case ${kind[0]-} in
	files) _leastcap_files "${kind[1]-}" ;;
	directories) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -- "${words[current]#--*=}") ;;
	command) ((${#COMPREPLY[@]})) || _leastcap_command $((kind[1] + COMP_CWORD - current)) ;;
	esac
}

complete -F _leastcap leastcap
