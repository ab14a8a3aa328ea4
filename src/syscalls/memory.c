/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about memory, shared memory, semaphores and message queues. */
#include "src/syscalls/rows.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>

static const struct lc_syscall rows[] = {
	/* Mapped. */
	{CALL(mmap, ADDRESS, SIZE, FLAGS(protections), FLAGS(map_flags), FILE_FD, HEX), RETURNS(HEX)},
	{CALL(munmap, ADDRESS, SIZE)},
	{CALL(mprotect, ADDRESS, SIZE, FLAGS(protections))},
	{CALL(pkey_mprotect, ADDRESS, SIZE, FLAGS(protections), INT)},
	{CALL(pkey_alloc, HEX, HEX)},
	{CALL(pkey_free, INT)},
	{CALL(mremap, ADDRESS, SIZE, SIZE, FLAGS(mremap_flags), WHEN(ADDRESS, 4, MREMAP_FIXED)), RETURNS(HEX)},
	{CALL(remap_file_pages, ADDRESS, SIZE, FLAGS(protections), SIZE, FLAGS(map_flags))},
	{CALL(brk, ADDRESS), RETURNS(HEX)},
	{CALL(madvise, ADDRESS, SIZE, ONE_OF(advices))},
	{CALL(msync, ADDRESS, SIZE, FLAGS(sync_flags))},
	{CALL(mincore, ADDRESS, SIZE, ADDRESS)},
	{NEW(453, map_shadow_stack, ADDRESS, SIZE, HEX), RETURNS(HEX)},
	{NEW(462, mseal, ADDRESS, SIZE, HEX)},

	/* Locked, secret, shared by descriptor. */
	{CALL(mlock, ADDRESS, SIZE)},
	{CALL(mlock2, ADDRESS, SIZE, FLAGS(mlock_flags))},
	{CALL(mlockall, FLAGS(mlockall_flags))},
	{CALL(munlock, ADDRESS, SIZE)},
	{CALL(munlockall)},
	{CALL(memfd_create, STRING, FLAGS(memfd_flags)), RETURNS(FD)},
	{CALL(memfd_secret, FLAGS(memfd_flags)), RETURNS(FD)},
	{CALL(userfaultfd, FLAGS(userfaultfd_flags)), RETURNS(FD)},

	/* On nodes. */
	{CALL(mbind, ADDRESS, SIZE, FLAGS(memory_policies), ADDRESS, SIZE, FLAGS(move_policies))},
	{CALL(set_mempolicy, FLAGS(memory_policies), ADDRESS, SIZE)},
	{NEW(450, set_mempolicy_home_node, ADDRESS, SIZE, SIZE, HEX)},
	{CALL(get_mempolicy, ADDRESS, ADDRESS, SIZE, ADDRESS, HEX)},
	{CALL(migrate_pages, PID, SIZE, ADDRESS, ADDRESS)},
	{CALL(move_pages, PID, SIZE, ADDRESS, ADDRESS, ADDRESS, FLAGS(move_policies))},

	/* System V. */
	{CALL(shmget, ONE_OF(ipc_keys), SIZE, MODE)},
	{CALL(shmat, INT, ADDRESS, FLAGS(shmat_flags)), RETURNS(HEX)},
	{CALL(shmdt, ADDRESS)},
	{CALL(shmctl, INT, ONE_OF(ipc_commands), ADDRESS)},
	{CALL(msgget, ONE_OF(ipc_keys), MODE)},
	{CALL(msgsnd, INT, ADDRESS, SIZE, HEX)},
	{CALL(msgrcv, INT, ADDRESS, SIZE, LONG, HEX)},
	{CALL(msgctl, INT, ONE_OF(message_commands), ADDRESS)},
	{CALL(semget, ONE_OF(ipc_keys), INT, MODE)},
	{CALL(semop, INT, ADDRESS, SIZE)},
	{CALL(semtimedop, INT, ADDRESS, SIZE, ADDRESS)},
	{CALL(semctl, INT, INT, ONE_OF(semaphore_commands), ADDRESS)},

	/* POSIX message queues. */
	{CALL(mq_open, PATH, FLAGS(open_flags), WHEN(OCTAL, 2, MAKES), WHEN(ADDRESS, 2, MAKES))},
	{CALL(mq_unlink, PATH)},
	{CALL(mq_timedsend, FD, BUFFER(3), SIZE, UINT, STRUCT(timespec))},
	{CALL(mq_timedreceive, FD, ADDRESS, SIZE, ADDRESS, STRUCT(timespec))},
	{CALL(mq_notify, FD, ADDRESS)},
	{CALL(mq_getsetattr, FD, ADDRESS, ADDRESS)},
};

const struct lc_syscalls lc_memory_syscalls = SYSCALLS(rows);
