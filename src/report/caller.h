/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What asked for a capability, in half a sentence. */
#ifndef LEASTCAP_REPORT_CALLER_H
#define LEASTCAP_REPORT_CALLER_H

#include <leastcap/check.h>
#include <leastcap/strbuf.h>

/* Appends "/usr/sbin/nginx chown /var/lib/nginx → EPERM", escaped for terminals; "?" when nothing is known of CHECK. */
void lc_report_add_caller(struct lc_strbuf *out, const struct lc_check *check);

#endif
