/* Parameters with what all callers pass; wrappers three deep. */
#include <sys/socket.h>
#include "wrappers.h"

static int depth3(int family, int type)
{
	return socket(family, type, 0); /* want: missing maybe-tcp client */
}

static int depth2(int family, int type)
{
	int fd = depth3(family, type);

	if (fd < 0)
		report("no socket");
	return fd;
}

static int depth1(int type)
{
	return depth2(AF_INET, type);
}

static int unix_only(int family, int type)
{
	return socket(family, type, 0); /* want: not-tcp */
}

static int tcp_only(int family, int type)
{
	return socket(family, type, 0); /* want: missing tcp client */
}

static void out_param(int *fd)
{
	*fd = socket(AF_INET, SOCK_STREAM, 0); /* want: missing tcp client */
}

int main(int argc, char **argv)
{
	struct sockaddr *sa = (struct sockaddr *)argv;
	int fd = depth1(SOCK_STREAM);

	connect(fd, sa, argc);
	fd = depth1(SOCK_DGRAM);
	connect(fd, sa, argc);
	fd = unix_only(AF_UNIX, SOCK_STREAM);
	connect(fd, sa, argc);
	fd = unix_only(AF_INET, SOCK_DGRAM);
	connect(fd, sa, argc);
	fd = tcp_only(AF_INET, SOCK_STREAM);
	connect(fd, sa, argc);
	fd = tcp_only(AF_INET6, SOCK_STREAM);
	connect(fd, sa, argc);
	out_param(&fd);
	connect(fd, sa, argc);
	fd = xsocket(AF_INET6, SOCK_STREAM);
	connect(fd, sa, argc);
	return 0;
}
