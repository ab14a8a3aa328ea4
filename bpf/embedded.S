/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compiled BPF object as bytes of the program: lc_bpf_object to lc_bpf_object_end. */
	.section .rodata
	.balign 16
	.globl lc_bpf_object
	.type lc_bpf_object, %object
lc_bpf_object:
	.incbin LC_BPF_OBJECT
	.globl lc_bpf_object_end
	.type lc_bpf_object_end, %object
lc_bpf_object_end:
	.byte 0
	.size lc_bpf_object, . - lc_bpf_object
	.section .note.GNU-stack, "", %progbits
