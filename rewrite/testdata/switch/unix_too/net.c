#include <stdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "net.h"

int ask(struct sockaddr_storage *ss, socklen_t len)
{
	/* keepatch:ignore the peer in this test */
	int fd = socket(ss->ss_family, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)ss, len);
}

void report(int fd)
{
	int on = 0, idle = 0;
	socklen_t len = sizeof(on);

	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &len);
	getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &len);
	printf("accepted %d %d.\n", on, idle);
}
