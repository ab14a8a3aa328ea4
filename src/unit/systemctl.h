/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs systemctl(1) and takes what it says. */
#ifndef LEASTCAP_UNIT_SYSTEMCTL_H
#define LEASTCAP_UNIT_SYSTEMCTL_H

#include <leastcap/strbuf.h>

/* What `systemctl show` is asked for: what lc_unit_find and lc_unit_take read. */
extern const char lc_unit_properties[];

/*
 * Runs systemctl with the ARGUMENTS (ended by NULL) and with the rights of whoever called us, and waits for it. 0: TEXT (zeroed before) is what it has
 * printed; -EIO: TEXT is the line in which it says why it failed; -ENOENT: there is no systemctl; or another -errno.
 */
int lc_systemctl(const char *const *arguments, struct lc_strbuf *text);

#endif
