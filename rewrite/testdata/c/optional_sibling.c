/* Where the function does without one option of the socket, keepalive is none to give
 * the socket up for, though another option is. */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void serve(int fd);

int dial(struct sockaddr *sa, socklen_t len, int *why)
{
	int fd = -1, off = 0, yes = 1;

	if (-1 == (fd = socket(sa->sa_family, SOCK_STREAM, 0)))
		goto soerr;
	if (sa->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&off, sizeof(off));
	if (0 != setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, (const char *)&yes, sizeof(yes)))
		goto soerr;
	if (0 != connect(fd, sa, len))
		goto soerr;
	serve(fd);
	return fd;
soerr:
	*why = errno;
	if (fd != -1)
		close(fd);
	return -1;
}

int warns(struct sockaddr *sa, socklen_t len)
{
	int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) < 0)
		perror("setsockopt TCP_NODELAY");
	if (setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &yes, sizeof(yes)) < 0) {
		perror("setsockopt SO_OOBINLINE");
		close(fd);
		return -1;
	}
	if (connect(fd, sa, len) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	serve(fd);
	return fd;
}
