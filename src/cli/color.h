/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether output is in colour. */
#ifndef LEASTCAP_CLI_COLOR_H
#define LEASTCAP_CLI_COLOR_H

#include <argp.h>
#include <stdbool.h>

/* --color; it has no input. */
extern const struct argp lc_color_argp;

/*
 * Whether to write in colour to what IS_TERMINAL or is none: as --color said; else never with NO_COLOR (https://no-color.org); else always with
 * CLICOLOR_FORCE; else on a terminal, but for CLICOLOR=0 (https://bixense.com/clicolors) and TERM=dumb.
 */
bool lc_color_is_wanted(bool is_terminal);

#endif
