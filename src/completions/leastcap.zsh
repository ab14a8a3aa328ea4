#compdef leastcap
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of leastcap in zsh: the program itself is asked, which has the tables.

_leastcap() {
	local -a lines kind plain plain_shown open open_shown
	local line candidate shown
	lines=("${(@f)$("${(Q)words[1]}" complete $((CURRENT - 1)) "${(@Q)words[2,-1]}" 2>/dev/null)}")
	kind=(${=lines[1]})
	for line in "${(@)lines[2,-1]}"; do
		candidate=${line%%$'\t'*}
		shown=$candidate
		[[ $line != *$'\t'* ]] || shown="$candidate  -- ${line#*$'\t'}"
		if [[ $candidate == *= ]]; then
			open+=("$candidate") open_shown+=("$shown")
		else
			plain+=("$candidate") plain_shown+=("$shown")
		fi
	done
	# -U: the program has chosen already, and does not look at the case of a capability. Quoting is compadd's.
	(( ! $#plain )) || compadd -U -l -d plain_shown -a plain
	(( ! $#open )) || compadd -U -l -S '' -d open_shown -a open
	case $kind[1] in
	files)
		compset -P '--*='
		if [[ $kind[2] ]]; then
			_files -g "*.$kind[2]"
		else
			_files
		fi
		;;
	directories)
		compset -P '--*='
		_files -/
		;;
	command)
		(( $#plain )) && return
		shift $kind[2] words
		((CURRENT -= kind[2]))
		_normal
		;;
	esac
}

_leastcap "$@"
