/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the caller of code without call frame information (musl's assembler and C, programs without symbols, generated code). */
#include "src/why/machine.h"
#include "src/why/walk.h"

/* Words of the stack that are looked at for a return address: frames of functions that only make a system call are small. */
#define WORDS_MAX 256

/* Bytes at the beginning of a function in which it would make its frame pointer. */
#define PROLOGUE 32

/* A caller that was found. */
struct caller {
	uint64_t pc; /* the return address, in our own space */
	uint64_t sp;
	uint64_t fp;
};

/* Whether VALUE, as the process has it, is where some call returns to; then *PC is that address in our own space. */
static bool is_return_address(struct walk *walk, uint64_t value, uint64_t *pc)
{
	unsigned char code[MACHINE_CALL_MAX];
	struct image *image;
	uint64_t in_file;

	*pc = lc_why_images_move(walk->images, value);
	return lc_why_images_origin(walk->images, *pc, &image, &in_file) >= 0 &&
	       lc_why_image_read_code(image, in_file - sizeof(code), code, sizeof(code)) &&
	       lc_why_machine_ends_with_call(code);
}

static bool by_frame_pointer(struct walk *walk, struct caller *caller)
{
	uint64_t fp = walk->now.dwarf[MACHINE_FRAME_POINTER], value;

	if (fp < walk->now.sp || !lc_why_walk_read(walk, fp, &caller->fp) || !lc_why_walk_read(walk, fp + 8, &value))
		return false;
	caller->sp = fp + 16;
	return is_return_address(walk, value, &caller->pc);
}

static bool by_link_register(struct walk *walk, struct caller *caller)
{
#if MACHINE_LINK_REGISTER >= 0
	caller->sp = walk->now.sp;
	caller->fp = walk->now.dwarf[MACHINE_FRAME_POINTER];
	return walk->stack->n == 1 && is_return_address(walk, walk->now.dwarf[MACHINE_LINK_REGISTER], &caller->pc);
#else
	(void)walk, (void)caller;
	return false;
#endif
}

/* Whether VALUE lies in code whose file is not to be had: it may be a return address, and nothing tells. */
static bool is_in_the_dark(const struct walk *walk, uint64_t value)
{
	ssize_t mapping = lc_why_images_mapping(walk->images, value);

	return mapping >= 0 && !walk->images->by_mapping[mapping].image;
}

static bool by_search(struct walk *walk, struct caller *caller)
{
	uint64_t value, at = (walk->now.sp + 7) & ~7ULL;
	size_t i;

	for (i = 0; i < WORDS_MAX && lc_why_walk_read(walk, at + 8 * i, &value); i++) {
		if (is_return_address(walk, value, &caller->pc)) {
			caller->sp = at + 8 * (i + 1);
			caller->fp = walk->now.dwarf[MACHINE_FRAME_POINTER];
			return true;
		}
		/* To leave a caller out is worse than to stop. */
		if (is_in_the_dark(walk, value))
			return false;
	}
	return false;
}

/* Whether the function here is known to leave the frame pointer alone: what it holds is then the caller's, or something else. */
static bool lacks_frame_pointer(const struct walk *walk)
{
	unsigned char code[PROLOGUE];
	struct image *image;
	uint64_t in_file;
	GElf_Off offset;
	GElf_Sym symbol;

	return lc_why_images_origin(walk->images, walk->now.pc, &image, &in_file) >= 0 &&
	       dwfl_module_addrinfo(image->module, walk->now.pc, &offset, &symbol, NULL, NULL, NULL) &&
	       lc_why_image_read_code(image, in_file - offset, code, sizeof(code)) &&
	       !lc_why_machine_makes_frame_pointer(code, sizeof(code));
}

bool lc_why_step_without_cfi(struct walk *walk)
{
	struct caller caller;
	bool found = by_link_register(walk, &caller);

	if (!found && !lacks_frame_pointer(walk))
		found = by_frame_pointer(walk, &caller);
	if (!found && (is_in_the_dark(walk, walk->now.pc) || !by_search(walk, &caller)))
		return false;
	walk->now.pc = caller.pc - 1;
	walk->now.sp = caller.sp;
	walk->now.dwarf[MACHINE_STACK_POINTER] = caller.sp;
	walk->now.dwarf[MACHINE_FRAME_POINTER] = caller.fp;
	walk->returning = true;
	return true;
}
