/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The doctor's checks, in their order. */
#include "src/doctor/doctor_private.h"

#include <errno.h>
#include <stdlib.h>

/* Causes come before their effects, because the first check in the worst state is the reason that is given. */
static const struct check {
	const char *name;
	void (*look)(const struct lc_doctor_host *host, struct lc_doctor_finding *finding);
} checks[] = {
	{"kernel", lc_doctor_kernel},
	{"btf", lc_doctor_btf},
	{"lockdown", lc_doctor_lockdown},
	{"privileges", lc_doctor_privileges},
	{"hooks", lc_doctor_hooks},
	{"cgroups", lc_doctor_cgroups},
	{"memlock", lc_doctor_memlock},
	{"files", lc_doctor_files},
	{"recording", lc_doctor_trial},
	{"outcomes", lc_doctor_outcomes},
	{"trials", lc_doctor_trials},
	{"symbols", lc_doctor_symbols},
	{"jit", lc_doctor_jit},
	{"place", lc_doctor_place},
	{"docker", lc_doctor_docker},
	{"podman", lc_doctor_podman},
	{"containerd", lc_doctor_containerd},
	{"cri-o", lc_doctor_crio},
};
#define N_CHECKS (sizeof(checks) / sizeof(checks[0]))

static const char *const state_names[LC_DOCTOR_STATE_N] = {
	[LC_DOCTOR_OK] = "ok",
	[LC_DOCTOR_UNKNOWN] = "unknown",
	[LC_DOCTOR_DEGRADED] = "degraded",
	[LC_DOCTOR_MISSING] = "missing",
};

const char *lc_doctor_state_name(enum lc_doctor_state state)
{
	return state_names[state];
}

void lc_doctor_set(struct lc_doctor_finding *finding, enum lc_doctor_state state, const char *cost, const char *remedy)
{
	finding->state = state;
	lc_strbuf_adds(&finding->cost, cost);
	lc_strbuf_adds(&finding->remedy, remedy);
}

int lc_doctor_examine(const struct lc_doctor_host *host, struct lc_diagnosis *diagnosis)
{
	bool failed = false;

	*diagnosis = (struct lc_diagnosis){.list = calloc(N_CHECKS, sizeof(*diagnosis->list))};
	if (!diagnosis->list)
		return -ENOMEM;
	for (size_t i = 0; i < N_CHECKS; i++) {
		struct lc_doctor_finding *finding = &diagnosis->list[diagnosis->n++];

		finding->name = checks[i].name;
		checks[i].look(host, finding);
		failed |= finding->found.failed || finding->cost.failed || finding->remedy.failed;
	}
	return failed ? -ENOMEM : 0;
}

void lc_diagnosis_clear(struct lc_diagnosis *diagnosis)
{
	for (size_t i = 0; i < diagnosis->n; i++) {
		lc_strbuf_free(&diagnosis->list[i].found);
		lc_strbuf_free(&diagnosis->list[i].cost);
		lc_strbuf_free(&diagnosis->list[i].remedy);
	}
	free(diagnosis->list);
	*diagnosis = (struct lc_diagnosis){0};
}

enum lc_doctor_state lc_diagnosis_worst(const struct lc_diagnosis *diagnosis)
{
	enum lc_doctor_state worst = LC_DOCTOR_OK;

	for (size_t i = 0; i < diagnosis->n; i++) {
		if (diagnosis->list[i].state > worst)
			worst = diagnosis->list[i].state;
	}
	return worst;
}
