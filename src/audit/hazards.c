/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what of the host is open to a target, as the kernel tells it: engines may not answer, or not know. */
#include "src/audit/hazards.h"
#include "src/audit/mounts.h"

#include <leastcap/causes.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Adds a hazard of KIND about ABOUT, which is taken over and may be NULL. 0 or -ENOMEM. */
static int add(struct lc_target *target, enum lc_hazard_kind kind, char *about)
{
	struct lc_hazard hazard = {.kind = kind, .about = about};
	int r = lc_target_add_hazard(target, &hazard);

	lc_hazard_clear(&hazard);
	return r;
}

static int add_namespaces(struct lc_target *target, const struct lc_host_view *host, pid_t pid)
{
	static const struct {
		const char *type;
		enum lc_hazard_kind kind;
	} namespaces[] = {
		{"pid", LC_HAZARD_PID}, {"net", LC_HAZARD_NETWORK}, {"ipc", LC_HAZARD_IPC}, {"mnt", LC_HAZARD_MOUNTS}};
	int r = 0;

	for (size_t i = 0; !r && i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		if (lc_audit_in_host(host, pid, namespaces[i].type))
			r = add(target, namespaces[i].kind, NULL);
	}
	return r;
}

/* Adds a hazard that names the worst of FOUND's devices. 0 or -ENOMEM. */
static int add_devices(struct lc_target *target, const struct lc_special_files *found, bool barred)
{
	const struct lc_device_row *worst = NULL;
	struct lc_hazard hazard = {.kind = LC_HAZARD_DEVICE, .barred = barred};
	struct lc_strbuf names = {0};
	unsigned int n = 0;
	int r;

	for (uint32_t i = 0; i < found->n_devices && i < LC_SPECIAL_DEVICES; i++) {
		const struct lc_special_device *device = &found->devices[i];
		const struct lc_device_row *row = lc_device_find(device->block, device->major, device->minor);

		if (!row)
			continue;
		n++;
		if (worst && row->points <= worst->points)
			continue;
		worst = row;
		lc_strbuf_free(&names);
		lc_strbuf_adds(&names, device->path);
	}
	if (!worst)
		return 0;
	if (n > 1)
		lc_strbuf_addf(&names, " and %u more", n - 1);
	hazard.points = worst->points;
	hazard.about = lc_strbuf_steal(&names);
	hazard.why = strdup(worst->why);
	r = hazard.about && hazard.why ? lc_target_add_hazard(target, &hazard) : -ENOMEM;
	lc_hazard_clear(&hazard);
	return r;
}

static int add_programs(struct lc_target *target, const struct lc_special_files *found)
{
	struct lc_strbuf names = {0};
	char *about;

	if (!found->n_programs || target->init.no_new_privs)
		return 0;
	lc_strbuf_adds(&names, found->program);
	if (found->n_programs > 1)
		lc_strbuf_addf(&names, " and %u more", found->n_programs - 1);
	about = lc_strbuf_steal(&names);
	return about ? add(target, LC_HAZARD_SETUID, about) : -ENOMEM;
}

/* Adds what the target has mounted and what its own files are. 0 or -ENOMEM. */
static int add_files(struct lc_target *target, struct lc_host_view *host, const struct lc_process *process)
{
	struct lc_special_files found = {0};
	int r = lc_audit_add_mounts(target, host, process);

	if (r || lc_audit_look(host, (pid_t)process->init.pid, &found))
		return r;
	found.program[sizeof(found.program) - 1] = '\0';
	r = add_devices(target, &found, !lc_audit_is_root(process));
	return r ? r : add_programs(target, &found);
}

static int add_label(struct lc_target *target, pid_t pid)
{
	_cleanup_free_ char *label = NULL;

	if (lc_process_label(pid, &label) || lc_module_of(label) != LC_MODULE_NONE)
		return 0;
	return add(target, LC_HAZARD_CONFINEMENT, strdup(label));
}

int lc_audit_find_hazards(struct lc_target *target, struct lc_host_view *host, const struct lc_process *process)
{
	pid_t pid = (pid_t)process->init.pid;
	int r;

	/* A service is a part of the host, and so is what sees the host's files and is no container. */
	if (target->kind == LC_TARGET_SERVICE ||
		(target->kind != LC_TARGET_CONTAINER && lc_audit_in_host(host, pid, "mnt")))
		return 0;
	r = add_namespaces(target, host, pid);
	if (!r && !lc_target_hazard(target, LC_HAZARD_MOUNTS))
		r = add_files(target, host, process);
	return r ? r : add_label(target, pid);
}
