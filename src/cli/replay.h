/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serving what was recorded before, without recording. */
#ifndef LEASTCAP_CLI_REPLAY_H
#define LEASTCAP_CLI_REPLAY_H

#include "src/cli/inputs.h"
#include "src/cli/listening.h"

/* Serves what the N profiles at PATHS say together, until a signal ends it. An exit status. */
int lc_replay_files(char *const *paths, size_t n, struct lc_listening *listening, const struct lc_log *log);

/* Serves what the store that INPUTS name has, and what comes into it, until a signal ends it. An exit status. */
int lc_replay_store(const struct lc_inputs *inputs, struct lc_listening *listening, const struct lc_log *log);

#endif
