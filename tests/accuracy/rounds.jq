# SPDX-License-Identifier: LGPL-2.1-or-later
# The rounds of all workloads as one table, with a line of totals.
def list: if . == [] then "–" else join(" ") end;
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def line: if $format == "markdown" then "| " + join(" | ") + " |" else join("\t") end;

(["workload", "proven", "rounds", "ends at"] | line, if $format == "markdown" then map("---") | line else empty end),
(.[] | [
	.workload, (.proven | list), "\(.rounds)",
	if .end == "proven" then "proven"
	elif .end == "proven and survivable" then "proven, and \(.extra | list), survivable"
	elif .end == "too many" then "proven, and \(.extra | list)"
	else "\(.end): \(.list | list)" end
] | line),
([
	"all", "\(map(select(.end | startswith("proven"))) | length) of \(length) end there", "median \(map(.rounds) | median)",
	"at most \(map(.rounds) | max); dead ends: \(map(select(.end == "dead end")) | length)"
] | line)
