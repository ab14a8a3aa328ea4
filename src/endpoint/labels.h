/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The labels by which a workload's series are known: every value is hostile, and is escaped and bounded here. */
#ifndef LEASTCAP_ENDPOINT_LABELS_H
#define LEASTCAP_ENDPOINT_LABELS_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

/*
 * Appends TEXT as the value of a label, in quotes, of at most 100 bytes before it is escaped. What is too long, has characters that no terminal may be shown or is not
 * valid UTF-8 is changed, and ends in "…" and a part of its SHA-256, so that no two texts become one value. NULL is "".
 */
void lc_labels_add_value(struct lc_strbuf *out, const char *text);

/*
 * Appends TARGET's: kind="…",namespace="…",workload="…",container="…",image="…",image_id="…". Targets that are replicas of one workload, or came one after
 * the other, have the same. A failed allocation is remembered in OUT.
 */
void lc_labels_add(struct lc_strbuf *out, const struct lc_target *target);

#endif
