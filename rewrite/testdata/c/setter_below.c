/* The program's own function for the option stands further down: nothing declares it
 * where the socket is made, so the block does without. */
#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

int dial(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		perror("connect");
		return -1;
	}
	return fd;
}

static void tune(int fd)
{
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0)
		perror("SO_KEEPALIVE");
}

int dial_tuned(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	tune(fd);
	return connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0 ? -1 : fd;
}
