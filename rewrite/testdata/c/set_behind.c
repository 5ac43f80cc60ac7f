#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

int off_again(int lfd)
{
	int fd, on = 0;

	fd = accept(lfd, NULL, NULL);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		perror("SO_KEEPALIVE");
	return fd;
}

int on(int lfd)
{
	int fd = accept(lfd, NULL, NULL);

	if (fd < 0)
		return -1;
	return fd;
}
