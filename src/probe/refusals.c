/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trial refuses, told to the kernel side; and that only one trial goes on. */
#include "src/probe/refusals.h"

#include "src/probe/hooks.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* The program that refuses, by whose name another trial is known. */
#define REFUSING "refuse_capable"

/* Fills INFO about the program with number ID. 0 or -errno: -ENOENT when it is gone. */
static int find_program(uint32_t id, struct bpf_prog_info *info)
{
	_cleanup_fd_ int program = bpf_prog_get_fd_by_id(id);
	uint32_t size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return program < 0 ? program : bpf_obj_get_info_by_fd(program, info, &size);
}

/* Whether the program of A was loaded before that of B. */
static bool is_older(const struct bpf_prog_info *a, const struct bpf_prog_info *b)
{
	return a->load_time != b->load_time ? a->load_time < b->load_time : a->id < b->id;
}

/* Whether a program that refuses was loaded before the one of OWN: 1, 0, or -errno. */
static int find_older(const struct bpf_prog_info *own)
{
	uint32_t id = 0;
	int r;

	while (!(r = bpf_prog_get_next_id(id, &id))) {
		struct bpf_prog_info other;

		r = find_program(id, &other);
		if (r && r != -ENOENT)
			return r;
		if (!r && other.id != own->id && !strcmp(other.name, REFUSING) && is_older(&other, own))
			return 1;
	}
	return r == -ENOENT ? 0 : r;
}

int lc_refusals_claim(const struct lc_probe *probe, char **message)
{
	const struct bpf_program *program = bpf_object__find_program_by_name(probe->kernel.object, REFUSING);
	struct bpf_prog_info own;
	uint32_t size = sizeof(own);
	int r;

	memset(&own, 0, sizeof(own));
	r = program ? bpf_obj_get_info_by_fd(bpf_program__fd(program), &own, &size) : -ENOENT;
	r = r ?: find_older(&own);
	if (r > 0)
		return lc_complain(message, -EBUSY, "another trial goes on on this host: only one at a time");
	if (r < 0)
		return lc_complain(message, r, "cannot tell whether another trial goes on: %s", strerror(-r));
	return 0;
}

int lc_probe_may_refuse(const char *btf, char **message)
{
	const struct lc_probe_options options = {.btf = btf};

	*message = NULL;
	return lc_hooks_try_refusing(&options, message);
}

int lc_probe_refuse(struct lc_probe *probe, const struct lc_refused *refused)
{
	const struct lc_refusal refusal = {.caps = refused->caps, .userns = refused->userns};

	if (bpf_map_update_elem(bpf_map__fd(probe->kernel.maps.refusals), &refused->target, &refusal, BPF_ANY))
		return -errno;
	/* The kernel side looks for a target only where some target is refused the capability. */
	__sync_fetch_and_or(probe->kernel.live.refused_caps, refused->caps);
	return 0;
}

void lc_probe_refuse_until(struct lc_probe *probe, int64_t moment)
{
	*probe->kernel.live.refused_until = (uint64_t)moment;
}
