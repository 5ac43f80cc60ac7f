#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "net.h"

int net_keepalive_every(char *why, int fd, int interval)
{
	int val = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, sizeof(val)) < 0) {
		snprintf(why, WHY_LEN, "SO_KEEPALIVE: %s", strerror(errno));
		return -1;
	}
	(void)interval;
	return 0;
}

int net_keepalive(char *why, int fd)
{
	int val = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &val, sizeof(val)) < 0) {
		snprintf(why, WHY_LEN, "SO_KEEPALIVE: %s", strerror(errno));
		return -1;
	}
	return 0;
}

int net_accept(char *why, int lfd)
{
	int fd;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0) {
		snprintf(why, WHY_LEN, "accept: %s", strerror(errno));
		return -1;
	}
	return fd;
}

int net_listen(char *why, int port)
{
	struct sockaddr_in sin;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		snprintf(why, WHY_LEN, "socket: %s", strerror(errno));
		return -1;
	}
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(fd, 5) < 0) {
		snprintf(why, WHY_LEN, "listen: %s", strerror(errno));
		return -1;
	}
	return fd;
}
