/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a target can be asked for and was or was not, so that a person knows what its list rests on. */
#ifndef LEASTCAP_COVERAGE_H
#define LEASTCAP_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first port that needs no privilege, where nobody says otherwise (Documentation/networking/ip-sysctl.rst, ip_unprivileged_port_start). */
#define LC_UNPRIVILEGED_PORT 1024

/* A port of the Internet at which a target took connections, or would have. */
struct lc_port {
	uint16_t number;
	uint64_t connections; /* that it accepted */
	bool told;            /* others have been told of. Not saved */
};

/* A program that a file of a target names, to be run at a time or to be kept running. */
struct lc_named_program {
	char *path; /* as the file has it; hostile */
	char *file; /* "/etc/cron.d/backup"; hostile */
	bool ran;
};

struct lc_coverage {
	uint32_t
		handled; /* 1 << NUMBER of each signal that its first process has a handler for; 0: none, or not known */
	uint32_t sent;   /* and of each that was sent to that process */
	struct lc_port *ports; /* in ascending order; without those that the kernel gives out */
	size_t n_ports;
	uint16_t lowest; /* port below LC_UNPRIVILEGED_PORT that it bound, of TCP, UDP or another protocol; 0: none */
	struct lc_named_program *programs; /* in the order of their paths; no scripts, of which it can't be told */
	size_t n_programs;
	uint64_t programs_unknown; /* how many more are named of which it is not known whether they ran */
};

/* The signals that administrators tell services something by: lc_signal_numbers[] up to its 0, and how they are called. */
extern const int lc_signal_numbers[];

/* "HUP" for 1; NULL for a signal that is not among lc_signal_numbers. */
const char *lc_signal_name(int number);

/* The signal that NAME stands for; 0: none of lc_signal_numbers. */
int lc_signal_number(const char *name);

/* Adds CONNECTIONS that COVERAGE's target accepted at port NUMBER, or none. 0 or -ENOMEM. */
int lc_coverage_add_port(struct lc_coverage *coverage, uint16_t number, uint64_t connections);

/* Notes that COVERAGE's target bound port NUMBER. */
void lc_coverage_add_bound(struct lc_coverage *coverage, uint16_t number);

/* The lowest port below LC_UNPRIVILEGED_PORT that COVERAGE's target bound, or that it was given and listens at; 0: none. */
uint16_t lc_coverage_lowest_port(const struct lc_coverage *coverage);

/* Adds the program at PATH, which FILE names (both copied), and which has RUN or not. 0 or -ENOMEM. */
int lc_coverage_add_program(struct lc_coverage *coverage, const char *path, const char *file, bool ran);

/* Adds what MORE, of another recording of the same target, has seen. 0 or -ENOMEM. */
int lc_coverage_unite(struct lc_coverage *coverage, const struct lc_coverage *more);

/* What COVERAGE says of connections has been told elsewhere: what is said from here on is what comes after. */
void lc_coverage_tell_connections(struct lc_coverage *coverage);

/* Whether there were connections to a port of which none had been told. */
bool lc_coverage_has_news(const struct lc_coverage *coverage);

/* Frees what COVERAGE holds. */
void lc_coverage_clear(struct lc_coverage *coverage);

#endif
