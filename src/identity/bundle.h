/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The OCI bundle of a container: what its runtime was told. */
#ifndef LEASTCAP_IDENTITY_BUNDLE_H
#define LEASTCAP_IDENTITY_BUNDLE_H

#include "src/identity/reader.h"

#include <leastcap/model.h>

#include <jansson.h>
#include <sys/types.h>

/* How a bundle and a cgroup go together. */
enum lc_bundle_match {
	LC_BUNDLE_ELSEWHERE, /* the bundle's cgroup is another */
	LC_BUNDLE_WITHIN, /* its cgroup's path ends the same way: so do those of a container that somebody's own manager made */
	LC_BUNDLE_EXACT, /* its cgroup is this one */
};

/* How CONFIG, of a bundle of container ID, goes with the cgroup at PATH: by linux.cgroupsPath as runc and crun read it. */
enum lc_bundle_match lc_bundle_match(const json_t *config, const char *id, const char *path);

/*
 * Fills the unknown fields of TARGET (name, image, user, granted, privileged) from the config.json of the bundle that
 * TARGET's id names, looked for in the engines' well-known places below ROOT ("" for the host itself), if it is the bundle of
 * TARGET's cgroup (NULL: any). 0, -EINVAL when the id is no container id, -ENOENT when no place has a bundle that can be trusted and
 * read, -EXDEV when the container's cgroup is another, -ENOMEM.
 */
int lc_bundle_fill(struct lc_target *target, const char *root);

/*
 * The same from the bundle in DIRECTORY, whose files belong to OWNER; where that is not root, of a cgroup whose path at least ends
 * as the bundle says. READER is as for lc_bundle_load. 0, -ENOENT when there is none that can be trusted and read, -EXDEV, -ENOMEM.
 */
int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner, struct lc_reader *reader);

/*
 * The JSON in the regular file at PATH, or NULL: gone, cut off in the middle, too big, or not OWNER's. Where OWNER is root
 * our own files are as good. READER, or we ourselves where that is NULL, opens it.
 */
json_t *lc_bundle_load(const char *path, uid_t owner, struct lc_reader *reader);

/* Puts a copy of TEXT into *FIELD unless it is known already or TEXT says nothing. 0 or -ENOMEM. */
int lc_bundle_fill_string(char **field, const char *text);

/* Whether ID is 64 lower-case hex digits, as every engine's container id, and can stand in a path or a URL. */
bool lc_container_id_valid(const char *id);

#endif
