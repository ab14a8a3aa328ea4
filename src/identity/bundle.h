/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The OCI bundle of a container: what its runtime was told. */
#ifndef LEASTCAP_IDENTITY_BUNDLE_H
#define LEASTCAP_IDENTITY_BUNDLE_H

#include <leastcap/profile.h>

/*
 * Fills the unknown fields of TARGET (name, image, user, granted, privileged) from the config.json of the bundle that
 * TARGET's id names, looked for in the engines' well-known places below ROOT ("" for the host itself). 0, -EINVAL when
 * the id is no container id, -ENOENT when no place has a bundle that can be trusted and read, -ENOMEM.
 */
int lc_bundle_fill(struct lc_target *target, const char *root);

/* Whether ID is 64 lower-case hex digits, as every engine's container id, and can stand in a path or a URL. */
bool lc_container_id_valid(const char *id);

#endif
