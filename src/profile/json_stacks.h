/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stacks of a profile in its JSON: each distinct one once, and in the evidence its number. */
#ifndef LEASTCAP_PROFILE_JSON_STACKS_H
#define LEASTCAP_PROFILE_JSON_STACKS_H

#include "json_value.h"

#include <leastcap/model.h>
#include <leastcap/table.h>

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

/* Reads the stacks in the profile OBJECT, and gives them to the evidence of PROFILE, which was read from it. 0, -EINVAL or -ENOMEM. */
int lc_json_read_stacks(const struct lc_json_place *root, const json_t *object, struct lc_profile *profile);

#endif
