/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a profile from wherever its JSON text is. */
#ifndef LEASTCAP_PROFILE_JSON_READ_H
#define LEASTCAP_PROFILE_JSON_READ_H

#include "json_source.h"

#include <leastcap/model.h>

/* As lc_profile_from_json, of SOURCE, which stands at its start and whose ROOT is set; also what SOURCE failed with, without a message. */
int lc_profile_from_source(struct lc_profile *profile, struct lc_json_source *source);

#endif
