/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of runtimes that give a container a kernel of its own, which answers its system calls in place of the host's. */
#include <leastcap/facts.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

/*
 * Words in the names that such runtimes, their shims and the runtime classes for them have: "runsc", "io.containerd.runsc.v1",
 * "containerd-shim-kata-v2", "kata-qemu", "aws.firecracker".
 */
static const struct {
	const char *word;
	bool begins; /* a word that begins so will do */
} kernels[] = {
	{"runsc", false},                  /* gVisor: github.com/google/gvisor, runsc/cli/main.go */
	{"gvisor", false}, {"kata", true}, /* Kata Containers: a virtual machine for each pod */
	{"firecracker", false},            /* github.com/firecracker-microvm/firecracker-containerd */
	{"krun", false},                   /* crun with libkrun */
	{"runq", false},                   /* github.com/gotoz/runq: QEMU */
	{"runv", false},                   /* Kata's forerunner */
	{"runnc", false},                  /* Nabla: a library kernel */
	{"urunc", false},                  /* unikernels: github.com/urunc-dev/urunc */
	{"quark", false},                  /* github.com/QuarkContainer/Quark: a kernel of its own on KVM */
};

static bool is_kernels(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		size_t known = strlen(kernels[i].word);

		if (length >= known && !strncasecmp(word, kernels[i].word, known) &&
			(length == known || kernels[i].begins))
			return true;
	}
	return false;
}

const char *lc_runtime_with_kernel(const char *runtime)
{
	const char *slash = runtime ? strrchr(runtime, '/') : NULL;
	const char *name = slash ? slash + 1 : runtime;
	size_t length;

	for (const char *word = name; word && *word; word += length) {
		for (length = 0; isalnum((unsigned char)word[length]);)
			length++;
		if (is_kernels(word, length))
			return name;
		length += !length;
	}
	return NULL;
}
