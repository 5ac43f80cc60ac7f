/* Types with flags, arithmetic on them, casts, typedefs. */
#include <sys/socket.h>

typedef int SOCKET;
typedef struct sockaddr SA;

static int flags_variable(int nonblock, SA *sa, socklen_t len)
{
	int flags = SOCK_CLOEXEC;
	SOCKET fd;

	if (nonblock)
		flags |= SOCK_NONBLOCK;
	fd = socket(AF_INET, SOCK_STREAM | flags, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}

static int added_later(SA *sa, socklen_t len)
{
	int type = SOCK_STREAM;
	SOCKET fd;

#ifdef SOCK_CLOEXEC
	type |= SOCK_CLOEXEC;
#endif
	fd = socket(AF_INET6, type, IPPROTO_TCP); /* want: missing tcp client */
	return connect(fd, sa, len);
}

static int datagram_flags(SA *sa, socklen_t len)
{
	int type = SOCK_DGRAM;
	SOCKET fd;

	type |= SOCK_NONBLOCK;
	fd = socket(AF_INET, type, 0); /* want: not-tcp */
	return connect(fd, sa, len);
}

static int cast(SA *sa, socklen_t len)
{
	SOCKET fd = (SOCKET)socket((int)AF_INET, (int)SOCK_STREAM, (0)); /* want: missing tcp client */

	return connect(fd, sa, len);
}

static int masked(int type, SA *sa, socklen_t len)
{
	SOCKET fd;

	if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != SOCK_DGRAM)
		return -1;
	fd = socket(AF_INET, type, 0); /* want: not-tcp */
	return connect(fd, sa, len);
}
