# SPDX-License-Identifier: LGPL-2.1-or-later
# How the rounds of one workload ended, against its proven list.
def words: split(" ") | map(select(. != "")) | sort;

([$profile[0].targets[] | select(.name == $container) | .verify // []] | flatten) as $verify
| ($proven | words) as $proven
| ($list | words) as $list
| {
	workload: $workload,
	proven: $proven,
	list: $list,
	rounds: $rounds,
	ended: $ended,
	missing: ($proven - $list),
	extra: ($list - $proven),
	because: $because
}
# As in the comparison, an explanation names the capabilities that it is about; and the report may say itself what is to be verified.
| .unexplained = (.extra - ($because | [scan("[A-Z][A-Z_]+")]) - $verify)
| .end = (
	if $ended == "stuck" then "dead end"
	elif $ended == "refused" then "Docker does not know it"
	elif $ended == "unending" then "no end"
	elif .missing != [] then "another list"
	elif .unexplained != [] then "too many"
	elif .extra != [] then "proven and survivable"
	else "proven" end)
| .problem = if .end | IN("proven", "proven and survivable") then "" else
	"\(.end) after \(.rounds) rounds, at: \(.list | if . == [] then "nothing" else join(" ") end)" end
