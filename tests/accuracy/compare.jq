# SPDX-License-Identifier: LGPL-2.1-or-later
# A profile's list for one container, and those that other semantics make of the same evidence, against the proven one.
def words: split(" ") | map(select(. != "")) | sort;
def against($proven): unique | {listed: ., missing: ($proven - .), extra: (. - $proven)};

[.targets[] | select(.name == $container)]
| if length == 1 then .[0] else error("\(length) targets are called \($container)") end
| ($proven | words) as $proven
# Other tools see what cap_capable was asked, and nothing else.
| [.evidence[] | select(.verdict == "granted" and (.source // "check") == "check")] as $granted
| [$granted[] | select(.audited != "no")] as $audited
| {
	workload: $workload,
	proven: $proven,
	leastcap: .cap_add | against($proven),
	verify: (.verify // []),
	every: [$granted[].cap] | against($proven),
	audited: [$audited[].cap] | against($proven),
	without_runc: [$audited[] | select(.comm | startswith("runc") | not) | .cap] | against($proven),
	because: $because
}
# An explanation names the capabilities that it is about.
| .unexplained = (.leastcap.extra - ($because | [scan("[A-Z][A-Z_]+")]))
| .problem = (
	if .leastcap.missing != [] then "missing: " + (.leastcap.missing | join(" "))
	elif .unexplained != [] then "extra, and EXTRA_BECAUSE does not say why: " + (.unexplained | join(" "))
	else "" end)
