#include <sys/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

union addr {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_un un;
};

int dial(union addr *to, socklen_t len)
{
	int fd, one = 1;

	fd = socket(to->sa.sa_family, SOCK_STREAM, 0);
	if (fd == -1) {
		perror("socket");
		return -1;
	}
	if (to->sa.sa_family != AF_UNIX &&
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) == -1)
		perror("TCP_NODELAY");
	if (connect(fd, &to->sa, len) == -1) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}

int take(int lfd, union addr *from)
{
	int fd, one = 1;
	socklen_t len = sizeof(*from);

	fd = accept(lfd, &from->sa, &len);
	if (fd == -1)
		return -1;
	if (from->sa.sa_family != AF_UNIX) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		printf("port %d\n", ntohs(from->in.sin_port));
	}
	return fd;
}

int serve(int family, union addr *at, socklen_t len)
{
	int lfd = socket(family, SOCK_STREAM, 0);
	union addr from;

	if (lfd == -1 || bind(lfd, &at->sa, len) == -1 || listen(lfd, 5) == -1)
		return -1;
	return take(lfd, &from);
}
