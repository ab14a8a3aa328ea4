/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the caller of code without call frame information (musl's assembler and C, programs without symbols, generated code). */
#include "src/why/machine.h"
#include "src/why/walk.h"

/* How many words of the stack are searched for a return address. Functions that only make a system call have small frames. */
#define WORDS_MAX 256

/* A function makes its frame pointer within so many bytes from its beginning. */
#define PROLOGUE 32

/* A caller that was found. */
struct caller {
	uint64_t pc; /* the return address, in our own space */
	uint64_t sp;
	uint64_t fp;
};

/* Whether VALUE, an address of the process, is where a call returns to. *PC becomes VALUE in our own space. */
static bool is_return_address(struct lc_why_walk *walk, uint64_t value, uint64_t *pc)
{
	unsigned char code[MACHINE_CALL_MAX];
	struct lc_why_image *image;
	uint64_t in_file;

	*pc = lc_why_images_move(walk->images, value);
	return lc_why_images_origin(walk->images, *pc, &image, &in_file) >= 0 &&
	       lc_why_image_read_code(image, in_file - sizeof(code), code, sizeof(code)) &&
	       lc_why_machine_ends_with_call(code);
}

static bool by_frame_pointer(struct lc_why_walk *walk, struct caller *caller)
{
	uint64_t fp = walk->now.dwarf[MACHINE_FRAME_POINTER], value;

	if (fp < walk->now.sp || !lc_why_walk_read(walk, fp, &caller->fp) || !lc_why_walk_read(walk, fp + 8, &value))
		return false;
	caller->sp = fp + 16;
	return is_return_address(walk, value, &caller->pc);
}

static bool by_link_register(struct lc_why_walk *walk, struct caller *caller)
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

/* Whether VALUE lies in code whose file can't be opened: nothing tells whether it is a return address. */
static bool is_in_the_dark(const struct lc_why_walk *walk, uint64_t value)
{
	ssize_t mapping = lc_why_images_mapping(walk->images, value);

	return mapping >= 0 && !walk->images->by_mapping[mapping].image;
}

static bool by_search(struct lc_why_walk *walk, struct caller *caller)
{
	uint64_t value, at = (walk->now.sp + 7) & ~7ULL;
	size_t i;

	for (i = 0; i < WORDS_MAX && lc_why_walk_read(walk, at + 8 * i, &value); i++) {
		if (is_return_address(walk, value, &caller->pc)) {
			caller->sp = at + 8 * (i + 1);
			caller->fp = walk->now.dwarf[MACHINE_FRAME_POINTER];
			return true;
		}
		/* A stack that ends here is better than one that leaves a caller out. */
		if (is_in_the_dark(walk, value))
			return false;
	}
	return false;
}

/* Whether the function here is known to make no frame pointer. The register then holds the caller's, or something else. */
static bool lacks_frame_pointer(const struct lc_why_walk *walk)
{
	unsigned char code[PROLOGUE];
	struct lc_why_image *image;
	uint64_t in_file;
	GElf_Off offset;
	GElf_Sym symbol;

	return lc_why_images_origin(walk->images, walk->now.pc, &image, &in_file) >= 0 &&
	       dwfl_module_addrinfo(image->module, walk->now.pc, &offset, &symbol, NULL, NULL, NULL) &&
	       lc_why_image_read_code(image, in_file - offset, code, sizeof(code)) &&
	       !lc_why_machine_makes_frame_pointer(code, sizeof(code));
}

bool lc_why_step_without_cfi(struct lc_why_walk *walk)
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
