/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which programs of classic BPF the kernel takes as a seccomp filter. */
#include "filter_private.h"

#include <string.h>

/* What an instruction's constant has to be. */
enum constant {
	ANY,
	OFFSET,  /* of a word of the call */
	DIVISOR, /* not 0 */
	SHIFT,   /* fewer than 32 bits */
	WORD,    /* of memory */
	JUMP,    /* to an instruction behind this one */
};

/* Every instruction that a filter may have. BPF_ADD and BPF_K are 0. */
static const struct {
	uint16_t code;
	enum constant constant;
} instructions[] = {
	{BPF_LD | BPF_W | BPF_ABS, OFFSET},
	{BPF_LD | BPF_W | BPF_LEN, ANY},
	{BPF_LDX | BPF_W | BPF_LEN, ANY},
	{BPF_LD | BPF_IMM, ANY},
	{BPF_LDX | BPF_IMM, ANY},
	{BPF_LD | BPF_MEM, WORD},
	{BPF_LDX | BPF_MEM, WORD},
	{BPF_ST, WORD},
	{BPF_STX, WORD},
	{BPF_MISC | BPF_TAX, ANY},
	{BPF_MISC | BPF_TXA, ANY},
	{BPF_RET | BPF_K, ANY},
	{BPF_RET | BPF_A, ANY},
	{BPF_ALU | BPF_ADD, ANY},
	{BPF_ALU | BPF_ADD | BPF_X, ANY},
	{BPF_ALU | BPF_SUB | BPF_K, ANY},
	{BPF_ALU | BPF_SUB | BPF_X, ANY},
	{BPF_ALU | BPF_MUL | BPF_K, ANY},
	{BPF_ALU | BPF_MUL | BPF_X, ANY},
	{BPF_ALU | BPF_DIV | BPF_K, DIVISOR},
	{BPF_ALU | BPF_DIV | BPF_X, ANY},
	{BPF_ALU | BPF_AND | BPF_K, ANY},
	{BPF_ALU | BPF_AND | BPF_X, ANY},
	{BPF_ALU | BPF_OR | BPF_K, ANY},
	{BPF_ALU | BPF_OR | BPF_X, ANY},
	{BPF_ALU | BPF_XOR | BPF_K, ANY},
	{BPF_ALU | BPF_XOR | BPF_X, ANY},
	{BPF_ALU | BPF_LSH | BPF_K, SHIFT},
	{BPF_ALU | BPF_LSH | BPF_X, ANY},
	{BPF_ALU | BPF_RSH | BPF_K, SHIFT},
	{BPF_ALU | BPF_RSH | BPF_X, ANY},
	{BPF_ALU | BPF_NEG, ANY},
	{BPF_JMP | BPF_JA, JUMP},
	{BPF_JMP | BPF_JEQ | BPF_K, ANY},
	{BPF_JMP | BPF_JEQ | BPF_X, ANY},
	{BPF_JMP | BPF_JGE | BPF_K, ANY},
	{BPF_JMP | BPF_JGE | BPF_X, ANY},
	{BPF_JMP | BPF_JGT | BPF_K, ANY},
	{BPF_JMP | BPF_JGT | BPF_X, ANY},
	{BPF_JMP | BPF_JSET | BPF_K, ANY},
	{BPF_JMP | BPF_JSET | BPF_X, ANY},
};

/* Whether K is a constant of KIND, in an instruction with LEFT others behind it. */
static bool is_constant(enum constant kind, uint32_t k, size_t left)
{
	switch (kind) {
	case ANY:
		return true;
	case OFFSET:
		return k < sizeof(struct seccomp_data) && k % sizeof(uint32_t) == 0;
	case DIVISOR:
		return k != 0;
	case SHIFT:
		return k < 32;
	case WORD:
		return k < BPF_MEMWORDS;
	case JUMP:
		return k < left;
	}
	return false;
}

/* Whether INSTRUCTION, with LEFT others behind it, is one that a filter may have, and jumps to none but those. */
static bool is_instruction(const struct sock_filter *instruction, size_t left)
{
	bool is_branch = BPF_CLASS(instruction->code) == BPF_JMP && BPF_OP(instruction->code) != BPF_JA;

	for (size_t i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++) {
		if (instructions[i].code != instruction->code)
			continue;
		return is_constant(instructions[i].constant, instruction->k, left) &&
		       (!is_branch || (instruction->jt < left && instruction->jf < left));
	}
	return false;
}

/* Whether no way to an instruction that reads a word of memory leaves out writing it first. Every jump goes forward. */
static bool writes_first(const struct lc_filter *filter)
{
	uint16_t written[BPF_MAXINSNS]; /* by every way that jumps to the instruction: a bit a word */
	uint16_t now = 0;

	memset(written, 0xff, sizeof(written));
	for (size_t i = 0; i < filter->n; i++) {
		const struct sock_filter *at = &filter->program[i];

		now &= written[i];
		switch (at->code) {
		case BPF_ST:
		case BPF_STX:
			now |= (uint16_t)(1 << at->k);
			break;
		case BPF_LD | BPF_MEM:
		case BPF_LDX | BPF_MEM:
			if (!(now & 1 << at->k))
				return false;
			break;
		case BPF_JMP | BPF_JA:
			written[i + 1 + at->k] &= now;
			now = UINT16_MAX;
			break;
		default:
			if (BPF_CLASS(at->code) != BPF_JMP)
				break;
			written[i + 1 + at->jt] &= now;
			written[i + 1 + at->jf] &= now;
			now = UINT16_MAX;
		}
	}
	return true;
}

bool lc_filter_is_valid(const struct lc_filter *filter)
{
	if (!filter->program || filter->n == 0 || filter->n > BPF_MAXINSNS)
		return false;
	for (size_t i = 0; i < filter->n; i++) {
		if (!is_instruction(&filter->program[i], filter->n - i - 1))
			return false;
	}
	return BPF_CLASS(filter->program[filter->n - 1].code) == BPF_RET && writes_first(filter);
}
