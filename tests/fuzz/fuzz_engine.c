/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds answers of the Docker Engine, bundles' config.json and containers.json to what names containers by them. */
#include "served.h"

#include "src/identity/bundle.h"
#include "src/identity/docker.h"
#include "src/identity/monitor.h"

#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The container that is asked about; the seeds have it. */
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void make_target(struct lc_target *target)
{
	*target = (struct lc_target){.kind = LC_TARGET_CONTAINER, .id = strdup(ID)};
	if (!target->id)
		abort();
}

static void ask_docker(const uint8_t *input, size_t size)
{
	_cleanup_(lc_target_clear) struct lc_target target;

	struct lc_docker_container container = {0};

	make_target(&target);
	if (lc_docker_read(&container, ID, (const char *)input, size)) {
		/* Nothing of an answer that makes no sense is taken. */
		if (container.name || container.privileged || container.json)
			abort();
		return;
	}
	lc_docker_discount(&container, (const char *)input, size);
	lc_docker_fill(&target, &container);
	lc_docker_clear(&container);
}

static void read_files(const uint8_t *input, size_t size)
{
	_cleanup_(lc_target_clear) struct lc_target target;

	make_target(&target);
	fuzz_serve("/bundle/", input, size);
	lc_bundle_fill_from(&target, "/bundle", geteuid(), NULL);
	lc_monitor_fill_from_storage(&target, "/bundle", geteuid(), NULL);
	fuzz_serve(NULL, NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	ask_docker(input, size);
	read_files(input, size);
	return 0;
}
