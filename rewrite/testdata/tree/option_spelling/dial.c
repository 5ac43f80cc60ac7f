#include "net.h"

/* A file without options: the name with the prefix of the others. */
int net_dial(const struct sockaddr_in *sin)
{
	int fd = NET_socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (NET_connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		NET_close(fd);
		return -1;
	}
	return fd;
}
