/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of call sites whose answer does not decide the syscall, or decides it in another way than by EPERM, and why. One
 * row is one fact about the kernel, read in the sources of 5.10, 6.1, 6.12 and 7.3.
 */
#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <linux/capability.h>
#include <string.h>

static const struct lc_callsite callsites[] = {
	/* Memory. */
	{
		.functions = {"cap_vm_enough_memory", "__vm_enough_memory", "security_vm_enough_memory_mm"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "asked by every mmap, brk, fork and exec: decides only about the last 3 % of memory "
		       "(admin_reserve_kbytes)",
		.source = "mm/util.c, security/commoncap.c",
	},
	{
		.functions = {"__set_oom_adj", "oom_score_adj_write", "oom_adj_write"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_ADVISORY,
		.noaudit = true,
		.why = "decides whether the new oom_score_adj also becomes its lower limit; the write succeeds either "
		       "way",
		.source = "fs/proc/base.c",
	},
	{
		.functions = {"__set_oom_adj", "oom_score_adj_write", "oom_adj_write"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "lowers oom_score_adj below its lower limit; many programs go on without",
		.source = "fs/proc/base.c",
	},
	/*
	 * io_uring asks once, when the ring is made, whether its memory counts against RLIMIT_MEMLOCK: that of the ring itself
	 * until 5.12 and again since 6.14 (io_create_region), and of the buffers that are registered later, which asks nobody
	 * (__io_account_mem).
	 */
	{
		.functions = {"io_uring_create", "io_uring_setup", "__do_sys_io_uring_setup"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.since = LC_KERNEL(5, 12),
		.until = LC_KERNEL(6, 14),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked when a ring is made: registering buffers beyond RLIMIT_MEMLOCK later fails without it "
		       "(ENOMEM)",
		.source = "io_uring/io_uring.c, io_uring/rsrc.c",
	},
	{
		.functions = {"io_uring_create", "io_uring_setup", "__do_sys_io_uring_setup"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOMEM"},
		.why = "asked when a ring is made: it and registered buffers beyond RLIMIT_MEMLOCK fail without it "
		       "(ENOMEM)",
		.source = "io_uring/io_uring.c, io_uring/rsrc.c, io_uring/memmap.c",
	},
	{
		.functions = {"do_mlock", "__do_sys_mlockall", "user_shm_lock"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOMEM"},
		.why = "more memory is locked than RLIMIT_MEMLOCK allows: ENOMEM without it",
		.source = "mm/mlock.c",
	},
	{
		.functions = {"mlock_future_check", "mlock_future_ok", "do_mmap", "check_brk_limits", "do_brk_flags",
			"vma_to_resize", "expand_downwards", "acct_stack_growth"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.since = LC_KERNEL(6, 5),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EAGAIN", "ENOMEM"},
		.why = "asked for all memory that is locked from the start: EAGAIN without it, but only beyond "
		       "RLIMIT_MEMLOCK",
		.source = "mm/mmap.c",
	},
	{
		.functions = {"mlock_future_check", "do_mmap", "check_brk_limits", "do_brk_flags", "vma_to_resize",
			"expand_downwards", "acct_stack_growth"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.until = LC_KERNEL(6, 5),
		.class = LC_CLASS_REQUIRED,
		.results = {"EAGAIN", "ENOMEM"},
		.why = "asked for new memory that is locked from the start: EAGAIN without it beyond RLIMIT_MEMLOCK",
		.source = "mm/mmap.c",
	},
	{
		.functions = {"ib_umem_get", "__ib_umem_get_va"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOMEM"},
		.why = "more memory is pinned for RDMA than RLIMIT_MEMLOCK allows: ENOMEM without it",
		.source = "drivers/infiniband/core/umem.c",
	},
	{
		.functions = {"sev_pin_memory", "sev_check_pin_count", "usnic_uiom_get_pages", "qib_get_user_pages",
			"__qib_get_user_pages", "amdxdna_get_ubuf"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOMEM"},
		.why = "more memory is pinned for a device than RLIMIT_MEMLOCK allows: ENOMEM without it",
		.source = "arch/x86/kvm/svm/sev.c, drivers/infiniband/hw, drivers/accel/amdxdna/amdxdna_ubuf.c",
	},
	{
		.functions = {"iopt_alloc_pages", "iopt_alloc_user_pages", "iopt_alloc_file_pages",
			"hfi1_can_pin_pages"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOMEM"},
		.why = "asked before a driver pins memory: ENOMEM without it, but only beyond RLIMIT_MEMLOCK",
		.source = "drivers/iommu/iommufd/pages.c, drivers/infiniband/hw/hfi1/user_pages.c",
	},
	{
		.functions = {"account_locked_vm", "vfio_iommu_type1_ioctl", "vfio_dma_do_map",
			"vfio_change_dma_owner"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOMEM"},
		.why = "asked before a driver pins memory: ENOMEM without it, but only beyond RLIMIT_MEMLOCK",
		.source = "mm/util.c, drivers/vfio/vfio_iommu_type1.c",
	},
	{
		.functions = {"mm_account_pinned_pages", "msg_zerocopy_alloc", "msg_zerocopy_realloc",
			"sock_zerocopy_alloc", "sock_zerocopy_realloc", "xdp_umem_create", "xdp_umem_account_pages"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOBUFS"},
		.why = "asked before a socket pins memory: ENOBUFS without it, but only beyond RLIMIT_MEMLOCK",
		.source = "net/core/skbuff.c, net/xdp/xdp_umem.c",
	},
	{
		.functions = {"shmctl_do_lock"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked before the segment's owner, who may lock it within RLIMIT_MEMLOCK anyway",
		.source = "ipc/shm.c",
	},
	{
		.functions = {"madvise_pageout", "madvise_cold_or_pageout_pte_range", "can_do_pageout",
			"can_do_file_pageout", "do_madvise"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the hint to page out goes for another's file too; madvise succeeds either way",
		.source = "mm/madvise.c",
	},
	{
		.functions = {"do_mincore", "__do_sys_mincore", "can_do_mincore"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "mincore says without it that all of another's file is in memory, unless it may be written",
		.source = "mm/mincore.c",
	},
	{
		.functions = {"kernel_migrate_pages"},
		.caps = LC_CAP_BIT(CAP_SYS_NICE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked by every migrate_pages: without it pages that other processes map too stay where they "
		       "are",
		.source = "mm/mempolicy.c",
	},

	/* Files. */
	{
		/* Asked only where there are such bits, and the caller's being in the group does not save them. */
		.functions = {"setattr_should_drop_suidgid", "should_remove_suid", "dentry_needs_remove_privs",
			"__file_remove_privs", "file_remove_privs", "file_remove_privs_flags", "xfs_fileattr_set",
			"xfs_ioctl_setattr"},
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"0"},
		.why = "a file that has set-id bits is written: they are silently dropped without it",
		.source = "fs/attr.c, fs/inode.c, fs/xfs/xfs_ioctl.c",
	},
	{
		.functions = {"chown_common"},
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a change of owner keeps a bit that has no meaning any more; it succeeds either "
		       "way",
		.source = "fs/open.c",
	},
	{
		.functions = {"fuse_create_open", "fuse_send_open", "fuse_do_setattr", "fuse_direct_io",
			"fuse_perform_write", "fuse_send_write_pages"},
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a file keeps its set-id bits, if it has any; FUSE asks at every write",
		.source = "fs/fuse/file.c, fs/fuse/dir.c",
	},
	/* All that is ever asked of FSETID is whether a set-id bit stays. */
	{
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_ADVISORY,
		.ordinary = true,
		.why = "decides whether a set-group-id bit is kept; the syscall succeeds either way",
		.source = "fs/attr.c, fs/inode.c, fs/posix_acl.c",
	},
	{
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"0"},
		.why = "the set-group-id bit that was asked for is silently dropped without it",
		.source = "fs/attr.c, fs/inode.c",
	},
	{
		.functions = {"xattr_permission"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.not_in_call = "xattr",
		.why = "overlayfs reads its own attributes, here with a mounter's credentials that equal the caller's",
		.source = "fs/xattr.c, fs/overlayfs/xattrs.c",
	},
	{
		.functions = {"xattr_permission"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENODATA"},
		.why = "attributes named trusted.* are not there for who does not have it: ENODATA",
		.source = "fs/xattr.c",
	},
	{
		.functions = {"simple_xattr_list", "ovl_listxattr", "ovl_can_list", "ext4_xattr_trusted_list",
			"ext2_xattr_trusted_list", "erofs_xattr_trusted_list", "squashfs_trusted_xattr_handler_list",
			"xfs_xattr_put_listent"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the list has attributes named trusted.*, and who reads one of them is asked "
		       "again",
		.source = "fs/xattr.c, fs/overlayfs/xattrs.c, fs/ext4/xattr_trusted.c",
	},
	{
		.functions = {"squashfs_listxattr", "f2fs_xattr_trusted_list", "jffs2_trusted_listxattr",
			"gfs2_xattr_trusted_list", "ext4_xattr_list_entries", "bch2_xattr_trusted_list"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the list has attributes named trusted.*, and who reads one of them is asked "
		       "again",
		.source = "fs/squashfs/xattr.c, fs/f2fs/xattr.c, fs/jffs2/xattr_trusted.c, fs/gfs2/xattr.c, "
			  "fs/ext4/xattr.c",
	},
	{
		.functions = {"ovl_open_realfile"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether opening a file on an overlay leaves its layer's access time alone; it is "
		       "opened either way",
		.source = "fs/overlayfs/file.c",
	},
	/* Space that is reserved, and quotas. */
	{
		.functions = {"ext4_has_free_clusters", "ext4_claim_free_clusters", "ext4_should_retry_alloc",
			"do_budget_space", "ubifs_budget_space", "can_use_rp"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOSPC"},
		.why = "nothing is left but what is reserved for root: ENOSPC without it",
		.source = "fs/ext4/balloc.c, fs/ubifs/budget.c",
	},
	{
		.functions = {"ext2_has_free_blocks", "ext2_new_blocks", "jffs2_rp_can_write", "jffs2_reserve_space",
			"ufs_new_fragments"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOSPC"},
		.why = "nothing is left but what is reserved: ENOSPC without it, unless the user owns the reserve "
		       "(ext2)",
		.source = "fs/ext2/balloc.c, fs/jffs2/nodemgmt.c, fs/ufs/balloc.c",
	},
	{
		.functions = {"__allow_reserved_root", "inc_valid_block_count", "inc_valid_node_count",
			"f2fs_reserve_new_blocks", "__allocate_data_block", "f2fs_new_node_page", "f2fs_new_node_folio",
			"reserve_compress_blocks"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOSPC"},
		.why = "asked for every block where f2fs reserves some (reserve_root): ENOSPC without it, when few are "
		       "left",
		.source = "fs/f2fs/f2fs.h",
	},
	{
		.functions = {"ignore_hardlimit", "dquot_add_space", "dquot_add_inodes", "bch2_quota_check_limit"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EDQUOT"},
		.why = "a disk quota's limit is reached: EDQUOT without it",
		.source = "fs/quota/dquot.c, fs/bcachefs/quota.c",
	},
	{
		.functions = {"qgroup_reserve", "gfs2_quota_lock_check", "alloc_dinode", "gfs2_iomap_begin_write",
			"gfs2_page_mkwrite", "__gfs2_fallocate", "do_grow", "ea_alloc_skeleton"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EDQUOT"},
		.why = "asked before a disk quota is looked at (btrfs: with quota_override set): EDQUOT without it "
		       "beyond one",
		.source = "fs/btrfs/qgroup.c, fs/gfs2/quota.h",
	},
	{
		.functions = {"xfs_setattr_nonsize", "xfs_fileattr_set", "xfs_ioctl_setattr"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_ADVISORY,
		.results = {"EDQUOT"},
		.why = "decides whether a disk quota applies to the change of owner, which is allowed already",
		.source = "fs/xfs/xfs_iops.c, fs/xfs/xfs_ioctl.c",
	},
	{
		.functions = {"xfs_getfsmap"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it the map of the disk tells what is free, and not what the rest belongs to",
		.source = "fs/xfs/xfs_fsmap.c",
	},
	/* execvp(3): "If permission is denied for a file …, these functions will continue searching the rest of the search path." */
	{
		.functions = {"generic_permission", "inode_permission"},
		.caps = LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		.class = LC_CLASS_ADVISORY,
		.nothing = true,
		.in_call = "exec",
		.why = "there was nothing to execute: without it execve fails too (EACCES), and a search of PATH goes "
		       "on",
		.source = "fs/namei.c, fs/exec.c",
	},
	{
		.functions = {"generic_permission", "inode_permission"},
		.caps = LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.nothing = true,
		.why = "there was nothing to be found: without it the call fails too (EACCES), and a search of PATH "
		       "goes on",
		.source = "fs/namei.c, fs/stat.c",
	},
	{
		.functions = {"generic_permission", "inode_permission"},
		.caps = LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.in_call = "access",
		.why = "the program only asked whether it might; if it then did, that is told elsewhere",
		.source = "fs/namei.c, fs/open.c",
	},
	{
		.functions = {"do_linkat", "path_init"},
		.caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOENT"},
		.why = "linkat with AT_EMPTY_PATH: ENOENT without it; programs then link /proc/self/fd/N",
		.source = "fs/namei.c",
	},
	{
		.functions = {"may_open", "do_fcntl", "setfl"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "O_NOATIME or a write hint on another's file; programs go on without",
		.source = "fs/namei.c, fs/fcntl.c",
	},
	{
		.functions = {"vfs_dedupe_file_range_one", "may_dedupe_file", "allow_file_dedupe"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked before ownership of the file and the right to write it, either of which is enough",
		.source = "fs/remap_range.c",
	},
	{
		.functions = {"fscrypt_verify_key_added"},
		.caps = LC_CAP_BIT(CAP_FOWNER),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOKEY"},
		.why = "a directory is encrypted with a key that another user added: ENOKEY without it",
		.source = "fs/crypto/keyring.c",
	},
	{
		.functions = {"get_sequential_mnt_ns", "lookup_next_mnt_ns", "__lookup_next_mnt_ns"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOENT"},
		.why = "without it the mount namespaces that others own are passed over",
		.source = "fs/namespace.c",
	},
	{
		.functions = {"may_see_all_namespaces", "__do_sys_listns"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.in_call = "listns",
		.why = "without it listns passes over the namespaces that others own",
		.source = "kernel/nstree.c",
	},
	{
		.functions = {"alloc_empty_file"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENFILE"},
		.why = "more files are open on the host than fs.file-max: ENFILE without it",
		.source = "fs/file_table.c",
	},
	{
		.functions = {"pipe_is_unprivileged_user", "alloc_pipe_info"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE) | LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENFILE"},
		.why = "the user's pipes are beyond fs.pipe-user-pages-soft: new ones are small without it",
		.source = "fs/pipe.c",
	},
	{
		.functions = {"pipe_fcntl", "pipe_set_size"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE) | LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "F_SETPIPE_SZ beyond fs.pipe-max-size; programs go on with the pipe as it is",
		.source = "fs/pipe.c",
	},
	{
		.functions = {"do_epoll_ctl", "do_epoll_ctl_file", "ep_take_care_of_epollwakeup", "__do_sys_epoll_ctl"},
		.caps = LC_CAP_BIT(CAP_BLOCK_SUSPEND),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it EPOLLWAKEUP is silently dropped: the host may go to sleep over an event",
		.source = "include/uapi/linux/eventpoll.h, fs/eventpoll.c",
	},
	{
		.functions = {"__do_sys_fanotify_init"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.noaudit = true,
		.survivable = true,
		.why = "without it a group of file handles can watch files, but no mounts, and sees no process ids",
		.source = "fs/notify/fanotify/fanotify_user.c",
	},
	{
		.functions = {"ovl_can_decode_fh", "ovl_decode_real_fh"},
		.caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "overlayfs is mounted without it too, but does not use file handles then (index, nfs_export)",
		.source = "fs/overlayfs/util.c, fs/overlayfs/namei.c",
	},
	{
		.functions = {"process_init_reply", "process_init_limits"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a FUSE server may have more requests waiting than the host's limit for users",
		.source = "fs/fuse/inode.c",
	},
	{
		.functions = {"fuse_conn_max_background_write", "fuse_conn_congestion_threshold_write",
			"fuse_conn_limit_write"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EINVAL"},
		.why = "asked before the value is looked at: only one beyond the host's limit for users needs it",
		.source = "fs/fuse/control.c",
	},
	{
		.functions = {"ima_match_policy", "ima_match_rules"},
		.caps = LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID),
		.class = LC_CLASS_ADVISORY,
		.why = "the host's integrity policy asks which of the file user's ids count; nothing is refused",
		.source = "security/integrity/ima/ima_policy.c",
	},

	/* Credentials. */
	{
		.caps = LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID),
		.class = LC_CLASS_ADVISORY,
		.ordinary = true,
		.in_call = "set",
		.why = "sets ids that the process has already: without it the result is the same",
		.source = "kernel/sys.c",
	},
	{
		.functions = {"__sys_setfsuid", "__sys_setfsgid"},
		.caps = LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "setfsuid and setfsgid return the old id whether they were allowed or not",
		.source = "kernel/sys.c",
	},
	{
		.caps = LC_CAP_BIT(CAP_SETPCAP),
		.class = LC_CLASS_ADVISORY,
		.ordinary = true,
		.in_call = "capset",
		.why = "capset asks before it compares sets: only adding to the inheritable set beyond the permitted "
		       "one needs it",
		.source = "security/commoncap.c",
	},
	{
		.functions = {"cap_bprm_creds_from_file"},
		.caps = LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"0"},
		.why = "a set-id program is executed while it is traced: without it it runs with the caller's ids",
		.source = "security/commoncap.c",
	},
	{
		.functions = {"copy_process"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE) | LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"EAGAIN"},
		.why = "forks beyond RLIMIT_NPROC (EAGAIN without it), or makes a user namespace where only root may",
		.source = "kernel/fork.c",
	},

	{
		.functions = {"check_kill_permission", "kill_ok_by_cred", "group_send_sig_info", "__kill_pgrp_info"},
		.caps = LC_CAP_BIT(CAP_KILL),
		.class = LC_CLASS_REQUIRED,
		.ordinary = true,
		.survivable = true,
		.why = "signals a group or everybody: kill passes over whom it may not signal, and succeeds for the "
		       "rest",
		.source = "kernel/signal.c",
	},

	/* Limits and priorities. */
	{
		.functions = {"do_prlimit"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "raises a hard limit (setrlimit); many programs go on with the old one",
		.source = "kernel/sys.c",
	},
	{
		.functions = {"can_nice", "__do_sys_nice", "__sched_setscheduler", "user_check_sched_setscheduler"},
		.caps = LC_CAP_BIT(CAP_SYS_NICE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "a higher priority or a real-time policy; many programs go on without",
		.source = "kernel/sched/core.c, kernel/sched/syscalls.c",
	},
	{
		.functions = {"proc_sched_autogroup_set_nice"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EAGAIN"},
		.why = "without it /proc/PID/autogroup is written at most ten times a second by the whole host",
		.source = "kernel/sched/autogroup.c",
	},
	{
		.functions = {"update_prstate", "remote_cpus_update", "remote_partition_enable"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "the write to cpuset.cpus.partition succeeds without it, but the partition is invalid then",
		.source = "kernel/cgroup/cpuset.c",
	},
	{
		.functions = {"mqueue_get_inode", "mqueue_create_attr", "mqueue_create"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EINVAL", "ENOSPC"},
		.why = "asked for every new message queue: only one beyond the limits of fs.mqueue needs it",
		.source = "ipc/mqueue.c",
	},

	/* /proc, /sys and sysctls. */
	{
		.functions = {"net_ctl_permissions"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.ordinary = true,
		.why = "asked before the plain mode of a network sysctl, which allows root to read and write it anyway",
		.source = "net/sysctl_net.c",
	},
	{
		.functions = {"set_permissions", "ipc_permissions", "pid_table_root_permissions"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE) | LC_CAP_BIT(CAP_CHECKPOINT_RESTORE) | LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.not_in_call = "write",
		.results = {"EACCES", "EPERM"},
		.why = "asked before the plain mode of a sysctl, which anyone may read; who writes it is asked again",
		.source = "kernel/ucount.c, ipc/ipc_sysctl.c, kernel/pid.c, fs/proc/proc_sysctl.c",
	},
	{
		.functions = {"do_task_stat"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether /proc/PID/stat shows addresses; all else can be read either way",
		.source = "fs/proc/array.c",
	},
	{
		.functions = {"call_proc_get_link", "proc_pid_get_link", "proc_pid_readlink", "proc_ns_readlink"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "follows a link in /proc of another user's process, as tools do that look at all processes",
		.source = "fs/proc/base.c, fs/proc/namespaces.c",
	},
	{
		.functions = {"mm_access", "may_access_mm", "proc_mem_open", "proc_fdinfo_permission"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.in_call = "open",
		.why = "opens maps or the like of another user's process, as tools do that look at all processes",
		.source = "kernel/fork.c, fs/proc/base.c, fs/proc/fd.c",
	},
	{
		.functions = {"proc_pid_wchan"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it /proc/PID/wchan is 0 for another user's process",
		.source = "fs/proc/base.c",
	},
	{
		.functions = {"proc_pid_permission", "proc_pid_lookup", "pid_getattr", "has_pid_permissions"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOENT"},
		.why = "with hidepid another user's process is not in /proc for who does not have it",
		.source = "fs/proc/base.c, fs/proc/root.c",
	},
	{
		.functions = {"proc_pid_readdir"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "with hidepid the list of /proc lacks other users' processes for who does not have it",
		.source = "fs/proc/base.c",
	},
	{
		.functions = {"pagemap_read"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it /proc/PID/pagemap shows flags, but zeros for page frame numbers",
		.source = "fs/proc/task_mmu.c",
	},
	{
		.functions = {"r_show"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it /proc/iomem and /proc/ioports show names, but zeros for addresses",
		.source = "kernel/resource.c",
	},
	{
		.functions = {"get_proc_task_net"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOENT"},
		.why = "with subset=pid /proc/PID/net is empty if who mounted /proc does not have it",
		.source = "fs/proc/proc_net.c",
	},
	{
		.functions = {"modules_open"},
		.caps = LC_CAP_BIT(CAP_SYSLOG),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether /proc/modules shows addresses; all else can be read either way",
		.source = "kernel/module/procfs.c",
	},
	{
		.functions = {"kallsyms_show_value", "kallsyms_open", "module_sect_read", "bpf_prog_get_info_by_fd"},
		.caps = LC_CAP_BIT(CAP_SYSLOG),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it the kernel's addresses are zeros in /proc/kallsyms, /proc/modules and the like",
		.source = "kernel/ksyms_common.c, kernel/kallsyms.c",
	},
	{
		.functions = {"kprobe_blacklist_seq_show", "report_probe", "bpf_get_kprobe_info", "bpf_iter_ksym_init",
			"bpf_perf_link_fill_link_info", "bpf_kprobe_multi_link_fill_link_info",
			"bpf_tracing_multi_link_fill_link_info"},
		.caps = LC_CAP_BIT(CAP_SYSLOG),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it the kernel's addresses are zeros in what is told of kprobes and BPF links",
		.source = "kernel/kprobes.c, kernel/trace/trace_kprobe.c, kernel/trace/bpf_trace.c",
	},
	{
		.functions = {"restricted_pointer"},
		.caps = LC_CAP_BIT(CAP_SYSLOG),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether an address of the kernel is printed, or zeros (kptr_restrict)",
		.source = "lib/vsprintf.c",
	},
	{
		.functions = {"pci_read_config", "proc_bus_pci_read"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it only the first 64 bytes of a PCI device's configuration are read",
		.source = "drivers/pci/pci-sysfs.c, drivers/pci/proc.c",
	},
	{
		.functions = {"scsi_cmd_allowed", "blk_verify_command"},
		.caps = LC_CAP_BIT(CAP_SYS_RAWIO),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked before the SCSI command is looked at: the usual ones only need the device to be open",
		.source = "drivers/scsi/scsi_ioctl.c, block/scsi_ioctl.c",
	},
	{
		.functions = {"bond_info_seq_show", "bond_info_show_master", "bond_info_show_slave", "bond_fill_info"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether an 802.3ad bond's system and keys are shown; the rest is shown either way",
		.source = "drivers/net/bonding/bond_procfs.c, drivers/net/bonding/bond_netlink.c",
	},
	{
		.functions = {"bonding_show_ad_actor_key", "bonding_show_ad_actor_sys_prio",
			"bonding_show_ad_actor_system", "bonding_show_ad_partner_key", "bonding_show_ad_partner_mac",
			"bonding_show_ad_user_port_key"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether an 802.3ad bond's system and keys are shown in /sys; reading succeeds either "
		       "way",
		.source = "drivers/net/bonding/bond_sysfs.c",
	},

	/* Tracing. */
	{
		.functions = {"ptrace_access_vm", "ptracer_access_allowed", "generic_ptrace_peekdata",
			"generic_ptrace_pokedata"},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE),
		.class = LC_CLASS_REQUIRED,
		.results = {"EIO"},
		.why = "a traced process that is not dumpable is read or written: EIO without it",
		.source = "kernel/ptrace.c",
	},

	/* BPF. */
	{
		.functions = {"bpf_jit_blind_constants", "bpf_int_jit_compile", "bpf_jit_blinding_enabled",
			"bpf_prog_select_runtime", "bpf_migrate_filter", "bpf_prog_alloc_no_stats", "bpf_prog_alloc",
			"fixup_bpf_calls"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the JIT hardens a socket or seccomp filter; it is compiled either way",
		.source = "kernel/bpf/core.c, include/linux/filter.h",
	},
	{
		.functions = {"bpf_jit_charge_modmem", "bpf_jit_binary_alloc", "bpf_jit_binary_pack_alloc",
			"arch_alloc_bpf_trampoline", "bpf_tramp_image_alloc", "bpf_struct_ops_image_alloc"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "compiled filters fill net.core.bpf_jit_limit: without it this one is interpreted, or refused",
		.source = "kernel/bpf/core.c, kernel/bpf/trampoline.c",
	},
	{
		.functions = {"do_jit", "build_bhb_mitigation", "build_epilogue"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a filter clears the branch history; it is compiled either way",
		.source = "arch/x86/net/bpf_jit_comp.c, arch/arm64/net/bpf_jit_comp.c",
	},
	{
		.functions = {"bpf_prog_kallsyms_add"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a loaded program has a name in /proc/kallsyms; it is loaded either way",
		.source = "kernel/bpf/core.c",
	},
	{
		.functions = {"array_map_alloc"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_PERFMON),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a map's index is masked against speculation; the map is made either way",
		.source = "kernel/bpf/arraymap.c",
	},
	{
		.functions = {"bpf_check"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_PERFMON),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked for every program: the verifier lets more pass with it; most are loaded without",
		.source = "kernel/bpf/verifier.c, include/linux/bpf.h",
	},
	{
		.functions = {"bpf_base_func_proto", "bpf_sk_base_func_proto", "bpf_tracing_func_proto",
			"syscall_prog_func_proto", "flow_dissector_func_proto"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_PERFMON),
		.class = LC_CLASS_REQUIRED,
		.results = {"EINVAL"},
		.why = "a program calls a helper that takes it: EINVAL without it",
		.source = "kernel/bpf/helpers.c, net/core/filter.c, kernel/trace/bpf_trace.c",
	},
	{
		.functions = {"bpf_prog_get_info_by_fd"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked whenever a program is described: without it the description lacks the instructions",
		.source = "kernel/bpf/syscall.c",
	},

	/* Netlink: sendto and its like succeed, and the answer that is read next says EPERM. */
	{
		.functions = {"audit_receive_msg", "audit_netlink_ok", "audit_receive"},
		.caps = LC_CAP_BIT(CAP_AUDIT_WRITE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"0"},
		.why = "writes to the host's audit log; many programs that log this way go on without",
		.source = "kernel/audit.c",
	},
	{
		.functions = {"audit_receive_msg", "audit_netlink_ok", "audit_receive"},
		.caps = LC_CAP_BIT(CAP_AUDIT_CONTROL),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to the host's audit system: the answer says EPERM, and not the syscall",
		.source = "kernel/audit.c",
	},
	{
		.functions = {"rtnetlink_rcv_msg", "genl_rcv_msg", "nfnetlink_rcv", "xfrm_user_rcv_msg",
			"sock_diag_destroy", "rdma_nl_rcv_msg", "tipc_nl_compat_recv", "cn_proc_mcast_ctl"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request by netlink that takes it: the answer says EPERM, and not the syscall",
		.source = "net/core/rtnetlink.c, net/netlink/genetlink.c, net/netfilter/nfnetlink.c",
	},
	{
		.functions = {"rtnl_newlink", "__rtnl_newlink", "rtnl_link_get_net_capable", "rtnl_get_peer_net",
			"rtnl_get_net_ns_capable", "rtnl_dump_ifinfo", "rtnl_dev_link_net_capable", "tc_ctl_action"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request about another network namespace or link: the answer says EPERM, and not the syscall",
		.source = "net/core/rtnetlink.c, net/sched/act_api.c",
	},
	{
		.functions = {"tc_modify_qdisc", "tc_get_qdisc", "tc_ctl_tclass", "tc_new_tfilter", "tc_del_tfilter",
			"tc_ctl_chain", "devlink_nl_cmd_reload", "devlink_nl_reload_doit"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to change a queue or a device: the answer says EPERM, and not the syscall",
		.source = "net/sched/sch_api.c, net/sched/cls_api.c, net/devlink/dev.c",
	},
	{
		.functions = {"wg_set_device", "wg_set_device_doit", "ipvlan_link_new", "ipvlan_nl_changelink",
			"macvlan_validate", "dcb_doit", "netdev_nl_queue_create_doit", "vdpa_nl_cmd_dev_add_set_doit"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to set up a network device: the answer says EPERM, and not the syscall",
		.source = "drivers/net/wireguard/netlink.c, drivers/net/ipvlan/ipvlan_main.c, net/dcb/dcbnl.c",
	},
	{
		.functions = {"nfnl_cthelper_new", "nfnl_cthelper_get", "nfnl_cthelper_del", "nfnl_osf_add_callback",
			"nfnl_osf_remove_callback", "crypto_add_alg", "crypto_del_alg", "crypto_update_alg"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to the host's netfilter or cryptography: the answer says EPERM, and not the syscall",
		.source = "net/netfilter/nfnetlink_cthelper.c, net/netfilter/nfnetlink_osf.c, crypto/crypto_user.c",
	},
	/* These end in a jump to rtnl_dev_link_net_capable, which then asks in their name. */
	{
		.functions = {"erspan_changelink", "geneve_changelink", "ip6_tnl_changelink", "ip6erspan_changelink",
			"ip6gre_changelink", "ipgre_changelink", "ipip6_changelink", "ipip_changelink"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to change a tunnel to another network namespace: the answer says EPERM, not the "
		       "syscall",
		.source = "net/core/rtnetlink.c, net/ipv4/ip_gre.c, drivers/net/geneve.c",
	},
	{
		.functions = {"macvlan_changelink", "macvlan_common_newlink", "vti6_changelink", "vti_changelink",
			"vxlan_changelink", "xfrmi_changelink"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request about a device over another network namespace: the answer says EPERM, not the "
		       "syscall",
		.source = "net/core/rtnetlink.c, drivers/net/macvlan.c, drivers/net/vxlan/vxlan_core.c",
	},
	{
		.functions = {"crypto_del_rng", "handle_startup_event", "drbd_adm_prepare", "drbd_pre_doit"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to the host's cryptography, SMB server or DRBD: the answer says EPERM, not the "
		       "syscall",
		.source = "crypto/crypto_user.c, fs/smb/server/transport_ipc.c, drivers/block/drbd/drbd_nl.c",
	},
	{
		.functions = {"thermal_genl_cmd_threshold_add", "thermal_genl_cmd_threshold_delete",
			"thermal_genl_cmd_threshold_flush"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to change thermal thresholds by netlink: the answer says EPERM, not the syscall",
		.source = "drivers/thermal/thermal_netlink.c",
	},
	{
		.functions = {"drbd_adm_dump_connections", "drbd_adm_dump_devices", "drbd_adm_dump_peer_devices",
			"drbd_adm_dump_resources", "drbd_nl_get_connections_dumpit", "nla_put_status_info"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether DRBD's state is told with its secrets; it is told either way",
		.source = "drivers/block/drbd/drbd_nl.c",
	},
	{
		.functions = {"notify_connection_state", "notify_device_state", "notify_peer_device_state",
			"notify_resource_state"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "asked when DRBD tells of a change; whoever runs then is not concerned",
		.source = "drivers/block/drbd/drbd_nl.c",
	},
	{
		.functions = {"res_get_common_doit", "res_get_common_dumpit"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether RDMA resources are listed with their keys; they are listed either way",
		.source = "drivers/infiniband/core/nldev.c",
	},
	{
		.functions = {"uevent_net_rcv_skb", "uevent_net_rcv", "iscsi_if_rx", "scsi_nl_rcv_msg",
			"nbd_genl_connect", "nbd_genl_disconnect", "nbd_genl_reconfigure"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"0"},
		.why = "a request to the host's devices by netlink: the answer says EPERM, and not the syscall",
		.source = "lib/kobject_uevent.c, drivers/scsi/scsi_transport_iscsi.c, drivers/block/nbd.c",
	},
	{
		.functions = {"netlink_broadcast", "netlink_broadcast_filtered", "do_one_broadcast"},
		.caps = LC_CAP_BIT(CAP_NET_BROADCAST),
		.class = LC_CLASS_ADVISORY,
		.why = "asked about who listens from another network namespace; the sender is not concerned",
		.source = "net/netlink/af_netlink.c",
	},
	{
		.functions = {"__inet_diag_dump_start", "inet_diag_bc_audit", "inet_diag_dump_icsk",
			"inet_diag_dump_one_icsk", "tcp_diag_dump", "tcp_diag_dump_one", "mptcp_diag_dump",
			"mptcp_diag_dump_one"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether sockets are listed with their marks and keys; they are listed either way",
		.source = "net/ipv4/inet_diag.c, net/ipv4/tcp_diag.c, net/mptcp/mptcp_diag.c",
	},
	{
		.functions = {"udp_dump", "udp_dump_one", "udp_diag_dump", "udp_diag_dump_one", "raw_diag_dump",
			"raw_diag_dump_one", "sctp_diag_dump", "sctp_diag_dump_one"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether sockets are listed with their marks; they are listed either way",
		.source = "net/ipv4/udp_diag.c, net/ipv4/raw_diag.c, net/sctp/diag.c",
	},
	{
		.functions = {"packet_diag_dump"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether packet sockets are listed with their filters; they are listed either way",
		.source = "net/packet/diag.c",
	},

	/* Sockets. */
	{
		.functions = {"sk_setsockopt", "sock_setsockopt", "sk_set_prio_allowed"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.ordinary = true,
		.in_call = "sock", /* setsockopt, socketcall */
		.why = "a buffer within the limit (SO_RCVBUFFORCE): the plain option, which programs fall back to, "
		       "sets the "
		       "same size",
		.source = "net/core/sock.c",
	},
	{
		.functions = {"sk_setsockopt", "sock_setsockopt", "sk_set_prio_allowed"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_NET_RAW),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "a buffer beyond the limit (SO_RCVBUFFORCE), a mark or a priority; many programs go on without",
		.source = "net/core/sock.c",
	},
	{
		.functions = {"do_tcp_setsockopt", "tcp_setsockopt", "mptcp_setsockopt",
			"mptcp_setsockopt_sol_tcp_congestion"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked for every TCP_CONGESTION: an algorithm that is open to all (reno, cubic) does not need "
		       "it",
		.source = "net/ipv4/tcp.c, net/ipv4/tcp_cong.c, net/mptcp/sockopt.c",
	},
	{
		.functions = {"tcp_ca_find_autoload", "tcp_set_ulp", "__tcp_ulp_find_autoload"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"ENOENT"},
		.why = "the kernel loads a TCP module that it does not have yet: ENOENT without it; programs go on",
		.source = "net/ipv4/tcp_cong.c, net/ipv4/tcp_ulp.c",
	},
	{
		.functions = {"dev_load"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_SYS_MODULE),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "an interface that does not exist is named: with it the kernel looks for a module of that name",
		.source = "net/core/dev_ioctl.c",
	},
	{
		.functions = {"unix_attach_fds", "unix_scm_to_skb", "too_many_unix_fds"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE) | LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"ETOOMANYREFS"},
		.why = "more descriptors are on their way between processes than RLIMIT_NOFILE: ETOOMANYREFS",
		.source = "net/unix/af_unix.c, net/unix/scm.c",
	},
	{
		.functions = {"__ip_options_compile"},
		.caps = LC_CAP_BIT(CAP_NET_RAW),
		.class = LC_CLASS_REQUIRED,
		.results = {"EINVAL"},
		.why = "an unusual IP option is set: EINVAL without it",
		.source = "net/ipv4/ip_options.c",
	},
	{
		.functions = {"ipv6_flowlabel_opt", "mem_check"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"ENOBUFS", "ESRCH"},
		.why = "IPv6 flow labels beyond a user's share, or another's: ENOBUFS or ESRCH without it",
		.source = "net/ipv6/ip6_flowlabel.c",
	},
	{
		.functions = {"packet_sendmsg", "packet_sendmsg_spkt", "packet_snd", "tpacket_snd"},
		.caps = LC_CAP_BIT(CAP_SYS_RAWIO),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.results = {"EINVAL"},
		.why = "a frame shorter than the device's header is sent: EINVAL without it if the device minds",
		.source = "include/linux/netdevice.h, net/packet/af_packet.c",
	},
	{
		/* About the socket's opener: who runs then, and is another, has other credentials. */
		.functions = {"__skb_tstamp_tx", "skb_complete_tx_timestamp", "skb_may_tx_timestamp"},
		.caps = LC_CAP_BIT(CAP_NET_RAW),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "without it no time is told for a packet sent, where net.core.tstamp_allow_data is 0",
		.source = "net/core/skbuff.c",
	},
	{
		.functions = {"__vsock_create"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked for every vsock: only VMware's transport later minds whether the socket is trusted",
		.source = "net/vmw_vsock/af_vsock.c, net/vmw_vsock/vmci_transport.c",
	},

	/* Terminals. */
	{
		.functions = {"__do_sys_vhangup"},
		.caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "hangs up the terminal; login and its like go on without",
		.source = "fs/open.c",
	},
	{
		.functions = {"vt_ioctl", "vt_compat_ioctl"},
		.caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG),
		.class = LC_CLASS_REQUIRED,
		.survivable = true,
		.why = "asked for every ioctl of a console that is not the caller's own; most of them do not need it",
		.source = "drivers/tty/vt/vt_ioctl.c",
	},
	{
		.functions = {"tty_reopen"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"EBUSY"},
		.why = "a terminal is opened that is in exclusive use: EBUSY without it",
		.source = "drivers/tty/tty_io.c",
	},
	{
		.functions = {"tty_ioctl", "tiocsti"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_REQUIRED,
		.results = {"EIO"},
		.why = "TIOCSTI puts input into a terminal: EIO without it where dev.tty.legacy_tiocsti is 0",
		.source = "drivers/tty/tty_io.c",
	},
	{
		.functions = {"uart_proc_show", "uart_line_info"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether /proc/tty/driver/serial shows the lines' signals; the rest is shown either way",
		.source = "drivers/tty/serial/serial_core.c",
	},
};

const struct lc_callsite *lc_callsites(size_t *n)
{
	*n = sizeof(callsites) / sizeof(callsites[0]);
	return callsites;
}

static bool names_function(const struct lc_callsite *row, const char *function)
{
	if (!row->functions[0])
		return true;
	for (size_t i = 0; function && i < LC_CALLSITE_FUNCTIONS && row->functions[i]; i++) {
		if (!strcmp(row->functions[i], function))
			return true;
	}
	return false;
}

/* Outside of a syscall nothing is known about the call. */
static bool in_right_call(const struct lc_callsite *row, const char *syscall)
{
	if (row->in_call && (!syscall || !strstr(syscall, row->in_call)))
		return false;
	return !row->not_in_call || (syscall && !strstr(syscall, row->not_in_call));
}

static bool holds_on(const struct lc_callsite *row, uint32_t kernel)
{
	return !kernel || (kernel >= row->since && (!row->until || kernel < row->until));
}

/* Whether CHECK was granted, or would have been, to a search that found nothing. */
static bool found_nothing(const struct lc_check *check)
{
	return check->result && (check->verdict == LC_VERDICT_GRANTED || check->answered);
}

static bool fits(const struct lc_callsite *row, const struct lc_check *check, uint32_t kernel)
{
	if (!holds_on(row, kernel) || !(row->caps & LC_CAP_BIT(check->cap)) || !names_function(row, check->caller))
		return false;
	if ((row->noaudit && check->audited != LC_AUDITED_NO) || (row->ordinary && !check->ordinary) ||
		(row->nothing && !found_nothing(check)))
		return false;
	return in_right_call(row, check->syscall);
}

const struct lc_callsite *lc_callsite_find(const struct lc_check *check, uint32_t kernel)
{
	for (size_t i = 0; i < sizeof(callsites) / sizeof(callsites[0]); i++) {
		if (fits(&callsites[i], check, kernel))
			return &callsites[i];
	}
	return NULL;
}
