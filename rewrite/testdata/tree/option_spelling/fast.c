#include "net.h"

int net_dial_fast(const struct sockaddr_in *sin)
{
	int fd = NET_socket(AF_INET, SOCK_STREAM, 0);
	int one = 1;

	if (fd < 0)
		return -1;
	if (NET_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0)
		perror("TCP_NODELAY");
	if (NET_connect(fd, (const struct sockaddr *)sin, sizeof(*sin)) < 0) {
		NET_close(fd);
		return -1;
	}
	return fd;
}
