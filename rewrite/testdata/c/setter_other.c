/* Two kinds of connection, each with its own setup: the one that sets keepalive beside
   other options is not for the other kind. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static void out_setsockopts(int fd)
{
	struct linger l;
	int on = 1;

	l.l_onoff = 1;
	l.l_linger = 20;
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) == -1)
		printf("SO_LINGER: %s\n", strerror(errno));
	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == -1)
		printf("SO_KEEPALIVE: %s\n", strerror(errno));
}

static void in_setsockopts(int fd)
{
	int n = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof(n)) == -1)
		printf("SO_RCVLOWAT: %s\n", strerror(errno));
}

int out(const struct sockaddr_in *to)
{
	int fd = dial(to);

	if (fd == -1)
		return -1;
	out_setsockopts(fd);
	return fd;
}

int in(const struct sockaddr_in *to)
{
	int fd = dial(to);

	if (fd == -1)
		return -1;
	in_setsockopts(fd);
	return fd;
}
