/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which Kubernetes workload a pod is of, as far as its name and its life tell. */
#ifndef LEASTCAP_WORKLOAD_H
#define LEASTCAP_WORKLOAD_H

#include <leastcap/model.h>

#include <stdbool.h>

/* A kind of object, and where the specification of its pods stands in it. */
struct lc_workload_kind {
	const char *kind;
	const char *api;       /* apiVersion */
	const char *places[6]; /* the keys to the pods' specification; ended by NULL */
	bool fixed;            /* what stands there can't be changed once the object is made */
};

/* The kind of the pod of TARGET, and in *NAME (caller frees; NULL when out of memory) the name of the object that made the pod. */
const struct lc_workload_kind *lc_workload_of(const struct lc_target *target, char **name);

/* 0 when two targets are of pods of one workload, or of no pods; otherwise their order. */
int lc_workload_compare(const struct lc_target *a, const struct lc_target *b);

/* The kind called KIND, which is there. */
const struct lc_workload_kind *lc_workload_kind(const char *kind);

/* Whether TARGET, of PROFILE, is an init container: it ran by itself before others of its pod began. */
bool lc_workload_is_init(const struct lc_profile *profile, const struct lc_target *target);

#endif
