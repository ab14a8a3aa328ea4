/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The containers that trials have left behind. Each carries a label that says whose trial it is of. */
#ifndef LEASTCAP_CLI_PROVER_LEFT_H
#define LEASTCAP_CLI_PROVER_LEFT_H

#include <leastcap/log.h>

/* The label's value for trials of this process, from its number and the time of its start. The caller frees it; NULL when out of memory. */
char *lc_left_label(void);

/* Warns of containers that the engine at SOCKET still has and that are of trials of ours, or of a proof that is over. */
void lc_left_tell(const char *socket, const struct lc_log *log);

/* Removes the containers of trials of which no proof goes on, says which to LOG, and which stay. An exit status. */
int lc_left_clean(const struct lc_log *log);

#endif
