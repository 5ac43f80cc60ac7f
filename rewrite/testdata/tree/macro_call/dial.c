#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define STREAM_SOCKET() socket(AF_INET, SOCK_STREAM, 0)

int dial(const struct sockaddr_in *to)
{
	int fd = STREAM_SOCKET();

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int dial_port(struct sockaddr_in *to, int port)
{
	int s;

	if ((s = STREAM_SOCKET()) == -1)
		return -1;
	to->sin_port = htons(port);
	return connect(s, (const struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : s;
}
