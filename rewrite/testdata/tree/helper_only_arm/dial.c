#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(WITH_RESOLVER) && defined(__GLIBC__)
int dial_async(struct addrinfo *list)
{
	struct addrinfo *ai;
	int fd = -1;

	for (ai = list; ai; ai = ai->ai_next) {
		fd = socket(ai->ai_family, SOCK_STREAM, IPPROTO_TCP);
		if (fd == -1)
			continue;
		if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
			break;
		close(fd);
		fd = -1;
	}
	return fd;
}
#endif

int dial(const struct sockaddr *to, socklen_t len)
{
	int fd;

	fd = socket(to->sa_family, SOCK_STREAM, IPPROTO_TCP);
	if (fd == -1)
		return -1;
	if (connect(fd, to, len) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}
