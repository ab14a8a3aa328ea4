/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The child that parses files, which may be hostile. */
#ifndef LEASTCAP_WHY_WORKER_H
#define LEASTCAP_WHY_WORKER_H

/* Answers requests on SOCKET until its other end is closed or it has worked for long enough. */
void lc_why_worker_run(int socket);

#endif
