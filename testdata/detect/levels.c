/* SO_KEEPALIVE at another level is another option. */
#include <sys/socket.h>
#include <netinet/tcp.h>

static int wrong_level(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

	setsockopt(fd, IPPROTO_TCP, SO_KEEPALIVE, &on, sizeof(on));
	return connect(fd, sa, len);
}

static int elsewhere(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

#ifdef _WIN32
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof(on));
#endif
	return connect(fd, sa, len);
}

static int never(struct sockaddr *sa, socklen_t len)
{
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */

#if 0
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
#endif
	return connect(fd, sa, len);
}
