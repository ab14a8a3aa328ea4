/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's style sheet and scripts, and the hash of each in base64, as strings of the program. */
	.macro embed name, file
	.globl \name
	.type \name, %object
\name:
	.incbin "\file"
	.byte 0
	.size \name, . - \name
	.endm

	.section .rodata
	embed lc_html_style, "src/report/html.css"
	embed lc_html_style_hash, "src/report/html.css.sha256"
	embed lc_html_script, "src/report/html.js"
	embed lc_html_script_hash, "src/report/html.js.sha256"
	embed lc_html_live, "src/report/html_live.js"
	embed lc_html_live_hash, "src/report/html_live.js.sha256"
	.section .note.GNU-stack, "", %progbits
