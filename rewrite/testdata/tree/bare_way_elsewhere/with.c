#include "dial.h"

int with(const struct sockaddr_in *to)
{
	int on = 1, fd = dial(to);

	if (fd == -1)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}
