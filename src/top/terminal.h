/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The terminal as it was. */
#ifndef LEASTCAP_TOP_TERMINAL_H
#define LEASTCAP_TOP_TERMINAL_H

/*
 * Learns how the terminal is that standard input and output are. 0; -ENOTTY: they are none; or -ENXIO: $TERM does not say which, or it can't move its cursor.
 */
int lc_terminal_learn(void);

/* From now on a crash makes it as lc_terminal_learn has found it. */
void lc_terminal_take(void);

/* Makes it so now. */
void lc_terminal_leave(void);

#endif
