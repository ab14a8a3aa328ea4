/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The doctor's checks, and how they read the host's files. */
#ifndef LEASTCAP_DOCTOR_PRIVATE_H
#define LEASTCAP_DOCTOR_PRIVATE_H

#include <leastcap/doctor.h>

#include <stdint.h>
#include <stdio.h>

/* The checks. Each fills FINDING, which has its name and is zeroed otherwise: LC_DOCTOR_OK, with no texts. */
void lc_doctor_kernel(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_btf(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_lockdown(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_privileges(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_hooks(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_trial(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_outcomes(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_trials(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_cgroups(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_place(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_symbols(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_jit(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_memlock(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_files(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_docker(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_podman(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_containerd(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
void lc_doctor_crio(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);

/* Sets FINDING's state, and what it costs and what to do (literals, or NULL: nothing). */
void lc_doctor_set(struct lc_doctor_finding *finding, enum lc_doctor_state state, const char *cost, const char *remedy);

/* HOST's file or directory at PATH, which begins with a slash. NULL when out of memory; caller frees. */
char *lc_doctor_path(const struct lc_doctor_host *host, const char *path);

/* Opens HOST's file at PATH for reading. NULL, with errno set, when that fails. */
FILE *lc_doctor_open(const struct lc_doctor_host *host, const char *path);

/* Reads the first line of HOST's file at PATH to LINE, SIZE bytes, without its end. 0 or -errno. */
int lc_doctor_read_line(const struct lc_doctor_host *host, const char *path, char *line, size_t size);

/* Reads the number that HOST's file at PATH begins with. 0 or -errno. */
int lc_doctor_read_number(const struct lc_doctor_host *host, const char *path, long *number);

/* Reads what follows KEY at the beginning of a line of HOST's file at PATH, as lc_doctor_read_line. */
int lc_doctor_read_field(
	const struct lc_doctor_host *host, const char *path, const char *key, char *value, size_t size);

/* The capabilities in our effective set; none when that can't be read. */
uint64_t lc_doctor_effective(const struct lc_doctor_host *host);

/* Whether our namespace of TYPE ("pid", "user", "cgroup") is the one that the kernel began with; true when that can't be read. */
bool lc_doctor_is_initial(const struct lc_doctor_host *host, const char *type);

/* Whether we may load BPF programs, as far as capabilities say. */
bool lc_doctor_may_load(const struct lc_doctor_host *host);

/* Whether HOST's kernel is of that version or a later one. */
bool lc_doctor_kernel_since(const struct lc_doctor_host *host, unsigned int major, unsigned int minor);

#endif
