/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request to create a container says. */
#ifndef LEASTCAP_PROXY_REWRITE_H
#define LEASTCAP_PROXY_REWRITE_H

#include "src/proxy/document.h"

#include <leastcap/proxy.h>

/*
 * Fills what REQUEST's body says of the container, as it was read to DOCUMENT, where the strings stay. 0, or -EBADMSG with why in WHY when it can't
 * be told what the engine would understand.
 */
int lc_create_describe(struct lc_proxy_create *request, const struct lc_document *document, struct lc_strbuf *why);

#endif
