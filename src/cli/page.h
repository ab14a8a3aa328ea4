/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The manual page of a subcommand. */
#ifndef LEASTCAP_CLI_PAGE_H
#define LEASTCAP_CLI_PAGE_H

/* Becomes man(1) with the page of the subcommand NAME ("record"). Returns where man or the page is missing, or what is not the caller's can't be given up. */
void lc_page_open(const char *name);

#endif
