/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that open files, read and write them, and wait for descriptors. */
#include "src/syscalls/rows.h"

#include <fcntl.h>
#include <seccomp.h>

static const struct lc_syscall rows[] = {
	/* Opened and closed. */
	{CALL(open, PATH, FLAGS(open_flags), WHEN(OCTAL, 2, MAKES)), RETURNS(FD)},
	{CALL(openat, DIRFD, PATH, FLAGS(open_flags), WHEN(OCTAL, 3, MAKES)), RETURNS(FD)},
	{CALL(openat2, DIRFD, PATH, PIECE_OF(open_how, 4), SIZE), RETURNS(FD)},
	{CALL(creat, PATH, MODE), RETURNS(FD), WANTS(WRITE)},
	{CALL(open_by_handle_at, DIRFD, STRUCT(file_handle), FLAGS(open_flags)), RETURNS(FD), ABOUT(1)},
	{CALL(name_to_handle_at, DIRFD, PATH, ADDRESS, ADDRESS, FLAGS(at_flags))},
	{CALL(close, FD)},
	{CALL(close_range, UINT, UINT, HEX)},
	{CALL(dup, FD), RETURNS(FD)},
	{CALL(dup2, FD, FD)},
	{CALL(dup3, FD, FD, FLAGS(pipe_flags)), RETURNS(FD)},
	{CALL(pipe, ADDRESS)},
	{CALL(pipe2, ADDRESS, FLAGS(pipe_flags))},

	/* Read and written. */
	{CALL(read, FILE_FD, ADDRESS, SIZE), WANTS(READ)},
	{CALL(readv, FILE_FD, ADDRESS, INT), WANTS(READ)},
	{CALL(pread64, FILE_FD, ADDRESS, SIZE, LONG), WANTS(READ)},
	{CALL(preadv, FILE_FD, ADDRESS, SIZE, LONG), WANTS(READ)},
	{CALL(preadv2, FILE_FD, ADDRESS, SIZE, LONG, HEX, HEX), WANTS(READ)},
	{CALL(write, FILE_FD, BUFFER(3), SIZE), WANTS(WRITE)},
	{CALL(writev, FILE_FD, ADDRESS, INT), WANTS(WRITE)},
	{CALL(pwrite64, FILE_FD, BUFFER(3), SIZE, LONG), WANTS(WRITE)},
	{CALL(pwritev, FILE_FD, ADDRESS, SIZE, LONG), WANTS(WRITE)},
	{CALL(pwritev2, FILE_FD, ADDRESS, SIZE, LONG, HEX, HEX), WANTS(WRITE)},
	{CALL(lseek, FILE_FD, LONG, ONE_OF(whence))},
	{CALL(sendfile, FILE_FD, FILE_FD, ADDRESS, SIZE), WANTS(WRITE)},
	{CALL(splice, FILE_FD, ADDRESS, FILE_FD, ADDRESS, SIZE, HEX), WANTS(WRITE)},
	{CALL(tee, FILE_FD, FILE_FD, SIZE, HEX)},
	{CALL(vmsplice, FILE_FD, ADDRESS, SIZE, HEX)},
	{CALL(copy_file_range, FILE_FD, ADDRESS, FILE_FD, ADDRESS, SIZE, HEX), WANTS(WRITE)},
	{CALL(getdents, FILE_FD, ADDRESS, SIZE), WANTS(READ)},
	{CALL(getdents64, FILE_FD, ADDRESS, SIZE), WANTS(READ)},
	{CALL(readahead, FILE_FD, LONG, SIZE)},
	{CALL(fadvise64, FILE_FD, LONG, SIZE, INT)},
	{NEW(451, cachestat, FILE_FD, ADDRESS, ADDRESS, HEX)},

	/* Changed in size, kept on disk, locked. */
	{CALL(truncate, PATH, LONG), WANTS(WRITE)},
	{CALL(ftruncate, FILE_FD, LONG), WANTS(WRITE)},
	{CALL(fallocate, FILE_FD, FLAGS(fallocate_modes), LONG, LONG), WANTS(WRITE)},
	{CALL(sync)},
	{CALL(syncfs, FILE_FD)},
	{CALL(fsync, FILE_FD)},
	{CALL(fdatasync, FILE_FD)},
	{CALL(sync_file_range, FILE_FD, LONG, LONG, HEX)},
	{CALL(flock, FILE_FD, HEX)},
	{CALL(fcntl, FILE_FD, ONE_OF(fcntl_commands), STRUCT(flock)), VARIES(fcntl)},
	{CALL(ioctl, FD, KIND(IOCTL), STRUCT(ifreq)), VARIES(ioctl), ABOUT(2)},

	/* Asynchronous. */
	{CALL(io_setup, UINT, ADDRESS)},
	{CALL(io_submit, HEX, LONG, ADDRESS)},
	{CALL(io_cancel, HEX, ADDRESS, ADDRESS)},
	{CALL(io_getevents, HEX, LONG, LONG, ADDRESS, STRUCT(timespec))},
	{CALL(io_pgetevents, HEX, LONG, LONG, ADDRESS, STRUCT(timespec), ADDRESS)},
	{CALL(io_destroy, HEX)},
	{CALL(io_uring_setup, UINT, STRUCT(io_uring_params)), RETURNS(FD)},
	{CALL(io_uring_enter, FD, UINT, UINT, FLAGS(io_uring_enter_flags), ADDRESS, SIZE)},
	{CALL(io_uring_register, FD, ONE_OF(io_uring_operations), ADDRESS, UINT)},

	/* Waited for. */
	{CALL(poll, ADDRESS, UINT, INT)},
	{CALL(ppoll, ADDRESS, UINT, STRUCT(timespec), ADDRESS, SIZE)},
	{CALL(select, INT, ADDRESS, ADDRESS, ADDRESS, STRUCT(timeval))},
	{CALL(pselect6, INT, ADDRESS, ADDRESS, ADDRESS, STRUCT(timespec), ADDRESS)},
	{CALL(epoll_create, INT)},
	{CALL(epoll_create1, HEX), RETURNS(FD)},
	{CALL(epoll_ctl, FD, INT, FD, ADDRESS)},
	{CALL(epoll_wait, FD, ADDRESS, INT, INT)},
	{CALL(epoll_pwait, FD, ADDRESS, INT, INT, ADDRESS, SIZE)},
	{CALL(epoll_pwait2, FD, ADDRESS, INT, STRUCT(timespec), ADDRESS, SIZE)},
	{CALL(eventfd, UINT), RETURNS(FD)},
	{CALL(eventfd2, UINT, FLAGS(eventfd_flags)), RETURNS(FD)},
	{CALL(signalfd, FD, ADDRESS, SIZE), RETURNS(FD)},
	{CALL(signalfd4, FD, ADDRESS, SIZE, FLAGS(pipe_flags)), RETURNS(FD)},

	/* Watched. */
	{CALL(fanotify_init, FLAGS(fanotify_init_flags), FLAGS(open_flags)), RETURNS(FD)},
	{CALL(fanotify_mark, FD, FLAGS(fanotify_mark_flags), FLAGS(fanotify_events), DIRFD, PATH), WANTS(READ)},
	{CALL(inotify_init)},
	{CALL(inotify_init1, FLAGS(inotify_init_flags)), RETURNS(FD)},
	{CALL(inotify_add_watch, FD, PATH, FLAGS(inotify_events)), WANTS(READ)},
	{CALL(inotify_rm_watch, FD, INT)},
};

const struct lc_syscalls lc_files_syscalls = SYSCALLS(rows);
