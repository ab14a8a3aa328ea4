/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving up the privileges that a recording no longer needs once it is attached. */
#ifndef LEASTCAP_CLI_PRIVILEGES_H
#define LEASTCAP_CLI_PRIVILEGES_H

/* Drops every capability but the few that reading maps, symbols and processes takes, for good. 0 or -errno. */
int privileges_drop(void);

#endif
