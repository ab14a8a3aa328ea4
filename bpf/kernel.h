/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The few kernel types that the programs read, with only the fields they read: relocated to the running kernel by CO-RE. */
#ifndef LEASTCAP_BPF_KERNEL_H
#define LEASTCAP_BPF_KERNEL_H

#include <linux/types.h>
#include <linux/version.h>
#include <stdbool.h>

/* Makes <bpf/bpf_tracing.h> use the kernel's names of the registers, as below, and not those of <asm/ptrace.h>. */
#define __VMLINUX_H__

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

struct timespec64 {
	__s64 tv_sec;
	long tv_nsec;
};

struct ns_common {
	unsigned int inum;
};

struct uid_gid_extent {
	__u32 first;
	__u32 lower_first;
	__u32 count;
};

struct uid_gid_map {
	__u32 nr_extents;
	struct uid_gid_extent extent[5];
};

struct user_namespace {
	struct uid_gid_map uid_map;
	struct uid_gid_map gid_map;
	struct user_namespace *parent;
	int level;
	kuid_t owner;
	bool parent_could_setfcap;
	struct ns_common ns;
};

struct lc_capability_set {
	__u64 val;
};

struct cred {
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	struct lc_capability_set cap_inheritable;
	struct lc_capability_set cap_permitted;
	struct lc_capability_set cap_effective;
	struct lc_capability_set cap_bset;
	struct lc_capability_set cap_ambient;
	unsigned int securebits;
	void *session_keyring;
	struct user_namespace *user_ns;
	void *group_info;
};

/* Before 6.3 a capability set was two 32-bit words. */
struct lc_capability_words {
	__u32 cap[2];
};

struct cred___words {
	struct lc_capability_words cap_inheritable;
	struct lc_capability_words cap_permitted;
	struct lc_capability_words cap_effective;
	struct lc_capability_words cap_bset;
	struct lc_capability_words cap_ambient;
};

struct kernfs_node {
	const char *name;
	__u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

enum cgroup_subsys_id {
	CGROUP_SUBSYS_COUNT,
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};

struct mnt_namespace {
	struct ns_common ns;
	struct mount *root;
};

struct nsproxy {
	struct mnt_namespace *mnt_ns;
};

struct qstr {
	const unsigned char *name;
};

struct super_block {
	__u32 s_dev;
	unsigned long s_magic;
	void *s_fs_info;
};

struct inode {
	unsigned short i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned long i_ino;
	struct super_block *i_sb;
	struct timespec64 i_ctime;
};

/* 6.6 to 6.10 */
struct inode___private {
	struct timespec64 __i_ctime;
};

/* 6.11 and later; since 6.13 the nanoseconds have a flag above them (include/linux/fs.h, I_CTIME_QUERIED). */
struct inode___split {
	__s64 i_ctime_sec;
	__u32 i_ctime_nsec;
};

struct dentry {
	struct dentry *d_parent;
	struct inode *d_inode;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
	int mnt_flags;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

struct sock_common {
	unsigned short skc_family;
	unsigned short skc_num;
};

struct sock {
	struct sock_common __sk_common;
};

struct socket {
	struct sock *sk;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct fs_struct {
	struct path root;
	struct path pwd;
};

struct mm_struct {
	unsigned long start_code;
	unsigned long end_code;
	struct file *exe_file;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct sigaction {
	void *sa_handler;
};

struct k_sigaction {
	struct sigaction sa;
};

struct sighand_struct {
	struct k_sigaction action[64];
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct sock_fprog_kern {
	__u16 len;
	void *filter;
};

struct bpf_prog {
	struct sock_fprog_kern *orig_prog;
};

struct seccomp_filter {
	struct seccomp_filter *prev;
	struct bpf_prog *prog;
};

struct seccomp {
	int mode;
	struct seccomp_filter *filter;
};

struct thread_info {
	__u32 status;
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	unsigned int ptrace;
	struct mm_struct *mm;
	int exit_code;
	int pid;
	int tgid;
	__u64 start_time;
	struct task_struct *real_parent;
	struct pid *thread_pid;
	const struct cred *real_cred;
	const struct cred *cred;
	char comm[16];
	unsigned long atomic_flags;
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	struct seccomp seccomp;
	struct css_set *cgroups;
};

struct vhost_task {
	void *data;
};

struct linux_binprm {
	struct file *file;
	unsigned int secureexec : 1;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, r11, r10, r9, r8;
	unsigned long bp, bx, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, sp;
};

/* The register with the syscall's number. Outside of a syscall its value says nothing. */
#define SYSCALL_NUMBER      orig_ax
#define RESULT_REGISTER     ax
#define INSTRUCTION_POINTER ip
/* At a function's entry its return address is on the stack. */
#define RETURN_REGISTER(registers) 0
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};

struct pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
	__u64 orig_x0;
	__s32 syscallno;
};

#define SYSCALL_NUMBER             syscallno
#define RESULT_REGISTER            regs[0]
#define INSTRUCTION_POINTER        pc
/* The link register: a function's return address is on the stack only when the function has put it there. */
#define RETURN_REGISTER(registers) ((registers)->regs[30])
#else
#error "bpf/kernel.h: this architecture's registers are not described yet"
#endif

#pragma clang attribute pop

/* include/uapi/linux/bpf.h has it since 6.18. The kernel knows a map's value by this very name. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
struct bpf_task_work {
	__u64 __opaque;
} __attribute__((aligned(8)));
#endif

/* include/linux/sched.h: tasks that run no user program, whose user registers mean nothing. */
#define PF_KTHREAD     0x00200000
#define PF_IO_WORKER   0x00000010
#define PF_USER_WORKER 0x00004000 /* since 6.4, as struct vhost_task is; it meant something else before */

/* include/linux/sched.h: a bit's number in task_struct's atomic_flags. */
#define PFA_NO_NEW_PRIVS 0

/* include/linux/mount.h: a bit of mnt_flags. */
#define MNT_NOSUID 1

/* include/linux/security.h: a bit of cap_capable's opts. */
#define CAP_OPT_NOAUDIT 2

/* arch/x86/include/asm/thread_info.h: a 32-bit syscall is being served. */
#define TS_COMPAT 0x0002

/* arch/arm64/include/uapi/asm/ptrace.h: the registers are those of a 32-bit program. */
#define PSR_MODE32_BIT 0x00000010

/* The largest THREAD_SIZE without KASAN: that of arm64 with pages of 64 KiB. */
#define MAX_STACK_SIZE 65536

#endif
