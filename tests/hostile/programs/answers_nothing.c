/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listens on a UNIX socket, as an engine does, takes who comes, and says nothing. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc < 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 1;
	strcpy(address.sun_path, argv[1]);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 64)) {
		perror(argv[1]);
		return 1;
	}
	for (;;)
		accept(fd, NULL, NULL);
}
