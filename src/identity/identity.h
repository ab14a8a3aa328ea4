/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this folder, and its tests, may reach of a resolver. */
#ifndef LEASTCAP_IDENTITY_IDENTITY_H
#define LEASTCAP_IDENTITY_IDENTITY_H

#include "src/identity/claims.h"

#include <leastcap/identity.h>

/* For tests: gives up requests that are begun from now on after LIMIT_MS (more than 0), and not after 30 s. */
void lc_identity_limit(struct lc_identity *identity, unsigned int limit_ms);

/* What IDENTITY knows of the cgroups that claim to be containers. */
struct lc_claims *lc_identity_claims(struct lc_identity *identity);

#endif
