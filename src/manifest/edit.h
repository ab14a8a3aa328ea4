/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit of one container of a manifest. */
#ifndef LEASTCAP_MANIFEST_EDIT_H
#define LEASTCAP_MANIFEST_EDIT_H

#include <leastcap/manifest.h>

/* Whether GRANT is to drop all capabilities and add CAP_ADD, and no more. */
bool lc_manifest_fulfils(const struct lc_manifest_grant *grant, uint64_t cap_add);

/*
 * Appends the edits after which CONTAINER of MANIFEST is granted that. 0, -ENOTSUP where it is written in a way that can't be edited, or -ENOMEM.
 * After an error EDITS may have some of them, and can only be cleared.
 */
int lc_manifest_edit(const struct lc_manifest *manifest, const struct lc_manifest_container *container,
	uint64_t cap_add, struct lc_edits *edits);

#endif
