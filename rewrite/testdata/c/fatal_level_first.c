#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define INFO  1
#define FATAL 2

int error(int type, char *fmt, ...);

int dial(struct sockaddr_in *to)
{
	int fd;

	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) {
		perror("socket");
		error(FATAL, "socket call failed\n");
	}

	if (connect(fd, (struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("connect");
		error(FATAL, "connect call failed\n");
	}
	return fd;
}
