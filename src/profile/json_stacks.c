/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks of a profile in its JSON: each distinct one once, and in the evidence its number. */
#include "json_stacks.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

static const struct lc_string_field frame_strings[] = {
	{"function", offsetof(struct lc_frame, function), false, false},
	{"module", offsetof(struct lc_frame, module), false, false},
	{"file", offsetof(struct lc_frame, file), false, false},
	{NULL, 0, false, false},
};

int lc_json_stacks_begin(struct lc_json_stacks *stacks)
{
	stacks->array = json_array();
	stacks->numbers = json_object();
	stacks->shared = lc_table_new(sizeof(void *));
	return stacks->array && stacks->numbers && stacks->shared ? 0 : -ENOMEM;
}

void lc_json_stacks_clear(struct lc_json_stacks *stacks)
{
	json_decref(stacks->array);
	json_decref(stacks->numbers);
	lc_table_free(stacks->shared, free);
}

static json_t *frame_value(const struct lc_frame *frame)
{
	_cleanup_json_ json_t *object = json_object();

	for (const struct lc_string_field *field = frame_strings; field->key; field++) {
		const char *text = *(char *const *)((const char *)frame + field->offset);

		if (text && json_object_set_new(object, field->key, lc_json_text(text)))
			return NULL;
	}
	if (!object || json_object_set_new(object, "offset", json_integer((json_int_t)(frame->offset & INT64_MAX))) ||
		(frame->line && json_object_set_new(object, "line", json_integer(frame->line))) ||
		(frame->inlined && json_object_set_new(object, "inlined", json_true())))
		return NULL;
	return json_incref(object);
}

static json_t *stack_value(const struct lc_stack *stack)
{
	_cleanup_json_ json_t *object = json_object();
	json_t *frames = json_array();

	/* The object takes the array over, also when that fails. */
	if (json_object_set_new(object, "frames", frames) ||
		(stack->cut && json_object_set_new(object, "cut", json_true())))
		return NULL;
	for (size_t i = 0; i < stack->n; i++) {
		if (json_array_append_new(frames, frame_value(&stack->frames[i])))
			return NULL;
	}
	return json_incref(object);
}

/* The number of STACK among STACKS, to which it is added when it is new; or -ENOMEM. */
static json_int_t number_of(struct lc_json_stacks *stacks, const struct lc_stack *stack)
{
	_cleanup_json_ json_t *value = stack_value(stack);
	_cleanup_free_ char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	json_t *known = text ? json_object_get(stacks->numbers, text) : NULL;
	json_int_t number = (json_int_t)json_array_size(stacks->array);

	if (!text)
		return -ENOMEM;
	if (known)
		return json_integer_value(known);
	if (json_array_append(stacks->array, value) || json_object_set_new(stacks->numbers, text, json_integer(number)))
		return -ENOMEM;
	return number;
}

/* What is remembered of a shared stack. */
struct met {
	const struct lc_shared_stack *stack;
	json_int_t number;
};

int lc_json_add_stack(
	struct lc_json_stacks *stacks, json_t *object, const char *key, const struct lc_shared_stack *stack)
{
	struct met *met;

	if (!stack)
		return 0;
	met = lc_table_get(stacks->shared, &stack);
	if (!met) {
		met = calloc(1, sizeof(*met));
		if (!met)
			return -ENOMEM;
		met->stack = stack;
		met->number = number_of(stacks, &stack->stack);
		if (met->number < 0 || lc_table_put(stacks->shared, &met->stack, met)) {
			free(met);
			return -ENOMEM;
		}
	}
	return json_object_set_new(object, key, json_integer(met->number)) ? -ENOMEM : 0;
}

static int read_frame(const struct lc_json_place *place, const json_t *object, struct lc_stack *stack)
{
	struct lc_frame *frame;
	uint64_t line = 0;
	int err;

	if (!json_is_object(object))
		return lc_json_complain_type(place, object, "an object");
	frame = lc_stack_add(stack);
	if (!frame)
		return stack->n == LC_STACK_DEPTH
			       ? lc_json_complain(place, "a stack has %d functions at most", LC_STACK_DEPTH)
			       : -ENOMEM;
	err = lc_json_read_strings(place, object, frame, frame_strings);
	if (!err)
		err = lc_json_read_count(place, object, "offset", &frame->offset);
	if (!err && json_object_get(object, "line"))
		err = lc_json_read_count(place, object, "line", &line);
	if (!err && line > UINT32_MAX) {
		struct lc_json_place here = lc_json_place_key(place, "line");

		err = lc_json_complain(&here, "%" PRIu64 " is no line of a file", line);
	}
	frame->line = (uint32_t)line;
	return err ? err : lc_json_read_flag(place, object, "inlined", &frame->inlined);
}

static int read_stack(const struct lc_json_place *place, const json_t *object, struct lc_shared_stack **shared)
{
	struct lc_json_place here = lc_json_place_key(place, "frames");
	const json_t *frames = json_object_get(object, "frames");
	struct lc_stack stack = {0};
	const json_t *value;
	size_t index;
	int err = 0;

	if (!json_is_object(object))
		return lc_json_complain_type(place, object, "an object");
	if (!json_is_array(frames))
		return lc_json_complain_type(&here, frames, "a list");
	json_array_foreach(frames, index, value)
	{
		struct lc_json_place item = lc_json_place_index(&here, index);

		err = read_frame(&item, value, &stack);
		if (err)
			break;
	}
	if (!err)
		err = lc_json_read_flag(place, object, "cut", &stack.cut);
	if (err) {
		lc_stack_clear(&stack);
		return err;
	}
	*shared = lc_shared_stack_new(&stack);
	return *shared ? 0 : -ENOMEM;
}

/* The stacks that were read, by number. */
struct numbered {
	struct lc_shared_stack **stacks;
	size_t n;
};

/* Sets *STACK to the one of ALL that KEY of the evidence OBJECT names. */
static int take_stack(const struct lc_json_place *place, const json_t *object, const char *key,
	const struct numbered *all, struct lc_shared_stack **stack)
{
	struct lc_json_place here = lc_json_place_key(place, key);
	uint64_t number;
	int err;

	if (!json_object_get(object, key))
		return 0;
	err = lc_json_read_count(place, object, key, &number);
	if (err)
		return err;
	if (number >= all->n)
		return lc_json_complain(&here, "%" PRIu64 ": there are %zu stacks", number, all->n);
	*stack = lc_shared_stack_take(all->stacks[number]);
	return 0;
}

/* Gives each piece of TARGET's evidence its stacks. OBJECT is what the target was read from. */
static int give_stacks(
	const struct lc_json_place *place, const json_t *object, const struct numbered *all, struct lc_target *target)
{
	struct lc_json_place here = lc_json_place_key(place, "evidence");
	const json_t *evidence = json_object_get(object, "evidence");
	int err = 0;

	for (size_t i = 0; !err && i < target->n_evidence; i++) {
		struct lc_json_place item = lc_json_place_index(&here, i);
		const json_t *value = json_array_get(evidence, i);
		struct lc_check *check = &target->evidence[i];

		err = take_stack(&item, value, "kernel_stack", all, &check->kernel_stack);
		if (!err)
			err = take_stack(&item, value, "user_stack", all, &check->user_stack);
	}
	return err;
}

int lc_json_read_stacks(const struct lc_json_place *root, const json_t *object, struct lc_profile *profile)
{
	struct lc_json_place here = lc_json_place_key(root, "stacks"), targets = lc_json_place_key(root, "targets");
	const json_t *array = json_object_get(object, "stacks");
	size_t n = json_array_size(array);
	_cleanup_free_ struct lc_shared_stack **stacks = calloc(n + 1, sizeof(void *));
	const struct numbered all = {.stacks = stacks, .n = n};
	int err = 0;

	if (array && !json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	if (!stacks)
		return -ENOMEM;
	for (size_t i = 0; !err && i < n; i++) {
		struct lc_json_place item = lc_json_place_index(&here, i);

		err = read_stack(&item, json_array_get(array, i), &stacks[i]);
	}
	for (size_t i = 0; !err && i < profile->n_targets; i++) {
		struct lc_json_place item = lc_json_place_index(&targets, i);

		err = give_stacks(
			&item, json_array_get(json_object_get(object, "targets"), i), &all, &profile->targets[i]);
	}
	for (size_t i = 0; i < n; i++)
		lc_shared_stack_drop(stacks[i]);
	return err;
}
