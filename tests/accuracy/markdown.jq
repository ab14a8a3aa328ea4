# SPDX-License-Identifier: LGPL-2.1-or-later
# The comparisons as one table for tests/accuracy/README.md, with a line of totals.
def list: if . == [] then "–" else join(" ") end;
def exact: .missing + .extra == [];
def counts: "−\(.missing | length) +\(.extra | length)";
def line: "| " + join(" | ") + " |";

([
	"workload", "proven", "listed", "missing", "extra", "every check", "audited", "audited, not by runc"
] | line, (map("---") | line)),
(.[] | [
	.workload, (.proven | list), if .leastcap | exact then "the same" else (.leastcap.listed | list) end,
	(.leastcap.missing | list), (.leastcap.extra | list), ([.every, .audited, .without_runc][] | counts)
] | line),
(. as $rows | length as $n | ["exact", "", "\($rows | map(select(.leastcap | exact)) | length) of \($n)",
	"\($rows | map(.leastcap.missing | length) | add)", "\($rows | map(.leastcap.extra | length) | add)",
	(("every", "audited", "without_runc") as $key | "\($rows | map(select(.[$key] | exact)) | length) of \($n)")
] | line),
"", "Why one recording cannot know that these are not needed:", "",
(.[] | select(.leastcap.extra != []) | "- `\(.workload)`: \(.because)")
