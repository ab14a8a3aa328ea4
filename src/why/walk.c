/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks a stack with libdwfl, from call frame information to call frame information, and names what it comes through. */
#include "src/why/walk.h"

#include "src/why/machine.h"
#include "src/why/names.h"
#include "src/why/outermost.h"

#include <elfutils/libdw.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* libdwfl wants threads to have numbers. */
#define THREAD 1

bool lc_why_walk_read(const struct lc_why_walk *walk, uint64_t address, uint64_t *word)
{
	const struct lc_why_request *request = walk->request;
	uint64_t offset = address - request->registers.sp;

	if (request->stack_size < sizeof(*word) || address < request->registers.sp ||
		offset > request->stack_size - sizeof(*word))
		return false;
	memcpy(word, request->stack + offset, sizeof(*word));
	return true;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *argument)
{
	struct lc_why_images *images = argument;

	(void)dwfl;
	if (!lc_why_walk_read(images->walk, address, word)) {
		images->walk->ran_out = true;
		return false;
	}
	*word = lc_why_images_move(images, *word);
	return true;
}

static pid_t next_thread(Dwfl *dwfl, void *argument, void **thread)
{
	(void)dwfl;
	if (*thread)
		return 0;
	*thread = argument;
	return THREAD;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *argument, void **thread)
{
	(void)dwfl;
	*thread = argument;
	return tid == THREAD;
}

static bool set_registers(Dwfl_Thread *thread, void *argument)
{
	const struct lc_why_walk *walk = ((struct lc_why_images *)argument)->walk;

	if (!dwfl_thread_state_registers(thread, 0, MACHINE_REGISTERS, walk->now.dwarf))
		return false;
#if defined(__x86_64__)
	/* The return address has a column of its own. */
	if (!dwfl_thread_state_registers(thread, MACHINE_REGISTERS, 1, &walk->now.pc))
		return false;
#endif
	dwfl_thread_state_register_pc(thread, walk->now.pc);
	return true;
}

const Dwfl_Thread_Callbacks lc_why_walk_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_memory,
	.set_initial_registers = set_registers,
};

static struct lc_frame *add_frame(struct lc_why_walk *walk, ssize_t mapping)
{
	struct lc_frame *frame = lc_stack_add(walk->stack);

	if (frame)
		walk->mappings[walk->stack->n - 1] = (int)mapping;
	return frame;
}

/* Adds the functions at ADDRESS of IMAGE; PC is where the program is or returns to. */
static int add_functions(
	struct lc_why_walk *walk, struct lc_why_image *image, ssize_t mapping, uint64_t address, uint64_t pc)
{
	const struct lc_why_names *names = lc_why_names_find(walk->images, image, address);
	struct lc_frame *frame;
	size_t i;

	if (!names)
		return -ENOMEM;
	for (i = 0; i < names->functions.n; i++) {
		const struct lc_frame *from = &names->functions.frames[i];

		frame = add_frame(walk, mapping);
		if (!frame)
			return -ENOSPC;
		frame->function = from->function ? strdup(from->function) : NULL;
		frame->file = from->file ? strdup(from->file) : NULL;
		frame->line = from->line;
		frame->inlined = from->inlined;
		frame->offset = from->inlined ? 0 : from->offset + (pc - address);
	}
	return 0;
}

/* Whether ADDRESS of IMAGE has call frame information: libdwfl would otherwise believe any frame pointer. */
static bool has_cfi(struct lc_why_image *image, uint64_t address)
{
	Dwarf_CFI *cfi[2];
	Dwarf_Addr bias[2];
	Dwarf_Frame *frame;
	size_t i;

	cfi[0] = dwfl_module_eh_cfi(image->module, &bias[0]);
	cfi[1] = dwfl_module_dwarf_cfi(image->module, &bias[1]);
	for (i = 0; i < 2; i++) {
		if (cfi[i] && dwarf_cfi_addrframe(cfi[i], address - bias[i], &frame) == 0) {
			free(frame);
			return true;
		}
	}
	return false;
}

/* Notes the registers of STATE to go on from here by other means. */
static void leave(struct lc_why_walk *walk, Dwfl_Frame *state, uint64_t pc)
{
	int i;

	/* Unknown registers keep their value of the frame before. Only two matter: the stack pointer is known, the frame pointer saved by callees. */
	for (i = 0; !walk->starting && i < MACHINE_REGISTERS; i++)
		dwfl_frame_reg(state, (unsigned)i, &walk->now.dwarf[i]);
	walk->now.sp = walk->now.dwarf[MACHINE_STACK_POINTER];
	walk->now.pc = pc;
	walk->resume = true;
}

/* The offset of PC in the file that MAPPING shows; in MAPPING, where its offset is not known. */
static uint64_t offset_in(const struct lc_mapping *mapping, uint64_t pc)
{
	return pc - mapping->start + (mapping->offset == LC_OFFSET_UNKNOWN ? 0 : mapping->offset);
}

/* Adds the frames at PC. Whether libdwfl can go on from there. */
static bool add_place(struct lc_why_walk *walk, uint64_t pc, bool returning)
{
	uint64_t address = returning ? pc - 1 : pc, in_file;
	struct lc_frame *frame;
	struct lc_why_image *image;
	ssize_t mapping;

	mapping = lc_why_images_origin(walk->images, address, &image, &in_file);
	if (mapping >= 0) {
		if (add_functions(walk, image, mapping, address, pc))
			walk->steps = LC_STACK_DEPTH;
		return has_cfi(image, address);
	}
	mapping = lc_why_images_mapping(walk->images, address);
	if (mapping < 0) {
		walk->steps = LC_STACK_DEPTH;
		return false;
	}
	/* Its file can't be opened, or the code was generated and has none. */
	frame = add_frame(walk, mapping);
	if (frame)
		frame->offset = offset_in(&walk->request->mappings[mapping], pc);
	return false;
}

static int visit(Dwfl_Frame *state, void *argument)
{
	struct lc_why_walk *walk = argument;
	bool stopped, returning, known;
	Dwarf_Addr pc;

	walk->ran_out = false;
	if (++walk->steps > LC_STACK_DEPTH || !dwfl_frame_pc(state, &pc, &stopped))
		return DWARF_CB_ABORT;
	returning = walk->starting ? walk->returning : !stopped;
	if (walk->starting && walk->returning)
		pc++;
	known = add_place(walk, pc, returning);
	walk->complete = lc_why_outermost_is_reached(walk->stack);
	if (walk->complete)
		return DWARF_CB_ABORT;
	if (!known) {
		leave(walk, state, returning ? pc - 1 : pc);
		return DWARF_CB_ABORT;
	}
	walk->starting = false;
	return DWARF_CB_OK;
}

/* Walks as far as it goes. Whether the stack's end was reached. */
static bool walk_all(struct lc_why_walk *walk)
{
	int ret;

	do {
		walk->starting = true;
		walk->resume = false;
		ret = dwfl_getthread_frames(walk->images->dwfl, THREAD, visit, walk);
	} while (walk->resume && walk->steps < LC_STACK_DEPTH && lc_why_step_without_cfi(walk));
	/* libdwfl takes a return address that it can't read for the stack's end. */
	return walk->complete || (ret == 0 && !walk->resume && !walk->ran_out && walk->stack->n < LC_STACK_DEPTH);
}

int lc_why_walk_request(
	struct lc_why_images *images, const struct lc_why_request *request, struct lc_stack *stack, int *mappings)
{
	struct lc_why_walk walk = {
		.images = images,
		.request = request,
		.stack = stack,
		.now = request->registers,
	};
	size_t i;
	int ret;

	ret = lc_why_images_begin(images, request);
	if (ret < 0)
		return ret;
	images->walk = &walk;
	walk.now.pc = lc_why_images_move(images, walk.now.pc);
	for (i = 0; i < MACHINE_REGISTERS; i++)
		walk.now.dwarf[i] = lc_why_images_move(images, walk.now.dwarf[i]);
	walk.now.sp = walk.now.dwarf[MACHINE_STACK_POINTER] = request->registers.sp;
	stack->cut = !walk_all(&walk);
	lc_why_outermost_trim(stack, walk.mappings);
	memcpy(mappings, walk.mappings, sizeof(walk.mappings));
	images->walk = NULL;
	return 0;
}

/* Names the modules by the paths of the request's mappings. */
static int name_modules(const struct lc_why_request *request, struct lc_stack *stack, const int *mappings)
{
	size_t i;

	for (i = 0; i < stack->n; i++) {
		if (mappings[i] < 0 || !request->mappings[mappings[i]].path)
			continue;
		stack->frames[i].module = strdup(request->mappings[mappings[i]].path);
		if (!stack->frames[i].module)
			return -ENOMEM;
	}
	return 0;
}

int lc_why_unwind_here(const struct lc_why_request *request, struct lc_stack *stack)
{
	int mappings[LC_STACK_DEPTH];
	struct lc_why_images *images;
	int ret;

	ret = lc_why_images_new(&images, &lc_why_walk_callbacks);
	if (ret < 0)
		return ret;
	ret = lc_why_walk_request(images, request, stack, mappings);
	if (ret == 0)
		ret = name_modules(request, stack, mappings);
	lc_why_images_free(images);
	return ret;
}
