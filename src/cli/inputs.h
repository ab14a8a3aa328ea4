/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles that a subcommand is given. */
#ifndef LEASTCAP_CLI_INPUTS_H
#define LEASTCAP_CLI_INPUTS_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads the profile at PATH. If it can't be read, or does not say what is needed, says why in one line and ends the program with
 * LC_EXIT_USAGE.
 */
void lc_inputs_load(struct lc_profile *profile, const char *path);

/* Merges the N profiles at PATHS, one at a time, to PROFILE. One that can't be read ends the program as above. 0 or -ENOMEM. */
int lc_inputs_merge(struct lc_profile *profile, char *const *paths, size_t n, bool by_image);

#endif
