#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

int bound(int fd, struct sockaddr *at, socklen_t len)
{
#if defined(HAVE_SETSOCKOPT) && defined(SO_REUSEADDR) && defined(SOL_SOCKET)
	int flag = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &flag, sizeof flag);
#endif
	return bind(fd, at, len);
}

int connected(struct sockaddr *at, socklen_t len)
{
	int fd;

	fd = socket(at->sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;

#if defined(HAVE_SETSOCKOPT) && (defined(TCP_NODELAY) || defined(WIN32))
	{ /* Disable the Nagle algorithm. */
		int flag = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &flag, sizeof flag);
	}
#endif

	if (connect(fd, at, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
