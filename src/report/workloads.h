/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile as Kubernetes workloads, for the reports that Kubernetes or what stands around it takes. */
#ifndef LEASTCAP_REPORT_WORKLOADS_H
#define LEASTCAP_REPORT_WORKLOADS_H

#include "united.h"

#include <leastcap/strbuf.h>
#include <leastcap/workload.h>

#include <stdbool.h>
#include <stddef.h>

/* One workload, and what its containers need. */
struct lc_report_workload {
	const struct lc_profile *profile;
	const struct lc_workload_kind *kind;
	const char *name;      /* a pod's or what is made of one is hostile */
	const char *namespace; /* NULL: not known */
	const char *pod;       /* by whose name it is known; NULL: it is of no pod, and for a Deployment of that name */
	const struct lc_report_united *containers; /* whose names are such as Kubernetes takes, and no others */
	size_t n;
};

/*
 * Appends what is to be known about PROFILE as a whole and what of it is left out, as comments, and puts the rest into KEPT: the caller frees its
 * targets, and what these point to stays PROFILE's. 0, or -ENOMEM with KEPT unchanged.
 */
int lc_report_keep_pods(struct lc_strbuf *out, const struct lc_profile *profile, struct lc_profile *kept);

/*
 * Appends what is to be known about PROFILE as a whole and what of it is left out, as comments, then HEAD; then has ADD append each workload. NONE stands
 * there where there are none. 0 or -errno.
 */
int lc_report_add_workloads(struct lc_strbuf *out, const struct lc_profile *profile, const char *head, const char *none,
	int (*add)(struct lc_strbuf *out, const struct lc_report_workload *workload));

/* Whether container NUMBER of WORKLOAD is an init container. */
bool lc_report_is_init(const struct lc_report_workload *workload, size_t number);

/* TEXT as Kubernetes would let a container be called: letters and digits in lower case, with dashes between. Caller frees; NULL when out of memory. */
char *lc_report_label_of(const char *text);

/* How TARGET would be called as a container in a pod. The same. */
char *lc_report_container_name(const struct lc_target *target);

/* Appends TEXT as a regular expression (re2) that means nothing but itself. */
void lc_report_add_literal(struct lc_strbuf *out, const char *text);

/* Appends the comments on all targets of UNITED, each on a line after INDENT. */
void lc_report_add_united(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united);

/* Appends what a securityContext has for UNITED, each line after INDENT. */
void lc_report_add_context(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united);

/* Appends what is to be known about that, as comments, each on a line after INDENT. Nothing where it locks nobody out. */
void lc_report_add_context_comments(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united);

/* Appends the manifest of WORKLOAD's containers with their securityContexts, and nothing else. */
void lc_report_add_manifest(struct lc_strbuf *out, const struct lc_report_workload *workload);

#endif
