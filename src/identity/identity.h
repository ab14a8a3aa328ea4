/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long an engine may take to answer. */
#ifndef LEASTCAP_IDENTITY_IDENTITY_H
#define LEASTCAP_IDENTITY_IDENTITY_H

#include "src/identity/claims.h"

#include <leastcap/identity.h>

/* Gives up requests begun from now on after LIMIT_MS (more than 0) instead of 30 s. The tests have no time to waste. */
void lc_identity_limit(struct lc_identity *identity, unsigned int limit_ms);

/* What IDENTITY knows of the cgroups that claim to be containers. */
struct lc_claims *lc_identity_claims(struct lc_identity *identity);

#endif
