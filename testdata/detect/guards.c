/* Branches on the way to the call, and conditions that go together. */
#include <assert.h>
#include <sys/socket.h>

static int by_if(int type, struct sockaddr *sa, socklen_t len)
{
	int fd = -1;

	if (type == SOCK_STREAM) {
		fd = socket(AF_INET, type, 0); /* want: missing tcp client */
		connect(fd, sa, len);
	} else if (type == SOCK_DGRAM) {
		fd = socket(AF_INET, type, 0); /* want: not-tcp */
		connect(fd, sa, len);
	}
	return fd;
}

static int by_switch(int family, struct sockaddr *sa, socklen_t len)
{
	int fd = -1;

	switch (family) {
	case AF_INET:
	case AF_INET6:
		fd = socket(family, SOCK_STREAM, 0); /* want: missing tcp client */
		connect(fd, sa, len);
		break;
	case AF_UNIX:
		fd = socket(family, SOCK_STREAM, 0); /* want: not-tcp */
		connect(fd, sa, len);
		break;
	}
	return fd;
}

static int by_assert(int family, struct sockaddr *sa, socklen_t len)
{
	int fd;

	assert(family == AF_INET);
	fd = socket(family, SOCK_STREAM, 0); /* want: missing tcp client */
	return connect(fd, sa, len);
}

static int by_return(int family, struct sockaddr *sa, socklen_t len)
{
	int fd;

	if (family != AF_UNIX)
		return -1;
	fd = socket(family, SOCK_STREAM, 0); /* want: not-tcp */
	return connect(fd, sa, len);
}

static int by_protocol(int proto, struct sockaddr *sa, socklen_t len)
{
	int fd = -1;

	if (proto == IPPROTO_TCP)
		fd = socket(AF_INET, SOCK_STREAM, proto); /* want: missing tcp client */
	else if (proto == IPPROTO_UDP)
		fd = socket(AF_INET, SOCK_DGRAM, proto); /* want: not-tcp */
	return connect(fd, sa, len);
}

static int correlated(int udp, struct sockaddr *sa, socklen_t len)
{
	int type = udp ? SOCK_DGRAM : SOCK_STREAM;
	int fd = socket(AF_INET, type, 0); /* want: covered maybe-tcp client */
	int on = 1;

	if (fd < 0)
		return -1;
	if (!udp && setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		return -1;
	return connect(fd, sa, len);
}

static int together(int family, int type, struct sockaddr *sa, socklen_t len)
{
	int fd = socket(family, type, 0); /* want: not-tcp */
	return connect(fd, sa, len);
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;

	by_if(argc, sa, 1);
	by_switch(argc, sa, 1);
	by_assert(argc, sa, 1);
	by_return(argc, sa, 1);
	by_protocol(argc, sa, 1);
	correlated(argc, sa, 1);
	together(AF_INET, SOCK_DGRAM, sa, 1);
	together(AF_UNIX, SOCK_STREAM, sa, 1);
	return 0;
}
