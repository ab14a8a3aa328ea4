/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints its own /proc/self/status: what an engine made of it, without an image around it. */
#include <stdio.h>

int main(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];

	if (!status)
		return 1;
	while (fgets(line, sizeof(line), status))
		fputs(line, stdout);
	fclose(status);
	return 0;
}
