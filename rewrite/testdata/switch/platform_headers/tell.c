#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

int tell(int cfd, int sfd);

static int option(int fd, int level, int name)
{
	int val = -1;
	socklen_t len = sizeof(val);

	getsockopt(fd, level, name, &val, &len);
	return val;
}

int tell(int cfd, int sfd)
{
	printf("client %d %d\n", option(cfd, SOL_SOCKET, SO_KEEPALIVE), option(cfd, IPPROTO_TCP, TCP_KEEPIDLE));
	printf("accepted %d %d\n", option(sfd, SOL_SOCKET, SO_KEEPALIVE), option(sfd, IPPROTO_TCP, TCP_KEEPIDLE));
	return 0;
}
