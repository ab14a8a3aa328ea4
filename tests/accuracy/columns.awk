# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints tab-separated lines as columns. WIDTHS are the least ones; a longer cell is wrapped between words.

# wrap(cell, width, lines): splits CELL into LINES, and returns how many.
function wrap(cell, width, lines,    words, n, i, line, count) {
	delete lines
	n = split(cell, words, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line " " words[i]) > width) {
			lines[++count] = line
			line = ""
		}
		line = line == "" ? words[i] : line " " words[i]
	}
	lines[++count] = line
	return count
}

BEGIN {
	FS = "\t"
	columns = split(widths, width, " ")
}

{
	for (c = 1; c <= columns; c++) {
		cells[NR, c] = $c
		n = split($c, words, " ")
		for (i = 1; i <= n; i++)
			if (length(words[i]) > width[c])
				width[c] = length(words[i])
	}
}

END {
	for (r = 1; r <= NR; r++) {
		height = 1
		delete text
		for (c = 1; c <= columns; c++) {
			n = wrap(cells[r, c], width[c], lines)
			for (i = 1; i <= n; i++)
				text[i, c] = lines[i]
			if (n > height)
				height = n
		}
		for (i = 1; i <= height; i++) {
			line = ""
			for (c = 1; c <= columns; c++)
				line = line sprintf("%-*s ", width[c], text[i, c])
			sub(/ +$/, "", line)
			print line
		}
	}
}
