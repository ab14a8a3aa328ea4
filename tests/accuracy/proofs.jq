# SPDX-License-Identifier: LGPL-2.1-or-later
# The proofs of all workloads as one table, with a line of totals.
def list: if . == [] then "–" else join(" ") end;
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def percent($part; $whole): if $whole == 0 then "–" else "\($part * 1000 / $whole | round | . / 10) %" end;
def right: map(.list - (.list - .proven) | length) | add;
def line: if $format == "markdown" then "| " + join(" | ") + " |" else join("\t") end;

(["workload", "by brute force", "by leastcap prove", "runs", "seconds"] | line, if $format == "markdown" then map("---") | line else empty end),
(.[] | [.workload, (.proven | list), if .list == .proven then "the same" else (.list | list) end, "\(.runs)", "\(.seconds)"] | line),
(["all", "\(map(select(.list == .proven)) | length) of \(length) the same",
	"runs fewer than what is granted: \(map(select(.runs < .granted)) | length)", "median \(map(.runs) | median)",
	"median \(map(.seconds) | median)"] | line),
(["all capabilities", "\(map(.proven | length) | add)", "\(map(.list | length) | add)",
	"recall " + percent(right; map(.proven | length) | add), "precision " + percent(right; map(.list | length) | add)] | line)
