/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about sockets. */
#include "src/syscalls/rows.h"

#include <seccomp.h>

static const struct lc_syscall rows[] = {
	{CALL(socket, ONE_OF(address_families), FLAGS(socket_types), INT), VARIES(socket)},
	{CALL(socketpair, ONE_OF(address_families), FLAGS(socket_types), INT, ADDRESS), VARIES(socket)},
	{CALL(bind, FD, SOCKADDR(3), INT)},
	{CALL(connect, FD, SOCKADDR(3), INT), VERB("connected to")},
	{CALL(listen, FD, INT)},
	{CALL(accept, FILE_FD, ADDRESS, ADDRESS), RETURNS(FD)},
	{CALL(accept4, FILE_FD, ADDRESS, ADDRESS, FLAGS(socket_types)), RETURNS(FD)},
	{CALL(getsockname, FD, ADDRESS, ADDRESS)},
	{CALL(getpeername, FD, ADDRESS, ADDRESS)},
	{CALL(sendto, FD, BUFFER(3), SIZE, FLAGS(message_flags), SOCKADDR(6), UINT), VERB("sent to")},
	{CALL(sendmsg, FD, STRUCT(msghdr), FLAGS(message_flags)), VERB("sent to")},
	{CALL(sendmmsg, FD, MESSAGES, UINT, FLAGS(message_flags)), VERB("sent to")},
	{CALL(recvfrom, FD, ADDRESS, SIZE, FLAGS(message_flags), ADDRESS, ADDRESS)},
	{CALL(recvmsg, FD, ADDRESS, FLAGS(message_flags))},
	{CALL(recvmmsg, FD, ADDRESS, UINT, FLAGS(message_flags), ADDRESS)},
	{CALL(shutdown, FD, ONE_OF(shutdown_modes))},
	{CALL(setsockopt, FD, ONE_OF(socket_levels), INT, SIZED(OPTION, 5), INT), VARIES(socket_option), ABOUT(3)},
	{CALL(getsockopt, FD, ONE_OF(socket_levels), INT, ADDRESS, ADDRESS), VARIES(socket_option)},
};

const struct lc_syscalls lc_sockets_syscalls = SYSCALLS(rows);
