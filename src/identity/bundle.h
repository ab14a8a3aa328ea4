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
	LC_BUNDLE_WITHIN, /* its cgroup's path ends as the bundle says, as it does below a user's own service manager */
	LC_BUNDLE_EXACT,  /* its cgroup is this one */
};

/* Compares linux.cgroupsPath of CONFIG, container ID's, with the cgroup at PATH, as runc and crun read it. */
enum lc_bundle_match lc_bundle_match(const json_t *config, const char *id, const char *path);

/*
 * Fills the unknown fields of TARGET (name, image, user, granted, label, privileged, sandbox) from its bundle: config.json, and what the engine says
 * beside it of the runtime. That is looked for by TARGET's id in the engines' well-known places below ROOT ("" for the host itself), and has to be of TARGET's cgroup (NULL: any). 0,
 * -EINVAL when the id is no container id, -ENOENT when no place has a bundle that can be trusted and read, -EXDEV when the container's
 * cgroup is another, or -ENOMEM.
 */
int lc_bundle_fill(struct lc_target *target, const char *root);

/*
 * The same from the bundle in DIRECTORY, whose files belong to OWNER. Where that is not root, the path of TARGET's cgroup need only end as the
 * bundle says. READER is as for lc_bundle_load. 0, -ENOENT when there is no bundle that can be trusted and read, -EXDEV, or -ENOMEM.
 */
int lc_bundle_fill_from(struct lc_target *target, const char *directory, uid_t owner, struct lc_reader *reader);

/*
 * Reads the JSON in the regular file at PATH; the caller owns it. NULL when the file is gone, cut off in the middle, too big, or not OWNER's
 * (for root our own files will do). READER opens the file, or we ourselves where that is NULL.
 */
json_t *lc_bundle_load(const char *path, uid_t owner, struct lc_reader *reader);

/* Puts a copy of TEXT into *FIELD unless it is known already or TEXT says nothing. 0 or -ENOMEM. */
int lc_bundle_fill_string(char **field, const char *text);

/* Fills TARGET's sandbox if that is unknown, and RUNTIME (a name or a path; NULL: unknown) gives containers a kernel of their own. 0 or -ENOMEM. */
int lc_bundle_fill_runtime(struct lc_target *target, const char *runtime);

#endif
