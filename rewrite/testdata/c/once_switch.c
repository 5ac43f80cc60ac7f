#include <stdio.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* The ways of two cases join; one of them tests the socket by itself. */
int open_kind(int kind, const struct sockaddr *sa, socklen_t len)
{
	int fd, on = 1;

	switch (kind) {
	case 0:
		fd = socket(AF_INET, SOCK_STREAM, 0);
		break;
	case 1:
		fd = socket(AF_INET6, SOCK_STREAM, 0);
		if (fd >= 0)
			setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		break;
	default:
		return -1;
	}
	if (fd < 0) {
		perror("socket");
		return -1;
	}
	if (connect(fd, sa, len) < 0) {
		perror("connect");
		close(fd);
		return -1;
	}
	return fd;
}
