/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that choose targets of a profile. */
#ifndef LEASTCAP_CLI_CHOOSING_H
#define LEASTCAP_CLI_CHOOSING_H

#include <leastcap/choice.h>

#include <argp.h>

/* How often -t can be given. */
#define LC_CHOOSING_NAMES 64

struct lc_choosing {
	struct lc_choice choice;
	char *names[LC_CHOOSING_NAMES];
};

/* -t NAME, --project and --image; its input is a struct lc_choosing, zeroed before. */
extern const struct argp lc_choosing_argp;

/*
 * Leaves in PROFILE what CHOICE chooses. Ends the program where nothing answers, and says in one line what there is; WHERE names the profile, or is NULL for what
 * runs now.
 */
void lc_choosing_apply(const struct lc_choice *choice, struct lc_profile *profile, const char *where);

#endif
