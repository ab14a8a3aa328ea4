/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks of a profile in its JSON: each distinct one once, and in the evidence its number. */
#ifndef LEASTCAP_PROFILE_JSON_STACKS_H
#define LEASTCAP_PROFILE_JSON_STACKS_H

#include "json_value.h"

#include <leastcap/model.h>
#include <leastcap/table.h>

#include <jansson.h>

/* The stacks that have been written so far. */
struct lc_json_stacks {
	json_t *array;
	json_t *numbers;         /* by the stack's own JSON text */
	struct lc_table *shared; /* by the address of its struct lc_shared_stack: what is remembered of it */
};

/* Makes STACKS empty. 0 or -ENOMEM. */
int lc_json_stacks_begin(struct lc_json_stacks *stacks);

/* Sets KEY of OBJECT to STACK's number, and adds it to STACKS when it is new. Does nothing where STACK is NULL. 0 or -ENOMEM. */
int lc_json_add_stack(
	struct lc_json_stacks *stacks, json_t *object, const char *key, const struct lc_shared_stack *stack);

/* Frees what STACKS owns. */
void lc_json_stacks_clear(struct lc_json_stacks *stacks);

/* That a piece of evidence of a profile that is being read has a stack. */
struct lc_json_stack_use {
	size_t target;
	size_t evidence;
	uint64_t number;
	bool user;
};

/* The stacks that have been read so far, by number, and who has them. Zero it to start. */
struct lc_json_read_stacks {
	struct lc_shared_stack **stacks;
	size_t n;
	struct lc_json_stack_use *uses;
	size_t n_uses;
};

/* Reads a stack, OBJECT at PLACE, INTO a struct lc_json_read_stacks. 0, -EINVAL or -ENOMEM. */
int lc_json_read_stack(const struct lc_json_place *place, const struct lc_parsed *object, void *into);

/* Reads which stacks the evidence OBJECT at PLACE has, the newest of the newest target of PROFILE. 0, -EINVAL or -ENOMEM. */
int lc_json_read_stack_uses(const struct lc_json_place *place, const struct lc_parsed *object,
	const struct lc_profile *profile, struct lc_json_read_stacks *stacks);

/* Gives the evidence of PROFILE, which was read from the JSON at ROOT, its stacks, once all are read. 0 or -EINVAL. */
int lc_json_give_stacks(
	const struct lc_json_place *root, const struct lc_json_read_stacks *stacks, struct lc_profile *profile);

/* Frees what STACKS owns. */
void lc_json_read_stacks_clear(struct lc_json_read_stacks *stacks);

#endif
