/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of each subcommand's help: examples, and what its exit status says. */
#ifndef LEASTCAP_CLI_EXAMPLES_H
#define LEASTCAP_CLI_EXAMPLES_H

#include <leastcap/strbuf.h>

/* Appends the examples of COMMAND ("record"), if it has any, and the table of exit statuses. */
void lc_examples_add(struct lc_strbuf *out, const char *command);

#endif
