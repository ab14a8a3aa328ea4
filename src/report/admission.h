/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a cluster's admission of pods asks of a workload's, in CEL, for the reports that are such policies. */
#ifndef LEASTCAP_REPORT_ADMISSION_H
#define LEASTCAP_REPORT_ADMISSION_H

#include "workloads.h"

/* Appends the name of the policy for WORKLOAD: "leastcap.deployment.shop.web". 0 or -ENOMEM. */
int lc_report_add_policy_name(struct lc_strbuf *out, const struct lc_report_workload *workload);

/* Appends the comments on all of WORKLOAD's containers. */
void lc_report_add_workload_comments(struct lc_strbuf *out, const struct lc_report_workload *workload);

/* Appends which pods are meant, and what has to hold for them, as members of a policy's spec: matchConstraints, matchConditions, variables and validations. */
void lc_report_add_admission(struct lc_strbuf *out, const struct lc_report_workload *workload);

#endif
