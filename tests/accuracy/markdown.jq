# SPDX-License-Identifier: LGPL-2.1-or-later
# The comparisons as one table for tests/accuracy/README.md, with a line of totals.
def list: if . == [] then "–" else join(" ") end;
def exact: .missing + .extra == [];
def counts: "−\(.missing | length) +\(.extra | length)";
# Of what is listed, how much is proven; and of what is proven, how much is listed.
def percent($part; $whole): if $whole == 0 then "–" else "\($part * 1000 / $whole | round | . / 10) %" end;
def listed($key): map(.[$key].listed | length) | add;
def right($key): map(.[$key] | (.listed | length) - (.extra | length)) | add;
def precision($key): "precision " + percent(right($key); listed($key));
def recall($key): "recall " + percent(right($key); map(.proven | length) | add);
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
(. as $rows | ["all capabilities", "\(map(.proven | length) | add)", "\(listed("leastcap"))", recall("leastcap"), precision("leastcap"),
	(("every", "audited", "without_runc") as $key | $rows | precision($key) + ", " + recall($key))
] | line),
"", "Why one recording cannot know that these are not needed:", "",
(.[] | select(.leastcap.extra != []) | "- `\(.workload)`: \(.because)")
