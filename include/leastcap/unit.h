/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units of systemd, by systemctl(1): what it says of one, and having it stopped and started. */
#ifndef LEASTCAP_UNIT_H
#define LEASTCAP_UNIT_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A command of a unit with + before it, which no setting of the unit limits: systemd.service(5). */
struct lc_unit_command {
	char *path;       /* of its program; owned */
	bool alone;       /* nothing else of the unit runs meanwhile: ExecCondition=, ExecStartPre=, ExecStopPost= */
	int64_t begun_ns; /* when it was started the last time (nanoseconds since 1970); 0: it was not */
	int64_t ended_ns; /* when that had ended; 0: it has not */
};

/* A service, and what starts it. Strings are owned, and NULL where there is nothing to say. */
struct lc_unit {
	char *service;      /* "nginx.service"; "ssh@.service" where a socket starts one of them for each connection */
	char *socket;       /* the socket unit by which it is started; NULL: there is none */
	bool asked_socket;  /* that is what was asked for, and not the service */
	bool socket_active; /* it listened when that was asked */
	char *cgroup;       /* the path of the service's cgroup, as systemd knows it */
	bool instances;     /* SERVICE is a template: all that are made of it are meant */
	bool active;        /* the service ran when it was asked for */
	bool unlimited;     /* its ExecStart= has a + */
	bool own_users;     /* PrivateUsers= */
	char *user;         /* "33:33", or names; NULL: root */
	uint64_t bounding;  /* CapabilityBoundingSet= */
	struct lc_unit_command *commands; /* those with +, but for ExecStart= */
	size_t n_commands;
};

/*
 * Asks systemd for the service or socket unit called NAME (".service" may be left out), with the rights of whoever called us. 0; -EINVAL when there is
 * none that could be recorded, with *MESSAGE, a line (caller frees); or -errno. UNIT is unchanged on failure.
 */
int lc_unit_find(const char *name, struct lc_unit *unit, char **message);

/* Frees what UNIT owns and zeroes it. */
void lc_unit_clear(struct lc_unit *unit);

/* Takes what `systemctl show` has printed as TEXT into UNIT: user, bounding set, commands. 0 or -ENOMEM. TEXT is changed. */
int lc_unit_take(struct lc_unit *unit, char *text);

/* Whether the cgroup at PATH is the service's, or lies in it. */
bool lc_unit_has_cgroup(const struct lc_unit *unit, const char *path);

/* What systemd can be asked to do. */
enum lc_unit_order {
	LC_UNIT_STOP,         /* the service, and the socket unit where that was asked for or did not listen before */
	LC_UNIT_START,        /* the service */
	LC_UNIT_START_SOCKET, /* the socket unit */
	LC_UNIT_SHOW,         /* tell what lc_unit_take reads */
	LC_UNIT_ORDER_N,
};

/*
 * A process that has systemd do such things to one unit, and nothing else. It is made before we give our privileges up, because systemd does as told only
 * for whoever has CAP_SYS_ADMIN or is let by polkit.
 */
struct lc_unit_manager;

/* Makes it for UNIT (copied). 0 or -errno: *MANAGER is then unchanged. */
int lc_unit_manager_new(struct lc_unit_manager **manager, const struct lc_unit *unit);

/* Begins ORDER. One at a time. 0 or -errno. */
int lc_unit_manager_begin(const struct lc_unit_manager *manager, enum lc_unit_order order);

/*
 * Whether the order that was begun is done, without waiting: 0, or -EAGAIN. -EIO when systemd has not done it: ANSWER (zeroed before) then says why, a
 * line that may be hostile; else ANSWER is what `systemctl show` has printed. -EPIPE when the process is gone, or another -errno.
 */
int lc_unit_manager_answer(const struct lc_unit_manager *manager, struct lc_strbuf *answer);

/* Ends the process, and what it waits for. What systemd has begun goes on. MANAGER may be NULL. */
void lc_unit_manager_free(struct lc_unit_manager *manager);

#endif
