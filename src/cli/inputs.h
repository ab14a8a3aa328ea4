/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles that a subcommand is given. */
#ifndef LEASTCAP_CLI_INPUTS_H
#define LEASTCAP_CLI_INPUTS_H

#include <leastcap/model.h>

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The options by which a store, or a Prometheus, takes the place of a profile. */
struct lc_inputs {
	const char *store;             /* its directory; NULL: none is asked for */
	const char *prometheus;        /* its address; likewise */
	const char *prometheus_config; /* the file that says how to reach it, or NULL */
	const char *by;                /* what has one list, as it was given, or NULL */
	bool by_workload;
	const char *since; /* as it was given, or NULL */
	int64_t since_ns;  /* nanoseconds since 1970; 0: from its beginning on */
};

/* --store, --prometheus and --since; its input is a struct lc_inputs, zeroed before. */
extern const struct argp lc_inputs_argp;

/* --store and --since alone, for what is done with a store; the same input. */
extern const struct argp lc_inputs_store_argp;

/* Whether INPUTS ask for something that takes the place of a profile. */
bool lc_inputs_are_asked(const struct lc_inputs *inputs);

/*
 * Reads the profile at PATH. If it can't be read, or does not say what is needed, says why in one line and ends the program with
 * LC_EXIT_USAGE.
 */
void lc_inputs_load(struct lc_profile *profile, const char *path);

/* Ends the program as above where PROFILE, which is called WHERE, does not say what is needed. */
void lc_inputs_check_watched(const struct lc_profile *profile, const char *where);

/* Ends the program as above where PROFILE, which is called WHERE, was not recorded, so that nothing can be made of it together with others. */
void lc_inputs_check_recorded(const struct lc_profile *profile, const char *where);

/*
 * Reads the store or the Prometheus that INPUTS ask for, or else the profile at PATH (which may be NULL where they do). One that can't be read ends the program as above. Returns how what was read is
 * called in messages: PATH, the store's directory, or the Prometheus' address.
 */
const char *lc_inputs_read(struct lc_profile *profile, const struct lc_inputs *inputs, const char *path);

/* The time that TEXT says: how long ago ("30d", "12h"), or a day ("2026-11-30"), in nanoseconds since 1970. Ends the program with LC_EXIT_USAGE where it is neither. */
int64_t lc_inputs_parse_since(const char *text);

/* Merges the N profiles at PATHS, one at a time, to PROFILE. One that can't be read ends the program as above. 0 or -ENOMEM. */
int lc_inputs_merge(struct lc_profile *profile, char *const *paths, size_t n, bool by_image);

#endif
