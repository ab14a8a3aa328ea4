/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A proof from its options to the saved profile and the exit status: what prove and run --prove have in common. */
#ifndef LEASTCAP_CLI_PROVING_H
#define LEASTCAP_CLI_PROVING_H

#include "src/cli/output.h"
#include "src/cli/prover.h"

#include <argp.h>
#include <stdbool.h>

/* Whoever calls fills PROVER's options, OUTPUT and the log. */
struct lc_proving {
	struct lc_prover prover;
	struct lc_log log;
	struct lc_output_wanted output;
	const char *with;   /* a patch of the project's files, with which the command finds them; NULL: none */
	const char *from;   /* an earlier profile */
	const char *resume; /* a profile whose proof was stopped */
	bool exhaustive;
	bool any; /* one of the options was given */
};

/* The options of the search; its input is a struct lc_proving. */
extern const struct argp lc_proving_argp;

/* Sets up the log. */
void lc_proving_begin_log(struct lc_proving *proving, bool quiet, bool verbose);

/* Proves, saves, reports. An exit status. */
int lc_proving_run(struct lc_proving *proving);

#endif
