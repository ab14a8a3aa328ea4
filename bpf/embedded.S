/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compiled BPF objects as bytes of the program: lc_bpf_tracing to lc_bpf_tracing_end, and so on. */
	.macro object name, file
	.balign 16
	.globl \name
	.type \name, %object
\name:
	.incbin "\file"
	.size \name, . - \name
	.globl \name\()_end
\name\()_end:
	.byte 0
	.endm

	.section .rodata
	object lc_bpf_tracing, bpf/tracing.bpf.o
	object lc_bpf_kprobe, bpf/kprobe.bpf.o
	object lc_bpf_resumed, bpf/resumed.bpf.o
	object lc_bpf_resumed_6_18, bpf/resumed_6_18.bpf.o
	.section .note.GNU-stack, "", %progbits
