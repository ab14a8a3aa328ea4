/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks of a profile as they are written to its JSON: each distinct one once, and in the evidence its number. */
#include "json_stacks.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

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

	for (const struct lc_string_field *field = lc_frame_strings; field->key; field++) {
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
