#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include "net.h"

int serve(struct sockaddr_in *me)
{
	int fd = net_open();

	if (fd == -1)
		return -1;
	if (bind(fd, (struct sockaddr *)me, sizeof(*me)) || listen(fd, 5)) {
		complain("bind", NULL);
		net_forget(fd);
		return -1;
	}
	return fd;
}

int call(struct sockaddr_in *to)
{
	int fd = net_open();

	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)to, sizeof(*to))) {
		complain("connect", NULL);
		net_forget(fd);
		return -1;
	}
	return fd;
}

int call_twice(struct sockaddr_in *to)
{
	int fd = net_open();

	if (fd == -1)
		return -1;
	net_live(fd);
	if (connect(fd, (struct sockaddr *)to, sizeof(*to))) {
		complain("connect", NULL);
		net_forget(fd);
		return -1;
	}
	return fd;
}
