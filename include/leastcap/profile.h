/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile in its JSON form, schema leastcap-profile/1: read, cut to a size that can be read, written. */
#ifndef LEASTCAP_PROFILE_H
#define LEASTCAP_PROFILE_H

#include <leastcap/model.h>
#include <leastcap/output_file.h>
#include <leastcap/strbuf.h>

#include <stddef.h>

#define LC_PROFILE_SCHEMA "leastcap-profile/1"

/*
 * Renders PROFILE as JSON text ending in a newline; caller frees. Strings are made valid UTF-8 first. NULL when out of
 * memory.
 */
char *lc_profile_to_json(const struct lc_profile *profile);

/* Appends the same to OUT. 0 or -ENOMEM. */
int lc_profile_add_json(const struct lc_profile *profile, struct lc_strbuf *out);

/*
 * Reads JSON text of LENGTH bytes into PROFILE (zeroed before). Unknown fields are ignored. 0, or -EINVAL (not JSON,
 * another schema, a field of the wrong type or out of range), -ENOMEM; PROFILE is then empty, and *MESSAGE says in one
 * line what is wrong and where ("line 3 column 7: …", "targets[2].evidence[0].cap: …"). Caller frees *MESSAGE.
 */
int lc_profile_from_json(struct lc_profile *profile, const char *text, size_t length, char **message);

/* Reads the profile at PATH ("-" is standard input; at most 256 MiB). As lc_profile_from_json; also -errno of open and read. */
int lc_profile_load(struct lc_profile *profile, const char *path, char **message);

/*
 * Leaves detail out of PROFILE when its JSON could not be read again, or not in reasonable time: of a target with very much
 * evidence, or of those that take the most room. First very long texts are shortened. Then stacks go. Then, of evidence that agrees
 * in all that the judge looks at, only the most frequent pieces stay, and one says "12 more kinds of checks like these";
 * of refused calls that are judged alike likewise. Counts and
 * lists stay as they are, also in a merge. Each target says how much is left out (LC_LOSS_DETAIL). 0 or -ENOMEM.
 */
int lc_profile_cut(struct lc_profile *profile);

/*
 * Writes PROFILE, cut where it has to be, to FILE and gives it its name: see output_file.h. 0 or -errno; *MESSAGE (caller frees)
 * says what failed. -EFBIG: it has too many targets to be read again.
 */
int lc_profile_write(struct lc_profile *profile, struct lc_output_file *file, char **message);

/* Writes PROFILE to PATH ("-" is standard output), which lc_output_file_open opens: whole, or not at all. As lc_profile_write. */
int lc_profile_save(struct lc_profile *profile, const char *path, char **message);

#endif
