/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions that led to a check, and a stack that several checks share, which counts its references. */
#include <leastcap/order.h>

#include <leastcap/array.h>
#include <leastcap/stack.h>

#include <stdlib.h>
#include <string.h>

struct lc_frame *lc_stack_add(struct lc_stack *stack)
{
	struct lc_frame *frames;

	if (stack->n >= LC_STACK_DEPTH)
		return NULL;
	frames = lc_array_grow(stack->frames, stack->n, sizeof(*frames));
	if (!frames)
		return NULL;
	stack->frames = frames;
	memset(&stack->frames[stack->n], 0, sizeof(stack->frames[0]));
	return &stack->frames[stack->n++];
}

void lc_stack_clear(struct lc_stack *stack)
{
	size_t i;

	if (!stack)
		return;
	for (i = 0; i < stack->n; i++) {
		free(stack->frames[i].function);
		free(stack->frames[i].module);
		free(stack->frames[i].file);
	}
	free(stack->frames);
	memset(stack, 0, sizeof(*stack));
}

struct lc_shared_stack *lc_shared_stack_new(struct lc_stack *stack)
{
	struct lc_shared_stack *shared = calloc(1, sizeof(*shared));

	if (!shared) {
		lc_stack_clear(stack);
		return NULL;
	}
	shared->references = 1;
	shared->stack = *stack;
	memset(stack, 0, sizeof(*stack));
	return shared;
}

struct lc_shared_stack *lc_shared_stack_take(struct lc_shared_stack *stack)
{
	if (stack)
		stack->references++;
	return stack;
}

void lc_shared_stack_drop(struct lc_shared_stack *stack)
{
	if (!stack || --stack->references)
		return;
	lc_stack_clear(&stack->stack);
	free(stack);
}

static int compare_frames(const struct lc_frame *a, const struct lc_frame *b)
{
	int order = lc_compare_text(a->function, b->function);

	if (!order)
		order = lc_compare_text(a->module, b->module);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->offset, b->offset);
	if (!order)
		order = lc_compare_text(a->file, b->file);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->line, b->line);
	return order ? order : LC_COMPARE_NUMBERS(a->inlined, b->inlined);
}

int lc_shared_stack_compare(const struct lc_shared_stack *a, const struct lc_shared_stack *b)
{
	int order = LC_COMPARE_NUMBERS(a->stack.n, b->stack.n);

	for (size_t i = 0; !order && i < a->stack.n; i++)
		order = compare_frames(&a->stack.frames[i], &b->stack.frames[i]);
	return order ? order : LC_COMPARE_NUMBERS(a->stack.cut, b->stack.cut);
}
