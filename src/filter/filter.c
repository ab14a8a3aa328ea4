/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs seccomp filters, which are programs of classic BPF. */
#include "filter_private.h"

#include <errno.h>
#include <string.h>

/* As the kernel cuts an errno that a filter answers with. */
#define LARGEST_ERRNO 4095

/* Where a run of a filter is. */
struct machine {
	uint32_t a, x;
	uint32_t memory[BPF_MEMWORDS];
	bool ended;
	uint32_t answer;
};

static void end(struct machine *machine, uint32_t answer)
{
	machine->ended = true;
	machine->answer = answer;
}

/* A op VALUE. The kernel ends a filter that divides by 0 with the answer 0, and shifts by the lowest five bits. */
static void calculate(struct machine *machine, uint16_t code, uint32_t value)
{
	switch (BPF_OP(code)) {
	case BPF_ADD:
		machine->a += value;
		break;
	case BPF_SUB:
		machine->a -= value;
		break;
	case BPF_MUL:
		machine->a *= value;
		break;
	case BPF_DIV:
		if (value == 0)
			end(machine, 0);
		else
			machine->a /= value;
		break;
	case BPF_AND:
		machine->a &= value;
		break;
	case BPF_OR:
		machine->a |= value;
		break;
	case BPF_XOR:
		machine->a ^= value;
		break;
	case BPF_LSH:
		machine->a <<= value & 31;
		break;
	case BPF_RSH:
		machine->a >>= value & 31;
		break;
	case BPF_NEG:
		machine->a = -machine->a;
		break;
	}
}

/* How many instructions behind the next one AT, a jump, goes on. */
static uint32_t jump(const struct machine *machine, const struct sock_filter *at)
{
	uint32_t value = BPF_SRC(at->code) == BPF_X ? machine->x : at->k;

	switch (BPF_OP(at->code)) {
	case BPF_JA:
		return at->k;
	case BPF_JEQ:
		return machine->a == value ? at->jt : at->jf;
	case BPF_JGE:
		return machine->a >= value ? at->jt : at->jf;
	case BPF_JGT:
		return machine->a > value ? at->jt : at->jf;
	default:
		return machine->a & value ? at->jt : at->jf;
	}
}

/* What AT, an instruction of the classes LD and LDX, loads. */
static uint32_t load(const struct machine *machine, const struct sock_filter *at, const struct seccomp_data *call)
{
	uint32_t value = at->k;

	switch (BPF_MODE(at->code)) {
	case BPF_ABS:
		memcpy(&value, (const unsigned char *)call + at->k, sizeof(value));
		return value;
	case BPF_LEN:
		return sizeof(*call);
	case BPF_MEM:
		return machine->memory[at->k];
	default: /* BPF_IMM */
		return value;
	}
}

/* Runs AT, which is no jump. */
static void step(struct machine *machine, const struct sock_filter *at, const struct seccomp_data *call)
{
	switch (BPF_CLASS(at->code)) {
	case BPF_LD:
		machine->a = load(machine, at, call);
		break;
	case BPF_LDX:
		machine->x = load(machine, at, call);
		break;
	case BPF_ST:
		machine->memory[at->k] = machine->a;
		break;
	case BPF_STX:
		machine->memory[at->k] = machine->x;
		break;
	case BPF_ALU:
		calculate(machine, at->code, BPF_SRC(at->code) == BPF_X ? machine->x : at->k);
		break;
	case BPF_RET:
		end(machine, BPF_RVAL(at->code) == BPF_A ? machine->a : at->k);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(at->code) == BPF_TAX)
			machine->x = machine->a;
		else
			machine->a = machine->x;
		break;
	}
}

int lc_filter_run(const struct lc_filter *filter, const struct seccomp_data *call, uint32_t *answer)
{
	struct machine machine = {0};

	if (!lc_filter_is_valid(filter))
		return -EINVAL;
	for (size_t i = 0; !machine.ended; i++) {
		const struct sock_filter *at = &filter->program[i];

		if (BPF_CLASS(at->code) == BPF_JMP)
			i += jump(&machine, at);
		else
			step(&machine, at, call);
	}
	*answer = machine.answer;
	return 0;
}

/* The rank of ANSWER's action: the lower one counts. The kernel compares them as signed numbers, so that KILL_PROCESS comes first. */
static int64_t rank(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

	return action & UINT32_C(0x80000000) ? (int64_t)action - (INT64_C(1) << 32) : (int64_t)action;
}

/* What ANSWER makes of a call whose result was -ERROR. */
static enum lc_filter_answer judge(uint32_t answer, int error)
{
	int data = (int)(answer & SECCOMP_RET_DATA);

	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return LC_FILTER_ALLOWS;
	case SECCOMP_RET_ERRNO:
		return error == (data < LARGEST_ERRNO ? data : LARGEST_ERRNO) ? LC_FILTER_REFUSES : LC_FILTER_UNKNOWN;
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		/* Another process decides. Where there is none, the call gets ENOSYS. */
		return error == ENOSYS ? LC_FILTER_REFUSES : error ? LC_FILTER_UNKNOWN : LC_FILTER_ALLOWS;
	default: /* SECCOMP_RET_TRAP, and what kills, as every action does that the kernel does not know */
		return LC_FILTER_REFUSES;
	}
}

enum lc_filter_answer lc_filter_answers(
	const struct lc_filter *filters, size_t n, const struct seccomp_data *call, int error)
{
	uint32_t strictest = SECCOMP_RET_ALLOW;

	if (n == 0)
		return LC_FILTER_NONE;
	for (size_t i = 0; i < n; i++) {
		uint32_t answer;

		if (lc_filter_run(&filters[i], call, &answer))
			return LC_FILTER_UNKNOWN;
		if (rank(answer) < rank(strictest))
			strictest = answer;
	}
	return judge(strictest, error);
}
