/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The OCI bundle of a container: what its runtime was told. */
#ifndef LEASTCAP_IDENTITY_BUNDLE_H
#define LEASTCAP_IDENTITY_BUNDLE_H

#include <leastcap/profile.h>

#include <jansson.h>
#include <sys/types.h>

/*
 * Fills the unknown fields of TARGET (name, image, user, granted, privileged) from the config.json of the bundle that
 * TARGET's id names, looked for in the engines' well-known places below ROOT ("" for the host itself). 0, -EINVAL when
 * the id is no container id, -ENOENT when no place has a bundle that can be trusted and read, -ENOMEM.
 */
int lc_bundle_fill(struct lc_target *target, const char *root);

/*
 * The same from the bundle in DIRECTORY, whose files belong to OWNER. 0, -ENOENT when there is none that can be trusted and
 * read, -ENOMEM.
 */
int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner);

/*
 * The JSON in the regular file at PATH, or NULL: gone, cut off in the middle, too big, or not OWNER's. Where OWNER is root
 * our own files are as good.
 */
json_t *lc_bundle_load(const char *path, uid_t owner);

/* Puts a copy of TEXT into *FIELD unless it is known already or TEXT says nothing. 0 or -ENOMEM. */
int lc_bundle_fill_string(char **field, const char *text);

/* Whether ID is 64 lower-case hex digits, as every engine's container id, and can stand in a path or a URL. */
bool lc_container_id_valid(const char *id);

#endif
