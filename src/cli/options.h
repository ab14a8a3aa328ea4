/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of options as argp has them: each option of a subcommand, and the one that a word means. */
#ifndef LEASTCAP_CLI_OPTIONS_H
#define LEASTCAP_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* The option of ARGP, or of one of its children, that follows the *CURSOR ones (0 at first) before it, which then counts it, too. NULL behind the last, --help. */
const struct argp_option *lc_option_next(const struct argp *argp, size_t *cursor);

/* The option that LENGTH bytes of NAME spell, exactly or as its only beginning. NULL: there is none, and *NEAR is a guess or NULL. */
const struct argp_option *lc_option_long(const struct argp *argp, const char *name, size_t length, const char **near);

/* The option -LETTER, or NULL. */
const struct argp_option *lc_option_short(const struct argp *argp, char letter);

/* Whether the word after OPTION is its argument. One that may be left out stands behind a "=". */
bool lc_option_takes_next(const struct argp_option *option);

#endif
