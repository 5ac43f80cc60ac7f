#include <stdlib.h>
#include <sys/socket.h>
#include "wrappers.h"

int xsocket(int family, int type)
{
	int fd = socket(family, type, 0); /* want: missing tcp client */

	if (fd < 0)
		exit(1);
	return fd;
}

void report(const char *what)
{
}
