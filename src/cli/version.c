/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What --version prints: version, commit, and what this build can do. */
#include "src/cli/cli.h"

#include <bpf/libbpf.h>
#include <curl/curl.h>
#include <elfutils/libdwfl.h>
#include <jansson.h>
#include <linux/version.h>
#include <seccomp.h>
#include <stdio.h>
#include <yaml.h>

/* The Makefile says which commit it builds. */
#ifndef LC_COMMIT
#define LC_COMMIT "unknown"
#endif

#if defined(__x86_64__)
#define ARCHITECTURE "x86_64"
#elif defined(__aarch64__)
#define ARCHITECTURE "aarch64"
#else
#define ARCHITECTURE "another architecture"
#endif

/* The libraries as they were found when the program was started, which need not be those that it was built with. */
static void print_libraries(void)
{
	const struct scmp_version *seccomp = seccomp_version();

	printf("libbpf %u.%u, ", libbpf_major_version(), libbpf_minor_version());
	if (seccomp)
		printf("libseccomp %u.%u.%u, ", seccomp->major, seccomp->minor, seccomp->micro);
	printf("elfutils %s, libcurl %s, jansson %s, libyaml %s\n", dwfl_version(NULL),
		curl_version_info(CURLVERSION_NOW)->version, jansson_version_str(), yaml_get_version_string());
}

const char *lc_cli_commit(void)
{
	return LC_COMMIT;
}

void lc_cli_print_version(void)
{
	/* The headers say which system calls' flags have names. */
	printf("leastcap " LC_VERSION " (commit " LC_COMMIT ", " ARCHITECTURE
	       "): hooks fexit, tp_btf and kprobe; system calls of Linux %d.%d; ",
		LINUX_VERSION_CODE >> 16, LINUX_VERSION_CODE >> 8 & 0xff);
	print_libraries();
}
