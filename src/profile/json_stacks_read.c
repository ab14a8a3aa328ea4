/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks of a profile as they are read from its JSON, where they may stand before or behind the evidence that has them. */
#include "json_parse.h"
#include "json_stacks.h"

#include <leastcap/array.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static int read_frame(const struct lc_json_place *place, const struct lc_parsed *object, struct lc_stack *stack)
{
	struct lc_frame *frame;
	uint64_t line = 0;
	int err;

	if (!lc_parsed_is(object, LC_PARSED_OBJECT))
		return lc_json_complain_type(place, object, "an object");
	frame = lc_stack_add(stack);
	if (!frame)
		return stack->n == LC_STACK_DEPTH
			       ? lc_json_complain(place, "a stack has %d functions at most", LC_STACK_DEPTH)
			       : -ENOMEM;
	err = lc_json_read_strings(place, object, frame, lc_frame_strings);
	if (!err)
		err = lc_json_read_count(place, object, "offset", &frame->offset);
	if (!err && lc_parsed_get(object, "line"))
		err = lc_json_read_count(place, object, "line", &line);
	if (!err && line > UINT32_MAX) {
		struct lc_json_place here = lc_json_place_key(place, "line");

		err = lc_json_complain(&here, "%" PRIu64 " is no line of a file", line);
	}
	frame->line = (uint32_t)line;
	return err ? err : lc_json_read_flag(place, object, "inlined", &frame->inlined);
}

static int read_frames(const struct lc_json_place *place, const struct lc_parsed *object, struct lc_stack *stack)
{
	struct lc_json_place here = lc_json_place_key(place, "frames");
	const struct lc_parsed *frames = lc_parsed_get(object, "frames"), *value;
	size_t index = 0;
	int err = 0;

	if (!lc_parsed_is(frames, LC_PARSED_LIST))
		return lc_json_complain_type(&here, frames, "a list");
	for (value = lc_parsed_first(frames); !err && value; value = lc_parsed_next(frames, value), index++) {
		struct lc_json_place item = lc_json_place_index(&here, index);

		err = read_frame(&item, value, stack);
	}
	return err ? err : lc_json_read_flag(place, object, "cut", &stack->cut);
}

int lc_json_read_stack(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_json_read_stacks *stacks = into;
	struct lc_shared_stack **grown = lc_array_grow(stacks->stacks, stacks->n, sizeof(void *));
	struct lc_stack stack = {0};
	int err;

	if (!grown)
		return -ENOMEM;
	stacks->stacks = grown;
	err = read_frames(place, object, &stack);
	if (err) {
		lc_stack_clear(&stack);
		return err;
	}
	grown[stacks->n] = lc_shared_stack_new(&stack);
	return grown[stacks->n++] ? 0 : -ENOMEM;
}

/* Reads the number that is KEY's in OBJECT, if there is one, into USE, which is added to STACKS. 0, -EINVAL or -ENOMEM. */
static int read_use(const struct lc_json_place *place, const struct lc_parsed *object, const char *key,
	struct lc_json_stack_use use, struct lc_json_read_stacks *stacks)
{
	struct lc_json_stack_use *grown;
	int err;

	if (!lc_parsed_get(object, key))
		return 0;
	err = lc_json_read_count(place, object, key, &use.number);
	if (err)
		return err;
	grown = lc_array_grow(stacks->uses, stacks->n_uses, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	stacks->uses = grown;
	grown[stacks->n_uses++] = use;
	return 0;
}

int lc_json_read_stack_uses(const struct lc_json_place *place, const struct lc_parsed *object,
	const struct lc_profile *profile, struct lc_json_read_stacks *stacks)
{
	struct lc_json_stack_use use = {
		.target = profile->n_targets - 1, .evidence = profile->targets[profile->n_targets - 1].n_evidence - 1};
	int err = read_use(place, object, "kernel_stack", use, stacks);

	use.user = true;
	return err ? err : read_use(place, object, "user_stack", use, stacks);
}

/* Says that STACKS has none of the number that USE names. Returns -EINVAL. */
static int complain_of(
	const struct lc_json_place *root, const struct lc_json_read_stacks *stacks, const struct lc_json_stack_use *use)
{
	struct lc_json_place targets = lc_json_place_key(root, "targets");
	struct lc_json_place target = lc_json_place_index(&targets, use->target);
	struct lc_json_place evidence = lc_json_place_key(&target, "evidence");
	struct lc_json_place check = lc_json_place_index(&evidence, use->evidence);
	struct lc_json_place here = lc_json_place_key(&check, use->user ? "user_stack" : "kernel_stack");

	return lc_json_complain(&here, "%" PRIu64 ": there are %zu stacks", use->number, stacks->n);
}

int lc_json_give_stacks(
	const struct lc_json_place *root, const struct lc_json_read_stacks *stacks, struct lc_profile *profile)
{
	for (size_t i = 0; i < stacks->n_uses; i++) {
		const struct lc_json_stack_use *use = &stacks->uses[i];
		struct lc_check *check = &profile->targets[use->target].evidence[use->evidence];

		if (use->number >= stacks->n)
			return complain_of(root, stacks, use);
		*(use->user ? &check->user_stack : &check->kernel_stack) =
			lc_shared_stack_take(stacks->stacks[use->number]);
	}
	return 0;
}

void lc_json_read_stacks_clear(struct lc_json_read_stacks *stacks)
{
	for (size_t i = 0; i < stacks->n; i++)
		lc_shared_stack_drop(stacks->stacks[i]);
	free(stacks->stacks);
	free(stacks->uses);
	*stacks = (struct lc_json_read_stacks){0};
}
