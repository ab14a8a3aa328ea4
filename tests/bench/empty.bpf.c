/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Programs that do nothing, on leastcap's hooks: the price of being called at all. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("fexit/cap_capable")
int check_fexit(void *context)
{
	return 0;
}

SEC("tp_btf/cap_capable")
int check_tp_btf(void *context)
{
	return 0;
}

SEC("kprobe/cap_capable")
int check_kprobe(void *context)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int sys_exit(void *context)
{
	return 0;
}
